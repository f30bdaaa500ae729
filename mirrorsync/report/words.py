"""What the numbers of a session mean, in sentences for somebody who has never seen the program.

No sentence claims more than the numbers: what was not seen enough, or too short to compare with chance, is
said to be so, and an effect size never stands without how sure it is. What is said to lie above or below
chance is so after correction for all channels of the session (Holm): at most one session in twenty of
unrelated people gets any such sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mirrorsync.capture.feed import parse_feed
from mirrorsync.clock_text import clock_text
from mirrorsync.errors import UsageError
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS

__all__ = [
    "MEANINGS",
    "SURE",
    "ChannelNumbers",
    "clock",
    "coverage_words",
    "feed_words",
    "in_names",
    "lead_words",
    "signed",
    "verdict",
]

MIN_COVERAGE = 0.2
"""Below this share of the session nothing is said about a channel."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "posture_alignment": "How alike the two postures are, in a mirror: one's left is the other's right.",
        "expression_alignment": "How alike the two faces change, each from its own resting look.",
        "head_synchrony": "How far nods and turns of the two heads follow each other in time.",
        "body_synchrony": "How far the movements of the two bodies follow each other in time.",
        "expression_synchrony": "How far the changes of the two expressions follow each other in time.",
        "breathing_match": "How close the two breathing rates are to each other.",
        "mutual_gaze": "How much of the time both look toward each other.",
        "pace_match": "How alike the paces are at which the two move.",
    }
)
"""What is measured, for somebody who knows no data dictionary."""


_WIDE = 20.0
SURE = 0.05
"""A p-value below this tells a channel apart from chance."""


@dataclass(frozen=True, slots=True)
class ChannelNumbers:
    """One channel over a whole session; NaN where it is not known.

    Attributes
    ----------
    name : str
        Key in `mirrorsync.tables.CHANNELS`.
    mean, chance_mean, chance_sd : float
        The session's mean score, and mean and SD of it at moments that have nothing to do with each other.
    effect_size, effect_low, effect_high : float
        (mean − chance_mean) / chance_sd and its 95 % interval.
    p_value : float
        Share of chance that reaches the session's mean; in a synchrony channel, the peak of its lag profile.
    p_family, p_family_below : float
        p-values of lying above and below chance, corrected for all channels; NaN: of this one alone.
    coverage : float
        Share of the session that could be scored, 0–1.
    n_surrogates : float
        How many unrelated pairings of moments stand behind chance.
    peak_lag_s : float
        Lag of the strongest correlation; positive: B follows A.
    a_leads_share, b_leads_share : float
        Share of windows led by each.
    """

    name: str
    mean: float = math.nan
    chance_mean: float = math.nan
    chance_sd: float = math.nan
    effect_size: float = math.nan
    effect_low: float = math.nan
    effect_high: float = math.nan
    p_value: float = math.nan
    p_family: float = math.nan
    p_family_below: float = math.nan
    coverage: float = math.nan
    n_surrogates: float = math.nan
    peak_lag_s: float = math.nan
    a_leads_share: float = math.nan
    b_leads_share: float = math.nan

    @property
    def title(self) -> str:
        """What the channel is called."""
        return CHANNELS[self.name].title

    @property
    def spoken_of(self) -> bool:
        """Whether enough was seen to say anything."""
        return math.isfinite(self.mean) and self.coverage >= MIN_COVERAGE

    @property
    def above(self) -> bool:
        """Whether it is told apart from chance; nobody is said to lead or to follow otherwise."""
        return self.spoken_of and self.p_above < SURE

    @property
    def p_above(self) -> float:
        """The p-value by which it is said to lie above chance."""
        return self.p_family if math.isfinite(self.p_family) else self.p_value

    @property
    def p_below(self) -> float:
        """The p-value by which it is said to lie below chance."""
        return self.p_family_below if math.isfinite(self.p_family_below) else 1 - self.p_value

    @property
    def told_lag_s(self) -> float:
        """The lag, where there is one to be told."""
        return self.peak_lag_s if self.above else math.nan


def verdict(numbers: ChannelNumbers) -> str:
    """Return in a sentence or two how a channel stands to chance, and how sure that is."""
    if not numbers.spoken_of:
        if numbers.coverage >= MIN_COVERAGE:
            return "What was seen did not allow a measurement."
        return f"Not enough was seen to say anything ({coverage_words(numbers.coverage)})."
    if not math.isfinite(numbers.effect_size):
        return "The recording is too short, or too uniform, to say what chance would have given."
    how_far = f"{abs(numbers.effect_size):.1f} spreads {'above' if numbers.effect_size >= 0 else 'below'}"
    low, high = numbers.effect_low, numbers.effect_high
    interval = math.isfinite(low) and math.isfinite(high)
    told = interval and high - low < _WIDE  # wider, it says only that nothing is known
    sure = f" (95 % interval {signed(low)} to {signed(high)})" if told else ""
    if numbers.name in SYNC_CHANNELS:
        shuffled = "With the moments of one of them shuffled, they move together"
        return f"{_how_sure(numbers)}: {how_far} it{sure}{_odds(numbers, shuffled)}"
    if not interval and not math.isfinite(numbers.p_value):
        return f"Too short to be told from chance: {how_far} it, and nothing says how surely."
    return f"{_how_sure(numbers)}: {how_far} it{sure}{_odds(numbers, 'Unrelated moments reach')}"


def signed(value: float) -> str:
    """Return a number with one digit after the point and its sign, as print does it."""
    return f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")


def _how_sure(numbers: ChannelNumbers) -> str:
    """Return where a session stands to chance, by its p-value, or by the interval where there is none."""
    known = math.isfinite(numbers.effect_low)
    holds_zero = known and numbers.effect_low <= 0 <= numbers.effect_high
    if math.isfinite(numbers.p_value):
        above, below = numbers.p_above < SURE, numbers.p_below < SURE
    else:
        above, below = (
            known and not holds_zero and side for side in (numbers.effect_size > 0, numbers.effect_size < 0)
        )
    if not above and not below:
        return "Not told apart from chance"
    return "Above chance" if above else "Below chance"


def _odds(numbers: ChannelNumbers, unrelated: str) -> str:
    """Return the end of a sentence, and another one on how often unrelated moments do as well."""
    if not math.isfinite(numbers.p_value):
        return "."
    of_hundred = round(100.0 * numbers.p_value)
    cases = "at most 1" if of_hundred <= 1 else f"{of_hundred}"
    if numbers.p_value < SURE <= of_hundred / 100.0:
        cases = f"fewer than {of_hundred}"  # the border itself is not told apart
    return f". {unrelated} as much in {cases} of 100 cases."


def lead_words(numbers: ChannelNumbers, *, a: str, b: str) -> str:
    """Return one sentence on who led in a synchrony channel; empty when it is not told apart from chance.

    Parameters
    ----------
    numbers : ChannelNumbers
        Of a synchrony channel.
    a, b : str
        What the two people are called.
    """
    shares = numbers.a_leads_share, numbers.b_leads_share
    if not numbers.above or not all(math.isfinite(share) for share in shares):
        return ""
    percent = [round(100 * share) for share in shares]
    rest = max(0, 100 - sum(percent))
    text = f"{a} led in {percent[0]} % of the moments, {b} in {percent[1]} %; {rest} % had no clear leader"
    lag = numbers.peak_lag_s
    if not math.isfinite(lag):
        return f"{text}."
    if abs(lag) < 0.05:
        return f"{text}. Over the whole session they moved at the same time."
    first, second = (a, b) if lag > 0 else (b, a)
    return f"{text}. Over the whole session {second} came {abs(lag):.1f} s after {first}."


def coverage_words(coverage: float) -> str:
    """Return how much of a session could be scored, in words."""
    if not math.isfinite(coverage):
        return "never seen"
    return f"seen in {100 * coverage:.0f} % of the time"


def clock(time_s: float) -> str:
    """Return a time in a session as m:ss, or h:mm:ss from one hour on."""
    return clock_text(time_s)


def feed_words(feed: str) -> str:
    """Return a feed for somebody else: a file without its folders, no title of a window, no address."""
    try:
        spec = parse_feed(feed)
    except UsageError:
        return _file_name(feed)
    part = ""
    if spec.crop is not None:
        part = f" ({spec.crop.side} part)" if spec.crop.side else " (a part of it)"
    if spec.kind in {"file", "frames"}:
        return _file_name(spec.target) + part
    kinds = {"stream": "a video stream", "window": "a window on the screen", "screen": "the screen"}
    return kinds[spec.kind] + part if spec.kind in kinds else feed


def _file_name(path: str) -> str:
    return re.split(r"[/\\]", path)[-1]  # also of a session that was made on another system


def in_names(sentence: str, *, a: str, b: str) -> str:
    """Return a moment's sentence, which speaks to A ("you, your partner"), for somebody else who reads it."""
    if sentence.startswith("You smiled together"):
        return f"{a} and {b} smiled together."
    return re.sub(
        r"\b(your partner|you)\b",
        lambda one: a if one[0].lower() == "you" else b,
        sentence,
        flags=re.IGNORECASE,
    )
