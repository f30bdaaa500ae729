"""A list of entries: when and about what in one line, the words under it, what matched in bold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PyQt6.QtCore import QLocale, QModelIndex, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PyQt6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from mirrorsync.journal import Entry, Hit, feelings_of
from mirrorsync.ui.journal import texts
from mirrorsync.ui.theme import LIGHT, Theme, scaled_font

__all__ = ["EntryList", "head_of", "words_of"]

_HIT = Qt.ItemDataRole.UserRole
_HEAD = Qt.ItemDataRole.UserRole + 1
_LINES = 2
_PAD = 10.0


class EntryList(QListWidget):
    """Shows hits, one chosen at a time."""

    chosen = pyqtSignal(object)
    """The `Entry` under the cursor, or None."""
    opened = pyqtSignal(object)
    """Enter or a double click on an `Entry`."""
    edit_wanted = pyqtSignal(object)
    """F2 on an `Entry`."""
    delete_wanted = pyqtSignal(object)
    """Del on an `Entry`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = LIGHT
        self._filling = False
        self.setItemDelegate(_Painter(self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._changed)
        self.itemDoubleClicked.connect(lambda item: self.opened.emit(_entry(item)))

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.theme = theme
        self.viewport_update()

    def viewport_update(self) -> None:
        """Paint anew."""
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()

    def show_hits(self, hits: Sequence[Hit], labels: Mapping[str, str], *, in_session: bool = False) -> None:
        """Show `hits`; the chosen entry stays chosen if it is among them.

        Parameters
        ----------
        hits : sequence of Hit
            In the order in which they are shown.
        labels : mapping of str to str
            What each session is called.
        in_session : bool
            Whether they are all of one session, whose name then need not be said.
        """
        before = self.current()
        self._filling = True
        self.clear()
        for hit in hits:
            label = None if in_session else labels.get(hit.entry.session or "")
            head = head_of(hit.entry, label)
            item = QListWidgetItem()
            item.setData(_HIT, hit)
            item.setData(_HEAD, head)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{head}: {hit.snippet or words_of(hit.entry)}")
            self.addItem(item)
        self._filling = False
        self.choose(before.id if before is not None else "")

    def choose(self, entry_id: str) -> bool:
        """Choose an entry by its id; return whether it is there."""
        for row in range(self.count()):
            item = self.item(row)
            if item is not None and _entry(item).id == entry_id:
                self.setCurrentItem(item)
                return True
        return False

    def current(self) -> Entry | None:
        """Return the chosen entry."""
        item = self.currentItem()
        return None if item is None else _entry(item)

    def entries(self) -> list[Entry]:
        """Return what is shown."""
        items = (self.item(row) for row in range(self.count()))
        return [_entry(item) for item in items if item is not None]

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Open with Enter, edit with F2, delete with Del; the rest is the list's."""
        if event is None:
            return
        entry = self.current()
        keys = {
            Qt.Key.Key_Return: self.opened,
            Qt.Key.Key_Enter: self.opened,
            Qt.Key.Key_F2: self.edit_wanted,
            Qt.Key.Key_Delete: self.delete_wanted,
        }
        signal = keys.get(Qt.Key(event.key()))
        if signal is not None and entry is not None:
            signal.emit(entry)
        else:
            super().keyPressEvent(event)

    def _changed(self, item: QListWidgetItem | None) -> None:
        if not self._filling:
            self.chosen.emit(None if item is None else _entry(item))


def head_of(entry: Entry, session: str | None = None) -> str:
    """Return the line over an entry: kind, time in its session, the session's name, tags."""
    parts = [texts.KINDS.get(entry.kind, entry.kind)]
    if entry.start_s is not None:
        start = texts.clock(entry.start_s)
        parts.append(
            start if entry.end_s is None else texts.SPAN.format(start=start, end=texts.clock(entry.end_s))
        )
    if session:
        parts.append(session)
    parts += [f"#{tag}" for tag in entry.tags]
    return "  ·  ".join(parts)


def words_of(entry: Entry) -> str:
    """Return what an entry says in one line, also where it has no text of its own."""
    said = ", ".join(texts.feeling(feeling.word) for feeling in feelings_of(entry))
    question = str(entry.data.get("question", "")) if entry.kind == "reflection" else ""
    return " — ".join(part for part in (said, " ".join(entry.text.split()) or question) if part)


def _entry(item: QListWidgetItem) -> Entry:
    hit: Hit = item.data(_HIT)
    return hit.entry


class _Painter(QStyledItemDelegate):
    """Paints plain text only."""

    def __init__(self, owner: EntryList) -> None:
        super().__init__(owner)
        self._owner = owner

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: ARG002, N802 - Qt's form
        """Room for one line, and for two more where there are words."""
        small = QFontMetricsF(scaled_font(self._owner.font(), 0.9))
        usual = QFontMetricsF(self._owner.font())
        words = _LINES * usual.lineSpacing() if _words(index.data(_HIT)) else 0.0
        return QSize(200, round(small.lineSpacing() + words + 2 * _PAD))

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint one entry."""
        if painter is None:
            return
        theme = self._owner.theme
        area = QRectF(option.rect)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(area, QColor(theme.track))
            painter.fillRect(QRectF(area.left(), area.top(), 3.0, area.height()), QColor(theme.both))
        painter.setPen(QColor(theme.line))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        inside = area.adjusted(_PAD + 4, _PAD, -_PAD, -_PAD)
        hit: Hit = index.data(_HIT)
        small = scaled_font(self._owner.font(), 0.9)
        metrics = QFontMetricsF(small)
        painter.setFont(small)
        painter.setPen(QColor(theme.soft))
        day = QLocale().toString(
            datetime.fromisoformat(hit.entry.created_utc).astimezone().date(), "d MMM yyyy"
        )
        day_width = metrics.horizontalAdvance(day) + 8
        line = QRectF(inside.left(), inside.top(), inside.width(), metrics.lineSpacing())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), day)
        head = metrics.elidedText(index.data(_HEAD), Qt.TextElideMode.ElideRight, line.width() - day_width)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), head)
        self._paint_words(painter, hit, inside.adjusted(0, metrics.lineSpacing() + 2, 0, 0))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme.both))
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()

    def _paint_words(self, painter: QPainter, hit: Hit, area: QRectF) -> None:
        words = _words(hit)
        formats = [_bold(words, start, end) for start, end in hit.matched] if hit.snippet.strip() else []
        layout, last = _laid_out(words, self._owner.font(), area.width(), formats)
        if last < len(words):  # more than fits: the last line ends with an ellipsis
            metrics = QFontMetricsF(self._owner.font())
            rest = metrics.elidedText(words[last:], Qt.TextElideMode.ElideRight, area.width() - 4)
            layout, _ = _laid_out(words[:last] + rest, self._owner.font(), area.width(), formats)
        painter.setPen(QColor(self._owner.theme.ink))
        layout.draw(painter, area.topLeft(), [], area)


def _words(hit: Hit) -> str:
    """Return what stands under an entry's line; a snippet keeps its length: matches stay in place."""
    return hit.snippet.replace("\n", " ") if hit.snippet.strip() else words_of(hit.entry)


def _laid_out(
    words: str, font: QFont, width: float, formats: list[QTextLayout.FormatRange]
) -> tuple[QTextLayout, int]:
    """Return the words in as many lines as are shown, and where the last begins (their end: all fit)."""
    layout = QTextLayout(words, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(formats)
    layout.beginLayout()
    y, start, end = 0.0, 0, 0
    for _ in range(_LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0.0, y))
        y += line.height()
        start, end = line.textStart(), line.textStart() + line.textLength()
    layout.endLayout()
    whole = _units(words)
    return layout, len(words) if end >= whole else _characters(words, start)


def _bold(words: str, start: int, end: int) -> QTextLayout.FormatRange:
    """Return a bold stretch; Qt counts in UTF-16, Python in characters."""
    made = QTextLayout.FormatRange()
    made.start = _units(words[:start])
    made.length = _units(words[start:end])
    bold = QTextCharFormat()
    bold.setFontWeight(QFont.Weight.Bold)
    bold.setFontUnderline(True)
    made.format = bold
    return made


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _characters(text: str, units: int) -> int:
    """Return how many characters the first `units` of UTF-16 are."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
