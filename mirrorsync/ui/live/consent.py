"""The question before anything is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.session.consent import Consent, consents_now
from mirrorsync.session.places import SESSION_SUFFIX
from mirrorsync.ui import texts
from mirrorsync.ui.theme import scaled_font

__all__ = ["ConsentDialog", "ask_where_to_keep"]


def ask_where_to_keep(parent: QWidget, proposal: Path) -> str:
    """Ask for the file to record into; empty when none was chosen."""
    kinds = texts.SAVE_FILTER.format(suffix=SESSION_SUFFIX)
    return QFileDialog.getSaveFileName(parent, texts.SAVE_DIALOG, str(proposal), kinds)[0]


class ConsentDialog(QDialog):
    """Says what is kept and where; can be accepted only when both people have agreed."""

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
        heading = QLabel(texts.CONSENT_TITLE)
        heading.setFont(scaled_font(self.font(), 1.35, bold=True))
        body = QLabel(texts.CONSENT_BODY)
        body.setWordWrap(True)
        body.setMinimumWidth(440)
        self.agreed = QCheckBox(texts.CONSENT_CHECK[0])
        self.agreed.setAccessibleName(texts.CONSENT_CHECK[0])
        self.agreed.setToolTip(texts.CONSENT_CHECK[1])
        self._where = QLabel()
        self._where.setObjectName("soft")
        self.change = _button(texts.CONSENT_CHANGE)
        self.cancel = _button(texts.CONSENT_CANCEL)
        self.ok = _button(texts.CONSENT_OK)
        self.ok.setObjectName("primary")
        self.ok.setEnabled(False)
        self.ok.setDefault(True)
        self.agreed.toggled.connect(self.ok.setEnabled)
        self.ok.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.change.clicked.connect(self._change_path)
        where = QHBoxLayout()
        where.addWidget(self._where, 1)
        where.addWidget(self.change)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 24, 28, 22)
        layout.setSpacing(16)
        for widget in (heading, body, self.agreed):
            layout.addWidget(widget)
        layout.addLayout(where)
        layout.addSpacing(6)
        layout.addLayout(buttons)
        self._show_path()

    def consents(self) -> tuple[Consent, Consent]:
        """Return what both people have agreed to, as of now."""
        return consents_now()

    def _change_path(self) -> None:
        chosen = self._choose_path(self, self.path)
        if chosen:
            path = Path(chosen)
            self.path = path if path.suffix else path.with_suffix(SESSION_SUFFIX)
            self._show_path()

    def _show_path(self) -> None:
        self._where.setText(f"{texts.CONSENT_FILE} {self.path.name}")
        self._where.setToolTip(str(self.path))


def _button(text: tuple[str, str]) -> QPushButton:
    button = QPushButton(text[0])
    button.setAccessibleName(text[0])
    button.setToolTip(text[1])
    button.setAutoDefault(False)
    return button
