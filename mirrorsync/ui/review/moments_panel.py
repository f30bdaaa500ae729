"""The moments that matter, each a row that leads there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.synchrony.moments import Moment
from mirrorsync.ui.layer_chip import LayerChip
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, by_tab, name_widget, soft_label
from mirrorsync.ui.theme import LIGHT, Theme, scaled_font

__all__ = ["MomentsPanel"]

_MOMENT = int(Qt.ItemDataRole.UserRole)
_FILTERS = ("best", "drop", "smile", "leader", "emotion", "bookmark")


class MomentsPanel(QWidget):
    """Lists moments in order of time.

    Signals
    -------
    jump(float)
        The user wants to go to this time.
    reflect_wanted(object)
        The user wants to reflect on this `Moment`.
    stopping_changed(bool)
        Whether playback is to stop at moments.
    """

    jump = pyqtSignal(float)
    reflect_wanted = pyqtSignal(object)
    stopping_changed = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._moments: Sequence[Moment] = ()
        self.list = QListWidget()
        name_widget(self.list, (texts.MOMENTS_NAME, texts.MOMENTS_TOOLTIP))
        self._painter = _Row(self.list)
        self.list.setItemDelegate(self._painter)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.empty = soft_label(texts.MOMENTS_WAIT)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.stopping = QCheckBox(texts.REFLECT_CHECK[0])
        name_widget(self.stopping, texts.REFLECT_CHECK)
        by_tab(self.stopping)
        self.reflect = button(texts.REFLECT_NOW, self._reflect)
        self.chips: dict[str, LayerChip] = {}
        chips = QHBoxLayout()
        chips.setSpacing(4)
        for kind in _FILTERS:
            name, sign = texts.KINDS[kind]
            chip = LayerChip(sign, name, texts.FILTER_TOOLTIP.format(kind=name))
            chip.toggled.connect(partial(self._filter, kind))
            self.chips[kind] = chip
            chips.addWidget(chip)
        chips.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.stopping, 1)
        foot.addWidget(self.reflect)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(chips)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self.stopping.toggled.connect(self.stopping_changed.emit)
        self._show()

    @property
    def moments(self) -> Sequence[Moment]:
        """All moments, shown or not."""
        return self._moments

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._painter.theme = theme
        view = self.list.viewport()
        if view is not None:
            view.update()

    def set_moments(self, moments: Sequence[Moment], *, waiting: bool, unseen: str = "") -> None:
        """Show moments; `waiting`: more are being looked for; `unseen`: why there may be none."""
        self._moments = moments
        self.empty.setText(texts.MOMENTS_WAIT if waiting else unseen or texts.MOMENTS_NONE)
        self._show()

    def neighbour(self, time_s: float, way: int) -> Moment | None:
        """Return the shown moment before (−1) or after (1) a time."""
        shown = [m for m in self._moments if m.kind not in self.chips or self.chips[m.kind].isChecked()]
        if way > 0:
            return next((m for m in shown if m.start_s > time_s + 0.2), None)
        return next((m for m in reversed(shown) if m.start_s < time_s - 0.2), None)

    def _filter(self, _kind: str, _on: bool) -> None:
        self._show()

    def _show(self) -> None:
        chosen = self._current()
        self.list.clear()
        for moment in self._moments:
            if moment.kind in self.chips and not self.chips[moment.kind].isChecked():
                continue
            item = QListWidgetItem()
            item.setData(_MOMENT, moment)
            name = texts.KINDS[moment.kind][0]
            said = f"{texts.clock(moment.start_s)} {name}. {moment.sentence}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(moment.sentence)
            self.list.addItem(item)
            if moment == chosen:
                self.list.setCurrentItem(item)
        there = self.list.count() > 0
        self.list.setVisible(there)
        self.empty.setVisible(not there)
        self.reflect.setEnabled(there)

    def _current(self) -> Moment | None:
        item = self.list.currentItem()
        return None if item is None else item.data(_MOMENT)

    def _go(self, item: QListWidgetItem) -> None:
        self.jump.emit(item.data(_MOMENT).start_s)

    def _reflect(self) -> None:
        moment = self._current()
        if moment is None and self.list.count():
            self.list.setCurrentRow(0)
            moment = self._current()
        if moment is not None:
            self.jump.emit(moment.start_s)
            self.reflect_wanted.emit(moment)


class _Row(QStyledItemDelegate):
    """Paints a moment: sign, time, kind, and under them its sentence."""

    def __init__(self, owner: QListWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.theme: Theme = LIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:  # noqa: N802, ARG002 - Qt's form
        """Return room for the heading and two lines."""
        return QSize(100, round(3.7 * self._owner.fontMetrics().lineSpacing()))

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: object) -> None:
        """Paint one row."""
        if painter is None:
            return
        moment: Moment = index.data(_MOMENT)  # type: ignore[attr-defined]  # a QModelIndex
        theme, area = self.theme, QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.hover))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 6, 6)
        name, sign = texts.KINDS[moment.kind]
        line = self._owner.fontMetrics().lineSpacing()
        painter.setPen(QColor(theme.both))
        painter.setFont(scaled_font(option.font, 1.15))
        painter.drawText(
            QRectF(area.left() + 8, area.top() + 4, 26, line + 4), Qt.AlignmentFlag.AlignCenter, sign
        )
        head = QRectF(area.left() + 42, area.top() + 5, area.width() - 50, line)
        painter.setPen(QColor(theme.ink))
        painter.setFont(scaled_font(option.font, 1.0, bold=True))
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, name)
        painter.setFont(option.font)
        painter.drawText(head, Qt.AlignmentFlag.AlignRight, texts.clock(moment.start_s))
        painter.setPen(QColor(theme.soft))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(head.adjusted(0, line + 1, 0, 2.2 * line), flags, moment.sentence)
        painter.restore()
