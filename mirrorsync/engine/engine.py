"""The pipeline itself: a pair in, a snapshot out. Live and offline differ only in where pairs come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from mirrorsync.engine.person import Person
from mirrorsync.features.breathing import BreathEstimate
from mirrorsync.features.expression_words import Reading
from mirrorsync.features.gaze_calibration import GazeTarget
from mirrorsync.features.pace import Pace
from mirrorsync.settings import Settings
from mirrorsync.synchrony.scorer import Scorer
from mirrorsync.tables import N_FEATURES
from mirrorsync.types import Features, FloatArray, Pair, SessionEvent, Snapshot

__all__ = ["Engine"]

_NOTHING = Features(0, np.full(N_FEATURES, np.nan), np.zeros(N_FEATURES))


class Engine:
    """Scores pairs in the order of their ticks.

    Calibrations may be asked for from any thread; they count from a tick on, change nothing that was scored
    before, and are told in that tick's snapshot (`messages`, and `events` for the session).

    Parameters
    ----------
    settings : Settings
        All that the scores depend on beside the pairs and the calibrations.
    """

    def __init__(self, settings: Settings) -> None:
        self._scorer = Scorer(settings)
        self._people = {side: Person(side, settings) for side in ("a", "b")}
        self._mirror_asked: str | None = None  # one assignment: any thread may ask

    def step(self, pair: Pair) -> Snapshot:
        """Score one tick; ticks must come in order, none left out."""
        a, b = pair.a or _NOTHING, pair.b or _NOTHING
        person_a, person_b = self._people["a"], self._people["b"]
        mirror, self._mirror_asked = self._mirror_asked, None
        if mirror is not None:
            self._scorer.set_mirror(mirror)
        neutral_a, events_a, messages_a = person_a.update(a.values, pair.t_ns)
        neutral_b, events_b, messages_b = person_b.update(b.values, pair.t_ns)
        scored = self._scorer.update(
            a.values,
            b.values,
            a.visibility,
            b.visibility,
            neutral_a=neutral_a,
            neutral_b=neutral_b,
            firm=person_a.firm and person_b.firm,
            breath_a=(person_a.breath.rate_per_min, person_a.breath.coverage),
            breath_b=(person_b.breath.rate_per_min, person_b.breath.coverage),
            pace_a=(person_a.pace.speed, person_a.pace.coverage),
            pace_b=(person_b.pace.speed, person_b.pace.coverage),
        )
        speed_a, speed_b = self._scorer.body_speeds
        person_a.breathe(a.values, speed_a)
        person_b.breathe(b.values, speed_b)
        return Snapshot(
            pair=pair,
            scores=scored.scores,
            leader=scored.leader,
            lag_s=scored.lag_s,
            mirror_mode=scored.mirror_mode,
            windows=scored.windows,
            messages=(*messages_a, *messages_b),
            events=(*events_a, *events_b, *_mirror_event(pair.t_ns, mirror)),
        )

    def run(self, pairs: Iterable[Pair]) -> Iterator[Snapshot]:
        """Score pairs as they come."""
        for pair in pairs:
            yield self.step(pair)

    def set_mirror(self, choice: str) -> None:
        """Compare from the next tick on in this form, as the setting `mirror`; it is told in `events`."""
        self._mirror_asked = choice

    def calibrate(self, side: str, *, seconds: float = 3.0) -> None:
        """Take the middle of what is seen of "a" or "b" in the next seconds as that person's neutral."""
        self._people[side].calibrate(seconds)

    def calibrate_gaze(self, side: str, *, target: str = "partner", seconds: float = 3.0) -> None:
        """Take the next seconds as "a" or "b" looking at the partner's picture, or at the camera.

        The look at the picture counts as looking toward the other; the one at the camera stands in for it
        until there is one.
        """
        if target not in {"partner", "camera"}:
            raise ValueError(f"the target of a look is 'partner' or 'camera', not {target!r}")
        self._people[side].calibrate_gaze(target, seconds)

    def gaze_target(self, side: str, *, target: str = "partner") -> GazeTarget | None:
        """Return what the newest calibration of a gaze found; None before it, and while it goes on."""
        return self._people[side].gaze_target(target)

    def set_neutral(self, side: str, neutral: FloatArray) -> None:
        """Set the neutral of "a" or "b", shape (n_features,); NaN leaves a feature as it is."""
        self._people[side].set_neutral(neutral)

    def neutrals(self, t_ns: int) -> tuple[SessionEvent, ...]:
        """Return both neutrals in force as events, for a recording that begins at `t_ns`."""
        return tuple(person.neutral_event(t_ns, "recording") for person in self._people.values())

    # What is asked for below is a frozen value that was put in place whole: any thread may ask.

    def expression(self, side: str) -> Reading:
        """Return what the face of "a" or "b" shows now, in plain words."""
        return self._people[side].expression

    def breath(self, side: str) -> BreathEstimate:
        """Return the newest breathing rate of "a" or "b"; NaN in it when it cannot be told."""
        return self._people[side].breath

    def pace(self, side: str) -> Pace:
        """Return the newest pace of "a" or "b"; its `speed` is NaN when too little was seen."""
        return self._people[side].pace


def _mirror_event(t_ns: int, choice: str | None) -> tuple[SessionEvent, ...]:
    return () if choice is None else (SessionEvent(t_ns, "mirror", {"choice": choice}),)
