"""Who speaks, from films to the files of an analysis."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from heard_files import write_film
from made_speech import RATE_HZ, conversation
from numpy.typing import NDArray

from mirrorsync.analysis import SESSION_NAME, analyse_recordings
from mirrorsync.analysis.exporting import export_session
from mirrorsync.session.store import SessionReader
from mirrorsync.settings import Settings
from mirrorsync.types import Frame

SETTINGS = Settings(rate_hz=25.0, window_s=2.0, lag_s=0.5, step_s=0.5, surrogates=2, baseline_s=0.0)
SPOKEN = [("a", 0.5, 3.0), ("b", 3.4, 6.0), ("a", 6.4, 9.0), ("b", 9.5, 11.5)]
LENGTH_S = 12.0


@pytest.fixture(scope="module")
def sounds() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return conversation(SPOKEN, LENGTH_S)


def talker(feed_a: str) -> Callable[[Frame], Person]:
    """Return what shows the person of a feed: their mouth moves while they speak."""

    def at(frame: Frame) -> Person:
        t, who = frame.t_ns / 1e9, "a" if frame.feed == feed_a else "b"
        talks = any(person == who and start <= t < end for person, start, end in SPOKEN)
        opening = 0.05 + 0.3 * abs(np.sin(2 * np.pi * 2 * t)) * talks
        return Person(pitch_deg=float(5 * np.sin(3 * t)), shapes={"jawOpen": float(opening)})

    return at


def analysed(
    a: Path, b: Path, out: Path, settings: Settings = SETTINGS, **more: Any
) -> tuple[dict[str, Any], tuple[str, ...]]:
    def make() -> FakeLandmarker:
        return FakeLandmarker(talker(str(a)))

    done = analyse_recordings(str(a), str(b), out, settings, make_landmarker=make, **more)
    return json.loads((out / "summary.json").read_text("utf-8")), done.notes


def turns(out: Path) -> list[dict[str, str]]:
    with (out / "turns.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def check_turns(out: Path) -> None:
    found = [row for row in turns(out) if row["kind"] == "turn"]
    assert [row["person"] for row in found] == [person for person, *_ in SPOKEN]
    for row, (_, start_s, end_s) in zip(found, SPOKEN, strict=True):
        assert float(row["start_s"]) == pytest.approx(start_s, abs=0.1)
        assert float(row["end_s"]) == pytest.approx(end_s, abs=0.15)


def test_two_files_with_sound(tmp_path: Path, sounds: tuple[NDArray[np.float32], ...]) -> None:
    a, b = (
        write_film(tmp_path / f"{n}.mkv", [s], seconds=LENGTH_S) for n, s in zip("ab", sounds, strict=True)
    )
    summary, notes = analysed(a, b, tmp_path / "out", keep_session=True)
    assert notes == ()
    check_turns(tmp_path / "out")
    assert summary["voice"]["source"] == "two channels"
    assert summary["voice"]["talk_share_a"] == pytest.approx(5.1 / 9.7, abs=0.03)
    with (tmp_path / "out" / "frames.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    at = {float(row["time_s"]): row for row in rows}
    assert (at[2.0]["voice_a"], at[2.0]["voice_b"], at[2.0]["floor"]) == ("1", "0", "a")
    assert (at[3.2]["voice_a"], at[3.2]["voice_b"], at[3.2]["floor"]) == ("0", "0", "none")
    assert at[5.0]["floor"] == "b"
    # The session holds it, too, and gives the same files again.
    again = tmp_path / "again"
    again.mkdir()
    with SessionReader(tmp_path / "out" / SESSION_NAME) as reader:
        export_session(reader, again)
    for name in ("turns.csv", "frames.csv", "summary.json"):
        assert (again / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_b_late_by_an_offset(tmp_path: Path, sounds: tuple[NDArray[np.float32], ...]) -> None:
    late = np.concatenate([np.zeros(2 * RATE_HZ, np.float32), sounds[1]])
    a = write_film(tmp_path / "a.mkv", [sounds[0]], seconds=LENGTH_S)
    b = write_film(tmp_path / "b.mkv", [late], seconds=LENGTH_S + 2)
    analysed(a, b, tmp_path / "out", SETTINGS.with_(offset_s=2.0))
    check_turns(tmp_path / "out")
    early = write_film(tmp_path / "early.mkv", [sounds[1][2 * RATE_HZ :]], seconds=LENGTH_S - 2)
    analysed(a, early, tmp_path / "early", SETTINGS.with_(offset_s=-2.0))
    check_turns(tmp_path / "early")


def test_one_film_with_a_track_for_each(tmp_path: Path, sounds: tuple[NDArray[np.float32], ...]) -> None:
    film = write_film(tmp_path / "call.mkv", list(sounds), seconds=LENGTH_S)
    summary, _ = analysed(Path(f"{film}#left"), Path(f"{film}#right"), tmp_path / "out")
    assert summary["voice"]["source"] == "two channels"
    check_turns(tmp_path / "out")


def test_one_mixed_track_is_told_by_the_mouths(
    tmp_path: Path, sounds: tuple[NDArray[np.float32], ...]
) -> None:
    film = write_film(tmp_path / "call.mkv", [sounds[0] + sounds[1]], seconds=LENGTH_S)
    summary, _ = analysed(Path(f"{film}#left"), Path(f"{film}#right"), tmp_path / "out")
    assert summary["voice"]["source"] == "one mixture"
    floor = [row for row in turns(tmp_path / "out") if row["kind"] == "turn"]
    assert [row["person"] for row in floor] == ["a", "b", "a", "b"]
    assert summary["voice"]["unclear_share"] < 0.2


@pytest.mark.parametrize(
    ("tracks", "sentence"),
    [([], "There is no sound in"), ([np.zeros(RATE_HZ, np.float32)], "The sound is silent")],
)
def test_without_sound_it_says_so_and_scores_all_the_same(
    tmp_path: Path, tracks: list[NDArray[np.float32]], sentence: str
) -> None:
    film = write_film(tmp_path / "call.mkv", tracks, seconds=4)
    summary, notes = analysed(Path(f"{film}#left"), Path(f"{film}#right"), tmp_path / "out")
    assert any(note.startswith(sentence) for note in notes)
    assert "voice" not in summary
    assert turns(tmp_path / "out") == []
    assert summary["ticks"] > 90


def test_sound_longer_or_shorter_than_the_picture(
    tmp_path: Path, sounds: tuple[NDArray[np.float32], ...]
) -> None:
    long = write_film(tmp_path / "long.mkv", [sounds[0] + sounds[1]], seconds=5)
    summary, _ = analysed(Path(f"{long}#left"), Path(f"{long}#right"), tmp_path / "long")
    assert summary["voice"]["duration_s"] == pytest.approx(5, abs=0.1)
    short = write_film(tmp_path / "short.mkv", [sounds[0][: 4 * RATE_HZ]], seconds=6)
    summary, _ = analysed(Path(f"{short}#left"), Path(f"{short}#right"), tmp_path / "short")
    assert summary["ticks"] == pytest.approx(150, abs=2)


def test_excluded_stretches_hold_no_voice(tmp_path: Path, sounds: tuple[NDArray[np.float32], ...]) -> None:
    film = write_film(tmp_path / "call.mkv", list(sounds), seconds=LENGTH_S)
    analysed(Path(f"{film}#left"), Path(f"{film}#right"), tmp_path / "out", SETTINGS.with_(exclude="0-4"))
    assert [row["person"] for row in turns(tmp_path / "out")] == ["a", "b"]
