"""What goes into a session's report: nothing that was written, and nobody's picture, unless it is ticked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mirrorsync.journal import Entry
from mirrorsync.ui.journal.parts import restyle
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.parts import button, name_widget, soft_label
from mirrorsync.ui.review.report_process import ReportProcess
from mirrorsync.ui.review.saving_dialog import SavingDialog, Stopped, Tell
from mirrorsync.ui.theme import Theme

__all__ = ["ReportDialog"]

_LONG_WORD = re.compile(r"\S{16}")
_LONGEST = 160  # letters of a note that are shown in the list


class ReportDialog(SavingDialog):
    """A tick box for each note, bookmark and reflection, one for pictures, and where to.

    Parameters
    ----------
    session : Path
        The session file.
    entries : sequence of Entry
        What was written about it.
    name : str
        What the session is called.
    excluded : sequence of (start_s, end_s)
        Stretches that are left out of every number.
    recorded : bool
        Whether there are recordings to take pictures from.
    """

    def __init__(
        self,
        session: Path,
        entries: Sequence[Entry],
        theme: Theme,
        parent: QWidget | None = None,
        *,
        name: str,
        excluded: Sequence[tuple[float, float]] = (),
        recorded: bool = True,
    ) -> None:
        super().__init__(texts.REPORT_TITLE, texts.REPORT_BODY, texts.REPORT_SAVE, theme, parent)
        self.stopped_text = texts.REPORT_STOPPED
        self._process = ReportProcess()
        self._session, self._entries, self._excluded = session, entries, list(excluded)
        self._name = name
        self.boxes = [_box(entry) for entry in entries]
        written = QWidget()
        written.setObjectName("card")
        lines = QVBoxLayout(written)
        lines.setContentsMargins(14, 12, 14, 12)
        lines.setSpacing(4)
        for entry, box in zip(entries, self.boxes, strict=True):
            lines.addWidget(box)
            if words := _words(entry):
                label = soft_label(_breakable(words))
                label.setContentsMargins(26, 0, 0, 6)
                lines.addWidget(label)
        lines.addStretch(1)
        self._written = QScrollArea()
        self._written.setWidgetResizable(True)
        self._written.setFrameShape(QScrollArea.Shape.NoFrame)
        self._written.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._written.setWidget(written)
        self._written.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the boxes in it are reached
        self.pictures = QCheckBox(texts.REPORT_PICTURES[0])
        name_widget(self.pictures, texts.REPORT_PICTURES)
        timed = any(entry.start_s is not None for entry in entries)
        self.pictures.setEnabled(recorded and timed)
        self.pictures.toggled.connect(self._warn)
        self.warning = QLabel(
            texts.REPORT_NO_PICTURES if not recorded
            else texts.REPORT_WARNING if timed
            else texts.REPORT_NO_MOMENTS
        )  # fmt: skip
        self.warning.setWordWrap(True)
        self.warning.setObjectName("soft")
        row = QHBoxLayout()
        for text, on in ((texts.REPORT_ALL, True), (texts.REPORT_NO_NOTES, False)):
            row.addWidget(button(text, partial(self._tick_all, on), "quiet"))
        row.addStretch(1)
        if entries:
            self.column.addWidget(self._written, 1)
            self.column.addLayout(row)
        else:
            self.column.addWidget(soft_label(texts.REPORT_NONE))
        self.column.addWidget(self.pictures)
        self.column.addWidget(self.warning)
        self.resize(580, 560 if entries else 300)

    @property
    def ticked(self) -> list[Entry]:
        """What is to stand in the report."""
        return [entry for entry, box in zip(self._entries, self.boxes, strict=True) if box.isChecked()]

    def choose_place(self) -> None:
        """Ask for a file, and write."""
        path, _ = QFileDialog.getSaveFileName(
            self,
            texts.REPORT_TITLE,
            str(Path.home() / texts.REPORT_NAME.format(name=self._name)),
            texts.REPORT_FILTER,
        )
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write the page."""
        if path.suffix.lower() not in (".html", ".htm"):
            path = path.with_name(path.name + ".html")
        ticked, session, excluded = self.ticked, self._session, self._excluded
        times = [entry.start_s for entry in ticked if entry.start_s is not None]
        pictures = sorted(set(times)) if self.pictures.isChecked() else []

        process = self._process = ReportProcess()

        def work(tell: Tell) -> str:
            from mirrorsync.report.request import request_text

            tell(texts.REPORT_WORKING)
            steps = list(texts.REPORT_STEPS)

            def reached(step: str) -> None:
                with suppress(Stopped):  # the process says whether it was stopped in time
                    tell(texts.REPORT_STEPS[step], (1 + steps.index(step)) / (1 + len(steps)))

            request = request_text(session, path, notes=ticked, pictures=pictures, excluded=excluded)
            if not process.make(request, reached):
                raise Stopped
            return texts.REPORT_DONE.format(path=path)

        self.run(work)

    def interrupt(self) -> None:
        """End the process that makes the report."""
        self._process.stop()

    def _warn(self, on: bool) -> None:
        self.warning.setObjectName("warning" if on else "soft")
        restyle(self.warning)

    def _tick_all(self, on: bool) -> None:
        for box in self.boxes:
            box.setChecked(on)


def _box(entry: Entry) -> QCheckBox:
    """Return the tick box of an entry: when, and what it is; a screen reader also hears its words."""
    at = texts.REPORT_WHOLE if entry.start_s is None else texts.clock(entry.start_s)
    kind = texts.KINDS[entry.kind][0]
    box = QCheckBox(f"{at}   {kind}")
    box.setAccessibleName(" ".join((kind, at, _words(entry))))
    box.setToolTip(texts.REPORT_TICK)
    return box


def _breakable(words: str) -> str:
    """Return words that a label can break anywhere once they are longer than a line."""
    return _LONG_WORD.sub("\\g<0>\u200b", words)


def _words(entry: Entry) -> str:
    """Return the beginning of what was written, on one line."""
    words = " ".join(entry.text.split())
    return f"{words[:_LONGEST]}…" if len(words) > _LONGEST else words
