"""Ticks as rows of the store, and many rows as arrays.

Whatever leaves the program, live or from a file, goes through `TickBlock`: the same snapshots give the
same numbers either way, features rounded to float32 included.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mirrorsync.tables import CHANNELS, FEATURE_INDEX, FEATURE_NAMES, N_FEATURES
from mirrorsync.types import NO_SCORE, Features, FloatArray, Snapshot

__all__ = [
    "CHANNEL_NAMES",
    "ROW_COLUMNS",
    "SCORE_FIELDS",
    "TIMELINE_COLUMNS",
    "ScoreArrays",
    "TickBlock",
    "TimelineBlock",
    "tick_row",
]

CHANNEL_NAMES: tuple[str, ...] = tuple(CHANNELS)
SCORE_FIELDS: tuple[str, ...] = ("value", "coverage", "lag_s", "chance_mean", "chance_sd", "level")
ROW_COLUMNS: tuple[str, ...] = (
    "t_ns", "tick", "pose_a", "face_a", "pose_b", "face_b", "leader", "lag_s", "mirror_mode",
    "latency_ms", "dropped_a", "dropped_b", "scores", "features_a", "features_b", "seen_a", "seen_b",
)  # fmt: skip
TIMELINE_COLUMNS: tuple[str, ...] = (
    "t_ns", "pose_a", "face_a", "pose_b", "face_b", "leader", "lag_s", "scores",
)  # fmt: skip

_SCORES = struct.Struct(f"<{len(CHANNEL_NAMES) * len(SCORE_FIELDS)}d")
_SEEN_STEPS = 255.0  # a visibility is kept as one byte
_POSE, _FACE = FEATURE_INDEX["pose_found"], FEATURE_INDEX["face_found"]


def _found(person: Features | None, index: int) -> int:
    return int(person is not None and person.values[index] > 0.5)


def _feature_blob(person: Features | None) -> bytes | None:
    return None if person is None else person.values.astype("<f4").tobytes()


def _seen_blob(person: Features | None) -> bytes | None:
    return None if person is None else np.rint(person.visibility * _SEEN_STEPS).astype("u1").tobytes()


def tick_row(snapshot: Snapshot) -> tuple[Any, ...]:
    """Return a snapshot as one row, in the order of `ROW_COLUMNS`.

    Raises
    ------
    ValueError
        A score's channel is not in `mirrorsync.tables.CHANNELS`, or the features are not its features.
    """
    pair, scores = snapshot.pair, snapshot.scores
    if not scores.keys() <= CHANNELS.keys():
        raise ValueError(f"no such channels: {sorted(scores.keys() - CHANNELS.keys())}")
    for person in (pair.a, pair.b):
        if person is not None and person.values.shape[0] != N_FEATURES:
            raise ValueError(f"{person.values.shape[0]} features, expected {N_FEATURES}")
    numbers: list[float] = []
    for name in CHANNEL_NAMES:
        s = scores.get(name, NO_SCORE)
        numbers += (s.value, s.coverage, s.lag_s, s.chance_mean, s.chance_sd, s.level)
    return (
        pair.t_ns, pair.tick,
        _found(pair.a, _POSE), _found(pair.a, _FACE), _found(pair.b, _POSE), _found(pair.b, _FACE),
        snapshot.leader, snapshot.lag_s, snapshot.mirror_mode,
        snapshot.latency_ms, snapshot.dropped_a, snapshot.dropped_b,
        _SCORES.pack(*numbers), _feature_blob(pair.a), _feature_blob(pair.b),
        _seen_blob(pair.a), _seen_blob(pair.b),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScoreArrays:
    """One channel over n ticks: the fields of `SyncScore`, each an array of shape (n,)."""

    value: FloatArray
    coverage: FloatArray
    lag_s: FloatArray
    chance_mean: FloatArray
    chance_sd: FloatArray
    level: FloatArray


@dataclass(frozen=True, slots=True)
class TickBlock:
    """n ticks in a row as arrays.

    Attributes
    ----------
    tick, t_ns : ndarray of int64, shape (n,)
        Number of the tick and nanoseconds since the start of the session.
    pose_a, face_a, pose_b, face_b : ndarray of bool, shape (n,)
        Whether a body or a face was found.
    features_a, features_b : ndarray of float64, shape (n, n_features)
        In the order of `mirrorsync.tables.FEATURES`, of float32 precision; NaN where missing.
    seen_a, seen_b : ndarray of float64, shape (n, n_features)
        Their visibilities, 0–1 in steps of 1/255; 0 where missing.
    scores : mapping of str to ScoreArrays
        Every channel of `mirrorsync.tables.CHANNELS`.
    leader, mirror_mode : ndarray of str, shape (n,)
        "a", "b" or "none"; "mirror" or "anatomical".
    lag_s : ndarray of float64, shape (n,)
        The lag behind `leader`, seconds; positive: B follows A.
    latency_ms : ndarray of float64, shape (n,)
        NaN offline.
    dropped_a, dropped_b : ndarray of int64, shape (n,)
        Frames dropped up to this tick.
    """

    tick: NDArray[np.int64]
    t_ns: NDArray[np.int64]
    pose_a: NDArray[np.bool_]
    face_a: NDArray[np.bool_]
    pose_b: NDArray[np.bool_]
    face_b: NDArray[np.bool_]
    features_a: FloatArray
    features_b: FloatArray
    seen_a: FloatArray
    seen_b: FloatArray
    scores: Mapping[str, ScoreArrays]
    leader: NDArray[np.str_]
    lag_s: FloatArray
    mirror_mode: NDArray[np.str_]
    latency_ms: FloatArray
    dropped_a: NDArray[np.int64]
    dropped_b: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.tick.shape[0])

    @property
    def time_s(self) -> FloatArray:
        """Seconds since the start of the session, shape (n,)."""
        return np.asarray(self.t_ns / 1e9, dtype=np.float64)

    @classmethod
    def from_snapshots(cls, snapshots: Iterable[Snapshot]) -> TickBlock:
        """Return snapshots as a store would give them back."""
        return cls.from_rows([tick_row(snapshot) for snapshot in snapshots])

    @classmethod
    def from_rows(
        cls,
        rows: Sequence[tuple[Any, ...]],
        *,
        feature_names: Sequence[str] = FEATURE_NAMES,
        channel_names: Sequence[str] = CHANNEL_NAMES,
        score_fields: Sequence[str] = SCORE_FIELDS,
    ) -> TickBlock:
        """Return rows in the order of `ROW_COLUMNS` as arrays.

        The names say what the blobs hold; what this program knows and the blobs do not becomes NaN.

        Raises
        ------
        ValueError
            A blob has another length than its names.
        """
        columns: dict[str, Sequence[Any]] = dict(
            zip(ROW_COLUMNS, zip(*rows, strict=True) if rows else [()] * len(ROW_COLUMNS), strict=True)
        )

        def numbers(name: str) -> FloatArray:
            return np.array(columns[name], dtype=np.float64)

        def counts(name: str) -> NDArray[np.int64]:
            return np.array(columns[name], dtype=np.int64)

        def flags(name: str) -> NDArray[np.bool_]:
            return np.array(columns[name], dtype=np.bool_)

        def words(name: str) -> NDArray[np.str_]:
            return np.array(columns[name], dtype=np.str_)

        return cls(
            tick=counts("tick"),
            t_ns=counts("t_ns"),
            pose_a=flags("pose_a"),
            face_a=flags("face_a"),
            pose_b=flags("pose_b"),
            face_b=flags("face_b"),
            features_a=_features(columns["features_a"], feature_names),
            features_b=_features(columns["features_b"], feature_names),
            seen_a=_seen(columns["seen_a"], feature_names),
            seen_b=_seen(columns["seen_b"], feature_names),
            scores=_scores(columns["scores"], channel_names, score_fields),
            leader=words("leader"),
            lag_s=numbers("lag_s"),
            mirror_mode=words("mirror_mode"),
            latency_ms=numbers("latency_ms"),
            dropped_a=counts("dropped_a"),
            dropped_b=counts("dropped_b"),
        )


@dataclass(frozen=True, slots=True)
class TimelineBlock:
    """n ticks in a row, without features: what a timeline is drawn from, quick to read.

    Attributes
    ----------
    t_ns : ndarray of int64, shape (n,)
        Nanoseconds since the start of the session.
    found_a, found_b : ndarray of bool, shape (n,)
        Whether a body or a face was found.
    leader : ndarray of str, shape (n,)
        "a", "b" or "none".
    lag_s : ndarray of float64, shape (n,)
        The lag behind the leader, seconds; positive: B follows A.
    scores : mapping of str to ScoreArrays
        Every channel of `mirrorsync.tables.CHANNELS`.
    """

    t_ns: NDArray[np.int64]
    found_a: NDArray[np.bool_]
    found_b: NDArray[np.bool_]
    leader: NDArray[np.str_]
    lag_s: FloatArray
    scores: Mapping[str, ScoreArrays]

    def __len__(self) -> int:
        return int(self.t_ns.shape[0])

    @classmethod
    def from_rows(
        cls, rows: Sequence[tuple[Any, ...]], *, channel_names: Sequence[str], score_fields: Sequence[str]
    ) -> TimelineBlock:
        """Return rows in the order of `TIMELINE_COLUMNS` as arrays; ValueError as `TickBlock.from_rows`."""
        columns = list(zip(*rows, strict=True)) if rows else [()] * len(TIMELINE_COLUMNS)
        found = np.array(columns[1:5], dtype=np.bool_)
        return cls(
            t_ns=np.array(columns[0], dtype=np.int64),
            found_a=found[0] | found[1],
            found_b=found[2] | found[3],
            leader=np.array(columns[5], dtype=np.str_),
            lag_s=np.array(columns[6], dtype=np.float64),
            scores=_scores(columns[7], channel_names, score_fields),
        )


def _features(blobs: Sequence[bytes | None], names: Sequence[str]) -> FloatArray:
    """Decode feature blobs into shape (n, N_FEATURES), columns in the order of the program's table."""
    return _vectors(blobs, names, "<f4", missing=np.nan)


def _seen(blobs: Sequence[bytes | None], names: Sequence[str]) -> FloatArray:
    """Decode visibility blobs as `_features` does; what is missing was not seen."""
    return _vectors(blobs, names, "u1", missing=0) / _SEEN_STEPS


def _vectors(
    blobs: Sequence[bytes | None], names: Sequence[str], dtype: str, *, missing: float
) -> FloatArray:
    gap = np.full(len(names), missing, dtype=dtype).tobytes()
    stored = _decode([gap if blob is None else blob for blob in blobs], dtype, (len(names),))
    out = np.full((len(blobs), N_FEATURES), float(missing))
    known = [(i, FEATURE_INDEX[name]) for i, name in enumerate(names) if name in FEATURE_INDEX]
    out[:, [to for _, to in known]] = stored[:, [at for at, _ in known]]
    return out


def _scores(
    blobs: Sequence[bytes], channel_names: Sequence[str], score_fields: Sequence[str]
) -> dict[str, ScoreArrays]:
    """Decode score blobs into arrays by channel; a channel that was not stored says nothing (coverage 0)."""
    stored = _decode(blobs, "<f8", (len(channel_names), len(score_fields)))
    out: dict[str, ScoreArrays] = {}
    for name in CHANNEL_NAMES:
        fields = {field: np.full(len(blobs), getattr(NO_SCORE, field)) for field in SCORE_FIELDS}
        if name in channel_names:
            at = list(channel_names).index(name)
            fields |= {f: stored[:, at, i].copy() for i, f in enumerate(score_fields) if f in SCORE_FIELDS}
        out[name] = ScoreArrays(**fields)
    return out


def _decode(blobs: Sequence[bytes], dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """Return equally long blobs as an array of shape (n, *shape)."""
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    if any(len(blob) != size for blob in blobs):
        raise ValueError("a stored vector has another length than its names")
    return np.frombuffer(b"".join(blobs), dtype=dtype).reshape(len(blobs), *shape)
