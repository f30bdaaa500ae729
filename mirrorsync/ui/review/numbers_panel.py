"""The whole session in numbers: who follows at which distance, and where it stands against chance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from mirrorsync.review.numbers import SessionNumbers
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.ui import texts as window_texts
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.numbers_plots import ColourKey, DealsPlot, EffectsPlot, HeatPlot, ProfilePlot
from mirrorsync.ui.review.parts import by_tab, heading, name_widget, soft_label
from mirrorsync.ui.theme import LIGHT, Theme

__all__ = ["NumbersPanel"]

_ROWS = tuple(name for name in window_texts.METER_ORDER if name != "mutual_gaze")


class NumbersPanel(QWidget):
    """Of a chosen channel its lags and where it stands among deals; of all channels their effect sizes.

    The page scrolls: every drawing keeps the height it needs, however small the window is.

    Signals
    -------
    jump(float)
        The user wants to go to this time.
    """

    jump = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme = LIGHT
        self._numbers: SessionNumbers | None = None
        self.channel = QComboBox()
        for name in SYNC_CHANNELS:
            self.channel.addItem(CHANNELS[name].title, name)
        name_widget(self.channel, (texts.CHANNEL_NAME, texts.CHANNEL_TOOLTIP))
        by_tab(self.channel)
        self.said = soft_label(texts.NUMBERS_WAIT)
        self.profile, self.deals, self.heat = ProfilePlot(), DealsPlot(), HeatPlot()
        self.key = ColourKey()
        self.effects = EffectsPlot([CHANNELS[name].title for name in _ROWS])
        self.few = soft_label(texts.DEALS_NONE)
        self.page = QScrollArea()
        self._build()
        self.channel.activated.connect(lambda _: self._show())
        self.heat.jump.connect(self.jump)
        self.set_numbers(None, waiting=True)

    def _build(self) -> None:
        inside = QWidget()
        inside.setObjectName("clear")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        for title, parts in (
            (texts.PROFILE_TITLE, (self.profile,)),
            (texts.DEALS_TITLE, (self.deals, self.few)),
            (texts.HEATMAP_TITLE, (self.heat, self.key)),
            (texts.DISTRIBUTION_TITLE, (self.effects,)),
        ):
            column.addWidget(heading(title, 1.0))
            for part in parts:
                column.addWidget(part)
            column.addSpacing(10)
        column.addStretch(1)
        self.page.setWidget(inside)
        self.page.setWidgetResizable(True)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        name_widget(self.page, texts.NUMBERS_PAGE)
        by_tab(self.page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.channel)
        layout.addWidget(self.said)
        layout.addWidget(self.page, 1)
        layout.addStretch(0)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of `theme`."""
        self._theme = theme
        for part in (self.profile, self.deals, self.heat, self.key, self.effects):
            part.set_theme(theme)

    def set_numbers(self, numbers: SessionNumbers | None, *, waiting: bool, unseen: str = "") -> None:
        """Show numbers; without any, say whether they are being worked out, or why there are none.

        Parameters
        ----------
        numbers : SessionNumbers or None
            What was worked out.
        waiting : bool
            Whether they are being worked out.
        unseen : str
            A sentence about who was not found in the recording; the reason when there are no numbers.
        """
        self._numbers, self._unseen = numbers, unseen
        told = numbers is not None and _tells(numbers)
        for part in (self.channel, self.page):
            part.setVisible(told)
        if told:
            self._show()
        elif numbers is None and waiting:
            self.said.setText(texts.NUMBERS_WAIT)
        else:
            self.said.setText(self._unseen or texts.NUMBERS_NONE)

    def _show(self) -> None:
        if self._numbers is None:
            return
        name = str(self.channel.currentData())
        profile, deals = self._numbers.profiles[name], self._numbers.deals[name]
        self.said.setText(_said(name, self._numbers.statistics[name]) or self._unseen or texts.NUMBERS_NONE)
        self.profile.show_profile(profile)
        self.heat.show_windows(profile)
        self.deals.setVisible(deals.known)
        self.few.setVisible(not deals.known)
        if deals.known:
            self.deals.show_deals(deals)
            described = texts.DEALS_SAID.format(
                observed=float(deals.observed[0]),
                n=deals.surrogates.size,
                low=float(deals.surrogates.min()),
                high=float(deals.surrogates.max()),
            )
            self.deals.setAccessibleDescription(described)
            self.deals.setToolTip(f"{texts.DEALS_NAME}\n{described}")
        effects = [_effect(self._numbers.statistics[row]) for row in _ROWS]
        self.effects.show_effects([math.nan if one is None else one for one in effects])


def _tells(numbers: SessionNumbers) -> bool:
    """Whether there is anything to draw."""
    return any(np.isfinite(of.mean).any() for of in numbers.profiles.values()) or any(
        _effect(of) is not None for of in numbers.statistics.values()
    )


def _effect(statistics: Any) -> float | None:
    effect = statistics.get("effect_size", math.nan)
    return None if effect is None or not math.isfinite(effect) else float(effect)


def _said(name: str, statistics: Any) -> str:
    """Return in words where a channel stands; nothing where that cannot be told."""
    effect, p = _effect(statistics), statistics.get("p_value", math.nan)
    if effect is None:
        return ""
    family = statistics.get("p_family", p)  # of all channels of the session
    family = math.nan if family is None else family
    title = CHANNELS[name].title
    words = texts.EFFECT_ABOVE if effect > 0 else texts.EFFECT_BELOW
    said = words.format(title=title, effect=abs(effect))
    if p is not None and math.isfinite(p):
        verdict = texts.CHANCE_ABOVE if family < 0.05 else texts.CHANCE_WITHIN
        trials = texts.EFFECT_P.format(p=p) if p >= 0.01 else texts.EFFECT_P_SMALL
        said = f"{verdict.format(title=title)} {trials} {said}"
    lag = statistics.get("peak_lag_s", math.nan)
    if family < 0.05 and math.isfinite(lag):
        follows = texts.FOLLOWS_B if lag > 0 else texts.FOLLOWS_A
        said += " " + follows.format(lag=abs(lag))
    return said
