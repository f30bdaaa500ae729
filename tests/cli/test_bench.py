"""`mirrorsync bench`: two measures, and in words what they mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mirrorsync.__main__ import main
from mirrorsync.analysis.speed import Speed, bare_pairs_per_s
from mirrorsync.cli.bench import verdict
from mirrorsync.engine.step_down import foreseen


def test_this_machine_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--seconds", "1", "--json"]) == 0
    shown = capsys.readouterr()
    found = json.loads(shown.out)
    assert found["models_pairs_per_s"] > 0
    assert found["pairs_per_s"] > 0
    assert 0 < found["live_pairs_per_s"] <= 30
    assert 0.2 < found["body_share"] < 1
    assert found["reduced"] in ("", "body_second", "body_third", None)
    assert "cameras" in found["verdict"]
    assert "Measuring: the whole pipeline" in shown.err


def test_without_models_it_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--models-dir", str(tmp_path)]) == 1
    assert "mirrorsync assets fetch" in capsys.readouterr().err
    assert main(["bench", "--seconds", "0"]) == 2


@pytest.mark.parametrize(
    ("full", "left_out"),
    [(20.0, ""), (40.0, "body_second"), (55.0, "body_third"), (90.0, None)],
)
def test_what_will_be_left_out_is_foreseen(full: float, left_out: str | None) -> None:
    step, load = foreseen(full, full / 4, interval=1000 / 30)
    assert step == left_out
    assert (load > 0.9) == (left_out is None)


@pytest.mark.parametrize(
    ("left_out", "words"),
    [("", "in every picture"), ("body_second", "every second"), ("body_third", "third"), (None, "missed")],
)
def test_the_verdict_is_in_words(left_out: str | None, words: str) -> None:
    said = verdict(Speed(30.0, 20.0, 0.75, left_out, 29.6))  # type: ignore[arg-type]
    assert words in said
    assert "Expect 29 pairs a second" in said
    assert "about 90 minutes" in said


def test_models_that_cannot_be_made_are_told_and_no_thread_stays() -> None:
    def broken() -> object:
        raise OSError("no models")

    with pytest.raises(OSError, match="no models"):
        bare_pairs_per_s(([], []), broken)  # type: ignore[arg-type]
