"""One row for a setting, made from its declaration: a label, a control of the right kind, and a reset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from mirrorsync.settings import Setting
from mirrorsync.ui import texts
from mirrorsync.ui.live.controls import push_button
from mirrorsync.ui.theme import scaled_font

__all__ = ["SettingRow", "title_of"]

_DECIMALS = 2
_STEPS = 100.0  # of a number's range, roughly, by arrow key
_UNITS_IN_NAMES = ("_s", "_hz", "_ms", "_deg")


def title_of(setting: Setting) -> str:
    """Return what a setting is called where people read it: its name in words, without the unit."""
    name = setting.name
    for unit in _UNITS_IN_NAMES:
        name = name.removesuffix(unit)
    return texts.SETTING_TITLES.get(setting.name, name.replace("_", " ").capitalize())


class SettingRow(QWidget):
    """Shows one setting.

    Signals
    -------
    changed()
        Another value stands in the control.
    """

    changed = pyqtSignal()

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.title = title_of(setting)
        tip = texts.SETTING_TIP.format(
            help=setting.help, takes=setting.describe(), default=_shown(setting.default)
        )
        self.control, self.value, self._put = _control(setting, self._edited)
        self.control.setAccessibleName(self.title)
        self.control.setAccessibleDescription(setting.help)
        self.control.setToolTip(tip)
        self.control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.control.installEventFilter(self)
        self.reset = push_button(texts.SETTING_RESET, self.put_default, "quiet")
        self.reset.setAccessibleName(texts.SETTING_RESET_NAME.format(title=self.title))
        label = QLabel(self.title)
        label.setBuddy(self.control)
        words = QLabel(setting.help)
        words.setObjectName("soft")
        words.setFont(scaled_font(self.font(), 0.92))
        words.setWordWrap(True)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setHorizontalSpacing(10)
        layout.setVerticalSpacing(1)
        layout.addWidget(label, 0, 0)
        layout.addWidget(words, 1, 0)
        layout.addWidget(self.control, 0, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.reset, 0, 2, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.setColumnStretch(0, 1)
        layout.setColumnMinimumWidth(1, 170)

    def put(self, value: Any) -> None:
        """Show `value`."""
        self._put(value)
        self._edited()

    def put_default(self) -> None:
        """Show the default."""
        self.put(self.setting.default)

    def matches(self, wanted: str) -> bool:
        """Whether every word of a search is in the name, the title, the help or the group."""
        own = f"{self.setting.name} {self.title} {self.setting.help} {self.setting.group}".casefold()
        return all(word in own for word in wanted.casefold().split())

    def _edited(self) -> None:
        self.reset.setEnabled(self.value() != self.setting.default)
        self.changed.emit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Leave the wheel to the list: whoever scrolls past a number does not mean to change it."""
        if event is not None and event.type() == QEvent.Type.Wheel and not self.control.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


class _Number(QDoubleSpinBox):
    """A number without zeros at its end."""

    def textFromValue(self, value: float) -> str:  # noqa: N802 - Qt's name
        """Return 0.5 for 0.50, and 25 for 25.00."""
        return super().textFromValue(value) if value % 1 * 10 % 1 > 1e-6 else f"{value:g}"


_Made = tuple[QWidget, Callable[[], Any], Callable[[Any], None]]


def _control(setting: Setting, edited: Callable[[], None]) -> _Made:
    """Return a control, what reads it, and what sets it."""
    if setting.choices:
        return _choice(setting, edited)
    if setting.kind is bool:
        box = QCheckBox()
        box.toggled.connect(lambda: edited())
        return box, box.isChecked, box.setChecked
    if setting.kind is str:
        line = QLineEdit()
        line.textChanged.connect(lambda: edited())
        return line, line.text, line.setText
    low, high = setting.low or 0.0, setting.high or 0.0
    if setting.kind is int:
        whole = QSpinBox()
        whole.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        whole.setRange(int(low), int(high))
        whole.setSuffix(f" {setting.unit}" if setting.unit else "")
        whole.valueChanged.connect(lambda: edited())
        return whole, whole.value, whole.setValue
    number = _Number()
    number.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
    number.setDecimals(_DECIMALS)
    number.setRange(low, high)
    number.setSingleStep(_step(high - low))
    number.setSuffix(f" {setting.unit}" if setting.unit else "")
    number.valueChanged.connect(lambda: edited())
    return number, number.value, number.setValue


def _choice(setting: Setting, edited: Callable[[], None]) -> _Made:
    box = QComboBox()
    for choice in setting.choices:
        box.addItem(texts.SETTING_CHOICES.get(choice, choice), choice)
    box.currentIndexChanged.connect(lambda: edited())
    return box, box.currentData, lambda value: box.setCurrentIndex(box.findData(value))


def _step(span: float) -> float:
    """Return a round step for a range: 0.1, 0.5 or 1 …, about a hundredth of it and at most 5."""
    return next((step for step in (0.05, 0.1, 0.5, 1.0) if step * _STEPS >= span), 5.0)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return texts.SETTING_ON if value else texts.SETTING_OFF
    return f"{value:g}" if isinstance(value, float) else str(value)
