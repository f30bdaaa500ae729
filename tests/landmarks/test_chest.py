"""A chest that rises by known parts of a pixel gives its velocity."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from mirrorsync.landmarks.chest import ChestFlow
from mirrorsync.types import Frame

FPS = 25.0
WIDTH, HEIGHT = 320, 240


def cloth(seed: int = 0) -> NDArray[np.uint8]:
    """Something with the texture of a pullover."""
    noise = np.random.default_rng(seed).normal(size=(HEIGHT, WIDTH, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 3.0)
    picture: NDArray[np.uint8] = np.clip(128 + 300 * soft, 0, 255).astype(np.uint8)
    return picture


def moved(picture: NDArray[np.uint8], up_px: float, right_px: float = 0.0) -> NDArray[np.uint8]:
    shift = np.array([[1, 0, right_px], [0, 1, -up_px]], np.float32)
    out = cv2.warpAffine(
        picture, shift, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(out, dtype=np.uint8)


def body(x: float = 0.5, seen: float = 0.9) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    pose = np.zeros((33, 3), np.float32)
    pose[11], pose[12] = (x + 0.2, 0.4, 0), (x - 0.2, 0.4, 0)
    return pose, np.full(33, seen, np.float32)


def frame(k: int, picture: NDArray[np.uint8]) -> Frame:
    return Frame("fake:", k, round(k * 1e9 / FPS), picture)


def flows(pictures: list[NDArray[np.uint8]]) -> NDArray[np.float64]:
    chest = ChestFlow()
    return np.array([chest.update(frame(k, picture), *body()) for k, picture in enumerate(pictures)])


@pytest.mark.parametrize("seed", [0, 1])
def test_a_breath_of_two_pixels_is_followed(seed: int) -> None:
    t = np.arange(150) / FPS
    lift_px = 2.0 * np.sin(2 * np.pi * 0.3 * t)
    picture, grain = cloth(seed), np.random.default_rng(seed).normal(0, 2, (4, HEIGHT, WIDTH, 3))
    noisy = [
        np.clip(moved(picture, up) + np.roll(grain[k % 4], 7 * k, axis=0), 0, 255).astype(np.uint8)
        for k, up in enumerate(lift_px)
    ]
    found = flows(noisy)
    truth = np.diff(lift_px) * FPS / HEIGHT  # upward is positive, picture heights a second
    assert np.isnan(found[0])
    assert np.corrcoef(found[1:], truth)[0, 1] > 0.97
    assert np.polyfit(truth, found[1:], 1)[0] == pytest.approx(1.0, abs=0.15)


def test_a_sideways_move_and_a_brighter_lamp_are_no_breath() -> None:
    picture = cloth()
    sideways = flows([moved(picture, 0.0, 0.2 * k) for k in range(10)])
    np.testing.assert_allclose(sideways[1:], 0.0, atol=0.05 * FPS / HEIGHT)
    brighter = flows([np.clip(picture * (1 + 0.01 * k), 0, 255).astype(np.uint8) for k in range(10)])
    np.testing.assert_allclose(brighter[1:], 0.0, atol=0.1 * FPS / HEIGHT)


def test_a_hand_in_one_corner_does_not_carry_the_chest_away() -> None:
    still = cloth()
    waving = []
    for k in range(10):
        picture = still.copy()
        picture[96:150, 96:140] = moved(cloth(3), 0.8 * k)[96:150, 96:140]
        waving.append(picture)
    np.testing.assert_allclose(flows(waving)[1:], 0.0, atol=0.1 * FPS / HEIGHT)


def test_nothing_is_said_without_a_chest_or_right_after_it_came_back() -> None:
    chest, picture = ChestFlow(), cloth()
    assert np.isnan(chest.update(frame(0, picture), None, None))
    assert np.isnan(chest.update(frame(1, picture), *body()))
    assert chest.update(frame(2, picture), *body()) == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(chest.update(frame(3, picture), *body(seen=0.2)))
    assert np.isnan(chest.update(frame(4, picture), *body()))
    assert chest.update(frame(5, picture), *body()) == pytest.approx(0.0, abs=1e-6)
    assert np.isnan(chest.update(frame(6, picture), *body(x=0.7)))  # the person has moved over
    assert chest.update(frame(7, picture), *body(x=0.7)) == pytest.approx(0.0, abs=1e-6)


def test_nothing_is_said_over_a_gap_that_hides_a_movement() -> None:
    chest, picture = ChestFlow(), cloth()
    chest.update(frame(0, picture), *body())
    assert np.isfinite(chest.update(frame(5, picture), *body()))  # 0.2 s: a slow camera
    assert np.isnan(chest.update(frame(12, picture), *body()))
    assert np.isfinite(chest.update(frame(13, picture), *body()))


def test_a_chest_that_is_cut_off_or_blank_says_nothing() -> None:
    low = body()
    low[0][[11, 12], 1] = 0.97
    far = body()
    far[0][11, 0], far[0][12, 0] = 0.52, 0.48
    outside = body(x=1.6)
    blank = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    for picture, (pose, seen) in ((cloth(), low), (cloth(), far), (cloth(), outside), (blank, body())):
        chest = ChestFlow()
        assert np.isnan([chest.update(frame(k, picture), pose, seen) for k in range(3)]).all()


def test_a_change_of_picture_size_starts_anew() -> None:
    chest, picture = ChestFlow(), cloth()
    chest.update(frame(0, picture), *body())
    larger = cv2.resize(picture, (2 * WIDTH, 2 * HEIGHT)).astype(np.uint8)
    assert np.isnan(chest.update(frame(1, larger), *body()))
