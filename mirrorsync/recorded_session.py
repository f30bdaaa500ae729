"""`Session`: what a researcher, a figure and a report read of a recorded session."""

from __future__ import annotations

import html
import math
import shutil
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mirrorsync.analysis.exporting import export_session, session_summary
from mirrorsync.errors import UsageError
from mirrorsync.export.folder import output_folder
from mirrorsync.export.formats import Format
from mirrorsync.session.blocks import TickBlock
from mirrorsync.session.files import copy_session
from mirrorsync.session.places import SESSION_SUFFIX
from mirrorsync.session.reader import SessionReader
from mirrorsync.settings import Settings
from mirrorsync.tables import CHANNELS, FEATURE_NAMES
from mirrorsync.types import FloatArray, SessionEvent, WindowRow
from mirrorsync.voice.conversation import Conversation, SpokenTurn

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["TABLES", "ChannelStatistics", "Session"]

TABLES = ("frames", "features_a", "features_b", "windows", "statistics", "turns")
"""What `Session.to_pandas` returns."""


@dataclass(frozen=True, slots=True)
class ChannelStatistics:
    """What a whole session says of one channel; NaN where it says nothing.

    Attributes
    ----------
    mean, chance_mean, chance_sd : float
        Mean score; mean and SD of what A and B at other moments (surrogates) score.
    surrogate_z, effect_low, effect_high : float
        (observed − mean of the surrogates) / their SD, with its 95 % interval; grows with the length.
    p_value : float
        Share of surrogates that reach the session; see docs/measures.md, "A whole session".
    p_family, p_family_below : float
        p-values of lying above and below chance, corrected (Holm) for all channels of the session.
    coverage : float
        Share of the data behind it that was there, 0–1.
    peak_lag_s : float
        Lag of the peak of the mean lag profile, s; positive: B follows A. This and what follows: synchrony
        channels only.
    profile_power : float
        What different windows have in common, in z²; compare dyads by this.
    a_leads_share, b_leads_share : float
        Share of the windows in which A or B leads, 0–1.
    leader : str
        "a", "b" or "neither"; empty in channels without lags.
    """

    mean: float
    chance_mean: float
    chance_sd: float
    surrogate_z: float
    effect_low: float
    effect_high: float
    p_value: float
    p_family: float
    p_family_below: float
    coverage: float
    peak_lag_s: float
    profile_power: float
    a_leads_share: float
    b_leads_share: float
    leader: str

    @property
    def effect_size(self) -> float:
        """`surrogate_z` under its old name, which goes in 0.3."""
        return self.surrogate_z


class Session:
    """A recorded session: what was measured, scored and tested of two people.

    It is read from its file when something is asked for, and each thing once. `analyze`, `score` and `load`
    return it; nobody else needs to make one.
    """

    def __init__(
        self,
        path: Path,
        settings: Settings,
        *,
        notes: tuple[str, ...] = (),
        temporary: Path | None = None,
    ) -> None:
        self._path = path
        if temporary is not None:  # a folder that lives as long as the session
            weakref.finalize(self, shutil.rmtree, temporary, ignore_errors=True)
        self.settings = settings
        """All that the scores depend on."""
        self.notes = notes
        """Sentences worth telling."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the columns of `features_a` and `features_b`."""
        return FEATURE_NAMES

    @cached_property
    def block(self) -> TickBlock:
        """The session's own form: all that is kept of every tick of the common clock."""
        with SessionReader(self._path) as reader:
            return reader.read()

    @property
    def times_s(self) -> FloatArray:
        """Seconds since the start, shape (n,)."""
        return self.block.time_s

    @cached_property
    def scores(self) -> Mapping[str, FloatArray]:
        """By channel (`posture_alignment`, `head_synchrony`, …), shape (n,); NaN: too little data."""
        return {name: self.block.scores[name].value for name in CHANNELS}

    @cached_property
    def coverage(self) -> Mapping[str, FloatArray]:
        """By channel, shape (n,), 0–1: share of the data behind the score that was there."""
        return {name: self.block.scores[name].coverage for name in CHANNELS}

    @property
    def lag_s(self) -> FloatArray:
        """Lag behind whoever leads, s, shape (n,); positive: B follows A."""
        return self.block.lag_s

    @property
    def features_a(self) -> FloatArray:
        """Features of A, shape (n, n_features), in the order of `feature_names`; NaN where missing."""
        return self.block.features_a

    @property
    def features_b(self) -> FloatArray:
        """Features of B, as `features_a`."""
        return self.block.features_b

    @cached_property
    def windows(self) -> tuple[WindowRow, ...]:
        """Every window of every synchrony channel."""
        with SessionReader(self._path) as reader:
            return tuple(reader.windows())

    @cached_property
    def events(self) -> tuple[SessionEvent, ...]:
        """What happened and was noted while it was recorded: exercises, neutrals, who spoke."""
        with SessionReader(self._path) as reader:
            return tuple(reader.events())

    @cached_property
    def turns(self) -> tuple[SpokenTurn, ...]:
        """What each of the two said, where sound was analysed: kind, start, end, pitch, loudness, rate."""
        spoken = Conversation.of_events(self.events)
        return () if spoken is None else spoken.turns

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The content of summary.json: statistics against chance, parameters, versions, inputs."""
        with SessionReader(self._path) as reader:
            return session_summary(reader)

    @cached_property
    def statistics(self) -> Mapping[str, ChannelStatistics]:
        """By channel, against chance."""
        leaders = self.summary.get("leaders", {})
        return {
            name: _channel_statistics(told, leaders.get(name, {}))
            for name, told in self.summary["channels"].items()
        }

    def to_pandas(self, table: str = "frames") -> pd.DataFrame:
        """Return a table as a DataFrame.

        Parameters
        ----------
        table : {"frames", "features_a", "features_b", "windows", "statistics", "turns"}
            "frames": all scores, a row a tick; "statistics": a row a channel.

        Raises
        ------
        UsageError
            There is no such table, or pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise UsageError(
                "to_pandas() needs pandas; install it with: pip install 'mirrorsync[pandas]'."
            ) from error
        if table == "windows":
            return _rows_table(self.windows, WindowRow)
        if table == "turns":
            return _rows_table(self.turns, SpokenTurn)
        if table == "statistics":
            frame = _rows_table(tuple(self.statistics.values()), ChannelStatistics)
            frame.insert(0, "channel", list(self.statistics))
            return frame
        if table in {"features_a", "features_b"}:
            frame = pd.DataFrame(getattr(self, table), columns=list(FEATURE_NAMES))
            frame.insert(0, "time_s", self.times_s)
            return frame
        if table != "frames":
            raise UsageError(f"There is no table {table!r}; choose one of {', '.join(TABLES)}.")
        return pd.DataFrame({"time_s": self.times_s, **self.scores, "lag_s": self.lag_s})

    def plot(self, kind: str = "timeline", path: str | Path | None = None) -> Figure:
        """Draw a figure, as `mirrorsync plot` does; a notebook shows it.

        Parameters
        ----------
        kind : {"timeline", "heatmap", "lagprofile", "distribution", "recurrence"}
            What to draw.
        path : path, optional
            A .png, .svg or .pdf file to write it to.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        UsageError
            There is no such figure, or the file has another ending.
        ExportError
            The session is too short, or the file cannot be written.
        """
        from mirrorsync.export.figures import KINDS, FigureData, draw
        from mirrorsync.export.figures import save as save_figure

        if kind not in KINDS:
            raise UsageError(f"There is no figure {kind!r}; choose one of {', '.join(KINDS)}.")
        with SessionReader(self._path) as reader:
            data = FigureData.from_session(reader, self.summary["channels"])
        figure = draw(data, kind)
        if path is not None:
            save_figure(figure, Path(path))
        return figure

    def report(self, path: str | Path) -> Path:
        """Write the report, one HTML page that opens without the internet; no note and no picture is in it.

        Raises
        ------
        MirrorSyncError
            The file cannot be written.
        """
        from mirrorsync.report.making import make_report

        make_report(self._path, Path(path))
        return Path(path)

    def export(self, format: str, folder: str | Path) -> list[Path]:  # noqa: A002 - as on the command line
        """Write the session for other tools, as `mirrorsync export` does, and return the files.

        Parameters
        ----------
        format : {"csv", "parquet", "rmea", "elan", "textgrid", "datapackage", "bids"}
            What to write.
        folder : path
            Where to; made if need be.

        Raises
        ------
        MirrorSyncError
            There is no such format, or the files cannot be written.
        """
        from mirrorsync.analysis.formats import write_format

        try:
            wanted = Format(format)
        except ValueError as error:
            names = ", ".join(one.value for one in Format)
            raise UsageError(f"There is no format {format!r}; choose one of {names}.") from error
        return [Path(folder) / name for name in write_format(self._path, wanted, Path(folder))]

    def save(self, path: str | Path) -> Path:
        """Keep the session as one file, which `load`, the review window and every command open.

        Only the user may read the file. One that is there already is not replaced. Kept video stays where it
        is.

        Raises
        ------
        UsageError
            The name does not end in .mirrorsync.
        SessionError
            The file exists already, or cannot be written.
        """
        wanted = Path(path)
        if wanted.suffix != SESSION_SUFFIX:
            raise UsageError(f"The name of a session ends in {SESSION_SUFFIX}; {wanted} does not.")
        copy_session(self._path, wanted)
        return wanted

    def write(self, folder: str | Path) -> Path:
        """Write the files of `mirrorsync analyze` into a folder and return it; the bytes are the same.

        What an earlier analysis left in the folder is replaced or removed.

        Raises
        ------
        MirrorSyncError
            The folder cannot be written.
        """
        from mirrorsync.analysis.recordings import files_of_earlier

        with (
            output_folder(Path(folder), owned=files_of_earlier(Path(folder))) as partial,
            SessionReader(self._path) as reader,
        ):
            export_session(reader, partial, self.settings)
        return Path(folder)

    def __repr__(self) -> str:
        lines = [self._title(), *(f"  {self._line(name)}" for name in self._tested())]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: a line on the session and a table of its statistics."""
        head = "".join(
            f"<th>{name}</th>" for name in ("channel", "mean", "chance", "p", "coverage", "lag, s")
        )
        rows = []
        for name in self._tested():
            of = self.statistics[name]
            cells = (name, *map(_short, (of.mean, of.chance_mean, of.p_value, of.coverage, of.peak_lag_s)))
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        title = html.escape(self._title())
        return f"<p>{title}</p><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"

    def _title(self) -> str:
        with SessionReader(self._path) as reader:
            meta, seconds = reader.meta, reader.duration_s
        rate = f"{self.settings.rate_hz:g}"
        return f"Session of {meta.label_a} and {meta.label_b}, {seconds:.1f} s at {rate} Hz"

    def _tested(self) -> list[str]:
        return [name for name, of in self.statistics.items() if not math.isnan(of.mean)]

    def _line(self, name: str) -> str:
        of = self.statistics[name]
        lag = "" if math.isnan(of.peak_lag_s) else f", lag {of.peak_lag_s:+.2f} s"
        return (
            f"{name}: {_short(of.mean)} (chance {_short(of.chance_mean)}), p = {_short(of.p_value)}, "
            f"coverage {_short(of.coverage)}{lag}"
        )


def _short(value: float) -> str:
    return "—" if math.isnan(value) else f"{value:.3g}"


def _channel_statistics(told: Mapping[str, Any], leads: Mapping[str, Any]) -> ChannelStatistics:
    numbers = (one.name for one in fields(ChannelStatistics) if one.name != "leader")
    values = {name: math.nan if told.get(name) is None else float(told[name]) for name in numbers}
    return ChannelStatistics(**values, leader=str(leads.get("leader") or ""))


def _rows_table(rows: Sequence[Any], kind: Any) -> pd.DataFrame:
    import pandas as pd

    names = [one.name for one in fields(kind)]
    return pd.DataFrame([[getattr(row, name) for name in names] for row in rows], columns=names)
