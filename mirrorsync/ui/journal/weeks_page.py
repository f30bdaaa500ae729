"""The page of weeks: the chart, the same as a table, and reading of new sessions in between."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.analysis.journal_sessions import note_sessions
from mirrorsync.journal import Journal, Week, weeks
from mirrorsync.ui.journal import texts
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.journal.parts import button, heading, plain_label, relabel
from mirrorsync.ui.journal.weeks_chart import WeeksChart, day_text
from mirrorsync.ui.theme import Theme

__all__ = ["WeeksPage"]

_MOST_READS = 500  # a session that is being recorded changes each time: this ends the reading nevertheless


class WeeksPage(QWidget):
    """Check-ins beside attunement, week by week.

    Parameters
    ----------
    model : JournalModel
        The journal.
    sessions : path, optional
        Folder of the sessions (default: the user's).
    """

    def __init__(
        self, model: JournalModel, *, sessions: Path | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._sessions = model, sessions
        self._reading = False
        self.chart = WeeksChart()
        self.table = QTableWidget(0, len(texts.WEEKS_COLUMNS))
        self.table.setHorizontalHeaderLabels(texts.WEEKS_COLUMNS)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setAccessibleName(texts.WEEKS_NAME)
        self.table.setToolTip(texts.WEEKS_TABLE[1])
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()  # type: ignore[union-attr]  # a table has one
        header = self.table.horizontalHeader()
        if header is not None:
            header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.empty = plain_label(texts.WEEKS_EMPTY, soft=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note = plain_label(soft=True)
        self.switch = button(texts.WEEKS_TABLE, self.toggle_table, "quiet")
        self.pages = QStackedWidget()
        for page in (self.empty, self.chart, self.table):
            self.pages.addWidget(page)
        self._lay_out()
        model.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(heading(texts.WEEKS_TITLE), 1)
        top.addWidget(self.switch)
        card = QFrame()
        card.setObjectName("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(22, 16, 22, 16)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(plain_label(f"{texts.WEEKS_FEELINGS_HELP} {texts.WEEKS_ATTUNEMENT_HELP}", soft=True))
        column.addWidget(self.pages, 1)
        column.addWidget(self.note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addWidget(card)

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.chart.set_theme(theme)

    def refresh(self) -> None:
        """Show what the journal says now."""
        if self._model.is_open:
            self._model.ask(weeks, self._show)

    def toggle_table(self) -> None:
        """Change between the chart and the table."""
        if self.pages.currentWidget() is not self.empty:
            self.pages.setCurrentWidget(
                self.chart if self.pages.currentWidget() is self.table else self.table
            )
            self._show_switch()

    def read_sessions(self) -> None:
        """Read new and changed sessions one at a time: what is typed meanwhile is kept in between."""
        if self._model.is_open and not self._reading:
            self._reading = True
            self.note.setText(texts.WEEKS_READING)
            self._read_next(_MOST_READS)

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Read sessions when the page is looked at."""
        super().showEvent(event)
        self.read_sessions()

    def _read_next(self, left: int) -> None:
        folder = self._sessions

        def read(journal: Journal) -> int:
            return note_sessions(journal, folder, most=1)

        def done(count: int) -> None:
            if count and left:
                self._read_next(left - 1)
            else:
                self._reading = False
                self.note.setText(texts.WEEKS_CAUTION)
                self.refresh()

        self._model.ask(read, done, failed=self._failed)

    def _failed(self, sentence: str) -> None:
        self._reading = False
        self.note.setText(sentence)

    def _show(self, table: Sequence[Week]) -> None:
        self.chart.set_weeks(table)
        self.table.setRowCount(len(table))
        for row, week in enumerate(reversed(table)):
            felt = [
                f"{texts.feeling(core)} {value:.1f}" for core, value in week.intensity.items() if value > 0
            ]
            attunement = f"{week.attunement:.2f}" if math.isfinite(week.attunement) else "–"
            cells = (
                f"{day_text(week)} {week.monday.year}", str(week.check_ins),
                ", ".join([*felt, *week.own_words]) or "–", str(week.sessions), attunement,
            )  # fmt: skip
            for column, cell in enumerate(cells):
                self.table.setItem(row, column, QTableWidgetItem(cell))
        if not table:
            self.pages.setCurrentWidget(self.empty)
        elif self.pages.currentWidget() is self.empty:
            self.pages.setCurrentWidget(self.chart)
        self._show_switch()

    def _show_switch(self) -> None:
        table = self.pages.currentWidget() is self.table
        relabel(self.switch, texts.WEEKS_CHART if table else texts.WEEKS_TABLE)
        self.switch.setVisible(self.pages.currentWidget() is not self.empty)
