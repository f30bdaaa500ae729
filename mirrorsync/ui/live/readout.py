"""From a snapshot to what the eye is shown: levels smoothed, bands placed, leads put into words.

Postures are shown in the form of mirroring that counts at the moment, as in attunement.

Nothing here knows Qt, and nothing here scores: it only decides how a score is shown. Times are those of
the snapshots, so the same snapshots always give the same readings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mirrorsync.synchrony.claims import CLAIM_LIMITS, Claim, Claims, level_of_evidence
from mirrorsync.tables import CHANNELS
from mirrorsync.types import NO_SCORE, Snapshot, SyncScore
from mirrorsync.ui import texts

__all__ = [
    "BANDS",
    "CHANCE_BAND",
    "IN_STEP",
    "NO_READING",
    "MeterReading",
    "Reading",
    "Readout",
]

# Levels where ±1 SD of chance ends, from level = 0.5 + 0.5·tanh((value − mean) / (3·sd)).
CHANCE_BAND: tuple[float, float] = (0.5 - 0.5 * math.tanh(1 / 3), 0.5 + 0.5 * math.tanh(1 / 3))
# By channel, between which levels the evidence lies that unrelated people give: nothing is claimed there.
BANDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {name: (level_of_evidence(low), level_of_evidence(high)) for name, (low, high) in CLAIM_LIMITS.items()}
)
# The gauge's zone.
IN_STEP: tuple[float, float] = (BANDS["attunement"][1], 1.0)

EYE_TIME_CONSTANT_S = 0.35
# A change of words waits this long, so that nothing flickers; figures change at most this often.
_HOLD_S = 0.6
_FIGURE_EVERY_S = 1.0
# A lag this short (three frames) is called "together".
_TOGETHER_S = 0.12
_NEW_START_GAP_S = 5.0
_POSTURE = "posture_alignment"
_UNKNOWN = "unknown"
# Why nothing is said, where it is known.
_SILENT = {
    _UNKNOWN: texts.NOT_ENOUGH,
    "listening": texts.LISTENING,
    "learning": texts.LEARNING,
    "quiet": texts.QUIET,
    "still": texts.STILL,
    "zone listening": texts.ZONE_LISTENING,
    "zone unknown": texts.ZONE_UNKNOWN,
}
_MIN_SEEN = 0.5  # share of a face or of bodies that must be seen for them to be called at rest


@dataclass(frozen=True, slots=True)
class MeterReading:
    """What one meter shows.

    Attributes
    ----------
    level : float
        0–1, 0.5 is chance: the evidence of the last seconds; NaN: not enough to say.
    coverage : float
        0–1, how strongly it is painted.
    band : tuple of float or None
        The levels between which chance alone reaches; None while chance is not known.
    words : str
        What may be claimed, in a few words (`mirrorsync.synchrony.claims`).
    leader : str
        "a", "b" or "none".
    form : str
        Of postures: the form of mirroring they are held against each other in, "mirror" or "anatomical".
    """

    level: float = float("nan")
    coverage: float = 0.0
    band: tuple[float, float] | None = None
    words: str = texts.NOT_ENOUGH
    leader: str = "none"
    form: str = ""


NO_READING = MeterReading()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the window shows at one moment: its meters by channel, who leads, and the raw levels.

    `levels` are unsmoothed, for the strip; `t_s` is the snapshot's time in seconds.
    """

    t_s: float
    meters: Mapping[str, MeterReading]
    levels: Mapping[str, float]
    lead_words: str
    leader: str


class _Steady:
    """Words that change only after the change has lasted, and figures that change once a second."""

    def __init__(self) -> None:
        self._shown: str | None = None
        self._candidate = ""
        self._since_s = 0.0
        self._figure = float("nan")
        self._figure_s = 0.0

    def update(self, t_s: float, category: str, figure: float) -> tuple[str, float]:
        """Return the category and the figure to show now."""
        if self._shown is None:
            self._take(t_s, category, figure)
        elif category == self._shown:
            self._candidate = category
            if t_s - self._figure_s >= _FIGURE_EVERY_S:
                self._figure, self._figure_s = figure, t_s
        elif category != self._candidate:
            self._candidate, self._since_s = category, t_s
        elif t_s - self._since_s >= _HOLD_S:
            self._take(t_s, category, figure)
        return self._shown or category, self._figure

    def _take(self, t_s: float, category: str, figure: float) -> None:
        self._shown = self._candidate = category
        self._figure, self._figure_s = figure, t_s


class _Meter:
    """The memory of one meter."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._form = ""
        self._start()

    def _start(self) -> None:
        self._steady = _Steady()
        self._level = float("nan")
        self._coverage = float("nan")

    def update(self, t_s: float, blend: float, score: SyncScore, claim: Claim, form: str) -> MeterReading:
        """Add a score; one of another form of mirroring is another measure, and is shown as it is."""
        if form != self._form:
            self._form = form
            self._start()
        known = math.isfinite(claim.evidence)
        if known:
            self._level = _blend(self._level, _shown_level(self._channel, claim), blend)
        there = math.isfinite(score.level)
        self._coverage = _blend(self._coverage, score.coverage if there else 0.0, blend)
        category, lag_s = self._steady.update(t_s, _category(self._channel, score, claim), score.lag_s)
        if category in _SILENT:
            return MeterReading(coverage=self._coverage, words=_SILENT[category], form=form)
        words, leader = _WORDS[category]
        if form:
            words = texts.POSTURE_FORMS[form][1].format(words=words)
        low, high = BANDS[self._channel if not form else _measured_as(self._channel, form)]
        return MeterReading(
            level=self._level,
            coverage=self._coverage,
            band=(low, high) if high < 1.0 else None,
            words=words.format(lag=abs(lag_s)),
            leader=leader,
            form=form,
        )


class Readout:
    """Turns snapshots, in order, into readings."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._meters = {name: _Meter(name) for name in (*texts.METER_ORDER, "attunement")}
        self._claims = Claims()
        self._lead = _Steady()
        self._t_s: float | None = None

    def update(self, snapshot: Snapshot) -> Reading:
        """Return what to show for `snapshot`; a jump in time starts afresh."""
        t_s = snapshot.pair.t_ns / 1e9
        if self._t_s is not None and not 0 <= t_s - self._t_s <= _NEW_START_GAP_S:
            self._start()
        blend = 1.0 if self._t_s is None else 1 - math.exp(-(t_s - self._t_s) / EYE_TIME_CONSTANT_S)
        self._t_s = t_s
        form = snapshot.mirror_mode
        scores = {name: snapshot.scores.get(_measured_as(name, form), NO_SCORE) for name in self._meters}
        claims = self._claims.update(t_s, snapshot.scores, snapshot.lag_s)
        meters = {
            name: meter.update(
                t_s, blend, scores[name], claims[_measured_as(name, form)], form if name == _POSTURE else ""
            )
            for name, meter in self._meters.items()
        }
        category, lag_s = self._lead.update(t_s, _lead(snapshot.leader, snapshot.lag_s), snapshot.lag_s)
        words, leader = _LEAD_WORDS[category]
        return Reading(
            t_s=t_s,
            meters=MappingProxyType(meters),
            levels=MappingProxyType({name: score.level for name, score in scores.items()}),
            lead_words=words.format(lag=abs(lag_s)),
            leader=leader,
        )


def _measured_as(meter: str, form: str) -> str:
    """Return the channel that a meter shows."""
    return f"{_POSTURE}_anatomical" if meter == _POSTURE and form == "anatomical" else meter


def _blend(old: float, new: float, share: float) -> float:
    return new if math.isnan(old) else old + share * (new - old)


def _lead(leader: str, lag_s: float) -> str:
    """Say who leads as a category; `leader` decides, a very short lag is "together"."""
    if math.isfinite(lag_s) and abs(lag_s) <= _TOGETHER_S:
        return "together"
    if leader in ("a", "b") and math.isfinite(lag_s):
        return leader
    return "none"


def _shown_level(channel: str, claim: Claim) -> float:
    """Return where a meter stands: by its evidence, and on the side of the limit that its words say."""
    level = level_of_evidence(claim.evidence)
    low, high = BANDS[channel]
    if claim.state in {"above", "close"}:
        return max(level, high)
    return min(level, low) if claim.state == "below" else level


def _category(channel: str, score: SyncScore, claim: Claim) -> str:
    if channel == "attunement":
        return f"zone {claim.state}"
    if not math.isfinite(score.level) and claim.state in {"listening", "unknown"}:
        silence = _silence(channel, score)
        return silence if silence != _UNKNOWN or claim.state == "unknown" else "listening"
    if claim.state == "listening":
        return "listening"
    if CHANNELS[channel].kind == "synchrony" and math.isfinite(score.level):
        return _lead("a" if score.lag_s > 0 else "b", score.lag_s)
    if channel == "mutual_gaze":
        return {"above": "gaze both", "below": "gaze not"}.get(claim.state, "neutral")
    return claim.state if claim.state in {"above", "below"} else "neutral"


def _silence(channel: str, score: SyncScore) -> str:
    """Say as a category why a score has no level."""
    if channel in CHANNELS and CHANNELS[channel].kind == "alignment" and math.isfinite(score.value):
        return "learning"  # the forms are known, the neutrals to hold them against are not, or not for long
    if channel == "expression_alignment" and math.isnan(score.value) and score.coverage >= _MIN_SEEN:
        return "quiet"
    known = math.isfinite(score.chance_sd)  # else it is chance that is missing
    if channel == "body_synchrony" and math.isnan(score.value) and known and score.coverage >= _MIN_SEEN:
        return "still"
    return _UNKNOWN


# Category to words and leader.
_WORDS: dict[str, tuple[str, str]] = {
    "a": (texts.PARTNER_FOLLOWS, "a"),
    "b": (texts.YOU_FOLLOW, "b"),
    "together": (texts.TOGETHER, "none"),
    "none": (texts.NO_LEAD, "none"),
    "gaze both": (texts.GAZE_BOTH, "none"),
    "gaze not": (texts.GAZE_NOT, "none"),
    "above": (texts.ABOVE_CHANCE, "none"),
    "neutral": (texts.ABOUT_CHANCE, "none"),
    "below": (texts.BELOW_CHANCE, "none"),
    "zone below": (texts.ZONE_APART, "none"),
    "zone neutral": (texts.ZONE_NEUTRAL, "none"),
    "zone above": (texts.ZONE_IN_STEP, "none"),
    "zone close": (texts.ZONE_CLOSE, "none"),
}
_LEAD_WORDS: dict[str, tuple[str, str]] = {
    "a": (texts.LEAD_PARTNER_FOLLOWS, "a"),
    "b": (texts.LEAD_YOU_FOLLOW, "b"),
    "together": (texts.LEAD_TOGETHER, "none"),
    "none": (texts.LEAD_NONE, "none"),
}
