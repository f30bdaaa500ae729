"""The ribbon shows who leads and by how much, as a line, in words, and to a screen reader."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mirrorsync.session.pyramid import _AT, _ROWS, Pyramid
from mirrorsync.ui.review import texts
from mirrorsync.ui.review.timeline import Timeline

SECONDS = 60


def led(lags_s: np.ndarray) -> Pyramid:
    """A session in which the sign of the lag tells who leads; NaN: nobody."""
    mean = np.full((len(_ROWS), lags_s.size), np.nan)
    mean[_AT["lag_s"]] = lags_s
    mean[_AT["a_leads"]] = np.where(lags_s > 0, 1.0, 0.0)
    mean[_AT["b_leads"]] = np.where(lags_s < 0, 1.0, 0.0)
    count = np.isfinite(mean).astype(float)
    return Pyramid(mean, mean.copy(), np.nan_to_num(mean), count)


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    lags = np.full(SECONDS, np.nan)
    lags[10:20], lags[30:40], lags[50] = 0.8, -1.6, 0.02
    made = Timeline(longest_lag_s=2.0)
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    made.set_pyramid(led(lags), SECONDS)
    return made


def test_the_lag_is_a_line_on_the_leader_s_side_as_far_out_as_it_is_long(timeline: Timeline) -> None:
    times, heights = timeline.ribbon.lag.getData()
    middle = timeline.ribbon._middle

    def out(at_s: float) -> float:
        return float(heights[np.searchsorted(times, at_s, side="right") - 1] - middle)

    assert out(15.2) > 0
    assert out(35.2) < 0
    assert out(35.2) == pytest.approx(-2 * out(15.2))
    assert np.isnan(out(25.2)), "nobody leads: no line"
    low, high = timeline.box.viewRange()[1]
    assert (np.nanmin(heights) > low, np.nanmax(heights) < high) == (True, True)


@pytest.mark.parametrize(
    ("at_s", "said"),
    [
        (15.5, "You lead, 0.8 s ahead."), (35.0, "Your partner leads, 1.6 s ahead."),
        (50.3, "You move at the same time."), (25.0, ""), (999.0, ""),
    ],
)  # fmt: skip
def test_it_is_said_in_words_where_playback_is(timeline: Timeline, at_s: float, said: str) -> None:
    timeline.set_position(at_s)
    assert timeline.ribbon.said(at_s) == said
    assert timeline.ribbon.words.isVisible() == bool(said)
    assert timeline.accessibleDescription().startswith(said)


def test_the_ribbon_has_its_legend(timeline: Timeline) -> None:
    ticks = {text: at for at, text in timeline._plot.getAxis("left")._tickLevels[0]}
    assert ticks[texts.LEADER_ROW] > ticks["lag ±2 s"]
    assert "2 s" in timeline.toolTip()
    assert "orange" in timeline.toolTip()
