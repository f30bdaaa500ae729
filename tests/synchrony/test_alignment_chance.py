"""Alignment against chance: strangers get the middle or silence, and a form that is held counts."""

from __future__ import annotations

import numpy as np
import pytest
from moving_people import FOUND, score

from mirrorsync.engine.engine import Engine
from mirrorsync.features.baseline import Baseline
from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import mirrored
from mirrorsync.synchrony.alignment_meter import FAR_S, AlignmentMeter
from mirrorsync.synchrony.attunement import RunningChance, chance_level
from mirrorsync.tables import FEATURES, N_FEATURES
from mirrorsync.types import Features, FloatArray, Pair, SyncScore

RATE_HZ = 5.0
SETTINGS = Settings(rate_hz=RATE_HZ, mirror="mirror")
FORMS = ("posture_alignment", "posture_alignment_anatomical", "expression_alignment")
NEUTRAL = np.array([0.3 if f.group == "expression" else 0.0 for f in FEATURES])
LOW, HIGH = chance_level(-1.0, 0.0, 1.0), chance_level(1.0, 0.0, 1.0)


def wanderer(seed: int, n: int, *, tau_s: float = 15.0) -> FloatArray:
    """Somebody who begins in the neutral and wanders off, each feature by itself, shape (n, n_features)."""
    rng = np.random.default_rng(seed)
    keep = np.exp(-1.0 / (tau_s * RATE_HZ))
    spread = np.array([f.sigma or 0.1 for f in FEATURES])
    state, out = np.zeros(N_FEATURES), np.empty((n, N_FEATURES))
    for row in out:
        state = keep * state + np.sqrt(1.0 - keep * keep) * rng.standard_normal(N_FEATURES)
        row[:] = NEUTRAL + state * spread
    out[:, FOUND] = 1.0
    return out


def run(a: FloatArray, b: FloatArray) -> list[dict[str, SyncScore]]:
    """Score two people with neutrals that are learnt on the way."""
    meter, seen = AlignmentMeter(SETTINGS), np.ones(N_FEATURES)
    of_a, of_b = (Baseline(rate_hz=RATE_HZ, learn_s=SETTINGS.baseline_s) for _ in range(2))
    told = []
    for row_a, row_b in zip(a, b, strict=True):
        neutral_a, neutral_b = of_a.update(row_a), of_b.update(row_b)
        meter.update(
            row_a, row_b, seen, seen,
            neutral_a=neutral_a, neutral_b=neutral_b, mirror=True, firm=of_a.firm and of_b.firm,
        )  # fmt: skip
        told.append(dict(meter.scores))
    return told


def levels(told: list[dict[str, SyncScore]], channel: str) -> FloatArray:
    return np.array([scores[channel].level for scores in told])


def test_strangers_who_move_away_from_their_neutral_stay_inside_the_chance_band() -> None:
    n = round(60 * RATE_HZ)
    means: dict[str, list[float]] = {name: [] for name in FORMS}
    for seed in range(4):
        told_all = run(wanderer(2 * seed, n), wanderer(2 * seed + 1, n))
        for name in FORMS:
            told = levels(told_all, name)
            assert np.isnan(told[: round(20 * RATE_HZ)]).all()
            assert np.isfinite(told[round(26 * RATE_HZ) :]).all()
            means[name].append(float(np.nanmean(told)))
            # What is kept are the values, from the first on.
            assert np.isfinite([scores[name].value for scores in told_all[round(3 * RATE_HZ) :]]).any()
    for name, each in means.items():
        assert LOW < np.mean(each) < HIGH, name


def test_a_form_held_together_for_minutes_is_not_taken_for_chance() -> None:
    free, held = round(150 * RATE_HZ), round(75 * RATE_HZ)
    a, b = wanderer(1, free + held), wanderer(2, free + held)
    b[free:] = mirrored(a[free])
    a[free:] = a[free]
    ends = levels(run(a, b), "posture_alignment")[-round(20 * RATE_HZ) :]
    assert ends.min() > HIGH

    b[free:] = mirrored(wanderer(3, free)[-1])  # both hold still, in different forms
    others = levels(run(a, b), "posture_alignment")[-round(20 * RATE_HZ) :]
    assert others.max() < HIGH


def test_what_is_held_for_longer_than_chance_looks_back_is_how_they_sit() -> None:
    free, held = round(60 * RATE_HZ), round((FAR_S + 120) * RATE_HZ)
    a, b = wanderer(1, free + held), wanderer(2, free + held)
    b[free:] = mirrored(a[free])
    a[free:] = a[free]
    assert levels(run(a, b), "posture_alignment")[-1] == pytest.approx(0.5, abs=0.1)


def test_exchanging_both_people_changes_no_level_of_alignment() -> None:
    n = round(40 * RATE_HZ)
    a, b = wanderer(5, n), wanderer(6, n)
    for one, two in zip(run(a, b), run(b, a), strict=True):
        for name in (*FORMS, "mutual_gaze"):
            assert two[name].level == pytest.approx(one[name].level, abs=1e-9, nan_ok=True)


def test_without_firm_neutrals_there_is_a_value_and_no_level() -> None:
    a, b = wanderer(7, 200), wanderer(8, 200)
    seen = np.ones(N_FEATURES)
    meter = AlignmentMeter(SETTINGS)
    told = []
    for k in range(200):
        meter.update(a[k], b[k], seen, seen, neutral_a=NEUTRAL, neutral_b=NEUTRAL, mirror=True, firm=k != 100)
        told.append(meter.scores["posture_alignment"])
    assert np.isfinite([each.value for each in told]).all()
    assert np.isfinite([told[99].level, told[199].level]).all()
    # The one tick without begins chance anew, and the level with it.
    assert np.isnan([each.level for each in told[100:114]]).all()


def test_calibrating_anew_begins_chance_anew() -> None:
    n = round(50 * RATE_HZ)
    a, b = wanderer(9, n), wanderer(10, n)
    engine, seen, told = Engine(SETTINGS), np.ones(N_FEATURES), []
    for k in range(n):
        if k == 200:
            engine.set_neutral("b", b[k])
        t = round(k * 1e9 / RATE_HZ)
        pair = Pair(k, t, Features(t, a[k], seen), Features(t, b[k], seen))
        told.append(engine.step(pair).scores["posture_alignment"].level)
    assert np.isfinite(told[199])
    assert np.isnan(told[200:214]).all()
    assert np.isfinite(told[215:]).all()


def test_chance_of_few_moments_is_told_to_be_uncertain() -> None:
    rng = np.random.default_rng(0)
    known, held = (RunningChance(memory=1000, first=10, floor_sd=0.01, held=h) for h in (0.0, 100.0))
    for k in range(400):
        surrogates = rng.normal(size=8)
        known.update(surrogates)
        held.update(surrogates)
        if k >= 10:
            assert held.sd == pytest.approx(known.sd * np.sqrt(1 + 100 / (k + 1)))
    held.forget()
    assert np.isnan([held.mean, held.sd]).all()


def test_the_same_people_scored_alone_have_a_level_at_once() -> None:
    """The scorer by itself takes the neutrals it is given for known."""
    scored = score(wanderer(1, 80), wanderer(2, 80), SETTINGS, neutral_a=NEUTRAL, neutral_b=NEUTRAL)
    assert np.isfinite(scored[-1].scores["posture_alignment"].level)
