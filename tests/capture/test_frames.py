"""Image sequences: folders and patterns of numbered pictures."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from fakes import colours
from hypothesis import given, settings
from hypothesis import strategies as st

from mirrorsync.capture import open_source
from mirrorsync.capture.feed import Crop, FeedSpec, parse_feed
from mirrorsync.capture.frames import FrameFiles, frames_sha256
from mirrorsync.errors import SourceError
from mirrorsync.settings import Settings

SETTINGS = Settings()


def picture(path: Path, index: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    done, data = cv2.imencode(path.suffix, cv2.cvtColor(colours(index), cv2.COLOR_RGB2BGR))
    assert done
    path.write_bytes(data.tobytes())


def test_a_folder_and_a_pattern_are_the_same_recording(tmp_path: Path) -> None:
    folder = tmp_path / "Dyad #3" / "främes"
    for number in range(1, 12):
        picture(folder / f"{number:05}.png", number)
    (folder / "notes.txt").write_text("not a picture")
    for target in (f"{folder}@30", f"{folder}/%05d.png@30", f"{folder}/%d.png@30"):
        assert parse_feed(target) == FeedSpec("frames", target)
        with open_source(target, SETTINGS) as source:
            frames = list(source)
            assert (source.fps, source.frame_count, source.notes) == (30.0, 11, ())
            assert source.duration_s == pytest.approx(11 / 30)
        assert [frame.t_ns for frame in frames] == [round(k * 1e9 / 30) for k in range(11)]
        for number, frame in enumerate(frames, 1):
            np.testing.assert_array_equal(frame.rgb, colours(number))


def test_numbers_are_the_clock_and_holes_are_told(tmp_path: Path) -> None:
    for number in (7, 8, 10, 11):
        picture(tmp_path / f"img{number}_left.png", number)
    (tmp_path / "img11_left.png").write_bytes(b"no picture")
    with open_source(str(tmp_path), SETTINGS) as source:
        times = [frame.t_ns for frame in source]
        notes = " ".join(source.notes)
    assert times == [0, 40_000_000, 120_000_000]
    assert "25 pictures per second were assumed" in notes
    assert "numbers without a picture: 1, the first is 9" in notes
    assert "cannot be read, and are gaps: 1, the first is img11_left.png" in notes


def test_every_twelfth_picture_is_told(tmp_path: Path) -> None:
    for number in range(0, 60, 12):
        picture(tmp_path / f"{number:04}.png", number)
    with open_source(f"{tmp_path}@24", SETTINGS) as source:
        assert [frame.t_ns for frame in source] == [k * 500_000_000 for k in range(5)]
        assert source.notes == (f"{tmp_path}@24: one picture in 12 is there; the times go by the numbers.",)


def test_a_part_of_the_pictures_and_a_name_that_looks_like_a_rate(tmp_path: Path) -> None:
    folder = tmp_path / "run@2"
    picture(folder / "1.png", 1)
    assert parse_feed(str(folder)).kind == "frames"
    assert FrameFiles(str(folder)).assumed
    spec = parse_feed(f"{folder}@50#left")
    assert spec == FeedSpec("frames", f"{folder}@50", Crop("left"))
    with open_source(f"{folder}@50#left", SETTINGS) as source:
        frame = source.read()
    assert frame is not None
    np.testing.assert_array_equal(frame.rgb, colours(1)[:, : frame.width])


def test_a_file_that_is_called_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    film = tmp_path / "100%d.mp4"
    film.write_bytes(b"x")
    assert parse_feed(str(film)).kind == "file"


@pytest.mark.parametrize(
    ("names", "target", "words"),
    [
        ([], "", "is a folder without pictures"),
        (["face.png", "hand.png"], "", "has no number in its name"),
        (["a1.png", "b1.png", "b2.png"], "", "holds 2 series of pictures (a%d.png, b%d.png)"),
        (["1.png", "01.png"], "", "have the same number"),
        (["1.png"], "/%d.jpg", "There are no pictures"),
        (["1.png"], "/gone/%d.jpg", "There is no folder"),
        (["1.png"], "@0", "states 0 pictures per second"),
        (["1700000000.png", "1700090000.png"], "", "number them by frame"),
    ],
)
def test_what_cannot_be_a_sequence_is_said(tmp_path: Path, names: list[str], target: str, words: str) -> None:
    for name in names:
        picture(tmp_path / name, 1)
    with pytest.raises(SourceError) as error:
        open_source(f"{tmp_path}{target}", SETTINGS)
    assert words in str(error.value)


def test_pictures_that_cannot_be_read_at_all_are_said(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"")
    with pytest.raises(SourceError, match="None of the 1 pictures"):
        open_source(str(tmp_path), SETTINGS)


def test_the_hash_is_of_names_pictures_and_rate(tmp_path: Path) -> None:
    for number in (1, 2):
        picture(tmp_path / f"{number}.png", number)
    first = frames_sha256(f"{tmp_path}@30")
    assert first == frames_sha256(f"{tmp_path}/%d.png@30") != frames_sha256(f"{tmp_path}@25")
    assert len(first) == len(hashlib.sha256().hexdigest())
    picture(tmp_path / "2.png", 3)
    assert frames_sha256(f"{tmp_path}@30") != first


@settings(max_examples=30, deadline=None)
@given(numbers=st.sets(st.integers(0, 300), min_size=1, max_size=20), rate=st.integers(1, 240))
def test_any_numbers_give_rising_times_of_their_own(
    tmp_path_factory: pytest.TempPathFactory, numbers: set[int], rate: int
) -> None:
    folder = tmp_path_factory.mktemp("frames")
    for number in numbers:
        (folder / f"f_{number}.jpg").touch()
    files = FrameFiles(f"{folder}@{rate}")
    assert files.numbers == sorted(numbers)
    first = min(numbers)
    for at, number in enumerate(files.numbers):
        assert files.files[at].name == f"f_{number}.jpg"
        assert files.t_ns(at) == round((number - first) * 1e9 / rate)
