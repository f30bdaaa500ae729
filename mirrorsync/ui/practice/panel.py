"""The panel beside the pictures that holds the exercises: a list of them, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from mirrorsync.practice.texts import say
from mirrorsync.ui.practice.parts import KeyKeeper, button, on_keys
from mirrorsync.ui.theme import scaled_font

__all__ = ["NAMES", "PracticePanel", "shortcut_of"]

NAMES: tuple[str, ...] = ("warmup", "cues", "breathing", "gaze", "labelling")
_NEEDS_NO_SESSION = ("cues",)
_WIDE, _NARROW = 26, 22.5  # in heights of a line: as wide as it likes to be, and on a small screen


def shortcut_of(name: str) -> str:
    """Return the key that opens an exercise."""
    return f"Ctrl+{NAMES.index(name) + 1}"


class PracticePanel(KeyKeeper):
    """Shows the list or one page; decides nothing.

    Parameters
    ----------
    pages : mapping of str to QWidget
        The exercises' pages, by name.
    words : QWidget
        Stands under every page.

    Signals
    -------
    chosen(str)
        An exercise was chosen from the list, by name.
    back()
        The list is wanted again.
    closed()
        The panel is to go away.
    """

    chosen = pyqtSignal(str)
    back = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, pages: Mapping[str, QWidget], words: QWidget) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(say("panel.title"))
        self.setMinimumWidth(round(_NARROW * self.fontMetrics().height()))
        self.setMaximumWidth(round(_WIDE * self.fontMetrics().height()))
        self.name = ""
        self._pages = dict(pages)
        self.title = QLabel()
        self.title.setFont(scaled_font(self.font(), 1.15, bold=True))
        self.back_button = button("panel.back", self.back.emit)
        self.close_button = button("panel.close", self.closed.emit)
        for made in (self.back_button, self.close_button):
            made.setObjectName("quiet")
        self.entries = {name: self._entry(name) for name in NAMES}
        self._first = _soft(say("panel.first"))
        self._list = self._made_list()
        self._stack = QStackedWidget()
        for page in (self._list, *self._pages.values()):
            self._stack.addWidget(page)
        self.footnote = _soft("")
        self.footnote.setMinimumHeight(2 * self.footnote.fontMetrics().lineSpacing() + 4)
        head = QHBoxLayout()
        head.addWidget(self.back_button)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        layout.addWidget(words)
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 0, 10, 0)
        foot.addWidget(self.footnote)
        layout.addLayout(foot)
        on_keys(self, ("Alt+Left",), self.back_button.click)
        self.set_running(running=False)
        self.show_list()

    @property
    def page(self) -> QWidget:
        """What is shown under the title."""
        return self._stack.currentWidget() or self._list

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the width that the exercises like best."""
        return QSize(self.maximumWidth(), super().sizeHint().height())

    def show_list(self) -> None:
        """Show the exercises to choose from."""
        before, self.name = self.name, ""
        self.title.setText(say("panel.title"))
        self.back_button.hide()
        self._stack.setCurrentWidget(self._list)
        if self.isVisible():
            chosen = self.entries[before or NAMES[0]]
            (chosen if chosen.isEnabled() else self.entries[_NEEDS_NO_SESSION[0]]).setFocus()

    def show_page(self, name: str) -> None:
        """Show the page of an exercise."""
        self.name = name
        self.title.setText(say(f"panel.{name}"))
        self.back_button.show()
        self.footnote.setText("")
        self._stack.setCurrentWidget(self._pages[name])

    def take_focus(self) -> None:
        """Put the keyboard into the page, at the first thing that can be done there."""
        window = self.window()
        if window is not None and self.page.isAncestorOf(window.focusWidget()):
            return
        following, child = [], self.page.nextInFocusChain()
        while child is not None and child is not self.page:
            following.append(child)
            child = child.nextInFocusChain()
        for one in following:
            by_tab = bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if by_tab and one.isEnabled() and one.isVisible() and self.page.isAncestorOf(one):
                one.setFocus()
                return
        self.setFocus()

    def set_running(self, *, running: bool) -> None:
        """Let exercises be chosen while a session runs."""
        self._first.setVisible(not running)
        if not running and any(entry.hasFocus() for entry in self.entries.values()):
            self.entries[_NEEDS_NO_SESSION[0]].setFocus()
        for name, entry in self.entries.items():
            entry.setEnabled(running or name in _NEEDS_NO_SESSION)

    def _made_list(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(6, 8, 6, 6)
        layout.setSpacing(10)
        layout.addWidget(self._first)
        for entry in self.entries.values():
            layout.addWidget(entry)
        layout.addStretch(1)
        return page

    def _entry(self, name: str) -> QPushButton:
        title, about = say(f"panel.{name}"), say(f"panel.{name}.about")
        entry = QPushButton()
        entry.setObjectName("entry")
        entry.setAccessibleName(title)
        entry.setAccessibleDescription(about)
        entry.setToolTip(say("panel.tip").format(about=about, key=shortcut_of(name)))
        entry.clicked.connect(lambda: self.chosen.emit(name))
        head, words = QLabel(title), QLabel(about)
        head.setFont(scaled_font(self.font(), 1.05, bold=True))
        words.setObjectName("soft")
        words.setWordWrap(True)
        key = QLabel(shortcut_of(name))
        key.setObjectName("soft")
        row = QHBoxLayout()
        row.addWidget(head, 1)
        row.addWidget(key)
        layout = QVBoxLayout(entry)
        layout.setContentsMargins(14, 10, 14, 10)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(words)
        for label in (head, words, key):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        entry.setMinimumHeight(layout.sizeHint().height() + head.fontMetrics().lineSpacing())
        return entry


def _soft(words: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName("soft")
    label.setWordWrap(True)
    return label
