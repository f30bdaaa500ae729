"""What a report says: one session as words, numbers and figures, before any of it becomes HTML."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from mirrorsync.analysis.session_pass import SessionPass, read_session
from mirrorsync.report.words import MEANINGS, ChannelNumbers, clock, feed_words, lead_words, verdict
from mirrorsync.review.recording import settings_of
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.reader import SessionReader
from mirrorsync.settings import Settings
from mirrorsync.synchrony.session_statistics import session_statistics
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS

__all__ = [
    "ChannelPart",
    "Figure",
    "Moment",
    "Note",
    "Picture",
    "ReportContent",
    "gather",
    "names_of",
    "read_through",
]

LISTED = tuple(name for name, channel in CHANNELS.items() if channel.meter and name != "attunement")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: `data` is the file itself, `alternative` says in words what it shows."""

    title: str
    media_type: str
    data: bytes
    alternative: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment worth a look: `kind` in a word or two, `sentence` what happened."""

    time_s: float
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Note:
    """What the user wrote and ticked for the report; `time_s` is None for a note on the whole session."""

    text: str
    time_s: float | None = None
    kind: str = "Note"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of people that the user ticked."""

    time_s: float
    media_type: str
    data: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class ChannelPart:
    """One channel: its numbers, and what they mean in a sentence or two."""

    numbers: ChannelNumbers
    meaning: str
    verdict: str
    lead: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All that a report says.

    Attributes
    ----------
    label_a, label_b : str
        What the two people are called.
    created : str or None
        ISO 8601 time of the recording, where known.
    duration : str
        As minutes and seconds.
    cut_short : bool
        Whether the recording ended before it was closed.
    gist : tuple of str
        The session in a few sentences.
    channels : tuple of ChannelPart
        In the order of the meters.
    attunement : ChannelNumbers
        The one number.
    figures, moments, notes, pictures : tuples
        What stands in the parts of these names.
    excluded : tuple of (str, str)
        Stretches that were left out, from and to.
    parameters, versions, assets : mapping
        As stored with the session; of the assets those that were used.
    inputs : tuple of (str, str)
        Who, and which feed, without folders.
    seed : int
        Of every random choice.
    """

    label_a: str
    label_b: str
    created: str | None
    duration: str
    cut_short: bool
    gist: tuple[str, ...]
    channels: tuple[ChannelPart, ...]
    attunement: ChannelNumbers
    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]
    notes: tuple[Note, ...]
    pictures: tuple[Picture, ...]
    excluded: tuple[tuple[str, str], ...]
    parameters: Mapping[str, object]
    versions: Mapping[str, str]
    assets: Mapping[str, str]
    inputs: tuple[tuple[str, str], ...]
    seed: int


def read_through(reader: SessionReader) -> SessionPass | None:
    """Return one pass over a session without the stretches that are left out of it."""
    return read_session(reader, settings_of(reader.meta))


def gather(
    reader: SessionReader,
    passed: SessionPass | None,
    *,
    figures: Sequence[Figure] = (),
    moments: Sequence[Moment] = (),
    notes: Sequence[Note] = (),
    pictures: Sequence[Picture] = (),
    excluded: Sequence[tuple[float, float]] = (),
) -> ReportContent:
    """Return what a session's report says.

    Parameters
    ----------
    reader : SessionReader
        The session.
    passed : SessionPass or None
        What `read_through` found in it.
    figures, moments, notes, pictures : sequences
        What goes into the report beside the numbers; nothing that is not given here is in it.
    excluded : sequence of (start_s, end_s)
        Stretches that the user left out.
    """
    meta = reader.meta
    a, b = names_of(meta)
    numbers = _numbers(settings_of(meta), passed)
    channels = tuple(
        ChannelPart(
            numbers[name],
            MEANINGS[name],
            verdict(numbers[name]),
            lead_words(numbers[name], a=a, b=b) if name in SYNC_CHANNELS else "",
        )
        for name in LISTED
    )
    return ReportContent(
        label_a=a,
        label_b=b,
        created=meta.created,
        duration=clock(reader.duration_s),
        cut_short=not reader.complete,
        gist=_gist(reader.duration_s, channels, a, b),
        channels=channels,
        attunement=numbers["attunement"],
        figures=tuple(figures),
        moments=tuple(sorted(moments, key=lambda moment: moment.time_s)),
        notes=tuple(sorted(notes, key=lambda note: (note.time_s is not None, note.time_s or 0.0))),
        pictures=tuple(pictures),
        excluded=tuple((clock(start), clock(end)) for start, end in excluded),
        parameters=dict(meta.parameters),
        versions=dict(meta.versions),
        assets=_models(meta),
        inputs=tuple((who, _told(feed, meta)) for who, feed in ((a, meta.feed_a), (b, meta.feed_b))),
        seed=meta.seed,
    )


def names_of(meta: SessionMeta) -> tuple[str, str]:
    """Return what A and B are called in a report; bare letters say nothing to a reader."""
    a, b = meta.label_a, meta.label_b
    return (a if a not in ("", "A") else "Person A", b if b not in ("", "B") else "Person B")


def _told(feed: str, meta: SessionMeta) -> str:
    """Return a feed as a report names it, with the hash by which its file is known."""
    known = [one.sha256 for one in meta.inputs if one.feed == feed and one.sha256]
    return f"{feed_words(feed)} \N{MIDDLE DOT} SHA-256 {known[0]}" if known else feed_words(feed)


def _models(meta: SessionMeta) -> dict[str, str]:
    """Return the models that landmarks were found with, and the portrait where it was looked at."""
    portrait = any(feed.startswith("portrait:") for feed in (meta.feed_a, meta.feed_b))
    return {name: sha for name, sha in meta.assets.items() if portrait or not name.endswith(".png")}


def _numbers(settings: Settings, passed: SessionPass | None) -> dict[str, ChannelNumbers]:
    statistics = {} if passed is None else session_statistics(passed.scores, settings)
    known = {field.name for field in fields(ChannelNumbers)}
    return {
        name: ChannelNumbers(name, **{k: v for k, v in statistics.get(name, {}).items() if k in known})
        for name in CHANNELS
    }


def _gist(duration_s: float, channels: Sequence[ChannelPart], a: str, b: str) -> tuple[str, ...]:
    """Return the session in a few sentences: what stood out, what could not be told, who led."""
    out = [f"{a} and {b} were compared for {clock(duration_s)} minutes."]
    above = [part.numbers.title.lower() for part in channels if part.verdict.startswith("Above chance")]
    below = [part.numbers.title.lower() for part in channels if part.verdict.startswith("Below chance")]
    silent = [part.numbers.title.lower() for part in channels if not part.numbers.spoken_of]
    if above:
        out.append(f"More than chance would give: {_list(above)}.")
    if below:
        out.append(f"Less than chance would give: {_list(below)}.")
    if not any(part.numbers.spoken_of and math.isfinite(part.numbers.effect_size) for part in channels):
        out.append("The recording is too short to be compared with chance.")
    elif not above and not below:
        out.append(
            "Nothing here differs from what unrelated moments of the same two people give. Longer "
            "recordings, more light and whole shoulders in the picture help."
        )
    if silent:
        out.append(f"Too little was seen of: {_list(silent)}.")
    return tuple(out)


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
