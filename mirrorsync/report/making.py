"""From a session file to its report: numbers, figures, moments, and what the user chose to put in."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from mirrorsync.analysis.left_out import SessionWithout
from mirrorsync.analysis.session_pass import SessionPass
from mirrorsync.capture.feed import parse_feed
from mirrorsync.engine.exclusion import Exclusion
from mirrorsync.errors import ExportError, MirrorSyncError
from mirrorsync.journal.entries import Entry
from mirrorsync.report.content import (
    Figure,
    Moment,
    Note,
    Picture,
    ReportContent,
    gather,
    names_of,
    read_through,
)
from mirrorsync.report.page import write_page
from mirrorsync.report.words import clock, in_names
from mirrorsync.review.moments import Range, labelled_emotions, outside, timeline_moments
from mirrorsync.review.recording import settings_of
from mirrorsync.session.pyramid import pyramid_of
from mirrorsync.session.reader import SessionReader
from mirrorsync.synchrony.events import WITHIN_S
from mirrorsync.synchrony.moments import shared_smiles
from mirrorsync.tables import SYNC_CHANNELS

__all__ = ["STEPS", "WORDLESS", "make_report", "notes_of"]

WORDLESS = "Marked without words."
"""What stands for the words of a bookmark that has none."""

STEPS = ("read", "compare", "draw", "write")
"""What is done one after the other: reading, comparing with chance, drawing figures, writing the page."""

_FIGURES = (
    ("timeline", "The scores over time"),
    ("lagprofile", "Whether one follows the other, and how late"),
    ("distribution", "The session against chance"),
)
_KINDS = {
    "best": "Best stretch",
    "drop": "Sharpest drop",
    "smile": "Shared smile",
    "leader": "Change of leader",
    "emotion": "Named emotion",
    "bookmark": "Bookmark",
}
_NOTE_KINDS = {
    "note": "Note",
    "bookmark": "Bookmark",
    "reflection": "Reflection",
    "emotion_label": "Named emotion",
}
_SPEAK_TO_A = ("smile", "leader")
_PICTURE_SIDE = 720  # pixels


def make_report(
    session: Path,
    out: Path,
    *,
    notes: Sequence[Entry] = (),
    pictures: Sequence[float] = (),
    excluded: Sequence[Range] = (),
    reached: Callable[[str], None] = lambda _: None,
) -> ReportContent:
    """Write the report of a session as one HTML file and return what it says.

    Parameters
    ----------
    session : Path
        The session file.
    out : Path
        The HTML file; one that is there is replaced.
    notes : sequence of Entry
        What the user ticked in the journal.
    pictures : sequence of float
        Seconds of the session of which the pictures of both people are put in.
    excluded : sequence of (start_s, end_s)
        Stretches that are left out of every number; those that overlap count as one.
    reached : callable
        Gets the name of each of the `STEPS` when it begins.

    Raises
    ------
    SessionError
        The session cannot be read.
    ExportError
        The report cannot be written, or a picture is wanted of a session whose recordings are not there.
    """
    reached("read")
    with SessionWithout(session, excluded) as reader:
        excluded = Exclusion(settings_of(reader.meta)).stretches  # those of the analysis, too
        passed = read_through(reader)
        reached("compare")
        content = gather(
            reader,
            passed,
            notes=notes_of(notes),
            pictures=[_picture(reader, side, time_s) for time_s in pictures for side in (0, 1)],
            excluded=excluded,
        )
        content = replace(content, moments=_moments(reader, passed, excluded, content))
        reached("draw")
        content = replace(content, figures=_figures(reader, content))
    reached("write")
    write_page(content, out)
    return content


def notes_of(entries: Sequence[Entry]) -> list[Note]:
    """Return journal entries as notes of a report; of those without words it says so."""
    found = []
    for entry in entries:
        question, text = entry.data.get("question"), entry.text if entry.text.strip() else WORDLESS
        text = f"{question}\n{text}" if isinstance(question, str) and question else text
        found.append(Note(text, entry.start_s, _NOTE_KINDS.get(entry.kind, "Note")))
    return found


def _moments(
    reader: SessionReader, passed: SessionPass | None, excluded: Sequence[Range], content: ReportContent
) -> tuple[Moment, ...]:
    """Return the moments in order; nobody takes the lead where following is not told apart from chance."""
    a, b = content.label_a, content.label_b
    follows = any(part.numbers.above for part in content.channels if part.numbers.name in SYNC_CHANNELS)
    found = timeline_moments(pyramid_of(reader), excluded=excluded)
    found += labelled_emotions(reader.events())
    if passed is not None:
        rate_hz = settings_of(reader.meta).rate_hz
        found += shared_smiles(*passed.onsets["smile"], rate_hz=rate_hz, within_s=WITHIN_S["smile"])
    return tuple(
        Moment(
            one.start_s,
            _KINDS.get(one.kind, one.kind),
            in_names(one.sentence, a=a, b=b) if one.kind in _SPEAK_TO_A else one.sentence,
        )
        for one in sorted(found, key=lambda one: one.start_s)
        if outside(one.start_s, excluded) and (follows or one.kind != "leader")
    )


def _figures(reader: SessionReader, content: ReportContent) -> tuple[Figure, ...]:
    """Return the figures of a session; none of one that is too short for them."""
    from mirrorsync.export.figures import FigureData, alt_text, draw, save

    statistics = {
        part.numbers.name: {
            name: getattr(part.numbers, name)
            for name in (
                "mean",
                "chance_mean",
                "chance_sd",
                "effect_size",
                "p_value",
                "coverage",
                "peak_lag_s",
            )
        }
        for part in content.channels
    }
    data = replace(
        FigureData.from_session(reader, statistics), label_a=content.label_a, label_b=content.label_b
    )
    found = []
    with tempfile.TemporaryDirectory(prefix="mirrorsync-") as folder:
        for kind, title in _FIGURES:
            path = Path(folder) / f"{kind}.svg"
            try:
                save(draw(data, kind), path)
            except ExportError:
                continue  # too short for this one: the words say so
            found.append(Figure(title, "image/svg+xml", path.read_bytes(), alt_text(data, kind)))
    return tuple(found)


def _picture(reader: SessionReader, side: int, time_s: float) -> Picture:
    """Return the picture of A (0) or B (1) at a time of the session."""
    import cv2

    from mirrorsync.capture.exact import ExactVideo

    meta = reader.meta
    feed, name = (meta.feed_a, meta.feed_b)[side], names_of(meta)[side]
    if parse_feed(feed).kind != "file":
        raise ExportError(f"There are no pictures of {feed} to put in; leave the pictures out of the report.")
    offset_s = float(meta.parameters.get("offset_s", 0.0)) if side else 0.0
    try:
        with ExactVideo.open(feed) as video:
            rgb = video.read_at(max(time_s + offset_s, 0.0), max_side=_PICTURE_SIDE).rgb
    except MirrorSyncError as error:
        raise ExportError(f"{error} The report was not written; leave the pictures out of it.") from error
    done, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    if not done:
        raise ExportError("A picture could not be made; leave the pictures out of the report.")
    return Picture(time_s, "image/jpeg", data.tobytes(), f"{name} at {clock(time_s)}")
