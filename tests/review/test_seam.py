"""A seam is found where there is one, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirrorsync.review.seam import find_seam


def rooms(seam: int, seed: int) -> NDArray[np.uint8]:
    """Two rooms with soft light and noise, a shelf's edge half as high as the picture in one of them."""
    rng = np.random.default_rng(seed)
    picture = np.empty((120, 200, 3))
    picture[:, :seam] = 70 + 20 * np.sin(np.arange(seam) / 25)[None, :, None]
    picture[:, seam:] = 150 + 15 * np.cos(np.arange(200 - seam) / 30)[None, :, None]
    picture[60:, 60:66] = 240
    return np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seam", [72, 100, 131])
def test_the_seam_is_found_to_the_pixel_both_ways(seam: int) -> None:
    pictures = [rooms(seam, seed) for seed in range(3)]
    assert find_seam(pictures, upright=True) == seam
    assert find_seam([one.transpose(1, 0, 2) for one in pictures], upright=False) == seam
    assert find_seam(pictures, upright=False) is None


def test_one_room_has_none() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (3, 90, 120, 3)).astype(np.uint8)
    assert find_seam([rooms(200, 1)], upright=True) is None
    assert find_seam(list(noise), upright=True) is None
    assert find_seam([], upright=True) is None
    assert find_seam([np.zeros((40, 60, 3), np.uint8)], upright=True) is None
