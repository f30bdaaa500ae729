"""The sound of recordings: every sample in its place, and loudness over time."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from heard_files import RATE_HZ, speech, write_sound
from numbered_videos import write_numbered
from numpy.typing import NDArray

from mirrorsync.capture import open_source
from mirrorsync.capture.exact import ExactVideo
from mirrorsync.capture.sound import ENVELOPE_HZ, has_sound, loudness, sound_chunks
from mirrorsync.errors import SourceError
from mirrorsync.settings import Settings


def _clicks(seconds: float, at_s: list[float]) -> NDArray[np.float32]:
    samples = np.zeros(round(seconds * RATE_HZ), np.float32)
    for click_s in at_s:
        samples[round(click_s * RATE_HZ)] = 0.9
    return samples


def _whole(path: Path, start_s: float = 0.0) -> NDArray[np.float32]:
    chunks = list(sound_chunks(str(path), rate_hz=RATE_HZ, channels=1, start_s=start_s))
    for before, after in itertools.pairwise(chunks):
        assert after.t_ns == pytest.approx(before.t_ns + len(before.samples) * 1e9 / RATE_HZ, abs=2)
    return np.concatenate([chunk.samples[:, 0] for chunk in chunks])


def test_every_sample_is_in_its_place(tmp_path: Path) -> None:
    samples = speech(3.0, seed=1)
    path = write_sound(tmp_path / "a.wav", samples, codec="pcm_s16le")
    assert has_sound(str(path))
    np.testing.assert_allclose(_whole(path), samples, atol=1e-4)
    np.testing.assert_allclose(_whole(path, start_s=1.25), samples[round(1.25 * RATE_HZ) :], atol=1e-4)


@pytest.mark.parametrize("late_s", [0.0, 0.5])
def test_sound_is_heard_when_its_picture_is_seen(late_s: float, tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.mkv", _clicks(3.0, [1.0, 2.0]), codec="flac", picture_late_s=late_s)
    heard = np.flatnonzero(_whole(path) > 0.5) / RATE_HZ
    np.testing.assert_allclose(heard, [1.0, 2.0], atol=2e-3)  # the clock is the file's
    later = np.flatnonzero(_whole(path, start_s=0.9) > 0.5) / RATE_HZ + 0.9
    np.testing.assert_allclose(later[-1], 2.0, atol=2e-3)
    with open_source(str(path), Settings()) as source:
        first = source.read()
    assert first is not None
    assert first.t_ns == pytest.approx(late_s * 1e9, abs=2e6)
    with ExactVideo(str(path)) as video:
        assert video.times_ns[0] == first.t_ns
        assert video.read_at(late_s + 0.1).t_ns == pytest.approx((late_s + 0.1) * 1e9, abs=5e7)


def test_stereo_at_another_rate(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.m4a", speech(1.0, seed=2))
    chunks = list(sound_chunks(str(path), rate_hz=44_100, channels=2))
    assert {chunk.samples.shape[1] for chunk in chunks} == {2}
    assert sum(len(chunk.samples) for chunk in chunks) / 44_100 == pytest.approx(1.0, abs=0.1)


def test_loudness_follows_the_power(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    quiet, loud = (volume * rng.normal(size=RATE_HZ).astype(np.float32) for volume in (0.01, 0.1))
    path = write_sound(tmp_path / "a.wav", np.concatenate([quiet, loud]), codec="pcm_s16le")
    power = loudness(str(path))
    assert power.size == pytest.approx(2 * ENVELOPE_HZ, abs=2)
    # Half of the noise lies above what 8 kHz can carry.
    assert power[20:180].mean() == pytest.approx(np.log(0.5 * 0.01**2), abs=0.5)
    assert power[220:380].mean() - power[20:180].mean() == pytest.approx(np.log(100.0), abs=0.2)


def test_no_sound_and_no_file(tmp_path: Path) -> None:
    path = write_numbered(tmp_path / "mute.mp4", range(5), time_base=Fraction(1, 25), rate=Fraction(25))
    assert not has_sound(str(path))
    assert loudness(str(path)).size == 0
    with pytest.raises(SourceError, match="has no sound"):
        next(sound_chunks(str(path)))
    with pytest.raises(SourceError, match="There is no file"):
        has_sound(str(tmp_path / "none.wav"))
