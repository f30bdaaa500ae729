"""Qt's one application."""

from __future__ import annotations

from PyQt6.QtWidgets import QApplication

from mirrorsync.ui import texts

__all__ = ["application"]

# Qt's application lives as long as something in Python holds it.
_kept: list[QApplication] = []


def application() -> QApplication:
    """Return the one QApplication of this process, made if need be."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    app = QApplication([texts.APP])
    _kept.append(app)
    app.setApplicationName(texts.APP)
    app.setStyle("Fusion")
    return app
