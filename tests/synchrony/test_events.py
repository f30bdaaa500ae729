"""Smiles and nods of known times, their answers, and what accident would give."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mirrorsync.synchrony.events import (
    NodOnsets,
    SmileOnsets,
    onsets,
    responses,
    session_events,
)
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import FloatArray

RATE_HZ = 25.0
SMILE = [FEATURE_INDEX["mouthSmileLeft"], FEATURE_INDEX["mouthSmileRight"]]
PITCH = FEATURE_INDEX["head_pitch"]
NEUTRAL = np.zeros(N_FEATURES)


def person(n: int, *, smiles: list[float] = [], nods: list[float] = [], seed: int = 0) -> FloatArray:  # noqa: B006 - only read
    """A person whose smiles (1.5 s) and nods (a dip of 8° in half a second) begin at these seconds."""
    rng = np.random.default_rng(seed)
    t = np.arange(n) / RATE_HZ
    values = np.zeros((n, N_FEATURES))
    smile = 0.2 + 0.02 * rng.normal(size=n)
    pitch = 5.0 + 0.4 * rng.normal(size=n)
    for at in smiles:
        smile += 0.5 * np.interp(t - at, [0, 0.2, 1.3, 1.5], [0, 1, 1, 0])
    for at in nods:
        inside = (t >= at) & (t < at + 0.5)
        pitch -= inside * 4.0 * (1 - np.cos(2 * np.pi * (t - at) / 0.5))
    values[:, SMILE] = smile[:, None]
    values[:, PITCH] = pitch
    return values


def rest(values: FloatArray) -> FloatArray:
    neutral = np.zeros_like(values)
    neutral[:, SMILE] = 0.2
    return neutral


def found(kind: str, values: FloatArray) -> FloatArray:
    return onsets(kind, values, rest(values), rate_hz=RATE_HZ) / RATE_HZ


def test_smiles_are_found_when_they_begin() -> None:
    at = [2.0, 5.0, 9.0]
    assert found("smile", person(300, smiles=at)) == pytest.approx(at, abs=0.15)


def test_nods_are_found_when_they_begin_and_a_row_of_them_is_one() -> None:
    assert found("nod", person(300, nods=[3.0, 8.0])) == pytest.approx([3.0, 8.0], abs=0.15)
    assert found("nod", person(300, nods=[3.0, 3.5, 4.0, 4.6, 8.0])) == pytest.approx([3.0, 8.0], abs=0.15)


def test_a_nod_may_begin_upward() -> None:
    values = person(300, nods=[4.0])
    values[:, PITCH] *= -1
    assert found("nod", values) == pytest.approx([4.0], abs=0.15)


def test_looking_down_and_up_again_is_no_nod() -> None:
    t = np.arange(500) / RATE_HZ
    values = person(500)
    values[:, PITCH] += 15 * np.interp(t, [3, 3.4, 6, 6.4, 10, 12, 14], [0, -1, -1, 0, 0, -1, 0])
    assert found("nod", values).size == 0
    slow = person(500)
    slow[:, PITCH] += 10 * np.sin(2 * np.pi * 0.4 * t)
    assert found("nod", slow).size == 0


def test_jitter_makes_no_events_in_ten_minutes() -> None:
    values = person(15_000, seed=3)
    assert found("nod", values).size == 0
    assert found("smile", values).size == 0


def test_a_wavering_or_flickering_smile_is_counted_once_or_not_at_all() -> None:
    wavering = person(200)
    wavering[50:150, SMILE] += 0.14 + 0.04 * np.sin(np.arange(100))[:, None]
    assert found("smile", wavering).size <= 1
    flicker = person(200)
    flicker[100:103, SMILE] += 0.5
    assert found("smile", flicker).size == 0


def test_across_a_gap_nothing_begins() -> None:
    values = person(500, smiles=[4.0, 12.0], nods=[4.0, 12.0])
    values[90:112] = np.nan  # 3.6 … 4.5 s: the smile is there when the face comes back
    assert found("smile", values) == pytest.approx([12.0], abs=0.15)
    assert found("nod", values) == pytest.approx([12.0], abs=0.15)
    unknown = np.full_like(values, np.nan)
    assert onsets("smile", values, unknown, rate_hz=RATE_HZ).size == 0


def test_streamed_onsets_are_told_soon_and_never_change() -> None:
    values = person(300, smiles=[2.0, 6.0], nods=[3.0, 8.0])
    neutral = rest(values)
    for kind, detector in (("smile", SmileOnsets(rate_hz=RATE_HZ)), ("nod", NodOnsets(rate_hz=RATE_HZ))):
        told = [
            (tick, at)
            for tick, (v, n) in enumerate(zip(values, neutral, strict=True))
            if (at := detector.update(v, n)) is not None
        ]
        assert [at for _, at in told] == onsets(kind, values, neutral, rate_hz=RATE_HZ).tolist()
        assert all(0 <= tick - at <= 0.8 * RATE_HZ for tick, at in told)


def _ticks(*seconds: float) -> NDArray[np.intp]:
    return np.round(np.array(seconds) * RATE_HZ).astype(np.intp)


def test_answers_within_the_window_count_once() -> None:
    asked = _ticks(1, 5, 10, 20)
    answers = _ticks(1.4, 1.8, 5.9, 11.5, 20)  # twice after the first; too late; at the very same time
    got = responses(asked, answers, n_ticks=750, rate_hz=RATE_HZ, within_s=1.0)
    assert (got.onsets, got.answered, got.share) == (4, 2, 0.5)
    assert got.latency_s == pytest.approx(0.65, abs=0.03)  # median of 0.4 and 0.9
    wider = responses(asked, answers, n_ticks=750, rate_hz=RATE_HZ, within_s=2.0)
    assert wider.answered == 3


def test_an_answer_belongs_to_the_nearest_event_before_it() -> None:
    got = responses(_ticks(1.0, 1.6), _ticks(1.8), n_ticks=100, rate_hz=RATE_HZ, within_s=1.0)
    assert got.answered == 1
    assert got.latency_s == pytest.approx(0.2)


def test_without_events_there_is_nothing_to_say() -> None:
    none = np.empty(0, dtype=np.intp)
    got = responses(none, _ticks(1, 2), n_ticks=100, rate_hz=RATE_HZ, within_s=1.0, shifts=[10, 20])
    assert (got.onsets, got.answered) == (0, 0)
    assert np.isnan([got.share, got.latency_s, got.chance_share, got.p_value]).all()
    silent = responses(_ticks(1, 2), none, n_ticks=100, rate_hz=RATE_HZ, within_s=1.0)
    assert (silent.share, silent.chance_share) == (0.0, 0.0)


def test_chance_is_what_unrelated_people_score() -> None:
    shares, chances, by_rate, p_values = [], [], [], []
    n = 15_000
    for seed in range(40):
        rng = np.random.default_rng(seed)
        a = np.sort(rng.choice(n, 60, replace=False))
        b = np.sort(rng.choice(n, 90, replace=False))
        shifts = np.linspace(125, n - 125, 99).astype(int)
        got = responses(a, b, n_ticks=n, rate_hz=RATE_HZ, within_s=2.0, shifts=shifts)
        shares.append(got.share)
        chances.append(got.chance_share)
        p_values.append(got.p_value)
        plain = responses(a, b, n_ticks=n, rate_hz=RATE_HZ, within_s=2.0)
        by_rate.append(plain.chance_share)
        assert np.isnan(plain.p_value)
    assert np.mean(shares) == pytest.approx(np.mean(chances), abs=0.03)
    assert np.mean(by_rate) == pytest.approx(np.mean(chances), abs=0.04)
    assert np.mean(np.array(p_values) < 0.05) <= 0.15


def test_a_partner_who_answers_stands_out_and_the_other_direction_does_not() -> None:
    rng = np.random.default_rng(4)
    at = np.cumsum(rng.uniform(4, 8, 25))
    n = round((at[-1] + 5) * RATE_HZ)
    a = person(n, smiles=list(at), nods=list(at + 2), seed=1)
    b = person(n, smiles=list(at + 0.6), nods=list(at + 3.1), seed=2)
    shifts = np.linspace(125, n - 125, 99).astype(int)
    got = session_events(
        a, b, neutral_a=rest(a), neutral_b=rest(b), rate_hz=RATE_HZ, shifts=shifts
    )  # fmt: skip
    for kind, late in (("smile", 0.6), ("nod", 1.1)):
        forth, back = got[kind]["b_answers_a"], got[kind]["a_answers_b"]
        assert isinstance(forth, dict)
        assert isinstance(back, dict)
        assert forth["onsets"] == 25
        assert forth["share"] >= 0.95
        assert forth["latency_s"] == pytest.approx(late, abs=0.1)
        assert forth["p_value"] <= 0.02
        assert forth["chance_share"] < 0.6
        assert back["share"] <= 0.1
    assert got["smile"]["within_s"] == 1.0
    assert got["nod"]["within_s"] == 2.0
