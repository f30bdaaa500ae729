"""What the summary of a recording says beside its channels, and the offset that is offered."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_sessions import META

from mirrorsync.analysis import export_session, offset_note
from mirrorsync.analysis.session_pass import read_session
from mirrorsync.engine.engine import Engine
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.settings import Settings
from mirrorsync.synchrony.session_statistics import session_statistics
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, FloatArray, Pair

SETTINGS = Settings(rate_hz=25.0, baseline_s=2.0, surrogates=2)
SECONDS = 60


def person(*, late_s: float, per_min: float, seed: int) -> FloatArray:
    """Somebody who smiles every five seconds and turns at random, breathing."""
    t = np.arange(round(SECONDS * 25)) / 25 - late_s
    rng = np.random.default_rng(seed)
    values = np.zeros((t.size, N_FEATURES))
    values[:, [FEATURE_INDEX["mouthSmileLeft"], FEATURE_INDEX["mouthSmileRight"]]] = np.where(
        (t > 3) & (t % 5 < 1.2), 0.6, 0.1
    )[:, None]
    tones = np.random.default_rng(77)
    for name in ("head_pitch", "head_yaw", "head_roll"):
        hz, phase = tones.uniform(0.1, 0.9, 12), tones.uniform(0, 7, 12)
        values[:, FEATURE_INDEX[name]] = 3 * np.sin(2 * np.pi * np.outer(t, hz) + phase).sum(axis=1)
    chest = np.cos(2 * np.pi * per_min / 60 * t) * 0.01 + 0.003 * rng.normal(size=t.size)
    values[:, FEATURE_INDEX["chest_velocity"]] = chest
    values[:, [FEATURE_INDEX["pose_found"], FEATURE_INDEX["face_found"]]] = 1.0
    return values


def session(path: Path, late_s: float) -> Path:
    a = person(late_s=0.0, per_min=14, seed=1)
    b = person(late_s=late_s, per_min=18, seed=2)
    return stored_as(path, a, b, SETTINGS)


def stored_as(path: Path, a: FloatArray, b: FloatArray, settings: Settings) -> Path:
    engine = Engine(settings)
    with SessionWriter(path, replace(META, parameters=settings.as_dict(scores_only=True))) as writer:
        for tick, (x, y) in enumerate(zip(a, b, strict=True)):
            seen = np.ones(N_FEATURES)
            pair = Pair(tick, tick * 40_000_000, Features(tick, x, seen), Features(tick, y, seen))
            writer.add(engine.step(pair))
    return path


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return session(tmp_path_factory.mktemp("session") / "s.mirrorsync", 0.6)


def test_events_and_breathing_stand_in_the_summary(stored: Path, tmp_path: Path) -> None:
    with SessionReader(stored) as reader:
        export_session(reader, tmp_path)
    content = json.loads((tmp_path / "summary.json").read_text("utf-8"))
    smiles = content["events"]["smile"]
    assert smiles["within_s"] == 1.0
    assert smiles["b_answers_a"]["onsets"] == pytest.approx(11, abs=1)
    assert smiles["b_answers_a"]["share"] >= 0.9
    assert smiles["b_answers_a"]["latency_s"] == pytest.approx(0.6, abs=0.05)
    assert smiles["a_answers_b"]["share"] == 0.0
    assert smiles["b_answers_a"]["chance_share"] is not None
    assert content["events"]["nod"]["within_s"] == 2.0
    breathing = content["breathing"]
    assert breathing["rate_a_per_min"] == pytest.approx(14, abs=1)
    assert breathing["rate_b_per_min"] == pytest.approx(18, abs=1)
    assert breathing["rate_difference_per_min"] == pytest.approx(-4, abs=1)
    assert 0 <= breathing["phase_locking"] <= 1
    head = content["leaders"]["head_synchrony"]
    assert head["leader"] == "a"
    assert head["confidence"] >= 0.9
    assert head["lag_low_s"] <= head["lag_s"] <= head["lag_high_s"]
    assert head["lag_s"] == pytest.approx(0.6, abs=0.05)
    still = content["leaders"]["body_synchrony"]
    assert (still["leader"], still["confidence"], still["lag_s"]) == ("neither", None, None)
    assert content["channels"]["pace_match"]["mean"] > 0.8
    assert content["channels"]["pace_match"]["n_surrogates"] >= 9
    header = (tmp_path / "frames.csv").read_text("utf-8").splitlines()[0]
    assert header.endswith(",coverage,pace_match,voice_a,voice_b,floor")


def test_a_steady_delay_is_offered_as_an_offset_and_nothing_is_changed(stored: Path, tmp_path: Path) -> None:
    with SessionReader(stored) as reader:
        note = offset_note(reader)
    assert "0.60 s late" in note
    assert "--offset 0.60" in note
    assert "Nothing was changed" in note
    with SessionReader(session(tmp_path / "none.mirrorsync", 0.0)) as reader:
        assert offset_note(reader) == ""


def test_stretches_left_out_later_leave_every_statistic(tmp_path: Path) -> None:
    """The second half holds all of the synchrony: without it, it is as if it had never been recorded."""
    a = person(late_s=0.0, per_min=14, seed=1)
    b = person(late_s=0.6, per_min=18, seed=2)
    half = len(b) // 2
    b[:half] = np.roll(person(late_s=7.3, per_min=18, seed=3), 311, axis=0)[:half]
    b[:half, [FEATURE_INDEX[f] for f in ("head_pitch", "head_yaw", "head_roll")]] = b[
        :half, [FEATURE_INDEX[f] for f in ("head_yaw", "head_roll", "head_pitch")]
    ]
    gone_a, gone_b = a.copy(), b.copy()
    gone_a[half:] = gone_b[half:] = np.nan
    settings = SETTINGS.with_(window_s=2.0, lag_s=1.0)
    told = {}
    for name, (x, y), excluded in (
        ("all", (a, b), ""),
        ("excluded", (a, b), f"{half / 25:.3f}-{SECONDS}.000"),
        ("gone", (gone_a, gone_b), ""),
    ):
        path = stored_as(tmp_path / f"{name}.mirrorsync", x, y, settings)
        with SessionReader(path) as reader:
            passed = read_session(reader, settings.with_(exclude=excluded))
        assert passed is not None
        told[name] = session_statistics(passed.scores, settings)
        ticks = np.concatenate([ticks for pair in passed.onsets.values() for ticks in pair])
        assert name == "all" or (ticks < half).all()
    whole, without, gone = (told[name]["head_synchrony"] for name in ("all", "excluded", "gone"))
    assert whole["p_value"] <= 0.01
    assert whole["peak_lag_s"] == pytest.approx(0.6, abs=0.05)
    for key in ("mean", "peak_lag_s", "p_value", "a_leads_share", "chance_mean", "effect_size"):
        assert without[key] == pytest.approx(gone[key], abs=0.02, nan_ok=True), key
    assert without["p_value"] > 0.05
    for name in ("posture_alignment", "expression_alignment", "pace_match", "mutual_gaze"):
        for key in ("mean", "chance_mean", "effect_size", "p_value"):
            found, wanted = told["excluded"][name][key], told["gone"][name][key]
            near = 0.3 if key == "effect_size" else 0.05  # in SDs of chance
            assert found == pytest.approx(wanted, abs=near, nan_ok=True), (name, key)
