"""Rectangles of the desktop on its screens, and which pictures are new ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mirrorsync.capture.feed import Crop
from mirrorsync.capture.regions import NewPictures, ScreenArea, pixels_of, screen_of
from mirrorsync.errors import SourceError

MIDDLE = ScreenArea("middle", 0, 0, 1280, 720)
LEFT = ScreenArea("left", -1024, 100, 1024, 768)
RIGHT = ScreenArea("right", 1280, 0, 1920, 1080)
SCREENS = (MIDDLE, LEFT, RIGHT)


@pytest.mark.parametrize(
    ("region", "index"),
    [
        (Crop("", 0, 0, 1280, 720), 0),
        (Crop("", 1279, 719, 1, 1), 0),
        (Crop("", -1024, 100, 10, 10), 1),
        (Crop("", -1, 867, 1, 1), 1),
        (Crop("", 1280, 0, 640, 480), 2),
        (Crop("", 3199, 1079, 1, 1), 2),
    ],
)
def test_a_rectangle_lies_on_its_screen(region: Crop, index: int) -> None:
    assert screen_of(region, SCREENS) == index


@pytest.mark.parametrize(
    "region",
    [
        Crop("", 1200, 0, 200, 100),  # across two screens
        Crop("", 0, 700, 100, 21),
        Crop("", -1024, 0, 10, 10),  # above the left screen
        Crop("", 5000, 0, 10, 10),
    ],
)
def test_what_lies_on_no_single_screen_gets_a_sentence(region: Crop) -> None:
    with pytest.raises(
        SourceError, match=r"does not lie on one screen; choose .* screen:1280,0,1920,1080\.$"
    ):
        screen_of(region, SCREENS)


@pytest.mark.parametrize(
    ("region", "area", "picture", "rows", "columns"),
    [
        (Crop("", 100, 50, 640, 480), MIDDLE, (1280, 720), (50, 530), (100, 740)),
        (Crop("", 100, 50, 640, 480), MIDDLE, (1920, 1080), (75, 795), (150, 1110)),  # 150 %
        (Crop("", 1380, 50, 640, 480), RIGHT, (3840, 2160), (100, 1060), (200, 1480)),  # 200 %
        (Crop("", -1024, 100, 1024, 768), LEFT, (1024, 768), (0, 768), (0, 1024)),
        (Crop("", 10, 10, 1, 1), MIDDLE, (320, 180), (2, 3), (2, 3)),  # never empty
    ],
)
def test_a_rectangle_becomes_pixels(
    region: Crop,
    area: ScreenArea,
    picture: tuple[int, int],
    rows: tuple[int, int],
    columns: tuple[int, int],
) -> None:
    assert pixels_of(region, area, *picture) == (slice(*rows), slice(*columns))


@given(st.floats(1.0, 3.0), st.integers(0, 1279), st.integers(1, 1280))
def test_neighbours_share_no_pixel_and_leave_none_out(scale: float, x: int, width: int) -> None:
    width = min(width, 1280 - x)
    size = round(1280 * scale), round(720 * scale)
    _, own = pixels_of(Crop("", x, 0, width, 720), MIDDLE, *size)
    assert 0 <= own.start < own.stop <= size[0]
    if x + width < 1280:
        _, right = pixels_of(Crop("", x + width, 0, 1280 - x - width, 720), MIDDLE, *size)
        assert right.start == own.stop
        assert right.stop == size[0]


def _picture(value: int) -> NDArray[np.uint32]:
    return np.full((48, 64), value, dtype=np.uint32)


MS = 1_000_000


def test_the_same_picture_passes_once() -> None:
    new = NewPictures()
    assert new.take(0, _picture(7)) is not None
    assert new.take(40 * MS, _picture(7)) is None
    assert new.take(80 * MS, _picture(8)) is not None
    assert new.take(120 * MS, _picture(7)) is not None, "only the last one counts"
    assert new.repeated == 1


def test_one_pixel_off_the_grid_makes_a_new_picture() -> None:
    new = NewPictures()
    new.take(0, _picture(7))
    changed = _picture(7)
    changed[5, 9] += 1
    passed = new.take(40 * MS, changed)
    assert passed is not None
    np.testing.assert_array_equal(passed, changed)


def test_another_size_is_a_new_picture() -> None:
    new = NewPictures()
    new.take(0, _picture(7))
    assert new.take(40 * MS, _picture(7)[:, :60]) is not None


def test_what_passes_is_a_copy_of_the_screen_s_memory() -> None:
    memory = _picture(1)
    passed = NewPictures().take(0, memory[10:20, 5:25])
    memory[:] = 2
    assert passed is not None
    assert passed.shape == (10, 20)
    assert passed.flags.c_contiguous
    assert (passed == 1).all()


def _passed_times(pictures_hz: float, screen_hz: float, seconds: float = 2.0) -> list[float]:
    """When pictures pass that change `pictures_hz` times a second on a screen of `screen_hz`."""
    new, passed = NewPictures(), []
    for k in range(int(seconds * screen_hz)):
        t_s = k / screen_hz
        t_ns = round(t_s * 1e9)
        if new.due(t_ns) and new.take(t_ns, _picture(int(t_s * pictures_hz + 1e-9))) is not None:
            passed.append(t_s)
    return passed


@pytest.mark.parametrize("pictures_hz", [5, 15, 24, 25, 30])
@pytest.mark.parametrize("screen_hz", [60, 75])
def test_every_picture_of_a_call_passes_once_and_when_it_appears(pictures_hz: int, screen_hz: int) -> None:
    passed = _passed_times(pictures_hz, screen_hz)
    assert len(passed) == 2 * pictures_hz
    late = [t_s - k / pictures_hz for k, t_s in enumerate(passed)]
    assert max(late) < 1 / screen_hz + 1e-6


def test_a_film_of_sixty_pictures_is_thinned_to_thirty() -> None:
    assert len(_passed_times(60, 60)) == 60
