"""Moments of a stored session: what was put in is found again, and excluded ranges are left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_sessions import META

from mirrorsync.review.moments import labelled_emotions, timeline_moments
from mirrorsync.review.numbers import exclusion_text, kept_numbers, work_out
from mirrorsync.session.pyramid import pyramid_of
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.tables import FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, Pair, SessionEvent, Snapshot, SyncScore

SMILES = [FEATURE_INDEX["mouthSmileLeft"], FEATURE_INDEX["mouthSmileRight"]]


def person(t_ns: int, smile_at_s: float) -> Features:
    values = np.zeros(N_FEATURES)
    values[SMILES] = 0.5 if smile_at_s <= t_ns / 1e9 < smile_at_s + 3 else 0.0
    return Features(t_ns, values, np.ones(N_FEATURES))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100 s: you smile at 20, your partner at 20.6; in tune at 40–60; the lead changes at 70."""
    path = tmp_path_factory.mktemp("s") / "s.mirrorsync"
    neutral = dict.fromkeys(("mouthSmileLeft", "mouthSmileRight"), 0.0)
    with SessionWriter(path, META) as writer:
        for tick in range(2500):
            t_ns = tick * 40_000_000
            t = t_ns / 1e9
            level = 0.85 if 40 <= t < 60 else 0.5
            events = tuple(
                SessionEvent(0, "neutral", {"side": side, "cause": "learnt", "values": neutral})
                for side in "ab"
            )
            said = {"outcome": "clarified", "clarified_as": "relief", "seen": "a smile"}
            label = SessionEvent(t_ns, "practice.emotion_label", said)
            writer.add(
                Snapshot(
                    Pair(tick, t_ns, person(t_ns, 20.0), person(t_ns, 20.6)),
                    {"attunement": SyncScore(value=level, coverage=1.0, level=level)},
                    leader="a" if t < 70 else "b",
                    events=events if tick == 0 else (label,) if tick == 2499 else (),
                )
            )
    return path


def test_what_was_put_in_is_found(path: Path) -> None:
    with SessionReader(path) as reader:
        early = timeline_moments(pyramid_of(reader))
    numbers = work_out(path)
    assert numbers is not None
    with SessionReader(path) as reader:
        back = kept_numbers(reader)
        late = labelled_emotions(reader.events())
    assert back is not None
    assert back.statistics.keys() == numbers.statistics.keys()
    assert [(m.kind, m.start_s) for m in early] == [("best", 40.0), ("drop", 60.0), ("leader", 70.0)]
    assert [(m.kind, m.start_s) for m in back.smiles] == [("smile", 20.0)]
    assert [(m.kind, m.start_s) for m in late] == [("emotion", 99.96)]
    assert "relief" in late[0].sentence
    profile = back.profiles["head_synchrony"]
    assert profile.windows.shape == (profile.ends_s.size, profile.lags_s.size)


def test_excluded_ranges_are_left_out(path: Path) -> None:
    ranges = [(0.0, 30.0), (35.0, 75.0)]
    with SessionReader(path) as reader:
        early = timeline_moments(pyramid_of(reader), excluded=ranges)
    assert early == []
    work_out(path)
    with SessionReader(path) as reader:
        assert kept_numbers(reader) is not None
        assert kept_numbers(reader, excluded=exclusion_text(ranges)) is None  # other stretches: work out anew
    numbers = work_out(path, excluded=exclusion_text(ranges))
    assert numbers is not None
    assert numbers.excluded == "0.000-30.000, 35.000-75.000"


def test_only_what_was_taken_up_is_a_labelled_emotion() -> None:
    events = [
        SessionEvent(3_000_000_000, "practice.emotion_label", {"outcome": "confirmed", "seen": "a smile"}),
        SessionEvent(6, "practice.emotion_label", {"outcome": "passed", "seen": "a frown"}),
        SessionEvent(7, "neutral", {}),
    ]
    (found,) = labelled_emotions(events)
    assert (found.start_s, found.sentence) == (3.0, "“a smile” was confirmed.")
