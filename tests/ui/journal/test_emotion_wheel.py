"""The wheel: mouse, keyboard, names, colours."""

from __future__ import annotations

import math

import pytest
from hands import press
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mirrorsync.journal import Feeling
from mirrorsync.ui.journal.emotion_wheel import EmotionWheel, segment_colour
from mirrorsync.ui.journal.wheel_layout import (
    RINGS,
    SEGMENTS,
    Segment,
    find,
    inward,
    outward,
    segment_at,
    sideways,
)
from mirrorsync.ui.theme import DARK, LIGHT, Theme


def _middle_of(segment: Segment) -> tuple[float, float]:
    radius, angle = sum(RINGS[segment.ring]) / 2, math.radians(segment.middle_deg)
    return radius * math.sin(angle), -radius * math.cos(angle)


def _found(word: str) -> Segment:
    segment = find(word)
    assert segment is not None
    return segment


@pytest.fixture
def wheel(qtbot: QtBot) -> EmotionWheel:
    made = EmotionWheel()
    qtbot.addWidget(made)
    made.resize(600, 600)
    made.show()
    return made


def _place(wheel: EmotionWheel, segment: Segment) -> QPoint:
    x, y = _middle_of(segment)
    radius = 300 - 6
    return QPoint(round(300 + radius * x), round(300 + radius * y))


def _click(wheel: EmotionWheel, at: QPoint) -> None:
    click: object = QTest.mouseClick
    click(wheel, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)  # type: ignore[operator]  # static in Qt


def test_every_word_lies_under_its_middle() -> None:
    assert len(SEGMENTS) == 80
    for segment in SEGMENTS:
        assert segment_at(*_middle_of(segment)) is segment
    assert segment_at(0.0, 0.0) is None
    assert segment_at(0.8, 0.8) is None


def test_inside_and_outside_belong_together() -> None:
    for segment in SEGMENTS:
        assert outward(segment).core == inward(segment).core == segment.core
        if segment.ring < 2:
            assert inward(outward(segment)) is segment
        assert sideways(sideways(segment, 1), -1) is segment
        if segment.parent:
            parent = _found(segment.parent)
            assert parent.start_deg <= segment.start_deg
            assert segment.start_deg + segment.span_deg <= parent.start_deg + parent.span_deg + 1e-9


def test_a_click_chooses_and_lets_go(qtbot: QtBot, wheel: EmotionWheel) -> None:
    with qtbot.waitSignal(wheel.changed):
        _click(wheel, _place(wheel, _found("tender")))
    assert wheel.feelings() == (Feeling("tender", 0.5),)
    _click(wheel, _place(wheel, _found("tender")))
    assert wheel.feelings() == ()
    _click(wheel, QPoint(300, 300))
    _click(wheel, QPoint(3, 3))
    assert wheel.feelings() == ()


def _at(wheel: EmotionWheel) -> str:
    proxy = wheel.focusProxy()
    return next(word for word, button in wheel.buttons.items() if button is proxy)


def _key(wheel: EmotionWheel, key: Qt.Key) -> None:
    press(wheel.buttons[_at(wheel)], key)


def test_the_keyboard_reaches_every_word(wheel: EmotionWheel) -> None:
    seen = set()
    for _ in range(3):
        for _ in range(48):
            seen.add(_at(wheel))
            _key(wheel, Qt.Key.Key_Right)
        _key(wheel, Qt.Key.Key_Up)
    assert seen == set(wheel.buttons)
    _key(wheel, Qt.Key.Key_Home)
    assert _at(wheel) == "excited"
    _key(wheel, Qt.Key.Key_End)
    assert _at(wheel) == "impatient"
    for _ in range(3):
        _key(wheel, Qt.Key.Key_Down)
    assert _at(wheel) == "angry"
    _key(wheel, Qt.Key.Key_Left)
    assert _at(wheel) == "afraid"
    _key(wheel, Qt.Key.Key_T)
    assert _at(wheel).startswith("t")


def test_the_keyboard_chooses_and_says_how_strongly(wheel: EmotionWheel) -> None:
    _key(wheel, Qt.Key.Key_Space)
    _key(wheel, Qt.Key.Key_Plus)
    assert wheel.feelings() == (Feeling("joyful", 0.6),)
    for _ in range(9):
        _key(wheel, Qt.Key.Key_Minus)
    assert wheel.feelings() == (Feeling("joyful", 0.1),), "the faintest, not gone"
    for _ in range(15):
        _key(wheel, Qt.Key.Key_Plus)
    assert wheel.feelings() == (Feeling("joyful", 1.0),)
    _key(wheel, Qt.Key.Key_Return)
    assert wheel.feelings() == ()
    _key(wheel, Qt.Key.Key_Plus)
    assert wheel.feelings() == (Feeling("joyful", 0.5),), "plus on a word that is not chosen chooses it"


def test_each_word_says_what_it_is(wheel: EmotionWheel) -> None:
    names = {word: button.accessibleName() for word, button in wheel.buttons.items()}
    assert names["joyful"] == "joyful, inner ring"
    assert names["tender"] == "tender, outer ring, of loving"
    assert len(set(names.values())) == 80
    wheel.toggle("tender")
    assert wheel.buttons["tender"].accessibleName() == "tender, outer ring, of loving, chosen, 50 percent"
    assert wheel.buttons["tender"].isChecked()
    wheel.buttons["calm"].click()  # as a screen reader does it
    assert [f.word for f in wheel.feelings()] == ["tender", "calm"]
    assert wheel.accessibleDescription()
    assert all(isinstance(b, QWidget) and b.toolTip() for b in wheel.buttons.values())


def test_tab_finds_one_word_only(wheel: EmotionWheel) -> None:
    def reachable() -> list[str]:
        return [w for w, b in wheel.buttons.items() if b.focusPolicy() != Qt.FocusPolicy.NoFocus]

    assert reachable() == ["joyful"]
    wheel.go_to(_found("calm"))
    assert reachable() == ["calm"]


def _luminance(rgb: tuple[int, int, int]) -> float:
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_word_can_be_read(theme: Theme) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    from PyQt6.QtGui import QColor

    def rgb(colour: QColor) -> tuple[int, int, int]:
        return colour.red(), colour.green(), colour.blue()

    ink = _luminance(rgb(QColor(theme.ink)))
    for core in range(8):
        for ring in range(3):
            for chosen in (False, True):
                fill = _luminance(rgb(segment_colour(theme, core, ring, chosen=chosen)))
                contrast = (max(ink, fill) + 0.05) / (min(ink, fill) + 0.05)
                assert contrast >= 4.5, (core, ring, chosen)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_chosen_can_be_seen_without_colour(wheel: EmotionWheel, theme: Theme) -> None:
    wheel.set_theme(theme)
    before = wheel.grab().toImage()
    wheel.toggle("tender")
    after = wheel.grab().toImage()
    x, y = _place(wheel, _found("tender")).x(), _place(wheel, _found("tender")).y()
    changed = [
        abs(before.pixelColor(x + dx, y + dy).lightness() - after.pixelColor(x + dx, y + dy).lightness())
        for dx in range(-45, 46)
        for dy in range(-22, 23)
    ]
    assert max(changed) > 100, "an outline as dark (or light) as the writing"
