"""The strip of the last two minutes."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from scripted_controller import score, snapshot

from mirrorsync.types import NO_SCORE
from mirrorsync.ui.live.readout import Readout
from mirrorsync.ui.live.strip_card import StripCard


@pytest.fixture
def card(qtbot: QtBot) -> StripCard:
    made = StripCard()
    qtbot.addWidget(made)
    made.resize(900, 140)
    return made


def _play(card: StripCard, ticks: range, *, missing: range = range(0)) -> None:
    readout = Readout()
    for k in ticks:
        now = NO_SCORE if k in missing else score(0.5 + 0.4 * np.sin(k / 50))
        card.strip.add(readout.update(snapshot(k, {"attunement": now, "head_synchrony": score(0.6)})))


def test_it_shows_two_minutes_with_the_gap(card: StripCard) -> None:
    _play(card, range(25 * 150), missing=range(2500, 2750))
    ago_s, levels = card.strip.drawn("attunement")
    assert -120 <= ago_s.min() < -119
    assert ago_s.max() > -0.5
    gap = ago_s[np.isnan(levels)]
    newest_s = (25 * 150 - 1) / 25
    assert gap.min() == pytest.approx(100 - newest_s, abs=0.3)
    assert gap.max() == pytest.approx(110 - newest_s, abs=0.3)


def test_other_channels_are_switched_on_by_their_chip(card: StripCard) -> None:
    _play(card, range(100))
    assert np.size(card.strip.drawn("head_synchrony")[1]) == 0
    card.chips["head_synchrony"].setChecked(True)
    levels = card.strip.drawn("head_synchrony")[1]
    assert levels.size > 10
    assert np.all(levels == 0.6)


def test_clearing_forgets(card: StripCard) -> None:
    _play(card, range(100))
    card.strip.clear()
    assert np.size(card.strip.drawn("attunement")[1]) == 0


def test_the_line_is_painted_and_the_gap_is_not(card: StripCard, qtbot: QtBot) -> None:
    from PyQt6.QtGui import QColor

    from mirrorsync.ui.theme import LIGHT

    card.set_theme(LIGHT)
    _play(card, range(25 * 125), missing=range(1500, 2000))
    image = card.strip.grab().toImage()
    want = QColor(LIGHT.both)

    def painted(share: float) -> bool:
        x = round(image.width() * share)
        near = [image.pixelColor(x + dx, y) for dx in (-1, 0, 1) for y in range(image.height())]
        return any(abs(c.red() - want.red()) + abs(c.green() - want.green()) < 40 for c in near)

    assert painted(0.2)
    assert painted(0.9)
    assert not painted(0.55)
