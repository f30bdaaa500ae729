"""Moments are found where they were put."""

from __future__ import annotations

import numpy as np
import pytest

from mirrorsync.synchrony.moments import best_stretches, drops, leader_changes, shared_smiles

TIME_S = np.arange(600.0)


def test_the_best_stretches_are_the_highest_and_lie_apart() -> None:
    level = np.full(600, 0.52)
    level[100:120], level[400:420] = 0.9, 0.8
    first, second = best_stretches(TIME_S, level)
    assert (first.start_s, first.end_s, second.start_s) == (100, 120, 400)
    assert first.strength == pytest.approx(0.9)
    assert "0.90" in first.sentence


def test_there_is_no_best_stretch_at_or_below_chance_nor_in_a_gap() -> None:
    assert best_stretches(TIME_S, np.full(600, 0.5)) == []
    gap = np.full(600, np.nan)
    gap[100:105] = 0.9
    assert best_stretches(TIME_S, gap) == []
    assert best_stretches(np.empty(0), np.empty(0)) == []


def test_the_sharpest_drop_is_where_the_level_falls() -> None:
    level = np.where(TIME_S < 300, 0.8, 0.4)
    (drop,) = drops(TIME_S, level)[:1]
    assert drop.start_s == pytest.approx(300, abs=1)
    assert "from 0.80 to 0.40" in drop.sentence
    assert drops(TIME_S, np.full(600, 0.6)) == []
    assert drops(TIME_S[:3], level[:3]) == []


def test_a_smile_is_shared_once_and_says_who_joined_in() -> None:
    found = shared_smiles(np.array([100, 500, 900]), np.array([115, 117, 880, 1500]), rate_hz=25.0)
    assert [m.start_s for m in found] == [4.0, 35.2]
    assert found[0].sentence == "You smiled, your partner joined in 0.6 s later."
    assert found[1].sentence == "Your partner smiled, you joined in 0.8 s later."


def test_a_change_of_leader_needs_two_leads_that_hold_and_follow_each_other() -> None:
    leader = np.array(["none"] * 600)
    leader[10:30], leader[31:33], leader[40:60] = "a", "b", "b"
    leader[200:220] = "a"  # long after: a new beginning
    (change,) = leader_changes(TIME_S, leader)
    assert (change.start_s, change.sentence) == (40.0, "Your partner took the lead.")
    assert leader_changes(TIME_S[:1], ["a"]) == []
