"""The style sheet of the review window: the common one and what only this room has."""

from __future__ import annotations

from string import Template

from mirrorsync.ui.theme import Theme, style_sheet

__all__ = ["review_style"]

_STYLE = Template("""
#drop { background: $card; border: 2px dashed $band; border-radius: 14px; }
QListWidget { background: transparent; border: none; outline: none; }
QListWidget::item { padding: 7px 8px; border-radius: 6px; }
QListWidget::item:selected { background: $hover; color: $ink; }
QListWidget::item:hover { background: $hover; }
QLineEdit, QPlainTextEdit { background: $back; border: 1px solid $line; border-radius: 7px;
  padding: 5px 8px; }
QLineEdit:focus, QPlainTextEdit:focus, QListWidget:focus { border: 1px solid $both; }
QTabWidget::pane { border: none; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $soft; padding: 9px 14px 7px 14px; border: none;
  border-bottom: 3px solid transparent; }
QTabBar::tab:selected { color: $ink; border-bottom: 3px solid $both; }
QTabBar::tab:focus { color: $both; }
QSplitter::handle { background: transparent; }
QProgressBar { background: $track; border: none; border-radius: 4px; min-height: 8px; max-height: 8px; }
QProgressBar::chunk { background: $both; border-radius: 4px; }
QLabel#warning { padding: 5px 9px; }
QMenuBar { background: $back; color: $ink; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: $hover; border-radius: 5px; }
QStatusBar { background: $back; color: $soft; }
QStatusBar::item { border: none; }
""")


def review_style(theme: Theme) -> str:
    """Return the whole style sheet of the review window."""
    return style_sheet(theme) + _STYLE.substitute({name: getattr(theme, name) for name in theme.__slots__})
