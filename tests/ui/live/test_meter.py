"""Meters and the gauge show where the level is, the band of chance, and words."""

from __future__ import annotations

import numpy as np
import pytest
from hands import click, press
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from mirrorsync.ui import texts
from mirrorsync.ui.live.attunement_gauge import AttunementGauge
from mirrorsync.ui.live.meter import Meter
from mirrorsync.ui.live.readout import CHANCE_BAND, IN_STEP, MeterReading
from mirrorsync.ui.theme import DARK, LIGHT, Theme


@pytest.fixture
def meter(qtbot: QtBot) -> Meter:
    made = Meter("head_synchrony")
    qtbot.addWidget(made)
    made.resize(700, 40)
    return made


def _row(meter: Meter, theme: Theme, offset: float = 0.0) -> list[str]:
    """Return the colours along the bar, `offset` pixels under its middle."""
    meter.set_theme(theme)
    image = meter.grab().toImage()
    track = meter.track_rect()
    y = round(track.center().y() + offset)
    return [image.pixelColor(round(track.left() + x), y).name() for x in range(round(track.width()))]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_band_is_drawn_where_chance_reaches(meter: Meter, theme: Theme) -> None:
    meter.set_reading(MeterReading(0.95, 1.0, CHANCE_BAND, "together"))
    colours = np.array(_row(meter, theme, 5.0))
    banded = np.flatnonzero(colours == theme.band.lower()) / len(colours)
    assert banded.min() == pytest.approx(CHANCE_BAND[0], abs=0.01)
    assert banded.max() == pytest.approx(CHANCE_BAND[1], abs=0.01)


def test_no_band_while_chance_is_unknown(meter: Meter) -> None:
    meter.set_reading(MeterReading(0.95, 1.0, None, "together"))
    assert LIGHT.band.lower() not in _row(meter, LIGHT, 5.0)


@pytest.mark.parametrize(("level", "low", "high"), [(0.9, 0.5, 0.9), (0.1, 0.1, 0.5)])
def test_the_bar_reaches_from_chance_to_the_level(
    meter: Meter, level: float, low: float, high: float
) -> None:
    meter.set_reading(MeterReading(level, 1.0, None, "together"))
    colours = np.array(_row(meter, LIGHT))
    filled = np.flatnonzero(colours == LIGHT.both.lower()) / len(colours)
    assert filled.min() == pytest.approx(low, abs=0.04)
    assert filled.max() == pytest.approx(high, abs=0.04)


def test_nothing_known_draws_no_bar_and_says_so(meter: Meter) -> None:
    meter.set_reading(MeterReading(0.9, 1.0, CHANCE_BAND, "together"))
    meter.set_reading(MeterReading(coverage=0.1))
    assert set(_row(meter, LIGHT)[6:-6]) == {LIGHT.track.lower()}
    assert meter.accessibleDescription() == texts.NOT_ENOUGH


def test_it_fades_with_coverage(meter: Meter) -> None:
    inside = []
    for coverage in (1.0, 0.2):
        meter.set_reading(MeterReading(0.9, coverage, None, "together"))
        row = _row(meter, LIGHT)
        inside.append(QColor(row[round(0.7 * len(row))]).lightness())
    assert inside[1] > inside[0] + 30


def test_the_leader_has_a_dot_in_their_colour(meter: Meter) -> None:
    for leader, colour in (("a", LIGHT.you), ("b", LIGHT.partner)):
        meter.set_reading(MeterReading(0.8, 1.0, CHANCE_BAND, "words", leader))
        meter.set_theme(LIGHT)
        image = meter.grab().toImage()
        assert image.pixelColor(round(meter.track_rect().right() + 14 + 4), 20) == QColor(colour)


def test_every_channel_explains_itself(qtbot: QtBot) -> None:
    for channel in texts.METER_ORDER:
        made = Meter(channel)
        qtbot.addWidget(made)
        assert made.accessibleName()
        assert made.toolTip().endswith(".")


@pytest.fixture
def gauge(qtbot: QtBot) -> AttunementGauge:
    made = AttunementGauge()
    qtbot.addWidget(made)
    made.resize(360, 210)
    return made


def _at(gauge: AttunementGauge, level: float, outward: float = 0.0) -> str:
    image: QImage = gauge.grab().toImage()
    point = gauge.point_at(level, outward)
    return image.pixelColor(round(point.x()), round(point.y())).name()


def test_the_gauge_marks_its_zones(gauge: AttunementGauge) -> None:
    assert _at(gauge, 0.2) == LIGHT.track.lower()
    assert _at(gauge, 0.6) == LIGHT.track.lower()
    assert _at(gauge, sum(IN_STEP) / 2) == LIGHT.comfort.lower()


def test_the_gauge_fills_from_chance_to_the_level(gauge: AttunementGauge) -> None:
    gauge.set_reading(MeterReading(0.8, 1.0, None, "In step"), "You move together", "none")
    assert _at(gauge, 0.6) == LIGHT.both.lower()
    assert _at(gauge, 0.3) == LIGHT.track.lower()
    assert gauge.accessibleDescription() == "In step. You move together"
    gauge.set_reading(MeterReading(), "You move together", "none")
    assert _at(gauge, 0.6) == LIGHT.track.lower()
    assert gauge.lead_words == "", "without a score nothing is said about who leads"


def test_the_gauge_can_be_asked_by_mouse_and_keyboard(qtbot: QtBot, gauge: AttunementGauge) -> None:
    with qtbot.waitSignal(gauge.asked, timeout=2000):
        click(gauge)
    with qtbot.waitSignal(gauge.asked, timeout=2000):
        press(gauge, Qt.Key.Key_Return)
