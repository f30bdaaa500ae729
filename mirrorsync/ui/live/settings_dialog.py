"""All settings in one window, made from their declaration: groups, search, presets, reset."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mirrorsync.errors import SettingsError
from mirrorsync.settings import MACHINE_PRESETS, SETTINGS, Settings
from mirrorsync.ui import texts
from mirrorsync.ui.live.controls import push_button
from mirrorsync.ui.live.settings_form import SettingRow
from mirrorsync.ui.theme import scaled_font

__all__ = ["SettingsDialog"]

# Of recordings and their analysis: given there, and without meaning for a call.
_NOT_LIVE = frozenset({"analysis"})


class SettingsDialog(QDialog):
    """Shows settings and gives back changed ones.

    Attributes
    ----------
    settings : Settings
        Those that stand in the controls; checked.
    """

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent)
        self._given = settings
        self.setWindowTitle(texts.SETTINGS_TITLE)
        self.setModal(True)
        self.rows = {
            name: SettingRow(setting) for name, setting in SETTINGS.items() if setting.group not in _NOT_LIVE
        }
        self.search = QLineEdit()
        self.search.setAccessibleName(texts.SETTINGS_SEARCH)
        self.search.setPlaceholderText(texts.SETTINGS_SEARCH)
        self.search.setToolTip(texts.SETTINGS_SEARCH_TIP)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.machine = QComboBox()
        self.machine.setAccessibleName(texts.SETTINGS_MACHINE)
        self.machine.setToolTip(texts.SETTINGS_MACHINE_TIP)
        for name in MACHINE_PRESETS:
            self.machine.addItem(texts.SETTINGS_MACHINES[name], name)
        self.machine.addItem(texts.SETTINGS_MACHINES[""], "")
        self.machine.activated.connect(lambda: self._take_preset(self.machine.currentData()))
        self.nothing = QLabel(texts.SETTINGS_NOTHING)
        self.nothing.setObjectName("soft")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self._groups: dict[str, QWidget] = {}
        self.defaults = push_button(texts.SETTINGS_DEFAULTS, self._reset_all)
        self.cancel = push_button(texts.SETTINGS_CANCEL, self.reject)
        self.keep = push_button(texts.SETTINGS_KEEP, self._keep, "primary")
        for made in (self.defaults, self.cancel):
            made.setAutoDefault(False)
        self.keep.setDefault(True)
        self._build()
        for name, row in self.rows.items():
            row.put(getattr(settings, name))
            row.changed.connect(self._changed)
        self._changed()
        self._filter("")

    @property
    def settings(self) -> Settings:
        """What stands in the controls.

        Raises
        ------
        SettingsError
            A text is not of the form that its setting takes.
        """
        return self._given.with_(**{name: row.value() for name, row in self.rows.items()})

    def _build(self) -> None:
        heading = QLabel(texts.SETTINGS_TITLE)
        heading.setFont(scaled_font(self.font(), 1.35, bold=True))
        note = QLabel(texts.SETTINGS_NOTE)
        note.setObjectName("soft")
        note.setWordWrap(True)
        label = QLabel(texts.SETTINGS_MACHINE)
        label.setBuddy(self.machine)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.search, 1)
        top.addSpacing(16)
        top.addWidget(label)
        top.addWidget(self.machine)
        buttons = QHBoxLayout()
        buttons.addWidget(self.defaults)
        buttons.addWidget(self.problem, 1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(note)
        layout.addLayout(top)
        layout.addWidget(self._made_list(), 1)
        layout.addLayout(buttons)
        self.resize(760, 680)

    def _made_list(self) -> QScrollArea:
        page = QWidget()
        page.setObjectName("page")
        column = QVBoxLayout(page)
        column.setContentsMargins(2, 2, 12, 2)
        column.setSpacing(12)
        column.addWidget(self.nothing)
        for group in texts.SETTING_GROUPS:
            if any(SETTINGS[name].group == group for name in self.rows):
                self._groups[group] = self._made_group(group)
                column.addWidget(self._groups[group])
        for name, row in self.rows.items():
            inside = self._groups[SETTINGS[name].group].layout()
            if inside is not None:
                inside.addWidget(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows take the keyboard, and scroll it
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area = area
        return area

    def _made_group(self, group: str) -> QFrame:
        box = QFrame()
        box.setObjectName("card")
        title = QLabel(texts.SETTING_GROUPS[group])
        title.setFont(scaled_font(self.font(), 1.1, bold=True))
        layout = QVBoxLayout(box)
        layout.setContentsMargins(16, 10, 12, 10)
        layout.setSpacing(2)
        layout.addWidget(title)
        return box

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Put the keyboard into the search, and let Tab bring what it reaches into view."""
        super().showEvent(event)
        self.search.setFocus()
        for row in self.rows.values():
            row.changed.connect(lambda row=row: self._area.ensureWidgetVisible(row, 0, 20))

    def _filter(self, wanted: str) -> None:
        """Show the rows that a search finds, and the groups that have any."""
        found = {name for name, row in self.rows.items() if row.matches(wanted)}
        for name, row in self.rows.items():
            row.setVisible(name in found)
        for group, box in self._groups.items():
            box.setVisible(any(SETTINGS[name].group == group for name in found))
        self.nothing.setVisible(not found)

    def _take_preset(self, name: str) -> None:
        for setting, value in MACHINE_PRESETS.get(name, {}).items():
            self.rows[setting].put(value)

    def _reset_all(self) -> None:
        for row in self.rows.values():
            row.put_default()

    def _changed(self) -> None:
        """Say which preset stands there now, and whether all can be kept."""
        fits = next(
            (
                name
                for name, preset in MACHINE_PRESETS.items()
                if all(self.rows[setting].value() == value for setting, value in preset.items())
            ),
            "",
        )
        self.machine.setCurrentIndex(self.machine.findData(fits))
        problem = ""
        try:
            chosen = self.settings
            self.defaults.setEnabled(any(chosen.as_dict()[n] != SETTINGS[n].default for n in self.rows))
        except SettingsError as error:
            problem = str(error)
        self.problem.setText(problem)
        self.keep.setEnabled(not problem)

    def _keep(self) -> None:
        self.accept()
