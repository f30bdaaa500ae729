"""What figures are drawn from: a session file, or the folder of an analysis."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mirrorsync.errors import ExportError, SeriesError
from mirrorsync.readers.text_table import read_text_table
from mirrorsync.session.places import SESSION_SUFFIX
from mirrorsync.session.store import SessionReader
from mirrorsync.settings import SETTINGS, Settings
from mirrorsync.synchrony.chance import SurrogateTest, synchrony_test
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNAL_CHANNEL, movement
from mirrorsync.tables import CHANNELS, FEATURE_NAMES
from mirrorsync.types import FloatArray

__all__ = ["SURE", "FigureData"]

SURE = 0.05
"""A p-value below this tells a channel apart from chance."""

_EVERY_S = 1.0  # windows of the figures are scored once a second


@dataclass(frozen=True, slots=True)
class FigureData:
    """One session of n ticks.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        Seconds since the start.
    scores : mapping of str to ndarray, shape (n,)
        By channel; NaN where there was too little to say.
    lag_s : ndarray, shape (n,)
        Lag behind whoever leads now, positive: B follows A; NaN when nobody does.
    leader : ndarray of str, shape (n,)
        "a", "b" or "none".
    anatomical : ndarray of bool, shape (n,)
        Where posture was compared anatomically.
    features_a, features_b : ndarray, shape (n, n_features)
        What was measured.
    statistics : mapping of str to mapping
        By channel, as in summary.json; empty when they are not known.
    settings : Settings
        In force.
    label_a, label_b : str
        What the people are called.
    """

    time_s: FloatArray
    scores: Mapping[str, FloatArray]
    lag_s: FloatArray
    leader: NDArray[np.str_]
    anatomical: NDArray[np.bool_]
    features_a: FloatArray
    features_b: FloatArray
    statistics: Mapping[str, Mapping[str, float | None]]
    settings: Settings
    label_a: str = "A"
    label_b: str = "B"
    _tests: dict[str, SurrogateTest | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def from_session(
        cls, reader: SessionReader, statistics: Mapping[str, Mapping[str, float | None]] | None = None
    ) -> Self:
        """Return what a session file holds.

        Parameters
        ----------
        reader : SessionReader
            The session.
        statistics : mapping, optional
            By channel, of the whole session (`mirrorsync.analysis.statistics_of`).
        """
        block = reader.read()
        meta = reader.meta
        return cls(
            time_s=block.time_s,
            scores={name: scores.value for name, scores in block.scores.items()},
            lag_s=block.lag_s,
            leader=block.leader,
            anatomical=block.mirror_mode == "anatomical",
            features_a=block.features_a,
            features_b=block.features_b,
            statistics=statistics or {},
            settings=_settings(meta.parameters),
            label_a=meta.label_a,
            label_b=meta.label_b,
        )

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Return what the files of an analysis hold; people are called A and B.

        Where the folder also holds the session itself, that is read, with the statistics of the summary.

        Raises
        ------
        ExportError
            A file of the analysis is missing or damaged.
        """
        sessions = list(folder.glob(f"*{SESSION_SUFFIX}"))
        try:
            summary: dict[str, Any] = json.loads((folder / "summary.json").read_text("utf-8"))
            if len(sessions) == 1:
                with SessionReader(sessions[0]) as reader:
                    return cls.from_session(reader, summary["channels"])
            frames = _numbers(folder / "frames.csv")
            people = [_numbers(folder / f"features_{side}.csv") for side in "ab"]
            channels = {name: frames[name] for name in CHANNELS if name in frames}
            lag_s = frames["lag_s"]
            lead = np.where(lag_s > 0, "a", np.where(lag_s < 0, "b", "none"))
            fitting = channels["posture_alignment_anatomical"] > channels["posture_alignment"]
            mirror = summary["parameters"].get("mirror", "auto")
            features = [np.column_stack([person[name] for name in FEATURE_NAMES]) for person in people]
        except (OSError, KeyError, ValueError) as error:
            raise ExportError(
                f"{folder} does not hold a whole analysis ({error}); name a session file, or a folder that "
                "`mirrorsync analyze` wrote."
            ) from error
        # The form in force stands in the session only: here it is the one that fitted better overall.
        anatomical = mirror == "anatomical" or (mirror == "auto" and bool(fitting.mean() > 0.5))
        return cls(
            time_s=frames["time_s"],
            scores=channels,
            lag_s=lag_s,
            leader=lead,
            anatomical=np.full(lag_s.size, anatomical),
            features_a=features[0],
            features_b=features[1],
            statistics=summary.get("channels", {}),
            settings=_settings(summary["parameters"]),
        )

    @property
    def duration_s(self) -> float:
        """Seconds from the first tick to the end of the last."""
        return (
            float(self.time_s[-1] - self.time_s[0]) + 1 / self.settings.rate_hz if self.time_s.size else 0.0
        )

    def signals(self) -> tuple[FloatArray, FloatArray]:
        """Return the movement signals of both, shape (n, 8)."""
        rate_hz, smooth_s = self.settings.rate_hz, self.settings.smooth_s
        a, b = (movement(v, rate_hz=rate_hz, smooth_s=smooth_s) for v in (self.features_a, self.features_b))
        return a, b

    def test(self, channel: str) -> SurrogateTest | None:
        """Return the test of a synchrony channel whose p-value stands in the summary; worked out once.

        None when the session is too short for one.
        """
        if channel not in self._tests:
            a, b = self.signals()
            members = [k for k, name in enumerate(SIGNAL_CHANNEL) if name == channel]
            signs = np.where(self.anatomical[:, None], 1.0, MIRROR_SIGNS[members])
            settings = self.settings
            try:
                self._tests[channel] = synchrony_test(
                    a[:, members], b[:, members] * signs, rate_hz=settings.rate_hz,
                    window_s=settings.window_s, lag_s=settings.lag_s, seed=settings.seed,
                    min_coverage=settings.min_coverage,
                )  # fmt: skip
            except SeriesError:
                self._tests[channel] = None
        return self._tests[channel]

    def sure(self, channel: str) -> bool:
        """Return whether a synchrony channel is told apart from chance."""
        test = self.test(channel)
        return test is not None and test.p_value < SURE

    def mean_z(
        self, signals_a: FloatArray, signals_b: FloatArray, channel: str
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return a channel's Fisher z, mean over its signals, in windows scored once a second.

        Returns
        -------
        middles_s : ndarray, shape (n_windows,)
        lags_s : ndarray, shape (n_lags,)
        z : ndarray, shape (n_windows, n_lags)
        """
        rate = self.settings.rate_hz
        window, lag = round(self.settings.window_s * rate), round(self.settings.lag_s * rate)
        total: list[FloatArray] = []
        for k in (i for i, name in enumerate(SIGNAL_CHANNEL) if name == channel):
            grid = windowed_correlation(
                signals_a[:, k], signals_b[:, k], window=window, max_lag=lag,
                step=max(round(_EVERY_S * rate), 1), framing="causal",
                min_coverage=self.settings.min_coverage,
            )  # fmt: skip
            ends = grid.starts + window - 1
            total.append(grid.z * np.where(self.anatomical[ends], 1.0, MIRROR_SIGNS[k])[:, None])
        stack = np.array(total)
        count = np.isfinite(stack).sum(axis=0)
        mean = np.where(count > 0, np.nansum(stack, axis=0) / np.maximum(count, 1), np.nan)
        first_s = float(self.time_s[0]) if self.time_s.size else 0.0
        middles_s = np.asarray(first_s + (grid.starts + window / 2) / rate, dtype=np.float64)
        return middles_s, grid.lags / rate, mean


def _settings(parameters: Mapping[str, Any]) -> Settings:
    return Settings(**{name: value for name, value in parameters.items() if name in SETTINGS})


def _numbers(path: Path) -> dict[str, FloatArray]:
    """Return all columns of one of our own tables; those without a number are NaN throughout."""
    table = read_text_table(path)
    named = table.named()
    with path.open(encoding="utf-8", newline="") as file:
        names = next(csv.reader(file), [])
    return {name: named.get(name, np.full(table.n_rows, np.nan)) for name in names}
