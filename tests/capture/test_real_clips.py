"""Real clips with their oddities: variable rates, gaps, rotation, 10 bits, a late start, damage."""

from __future__ import annotations

import csv
import itertools
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from mirrorsync.capture import open_source
from mirrorsync.settings import Settings

pytestmark = pytest.mark.media
SETTINGS = Settings()
SHORT_ENOUGH_FRAMES = 200


def test_frames_and_durations_are_those_of_the_manifest(shared_media: Path) -> None:
    with (shared_media / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert rows
    for row in rows:
        name, expected = row["file"], int(row["frames_decoded"])
        if name == "bad_corrupted.mp4":
            expected = 30  # the list stops two pictures before the damage, which were in the decoder still
        if expected > SHORT_ENOUGH_FRAMES:
            continue
        with open_source(str(shared_media / name), SETTINGS) as source:
            times_ns = [frame.t_ns for frame in source]
        assert len(times_ns) == expected, name
        assert times_ns[0] == 0, name
        assert all(b > a for a, b in itertools.pairwise(times_ns)), name
        if name == "bad_corrupted.mp4":
            assert "damaged from 3.00 s to the end" in source.notes[0]
            assert "promises 50 frames, but 30" in source.notes[1]
        else:
            slack_s = 3 / float(row["fps"])
            assert times_ns[-1] / 1e9 == pytest.approx(float(row["duration_s"]), abs=slack_s), name


def test_times_are_the_presentation_times_that_ffprobe_states(shared_media: Path) -> None:
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed")
    for name in (
        "reg_pyfeat_noface_then_face_vfr_hevc.mov",
        "reg_clm_cap13_vp8_gaps.webm",
        "odd_nonzero_start.mp4",
        "reg_carphone.mp4",
        "asl_night.mkv",
    ):
        done = subprocess.run(
            [
                "ffprobe", "-v", "quiet", "-select_streams", "v:0", "-show_entries",
                "frame=best_effort_timestamp_time", "-of", "csv=p=0", str(shared_media / name),
            ],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        stated_s = np.array([float(line.strip(",")) for line in done.stdout.split()])
        with open_source(str(shared_media / name), SETTINGS) as source:
            times_s = np.array([frame.t_ns / 1e9 for frame in source])
        np.testing.assert_allclose(times_s, stated_s - stated_s[0], rtol=0, atol=2e-6, err_msg=name)


def test_rotation_is_applied(shared_media: Path) -> None:
    with open_source(str(shared_media / "bad_rotation_90.mov"), SETTINGS) as source:
        assert source.size == (320, 568)
        frame = source.read()
    assert frame is not None
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed: the size was checked, the direction was not")
    done = subprocess.run(
        [
            "ffmpeg", "-v", "quiet", "-i", str(shared_media / "bad_rotation_90.mov"),
            "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
        ],
        capture_output=True, check=True,
    )  # fmt: skip
    theirs = np.frombuffer(done.stdout, np.uint8).reshape(frame.rgb.shape)
    assert np.abs(theirs.astype(int) - frame.rgb).mean() < 8


def test_two_people_in_one_picture_give_two_feeds(shared_media: Path) -> None:
    path = shared_media / "reg_obama_speech_two_people.mp4"
    with (
        open_source(str(path), SETTINGS) as whole,
        open_source(f"{path}#left", SETTINGS) as left,
        open_source(f"{path}#right", SETTINGS) as right,
    ):
        for all_of_it, one, other in zip(whole, left, right, strict=True):
            assert all_of_it.t_ns == one.t_ns == other.t_ns
            np.testing.assert_array_equal(all_of_it.rgb, np.hstack([one.rgb, other.rgb]))
