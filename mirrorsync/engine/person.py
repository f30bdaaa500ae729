"""What the engine remembers of one person: neutral, gaze, breath, pace, and what the face shows."""

from __future__ import annotations

import threading

import numpy as np

from mirrorsync.features.baseline import Baseline, middle
from mirrorsync.features.breathing import BreathEstimate, BreathingRate
from mirrorsync.features.expression_words import ExpressionWords, Reading
from mirrorsync.features.gaze_calibration import GazeCalibration, GazeTarget, apart
from mirrorsync.features.pace import Pace, PaceMeter
from mirrorsync.settings import Settings
from mirrorsync.tables import FEATURE_INDEX, FEATURE_NAMES, N_FEATURES, feature_slice
from mirrorsync.types import FloatArray, SessionEvent

__all__ = ["Person"]

_CHEST = FEATURE_INDEX["chest_velocity"]
_GAZE = feature_slice("gaze")
# Only these have a neutral to calibrate; gaze is calibrated by itself.
_CALIBRATED = np.concatenate([feature_slice(group) for group in ("posture", "place", "head", "expression")])
_WORDS_HZ = 5.0
_MIN_SEEN = 0.5

# What is said to have been learnt late, when any of its features were.
_PARTS = {
    "body": np.concatenate([feature_slice(group) for group in ("posture", "place")]),
    "face": np.concatenate([feature_slice(group) for group in ("head", "expression", "gaze")]),
}

_WHOSE = {"a": "Your", "b": "Your partner's"}
_EARLIER = "Scores from now on are compared with it; earlier ones stay as they were."


class Person:
    """One person, tick by tick.

    Parameters
    ----------
    side : str
        "a" or "b".
    settings : Settings
        All that the measures depend on.

    Attributes
    ----------
    breath : BreathEstimate
        The newest.
    pace : Pace
        The newest.
    expression : Reading
        What the face shows.
    firm : bool
        Whether form may be held against the neutral (see `Baseline.firm`); for one tick False when that is
        calibrated anew, since what chance scored against the old one says nothing any more.
    """

    def __init__(self, side: str, settings: Settings) -> None:
        rate_hz = settings.rate_hz
        self._side = side
        self._rate_hz = rate_hz
        self._baseline = Baseline(rate_hz=rate_hz, learn_s=settings.baseline_s)
        self._breathing = BreathingRate(rate_hz=rate_hz)
        self._pace = PaceMeter(rate_hz=rate_hz)
        self._words_every = max(round(rate_hz / _WORDS_HZ), 1)
        self._words = ExpressionWords(rate_hz=rate_hz / self._words_every)
        self._tick = 0
        self._asked = threading.Lock()  # calibrations are asked for from another thread
        self._to_set: list[tuple[FloatArray, str]] = []
        self._collecting: list[FloatArray] | None = None
        self._collect_ticks = 0
        self._gaze: tuple[str, GazeCalibration] | None = None
        self._targets: dict[str, GazeTarget] = {}
        self._looks: dict[str, GazeTarget] = {}  # the newest of each, useful or not
        self._known = self._baseline.neutral
        self._told_settled = False
        self._messages: list[str] = []
        self.breath = BreathEstimate()
        self.pace = Pace()
        self.expression = Reading()
        self.firm = False

    def calibrate(self, seconds: float) -> None:
        """Take the middle of what is seen in the next seconds as neutral."""
        with self._asked:
            self._collecting, self._collect_ticks = [], max(round(seconds * self._rate_hz), 1)

    def calibrate_gaze(self, target: str, seconds: float) -> None:
        """Take the next seconds as a look at "partner" or "camera"."""
        with self._asked:
            self._looks.pop(target, None)
            self._gaze = (target, GazeCalibration(rate_hz=self._rate_hz, seconds=seconds))

    def gaze_target(self, target: str) -> GazeTarget | None:
        """Return what the newest such calibration found; None before it, and while it goes on."""
        return self._looks.get(target)

    def set_neutral(self, neutral: FloatArray) -> None:
        """Set the neutral, shape (n_features,), from the next tick on; NaN leaves a feature as it is."""
        with self._asked:
            self._to_set.append((np.array(neutral, dtype=float), "set"))

    def update(self, values: FloatArray, t_ns: int) -> tuple[FloatArray, list[SessionEvent], list[str]]:
        """Add one tick; return the neutral in force, what happened to it, and sentences about it."""
        cause = "learnt"
        with self._asked:
            self._collect(values)
            for neutral, why in self._to_set:
                self._baseline.set(neutral)
                cause = why
            self._to_set = []
        neutral = self._baseline.update(values)
        self.firm = self._baseline.firm and cause != "set"
        if self._baseline.settled and not self._told_settled:
            self._told_settled = True
            if cause == "learnt":
                but = ", but for what was hardly seen so far" if np.isnan(neutral[_CALIBRATED]).any() else ""
                self._messages.append(
                    f"{_WHOSE[self._side]} neutral is learnt and stands still from now on{but}."
                )
        elif self._told_settled and cause == "learnt":
            self._tell_late(neutral)
        self.pace = self._pace.update(values)
        self._tick += 1
        if self._tick % self._words_every == 0:
            self.expression = self._words.update(values, neutral)
        events: list[SessionEvent] = []
        if neutral is not self._known:
            if not np.array_equal(neutral, self._known, equal_nan=True):
                events.append(self.neutral_event(t_ns, cause))
            self._known = neutral
        messages, self._messages = self._messages, []
        return neutral, events, messages

    def _tell_late(self, neutral: FloatArray) -> None:
        """Say it when something has a neutral that had none when learning was over."""
        if neutral is self._known:
            return
        late = np.isnan(self._known) & np.isfinite(neutral)
        parts = [part for part, features in _PARTS.items() if late[features].any()]
        if parts:
            seen = " and the ".join(parts)
            grown = f"neutral has grown by what was hardly seen of the {seen} before."
            self._messages.append(f"{_WHOSE[self._side]} {grown} {_EARLIER}")

    def breathe(self, values: FloatArray, body_speed: float) -> None:
        """Add one tick to the breath; the body's speed is known only after scoring."""
        self.breath = self._breathing.update(float(values[_CHEST]), body_speed)

    def neutral_event(self, t_ns: int, cause: str) -> SessionEvent:
        """Return the neutral in force as an event."""
        named = zip(FEATURE_NAMES, self._baseline.neutral.tolist(), strict=True)
        values = {name: value for name, value in named if np.isfinite(value)}
        return SessionEvent(t_ns, "neutral", {"side": self._side, "cause": cause, "values": values})

    def _collect(self, values: FloatArray) -> None:
        """Go on with what is being calibrated."""
        if self._collecting is not None:
            self._collecting.append(values)
            if len(self._collecting) >= self._collect_ticks:
                self._take_neutral(np.array(self._collecting))
                self._collecting = None
        if self._gaze is not None and self._gaze[1].collect(values):
            self._take_gaze(*self._gaze)
            self._gaze = None

    def _take_neutral(self, samples: FloatArray) -> None:
        whose = _WHOSE[self._side]
        if np.isfinite(samples[:, _CALIBRATED]).any(axis=1).mean() < _MIN_SEEN:
            self._messages.append(
                f"{whose} neutral was not set, because nobody was seen; face the camera and try again."
            )
            return
        neutral = np.full(N_FEATURES, np.nan)
        neutral[_CALIBRATED] = middle(samples)[_CALIBRATED]
        self._to_set.append((neutral, "set"))
        self._messages.append(f"{whose} neutral was set. {_EARLIER}")

    def _take_gaze(self, name: str, calibration: GazeCalibration) -> None:
        target = self._looks[name] = calibration.result()
        if not target.useful:
            self._messages.append(f"{_WHOSE[self._side]} gaze was not calibrated. {target.problem}")
            return
        self._targets[name] = target
        toward = self._targets.get("partner", target)
        neutral = np.full(N_FEATURES, np.nan)
        neutral[_GAZE] = toward.yaw_deg, toward.pitch_deg
        self._to_set.append((neutral, "gaze"))
        self._messages.append(f"{_WHOSE[self._side]} direction of gaze was set. {_EARLIER}")
        if len(self._targets) == 2 and not apart(self._targets["partner"], self._targets["camera"]):
            self._messages.append("Looking at the picture and at the camera cannot be told apart here.")
