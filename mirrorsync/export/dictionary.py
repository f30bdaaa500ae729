"""The data dictionary: every column of every CSV file, with digits, unit, range and meaning.

The writers take header, order and digits from here, and `columns.csv` is this table written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mirrorsync.tables import CHANNELS, FEATURES, SYNC_CHANNELS, Channel, Feature

__all__ = [
    "COLUMNS",
    "DICTIONARY_HEADER",
    "FEATURE_COLUMNS",
    "FRAME_COLUMNS",
    "TURN_COLUMNS",
    "WINDOW_COLUMNS",
    "Column",
    "dictionary_rows",
]

TEXT = -1  # `digits` of a column of words


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `digits` after the point (0: whole numbers, TEXT: words); `range` in words."""

    name: str
    digits: int
    unit: str
    range: str
    meaning: str


def _span(low: float, high: float) -> str:
    return f"{low:g} to {high:g}"


def _channel(channel: Channel) -> Column:
    unit = "correlation" if channel.kind == "synchrony" else "ratio"
    return Column(channel.name, 6, unit, _span(channel.low, channel.high), channel.meaning)


def _feature(feature: Feature) -> Column:
    digits = {"deg": 4, "0/1": 0}.get(feature.unit, 6)
    span = "0 or 1" if feature.unit == "0/1" else _span(feature.low, feature.high)
    return Column(feature.name, digits, feature.unit, span, feature.meaning)


def _found(name: str, what: str, person: str) -> Column:
    return Column(name, 0, "0/1", "0 or 1", f"1 when {what} of {person} was found at this tick; 0 when not.")


def _voice(side: str) -> Column:
    meaning = f"1 when {side.upper()} speaks at this tick, 0 when not; empty: unclear, or there was no sound."
    return Column(f"voice_{side}", 0, "0/1", "0 or 1", meaning)


_TIME = Column("time_s", 6, "s", "0 upward", "Time of the tick since the start of the session.")
_LAG_MEANING = "positive: B follows A, negative: A follows B; empty when there is no clear lag."

FRAME_COLUMNS: tuple[Column, ...] = (
    Column("tick", 0, "count", "0 upward", "Number of the tick of the common clock."),
    _TIME,
    _found("pose_a", "the body", "A"),
    _found("pose_b", "the body", "B"),
    _found("face_a", "the face", "A"),
    _found("face_b", "the face", "B"),
    *(
        _channel(CHANNELS[name])
        for name in (
            "posture_alignment",
            "posture_alignment_anatomical",
            "expression_alignment",
            "head_synchrony",
            "body_synchrony",
            "expression_synchrony",
        )
    ),
    Column("lag_s", 6, "s", "-10 to 10", f"Lag behind whoever leads now; {_LAG_MEANING}"),
    *(_channel(CHANNELS[name]) for name in ("mutual_gaze", "breathing_match", "attunement")),
    Column("coverage", 6, "ratio", "0 to 1", "Share of the data behind attunement that was there."),
    _channel(CHANNELS["pace_match"]),
    _voice("a"),
    _voice("b"),
    Column(
        "floor", TEXT, "name", "a, b, both, none, unclear",
        "Who speaks at this tick; unclear: speech that cannot be given to one of them; empty: no sound.",
    ),
)  # fmt: skip

FEATURE_COLUMNS: tuple[Column, ...] = (_TIME, *(_feature(feature) for feature in FEATURES))

WINDOW_COLUMNS: tuple[Column, ...] = (
    Column("channel", TEXT, "name", ", ".join(SYNC_CHANNELS), "Synchrony channel."),
    Column("window", 0, "count", "0 upward", "Number of the window in its channel."),
    Column("start_s", 6, "s", "0 upward", "Start of the window since the start of the session."),
    Column("end_s", 6, "s", "0 upward", "End of the window since the start of the session."),
    Column("r_zero", 6, "correlation", "-1 to 1", "Correlation of the two people at lag 0."),
    Column("z_mean_abs", 6, "Fisher z", "0 to 10", "Mean absolute Fisher z over all lags of the window."),
    Column("peak_r", 6, "correlation", "-1 to 1", "Correlation at the lag where it is highest."),
    Column("peak_lag_s", 6, "s", "-10 to 10", f"Lag of the highest correlation; {_LAG_MEANING}"),
    Column("leader", TEXT, "name", "a, b, none", "Who leads in this window; none where that is not clear."),
    Column("coverage", 6, "ratio", "0 to 1", "Share of the data behind the window that was there."),
)

TURN_COLUMNS: tuple[Column, ...] = (
    Column("person", TEXT, "name", "a, b", "Who speaks."),
    Column("start_s", 4, "s", "0 upward", "When it begins, since the start of the session."),
    Column("end_s", 4, "s", "0 upward", "When it ends; pauses of the same person lie inside."),
    Column(
        "kind", TEXT, "name", "turn, interruption, overlap, backchannel",
        "turn: the floor was free or was left; interruption: the other was speaking and stopped; overlap: "
        "spoken while the other kept the floor; backchannel: the same, and at most 1 s long.",
    ),
    Column(
        "transition_s", 4, "s", "-60 to 60",
        "From the end of the other's turn to the start of this one; negative: overlap; empty where the floor "
        "did not change.",
    ),
    Column("speech_s", 4, "s", "0 upward", "Time spoken inside, without pauses."),
    Column("pitch_hz", 4, "Hz", "60 to 500", "Median pitch."),
    Column("pitch_sd_st", 4, "semitones", "0 upward", "SD of the pitch."),
    Column("loudness_db", 4, "dB", "-140 to 0", "Mean level of the speech, relative to full scale."),
    Column("rate_syl_s", 4, "1/s", "0 upward", "Syllables per second of speech without pauses."),
)  # fmt: skip

COLUMNS: dict[str, tuple[Column, ...]] = {
    "frames.csv": FRAME_COLUMNS,
    "features_a.csv": FEATURE_COLUMNS,
    "features_b.csv": FEATURE_COLUMNS,
    "windows.csv": WINDOW_COLUMNS,
    "turns.csv": TURN_COLUMNS,
}

DICTIONARY_HEADER: tuple[str, ...] = ("file", "column", "unit", "range", "meaning")


def dictionary_rows() -> Iterator[tuple[str, ...]]:
    """Yield a row of `columns.csv` for every column of the other files, in their order."""
    for file, columns in COLUMNS.items():
        for column in columns:
            yield file, column.name, column.unit, column.range, column.meaning
