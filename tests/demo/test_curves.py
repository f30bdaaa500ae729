"""The demo pair's curves: smooth, aperiodic, and in exactly the relation that the script says."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from mirrorsync.demo.curves import (
    CONTROLS,
    CROSS_FADE_S,
    LATERAL,
    MIN_PHASE_S,
    Phase,
    breathing_curve,
    ground_truth,
    noise_curve,
    script,
)

RATE_HZ = 50.0


@pytest.mark.parametrize("phase", [p for p in script() if p.kind != "unrelated"], ids=lambda p: p.name)
@pytest.mark.parametrize("name", CONTROLS)
def test_inside_a_phase_the_partner_is_you_some_time_ago(phase: Phase, name: str) -> None:
    t_s = np.arange(phase.start_s + CROSS_FADE_S, phase.end_s - CROSS_FADE_S, 1 / RATE_HZ)
    mirrored = phase.kind == "mirror" and name in LATERAL
    you = ground_truth("you", t_s - phase.lag_s)[name]
    partner = ground_truth("partner", t_s)[name]
    np.testing.assert_allclose(partner, -you if mirrored else you, atol=1e-12)


def test_in_the_unrelated_phase_nothing_is_shared() -> None:
    (phase,) = (p for p in script() if p.kind == "unrelated")
    # long enough to see: the same independent curves, over ten minutes
    t_s = np.arange(0, 600, 0.1)
    assert math.isnan(phase.lag_s)
    for name, control in CONTROLS.items():
        if name == "breath":
            continue
        a = noise_curve(1, slope=control.slope, low=control.low, bias=control.bias)(t_s)
        b = noise_curve(2, slope=control.slope, low=control.low, bias=control.bias)(t_s)
        assert abs(np.corrcoef(a, b)[0, 1]) < 0.2


def test_curves_stay_in_range_move_smoothly_and_do_not_repeat() -> None:
    t_s = np.arange(0, 120, 1 / RATE_HZ)
    for name, values in ground_truth("you", t_s).items():
        low = CONTROLS[name].low
        assert values.min() >= low
        assert values.max() <= 1.0
        centred = values - values.mean()
        power = np.abs(np.fft.rfft(centred * np.hanning(values.size))) ** 2
        hz = np.fft.rfftfreq(values.size, 1 / RATE_HZ)
        # drawn from 0.1-0.8 Hz; the soft limit adds a little above
        assert power[hz > 1.6].sum() < 0.01 * power.sum(), name
        if name == "breath":
            continue
        again = np.correlate(centred, centred, "full")[values.size - 1 :] / (centred @ centred)
        # a periodic curve comes back to 1
        assert again[round(5 * RATE_HZ) : round(60 * RATE_HZ)].max() < 0.5, name


@pytest.mark.parametrize("per_min", [8.0, 14.0, 24.0])
def test_breath_has_its_rate(per_min: float) -> None:
    t_s = np.arange(0, 60, 0.01)
    chest = breathing_curve(per_min)(t_s)
    rises = np.count_nonzero((chest[:-1] < 0) & (chest[1:] >= 0))
    assert rises == pytest.approx(per_min, abs=1)


@pytest.mark.parametrize(("seconds", "phases"), [(5, 1), (31, 1), (32, 2), (48, 3), (80, 5), (120, 5)])
def test_the_script_fills_its_time_with_phases_that_are_long_enough(seconds: float, phases: int) -> None:
    made = script(seconds)
    assert len(made) == phases
    assert made[0].start_s == 0.0
    assert made[-1].end_s == pytest.approx(seconds)
    assert all(a.end_s == pytest.approx(b.start_s) for a, b in itertools.pairwise(made))
    assert len(made) == 1 or all(phase.duration_s >= MIN_PHASE_S for phase in made)


@pytest.mark.parametrize("seconds", [0.0, -1.0, math.nan, math.inf])
def test_a_script_needs_a_length(seconds: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        script(seconds)
