"""Nobody in the picture, and pictures that are missing, are told as what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from made_reviews import REVIEW_SETTINGS, nodding
from made_videos import make_video

from mirrorsync.review.presence import found_shares, presence_sentence
from mirrorsync.review.recording import analyse_recording, new_recording, rescore, source_notes
from mirrorsync.session.pyramid import _AT, _ROWS, Pyramid, pyramid_of
from mirrorsync.session.reader import SessionReader


def seen(a: float, b: float, seconds: int = 39) -> Pyramid:
    mean = np.full((len(_ROWS), seconds), np.nan)
    mean[_AT["found_a"]], mean[_AT["found_b"]] = a, b
    return Pyramid(mean, mean.copy(), np.nan_to_num(mean), np.isfinite(mean).astype(float))


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (0.0, 0.0, "Nobody was found in either picture"),
        (0.0, 0.9, "Nobody was found in your picture"),
        (0.9, 0.01, "Nobody was found in your partner's picture"),
        (0.2, 1.0, "in your picture only 20% of the time"),
        (1.0, 0.3, "in your partner's picture only 30% of the time"),
    ],
)
def test_who_is_missing_is_said(a: float, b: float, said: str) -> None:
    assert said in presence_sentence(seen(a, b))
    assert found_shares(seen(a, b)) == pytest.approx((a, b))


def test_two_people_need_no_words_and_nothing_is_known_of_nothing() -> None:
    assert presence_sentence(seen(0.8, 0.6)) == ""
    assert presence_sentence(seen(0.8, 0.6, seconds=0)) == ""


def test_an_empty_room_is_told_after_the_analysis(tmp_path: Path) -> None:
    video = make_video(tmp_path, "mp4v_25_mp4", frames=100, width=128)
    path = new_recording(f"{video}#left", f"{video}#right", REVIEW_SETTINGS, folder=tmp_path)
    nobody = lambda: FakeLandmarker(lambda _frame: Person(body=False, face=False))  # noqa: E731 - as `nodding` is one
    analyse_recording(path, make_landmarker=nobody, progress=lambda _at, _of: True)
    with SessionReader(path) as reader:
        assert presence_sentence(pyramid_of(reader)).startswith("Nobody was found in either")
        assert source_notes(reader) == ()


@pytest.mark.media
def test_pictures_that_could_not_be_decoded_are_told(shared_media: Path, tmp_path: Path) -> None:
    clip = shared_media / "bad_corrupted.mp4"
    path = new_recording(f"{clip}#left", f"{clip}#right", REVIEW_SETTINGS, folder=tmp_path)
    analyse_recording(path, make_landmarker=nodding, progress=lambda _at, _of: True)
    rescore(path, offset_s=0.1, progress=lambda _at, _of: True)
    with SessionReader(path) as reader:
        damaged, missing = source_notes(reader)
    assert "is damaged from 3.00 s to the end" in damaged
    assert missing.startswith("bad_corrupted.mp4 promises 50 frames, but 30 could be decoded")
