"""Work in a process of its own: it ends well, says what is wrong, is stopped, and gives way to the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_reviews import make_review
from pytestqt.qtbot import QtBot

from mirrorsync.review.numbers import kept_numbers
from mirrorsync.session.reader import SessionReader
from mirrorsync.ui.review.job import Job

TIMEOUT = 60_000


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_review(tmp_path_factory.mktemp("sessions"))


def test_a_task_is_done_by_another_process(session: Path, qtbot: QtBot) -> None:
    job = Job()
    with qtbot.waitSignal(job.ended, timeout=TIMEOUT) as told:
        job.start("numbers", session, exclude="1.000-2.000")
        assert job.task == "numbers"
    assert told.args == ["numbers", True, ""]
    assert job.task == ""
    with SessionReader(session) as reader:
        numbers = kept_numbers(reader, excluded="1.000-2.000")
    assert numbers is not None


def test_scoring_again_tells_how_far_it_is(session: Path, qtbot: QtBot) -> None:
    job = Job()
    told: list[tuple[float, float]] = []
    job.progressed.connect(lambda at_s, of_s, _left: told.append((at_s, of_s)))
    with qtbot.waitSignal(job.ended, timeout=TIMEOUT) as ended:
        job.start("offset", session, offset="0.0")
    assert ended.args == ["offset", True, ""]
    assert told
    assert all(0 <= at_s <= of_s + 0.2 for at_s, of_s in told)


def test_a_session_that_is_not_there_is_said_in_one_sentence(tmp_path: Path, qtbot: QtBot) -> None:
    job = Job()
    with qtbot.waitSignal(job.ended, timeout=TIMEOUT) as told:
        job.start("numbers", tmp_path / "gone.mirrorsync")
    task, well, sentence = told.args or []
    assert (task, well) == ("numbers", False)
    assert "gone.mirrorsync" in sentence
    assert "Traceback" not in sentence


def test_the_next_task_waits_until_the_last_has_stopped(session: Path, qtbot: QtBot) -> None:
    job = Job()
    ended: list[tuple[str, bool, str]] = []
    job.ended.connect(lambda *args: ended.append(args))
    job.start("numbers", session)
    job.start("numbers", session, exclude="0.000-1.000")
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=TIMEOUT)
    assert ended == [("numbers", False, ""), ("numbers", True, "")]


def test_stopping_waits_for_the_end(session: Path, qtbot: QtBot) -> None:
    job = Job()
    job.start("offset", session, offset="0.0")
    job.stop()
    assert job.task == ""
    job.stop()  # nothing runs: nothing happens
    with SessionReader(session) as reader:
        assert reader.duration_s > 0
