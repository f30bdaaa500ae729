"""The question before anything is kept: who has agreed, and to what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import QCheckBox, QDialog, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mirrorsync.session.consent import Consent, consents_now
from mirrorsync.session.places import SESSION_SUFFIX
from mirrorsync.ui import texts
from mirrorsync.ui.live.controls import push_button
from mirrorsync.ui.theme import scaled_font

__all__ = ["ConsentDialog", "ask_where_to_keep"]


def ask_where_to_keep(parent: QWidget, proposal: Path) -> str:
    """Ask for the file to record into; empty when none was chosen."""
    kinds = texts.SAVE_FILTER.format(suffix=SESSION_SUFFIX)
    return QFileDialog.getSaveFileName(parent, texts.SAVE_DIALOG, str(proposal), kinds)[0]


class ConsentDialog(QDialog):
    """Says what is kept and where; can be accepted only when both people have agreed to exactly that."""

    def __init__(
        self,
        parent: QWidget,
        path: Path,
        *,
        choose_path: Callable[[QWidget, Path], str] = ask_where_to_keep,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self._choose_path = choose_path
        self.setWindowTitle(texts.CONSENT_TITLE)
        self.setModal(True)
        self.scores = _box(texts.CONSENT_SCORES)
        self.scores.setChecked(True)
        self.scores.setEnabled(False)
        self.landmarks = _box(texts.CONSENT_LANDMARKS)
        self.video = _box(texts.CONSENT_VIDEO)
        self.you = _box(texts.CONSENT_YOU)
        self.partner = _box(texts.CONSENT_PARTNER)
        self._where = QLabel()
        self._where.setObjectName("soft")
        self.change = push_button(texts.CONSENT_CHANGE, self._change_path)
        self.cancel = push_button(texts.CONSENT_CANCEL, self.reject)
        self.ok = push_button(texts.CONSENT_OK, self.accept, "primary")
        self.ok.setEnabled(False)
        self.ok.setDefault(True)
        for button in (self.change, self.cancel):
            button.setAutoDefault(False)
        for box in (self.landmarks, self.video):
            box.toggled.connect(self._asked_for_more)
        for box in (self.you, self.partner):
            box.toggled.connect(lambda: self.ok.setEnabled(self.you.isChecked() and self.partner.isChecked()))
        self._build()
        self._show_path()

    @property
    def consents(self) -> tuple[Consent, ...]:
        """What both people have agreed to, at this time."""
        return consents_now(landmarks=self.landmarks.isChecked(), video=self.video.isChecked())

    def _build(self) -> None:
        heading = QLabel(texts.CONSENT_TITLE)
        heading.setFont(scaled_font(self.font(), 1.35, bold=True))
        body = QLabel(texts.CONSENT_BODY)
        body.setWordWrap(True)
        body.setMinimumWidth(480)
        where = QHBoxLayout()
        where.addWidget(self._where, 1)
        where.addWidget(self.change)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 22)
        layout.setSpacing(9)
        layout.addWidget(heading)
        layout.addWidget(body)
        for title, boxes in (
            (texts.CONSENT_WHAT, (self.scores, self.landmarks, self.video)),
            (texts.CONSENT_WHO, (self.you, self.partner)),
        ):
            label = QLabel(title)
            label.setFont(scaled_font(self.font(), 1.0, bold=True))
            layout.addSpacing(8)
            layout.addWidget(label)
            for box in boxes:
                layout.addWidget(box)
        layout.addSpacing(8)
        layout.addLayout(where)
        layout.addSpacing(6)
        layout.addLayout(buttons)

    def _asked_for_more(self) -> None:
        """Who agreed did so to something else: they have to be asked again."""
        for box in (self.you, self.partner):
            box.setChecked(False)

    def _change_path(self) -> None:
        chosen = self._choose_path(self, self.path)
        if chosen:
            path = Path(chosen)
            self.path = path if path.suffix else path.with_suffix(SESSION_SUFFIX)
            self._show_path()

    def _show_path(self) -> None:
        self._where.setText(f"{texts.CONSENT_FILE} {self.path.name}")
        self._where.setToolTip(str(self.path))


def _box(text: tuple[str, str]) -> QCheckBox:
    box = QCheckBox(text[0])
    box.setAccessibleName(text[0])
    box.setToolTip(text[1])
    return box
