"""What is claimed live of made people: of unrelated ones hardly anything, of copies that they are in step.

The people are `made_people`'s; 25 ticks per second. A copy is the same person
0.9 s later, with the jitter of a second camera.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from demands import Demand, at_least, at_most
from made_people import KINDS, somebody

from mirrorsync.engine.engine import Engine
from mirrorsync.settings import Settings
from mirrorsync.synchrony.claims import CLAIM_LIMITS, Claims
from mirrorsync.tables import CHANNELS, FEATURE_INDEX, FEATURES
from mirrorsync.types import Features, FloatArray, Pair

__all__ = ["demands"]

_RATE_HZ = 25.0
_SCORED = ("above", "close", "neutral", "below")
_JITTER = 0.02  # of a feature's own SD


def _states(a: FloatArray, b: FloatArray, from_s: float) -> dict[str, Counter[str]]:
    """Return by channel how often each state was shown, five times a second."""
    engine, claims, seen = Engine(Settings(rate_hz=_RATE_HZ)), Claims(), np.ones(len(FEATURES))
    shown: dict[str, Counter[str]] = {name: Counter() for name in CLAIM_LIMITS}
    for tick in range(min(len(a), len(b))):
        t_ns = round(tick * 1e9 / _RATE_HZ)
        snapshot = engine.step(Pair(tick, t_ns, Features(t_ns, a[tick], seen), Features(t_ns, b[tick], seen)))
        if tick % 5 == 4:
            now = claims.update(tick / _RATE_HZ, snapshot.scores, snapshot.lag_s)
            if tick >= from_s * _RATE_HZ:
                for name, claim in now.items():
                    shown[name][claim.state] += 1
    return shown


def _share(shown: Counter[str], *states: str) -> float:
    scored = sum(shown[state] for state in _SCORED)
    return 100.0 * sum(shown[state] for state in states) / scored if scored else float("nan")


def _copied(a: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return the same person 0.9 s later, seen by another camera."""
    late = round(0.9 * _RATE_HZ)
    copy = np.concatenate([np.repeat(a[:1], late, axis=0), a[:-late]])
    found = [FEATURE_INDEX["face_found"], FEATURE_INDEX["pose_found"]]
    noise = _JITTER * a.std(axis=0) * rng.standard_normal(a.shape)
    noise[:, found] = 0.0
    seen: FloatArray = copy + noise
    return seen


def demands(pairs: int, seconds: float) -> Iterator[Demand]:
    """Yield what is demanded of `pairs` pairs of each kind, `seconds` long."""
    strangers: dict[str, Counter[str]] = {name: Counter() for name in CLAIM_LIMITS}
    copies: Counter[str] = Counter()
    for kind in KINDS:
        for number in range(pairs):
            rng = np.random.default_rng([2026, number, len(kind)])
            a, b = (somebody(kind, rng, seconds, _RATE_HZ) for _ in range(2))
            for name, shown in _states(a, b, 0.0).items():
                strangers[name] += shown
            if number < max(1, pairs // 4):
                copies += _states(a, _copied(a, rng), 30.0)["attunement"]
    minutes = len(KINDS) * pairs * seconds / 60
    yield Demand("unrelated made people of four kinds", f"{minutes:.0f} min")
    gauge = strangers["attunement"]
    yield at_most(
        "the gauge says in step or very close, of scored time",
        _share(gauge, "above", "close"),
        2.0,
        "{:.1f} %",
    )
    yield at_most("the gauge says not in step", _share(gauge, "below"), 2.0, "{:.1f} %")
    for name, shown in strangers.items():
        if name == "attunement" or not sum(shown[state] for state in _SCORED):
            continue
        title = CHANNELS[name].title
        yield at_most(f"{title} ({name}) above chance", _share(shown, "above"), 5.0, "{:.1f} %")
        yield at_most(f"{title} ({name}) below chance", _share(shown, "below"), 5.0, "{:.1f} %")
    yield at_least(
        "copies 0.9 s late, from 30 s on: the gauge says in step",
        _share(copies, "above", "close"),
        90.0,
        "{:.1f} %",
    )
    yield at_most("the same: very close", _share(copies, "close"), 5.0, "{:.1f} %")
