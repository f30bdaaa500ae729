"""The small parts that the exercises' pages are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from mirrorsync.practice.texts import say
from mirrorsync.ui.theme import scaled_font

__all__ = ["KeyKeeper", "button", "centred_row", "exchange", "line", "on_keys"]

_PRESSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyKeeper(QFrame):
    """A frame that takes a click's focus, and lets no Space or Enter through to the window behind it.

    There Space stops the session, and its recording with it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Keep what would press a button, if there were one."""
        if event is not None and event.key() in _PRESSING:
            event.accept()
        else:
            super().keyPressEvent(event)


def _has_keyboard(page: QWidget, *, idle: bool) -> bool:
    """Whether the keyboard is on the panel around `page` or, with `idle`, in use nowhere in its window."""
    window, around = page.window(), page
    while (above := around.parentWidget()) is not None and not isinstance(around, KeyKeeper):
        around = above
    focus = None if window is None else window.focusWidget()
    return focus is None or focus is around or (idle and focus is window) or around.isAncestorOf(focus)


def button(key: str, pressed: Callable[[], object], *, primary: bool = False) -> QPushButton:
    """Return a button with the words at `key` and the tooltip at ``key.tip``, both for screen readers too."""
    made = QPushButton(say(key))
    made.setAutoDefault(True)  # so that Enter presses it, as Space does
    made.setAccessibleName(say(key))
    made.setToolTip(say(f"{key}.tip"))
    if primary:
        made.setObjectName("primary")
    made.clicked.connect(lambda: pressed())
    return made


def exchange(page: QWidget, shown: Sequence[QWidget], among: Iterable[QWidget], *, idle: bool = True) -> None:
    """Show these of a page's widgets, hide the others of `among`, and put the keyboard on the first.

    It stays where it is while it is in use elsewhere in the window; with `idle` it is also taken from the
    window itself. Meanwhile it rests on the page: Qt would pass it on to whatever comes next in the window.
    """
    take = _has_keyboard(page, idle=idle)
    if take:
        page.setFocus()
    for one in among:
        if one not in shown:
            one.hide()
    for one in shown:
        one.show()
    layout = page.layout()
    if layout is not None:
        layout.activate()  # or what is new is painted once where it happens to be
    if take:
        shown[0].setFocus()


def line(size: float, *, soft: bool = False, lines: int = 2) -> QLabel:
    """Return a centred label, `size` times the usual font, that keeps its room while it is empty."""
    label = QLabel()
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setFont(scaled_font(label.font(), size))
    label.setMinimumHeight(lines * label.fontMetrics().lineSpacing())
    if soft:
        label.setObjectName("soft")
    return label


def centred_row(*widgets: QWidget) -> QHBoxLayout:
    """Return the widgets side by side in the middle."""
    row = QHBoxLayout()
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def on_keys(page: QWidget, keys: tuple[str, ...], pressed: Callable[[], object]) -> None:
    """Call `pressed` when one of the keys is hit anywhere in `page`."""
    for key in keys:
        shortcut = QShortcut(QKeySequence(key), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: pressed())
