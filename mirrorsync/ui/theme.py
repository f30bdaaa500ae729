"""Colours, light and dark; the two people's colours are told apart by colour-blind eyes.

You are blue and your partner is orange everywhere (Okabe & Ito 2008, "Color Universal Design"); what
belongs to both is bluish green. Zones and warnings also differ in shape or words, never in colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template

from PyQt6.QtCore import QDir, Qt
from PyQt6.QtGui import QColor, QFont, QGuiApplication, QPalette

__all__ = ["DARK", "LIGHT", "Theme", "mix", "scaled_font", "system_theme"]


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours, as #RRGGBB.

    `you` and `partner` are for lines and marks on the window, `you_line` and `partner_line` for lines on
    a picture, `both` for what belongs to both; `rec` is the recording sign.
    """

    name: str
    back: str
    card: str
    ink: str
    soft: str
    line: str
    track: str
    band: str
    hover: str
    both: str
    on_both: str
    comfort: str
    you: str
    partner: str
    rec: str
    you_line: str = "#4DB5F5"
    partner_line: str = "#FFB52E"


LIGHT = Theme(
    name="light", back="#F4F3EF", card="#FFFFFF", ink="#1F2429", soft="#5B646E", line="#DEDBD4",
    track="#ECEAE4", band="#C6CBCF", hover="#EEECE6", both="#007A5E", on_both="#FFFFFF", comfort="#CDE8DE",
    you="#0072B2", partner="#E69F00", rec="#C62828",
)  # fmt: skip
DARK = Theme(
    name="dark", back="#14171A", card="#1D2125", ink="#E8EBEE", soft="#9BA5AF", line="#30363C",
    track="#2A3036", band="#4A545D", hover="#272D33", both="#2FBF95", on_both="#08231B", comfort="#1E4A3D",
    you="#56B4E9", partner="#F0AE2E", rec="#E5484D",
)  # fmt: skip

# Colour and dash of each channel's line in the strip; attunement is the thick one.
STRIP_PENS: dict[str, tuple[str, Qt.PenStyle]] = {
    "posture_alignment": ("#CC79A7", Qt.PenStyle.SolidLine),
    "expression_alignment": ("#8F7BD6", Qt.PenStyle.SolidLine),
    "breathing_match": ("#8A8F94", Qt.PenStyle.SolidLine),
    "pace_match": ("#C98A2B", Qt.PenStyle.SolidLine),
    "mutual_gaze": ("#A8815A", Qt.PenStyle.DashLine),
    "head_synchrony": ("#CC79A7", Qt.PenStyle.DashLine),
    "body_synchrony": ("#8F7BD6", Qt.PenStyle.DashLine),
    "expression_synchrony": ("#8A8F94", Qt.PenStyle.DashLine),
}

_PICTURES = Path(__file__).parent / "pictures"

_STYLE = Template("""
QWidget { color: $ink; }
QMainWindow, QDialog, #page, #compact { background: $back; }
#compact { border: 1px solid $band; }
#card { background: $card; border: 1px solid $line; border-radius: 10px; }
#card[quiet="true"] { background: transparent; border-color: transparent; }
#card #page { background: transparent; }
QPushButton { background: $card; border: 1px solid $line; border-radius: 7px; padding: 6px 14px; }
QPushButton:hover { background: $hover; }
QPushButton:focus { border: 1px solid $both; }
QPushButton:disabled { color: $soft; background: $back; }
QPushButton#primary { background: $both; border-color: $both; color: $on_both; font-weight: bold; }
QPushButton#primary:focus { border: 2px solid $ink; padding: 5px 13px; }
QPushButton#primary[running="true"] { background: $card; color: $ink; }
QPushButton#primary:disabled { background: $track; border-color: $track; color: $soft; }
QPushButton#recording { background: $rec; border-color: $rec; color: white; font-weight: bold; }
QPushButton#quiet { background: transparent; border-color: transparent; padding: 6px 10px; }
QPushButton#quiet:hover { background: $hover; }
QPushButton#quiet:focus { border-color: $both; }
QPushButton#chip { border-radius: 9px; padding: 2px 10px; color: $soft; background: transparent; }
QPushButton#chip:checked { background: $track; color: $ink; border-color: $band; }
QPushButton#chip:disabled { color: $band; background: transparent; border: 1px dashed $line; }
QPushButton#chip[sample="true"] { padding-left: 32px; }
QPushButton#chip:focus { border-color: $both; }
QComboBox { background: $card; border: 1px solid $line; border-radius: 7px; padding: 4px 8px; }
QComboBox:focus { border: 1px solid $both; }
QComboBox:disabled { color: $soft; background: $back; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: none; width: 0; height: 0; border-left: 4px solid $card;
  border-right: 4px solid $card; border-top: 5px solid $soft; }
QComboBox::down-arrow:disabled { border-color: $back; border-top-color: $band; }
QComboBox QAbstractItemView { background: $card; color: $ink; selection-background-color: $track;
  selection-color: $ink; border: 1px solid $line; }
QComboBox QLineEdit { background: transparent; border: none; }
QLabel#soft { color: $soft; }
QLabel#warning { color: $ink; border: 1px solid $band; border-radius: 7px; padding: 1px 8px; }
QLabel#cue { color: $ink; font-weight: bold; }
QPushButton#quiet:checked { background: $track; }
QPushButton#entry { text-align: left; padding: 0; }
QPushButton#entry QLabel:disabled { color: $soft; }
QPlainTextEdit, QTextEdit, QLineEdit, QSpinBox, QDoubleSpinBox { background: $card; border: 1px solid $line;
  border-radius: 7px; padding: 4px; placeholder-text-color: $soft; selection-background-color: $both;
  selection-color: $on_both; }
QPlainTextEdit:focus, QTextEdit:focus, QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus {
  border: 1px solid $both; }
QListWidget { background: $card; border: 1px solid $line; border-radius: 7px; padding: 4px; outline: none; }
QListWidget:focus { border-color: $both; }
QListWidget::item { padding: 7px 8px; border-radius: 5px; color: $ink; }
QListWidget::item:selected { background: $track; color: $ink; border: 1px solid $both; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $band; border-radius: 4px; min-height: 30px; margin: 1px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QListWidget, QTableWidget { background: $card; border: 1px solid $line; border-radius: 7px; outline: none;
  selection-background-color: $track; selection-color: $ink; }
QListWidget:focus, QTableWidget:focus { border: 1px solid $both; }
QTableWidget::item { padding: 4px 10px; }
QHeaderView::section { background: $card; color: $soft; border: none; border-bottom: 1px solid $line;
  padding: 6px 10px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $soft; border: none; border-bottom: 3px solid transparent;
  padding: 8px 18px; }
QTabBar::tab:selected { color: $ink; border-bottom-color: $both; font-weight: bold; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:focus { background: $track; }
QScrollArea, #clear { background: transparent; }
QSlider::groove:horizontal { background: $track; height: 6px; border-radius: 3px; }
QSlider::sub-page:horizontal { background: $both; border-radius: 3px; }
QSlider::handle:horizontal { background: $card; border: 2px solid $both; width: 12px; margin: -5px 0;
  border-radius: 8px; }
QSlider::handle:horizontal:focus { background: $both; }
QMenu { background: $card; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 14px; border-radius: 5px; }
QMenu::item:selected { background: $hover; color: $ink; }
QMenu::item:disabled { color: $soft; }
QPushButton::menu-indicator { image: none; width: 0; }
QSplitter::handle { background: transparent; }
QProgressBar { background: $track; border: none; border-radius: 7px; min-height: 22px; text-align: center; }
QProgressBar::chunk { background: $comfort; border-radius: 7px; }
QLabel#rec { background: $rec; color: white; border-radius: 7px; padding: 5px 12px; font-weight: bold; }
QToolTip { background: $card; color: $ink; border: 1px solid $line; padding: 4px; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 2px solid $soft; border-radius: 4px;
  background: $card; }
QCheckBox::indicator:checked { background: $both; border-color: $both;
  image: url(mirrorsync:tick-$name.svg); }
QCheckBox::indicator:focus { border-color: $ink; }
QCheckBox::indicator:disabled { border-color: $line; }
QCheckBox::indicator:checked:disabled { background: $soft; border-color: $soft; }
QCheckBox:disabled { color: $soft; }
#frame[recording="true"] { border: 3px solid $rec; }
#frame[recording="false"] { border: 3px solid $back; }
""")


def style_sheet(theme: Theme) -> str:
    """Return the Qt style sheet of `theme`; its pictures are found by Qt from now on."""
    QDir.setSearchPaths("mirrorsync", [str(_PICTURES)])
    return _STYLE.substitute({name: getattr(theme, name) for name in theme.__slots__})


def palette(theme: Theme) -> QPalette:
    """Return the Qt palette of `theme`, for what the style sheet leaves alone."""
    role = QPalette.ColorRole
    out = QPalette()
    for name, colour in (
        (role.Window, theme.back),
        (role.Base, theme.card),
        (role.Button, theme.card),
        (role.AlternateBase, theme.back),
        (role.ToolTipBase, theme.card),
        (role.WindowText, theme.ink),
        (role.Text, theme.ink),
        (role.ButtonText, theme.ink),
        (role.ToolTipText, theme.ink),
        (role.PlaceholderText, theme.soft),
        (role.Mid, theme.line),
        (role.Highlight, theme.both),
        (role.HighlightedText, theme.on_both),
    ):
        out.setColor(name, QColor(colour))
    return out


def system_theme() -> Theme:
    """Return the theme that fits the system's colours now."""
    hints = QGuiApplication.styleHints()
    scheme = hints.colorScheme() if hints is not None else Qt.ColorScheme.Unknown
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def mix(colour: str, alpha: float) -> QColor:
    """Return `colour` with an opacity from 0 to 1."""
    out = QColor(colour)
    out.setAlphaF(min(max(alpha, 0.0), 1.0))
    return out


def scaled_font(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """Return `font` larger or smaller, so that texts follow the user's own font size."""
    out = QFont(font)
    if font.pointSizeF() > 0:
        out.setPointSizeF(font.pointSizeF() * factor)
    else:
        out.setPixelSize(max(1, round(font.pixelSize() * factor)))
    out.setBold(bold)
    return out
