"""`mirrorsync report`: what is asked for is in the page, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from made_sessions import META, snapshots, store
from made_videos import make_video

from mirrorsync.__main__ import main
from mirrorsync.journal import Journal
from mirrorsync.report import making
from mirrorsync.report.making import WORDLESS
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.store import SessionWriter
from mirrorsync.synchrony.moments import Moment as MomentFound


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store(tmp_path_factory.mktemp("session") / "s.mirrorsync", snapshots(500))


def _page(session: Path, tmp_path: Path, *more: str) -> str:
    out = tmp_path / "report.html"
    assert main(["report", str(session), "--out", str(out), *more]) == 0
    return out.read_text("utf-8")


def test_notes_only_when_asked_for_and_excluded_ranges_always(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "journal.db"
    with Journal(place) as book:
        ref = book.session(session)
        book.add("note", "<i>She leaned back.</i>", session=ref.id, start_s=4.0)
        book.add("reflection", "Warm.", session=ref.id, start_s=6.0, data={"question": "What did you feel?"})
        book.add("bookmark", session=ref.id, start_s=8.0)
        other = book.add("note", "Of another day.")
        book.add("exclusion", session=ref.id, start_s=10.0, end_s=12.0)
    without = _page(session, tmp_path, "--journal", str(place))
    assert "She leaned back" not in without
    assert "Left out of this report: 0:10–0:12." in without
    with_notes = _page(session, tmp_path, "--journal", str(place), "--notes")
    assert "&lt;i&gt;She leaned back.&lt;/i&gt;" in with_notes
    assert "What did you feel?\nWarm." in with_notes
    assert WORDLESS in with_notes
    assert WORDLESS not in without
    assert "Of another day" not in with_notes
    assert "Of another day" in _page(session, tmp_path, "--journal", str(place), "--note", other.id)
    assert "compared for 0:20 minutes" in capsys.readouterr().err


def test_ranges_that_overlap_are_left_out_once(tmp_path: Path) -> None:
    """Of the journal among each other, and with what the analysis had left out already."""
    path, place = tmp_path / "s.mirrorsync", tmp_path / "journal.db"
    parameters = {**META.parameters, "exclude": "1-3, 2-4"}
    with SessionWriter(path, replace(META, parameters=parameters)) as writer:
        for one in snapshots(500):
            writer.add(one)
    with Journal(place) as book:
        ref = book.session(path)
        for start_s, end_s in ((11.0, 14.0), (3.5, 5.0), (10.0, 12.0)):
            book.add("exclusion", session=ref.id, start_s=start_s, end_s=end_s)
    page = _page(path, tmp_path, "--journal", str(place))
    assert "Left out of this report: 0:01–0:05, 0:10–0:14." in page


def test_figures_and_moments_are_in_it(session: Path, tmp_path: Path) -> None:
    page = _page(session, tmp_path, "--journal", str(tmp_path / "none.db"))
    assert page.count("data:image/svg+xml;base64,") == 3


def test_excluded_ranges_leave_numbers_and_figures_and_a_folder_is_as_good_as_its_session(
    session: Path, tmp_path: Path
) -> None:
    place = tmp_path / "journal.db"
    with Journal(place) as book:
        ref = book.session(session)
        book.add("exclusion", session=ref.id, start_s=4.0, end_s=7.0)
    told = {}
    for name, more in {"all": ["--whole"], "excluded": []}.items():
        page = _page(session.parent, tmp_path, "--journal", str(place), *more)
        figures = re.findall(r"base64,([^\"]+)", page)
        assert len(figures) == 3
        told[name] = (page.split('id="numbers"')[1].split("</table>")[0], *figures)
    assert all(a != b for a, b in zip(told["all"], told["excluded"], strict=True))


def test_nobody_takes_the_lead_in_a_report_where_nothing_is_told_apart(
    session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = MomentFound(3.0, 3.0, "leader", "Your partner took the lead.")
    monkeypatch.setattr(making, "timeline_moments", lambda *_, **__: [change])
    page = _page(session, tmp_path, "--whole")
    assert "Above chance" not in page
    assert "took the lead" not in page
    assert "came" not in page.split('id="channels"')[1].split("</section>")[0]


def test_a_short_session_has_words_and_no_figures(tmp_path: Path) -> None:
    short = store(tmp_path / "short.mirrorsync", snapshots(50))
    page = _page(short, tmp_path, "--journal", str(tmp_path / "none.db"))
    assert "image/svg+xml" not in page
    assert "too short to be compared with chance" in page


def test_pictures_only_when_asked_for(tmp_path: Path) -> None:
    video = make_video(tmp_path, frames=60)
    path = tmp_path / "filmed.mirrorsync"
    with SessionWriter(path, SessionMeta(feed_a=str(video), feed_b=f"{video}#left")) as writer:
        for one in snapshots(50):
            writer.add(one)
    place = str(tmp_path / "none.db")
    assert "image/jpeg" not in _page(path, tmp_path, "--journal", place)
    assert _page(path, tmp_path, "--journal", place, "--picture", "1").count("data:image/jpeg;base64,") == 2


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--out", "report.pdf"], 2, "name of an HTML file"),
        (["--out", "r.html", "--notes", "--journal", "nowhere.db"], 2, "There is no journal"),
        (["--out", "r.html", "--picture", "1"], 1, "leave the pictures out"),
    ],
)
def test_what_cannot_be_done_is_said(
    session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    more: list[str], code: int, said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["report", str(session), *more]) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()
