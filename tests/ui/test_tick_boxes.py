"""Tick boxes: a tick is seen in both themes, on plain and on dense screens."""

from __future__ import annotations

import pytest
from PyQt6.QtGui import QColor, QPixmap
from PyQt6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from mirrorsync.ui.theme import DARK, LIGHT, Theme, palette, style_sheet


def _pixels(box: QCheckBox, colour: str, scale: float) -> float:
    """Return how many pixels of the box have a colour, in units of a plain screen's pixels."""
    picture = QPixmap(box.size() * scale)
    picture.setDevicePixelRatio(scale)
    picture.fill(QColor("#808080"))
    box.render(picture)
    middle = picture.height() / 2
    image, wanted = picture.toImage(), QColor(colour)
    seen = [
        image.pixelColor(x, y)
        for x in range(int(3 * scale), int(15 * scale))  # inside the indicator's border
        for y in range(int(middle - 6 * scale), int(middle + 6 * scale))
    ]
    near = [
        one
        for one in seen
        if max(
            abs(one.red() - wanted.red()),
            abs(one.green() - wanted.green()),
            abs(one.blue() - wanted.blue()),
        )
        < 24
    ]
    return len(near) / scale**2


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_ticked_box_has_a_tick(theme: Theme, scale: float, qtbot: QtBot) -> None:
    box = QCheckBox("Words")
    qtbot.addWidget(box)
    box.setPalette(palette(theme))
    box.setStyleSheet(style_sheet(theme))
    box.resize(box.sizeHint())
    box.setChecked(True)
    ticked = _pixels(box, theme.on_both, scale), _pixels(box, theme.both, scale)
    box.setChecked(False)
    plain = _pixels(box, theme.both, scale)
    assert 4 < ticked[0] < 60  # the mark
    assert ticked[1] > 80  # its ground
    assert plain == 0
