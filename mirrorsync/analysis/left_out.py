"""Stretches that were left out only after a session had been scored with them.

A recording that is analysed with `--exclude` never sees a stretch. One that is left out later stands in the
session: what was seen in it goes, and so does every score and window that remembers it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mirrorsync.engine.exclusion import Exclusion
from mirrorsync.features.breathing import BREATH_WINDOW_S
from mirrorsync.features.pace import PACE_WINDOW_S
from mirrorsync.session.blocks import ScoreArrays, TickBlock
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.reader import SessionReader
from mirrorsync.settings import Settings, load_settings
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS
from mirrorsync.types import FloatArray, Landmarks, SessionEvent, WindowRow

__all__ = ["LeftOut", "SessionWithout"]


class LeftOut:
    """What rests on stretches that were left out later.

    A score remembers as much of the past as it is taken from: it is left out until the stretch is forgotten.

    Parameters
    ----------
    before : str
        The stretches that were left out when the session was scored, as in `Settings.exclude`.
    settings : Settings
        Those that it was scored with, but `exclude` with the further stretches.
    """

    def __init__(self, before: str, settings: Settings) -> None:
        known, now = _stretches(before), _stretches(settings.exclude)
        self.fresh = Exclusion(settings.with_(exclude=", ".join(s for s in now if s not in known)))
        self._lag_ns = round(settings.lag_s * 1e9)
        memory_s = {
            **dict.fromkeys((*SYNC_CHANNELS, "attunement"), settings.window_s + settings.lag_s),
            "breathing_match": BREATH_WINDOW_S,
            "pace_match": PACE_WINDOW_S,
        }
        self._memory_ns = {name: round(memory_s.get(name, 0.0) * 1e9) for name in CHANNELS}

    def remembered(self, channel: str, t_ns: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return at which times a channel's score rests on such a stretch, same shape."""
        return self.fresh.meets(t_ns - self._memory_ns[channel], t_ns)

    def met(self, row: WindowRow) -> bool:
        """Return whether a window rests on such a stretch."""
        start_ns, end_ns = (np.array(round(second * 1e9)) for second in (row.start_s, row.end_s))
        return bool(self.fresh.meets(start_ns - self._lag_ns, end_ns))


class SessionWithout(SessionReader):
    """A session as if stretches of it had never been seen: what everything that leaves the program reads.

    Rows of the stretches stay, empty, as after `analyze --exclude`; scores and windows that remember a
    stretch are gone, and so is what happened in it. The stretches stand in `meta.parameters["exclude"]`.
    The timeline, which is only looked at, stays whole.

    Parameters
    ----------
    path : Path
        The session file.
    excluded : sequence of (start_s, end_s)
        Stretches to leave out besides those that the session was scored without.

    Raises
    ------
    SettingsError
        A stretch ends before it starts.
    """

    def __init__(self, path: Path, excluded: Sequence[tuple[float, float]] = ()) -> None:
        super().__init__(path)
        try:
            stored = super().meta
            before = str(stored.parameters.get("exclude", ""))
            further = (f"{start_s:.3f}-{end_s:.3f}" for start_s, end_s in excluded)
            now = ", ".join([*_stretches(before), *further])
            self._meta = replace(
                stored, parameters={**stored.parameters, "exclude": now} if excluded else stored.parameters
            )
            self._left_out = LeftOut(before, load_settings(**self._meta.parameters))
        except BaseException:
            self.close()
            raise

    @property
    def meta(self) -> SessionMeta:
        """What the session says about itself, with all stretches that are left out."""
        return self._meta

    def windows(self) -> Iterator[WindowRow]:
        """Yield the windows that rest on no stretch that was left out later."""
        return (row for row in super().windows() if not self._left_out.met(row))

    def events(self, kind: str | None = None) -> Iterator[SessionEvent]:
        """Yield what happened outside the stretches; a neutral holds beyond them, and stays."""
        for event in super().events(kind):
            if event.kind == "neutral" or not self._gone(event.t_ns):
                yield event

    def landmarks(self, side: str) -> Iterator[Landmarks]:
        """Yield the landmarks that were kept, those of the stretches empty."""
        for found in super().landmarks(side):
            yield Landmarks(found.t_ns, found.width, found.height) if self._gone(found.t_ns) else found

    def _gone(self, t_ns: int) -> bool:
        return bool(self._left_out.fresh.holds(np.array(t_ns)))

    def _block(self, start_ns: int, end_ns: int, limit: int) -> TickBlock:
        block = super()._block(start_ns, end_ns, limit)
        return _without(block, self._left_out) if self._left_out.fresh else block


def _stretches(text: str) -> list[str]:
    return [stretch.strip() for stretch in text.split(",") if stretch.strip()]


def _without(block: TickBlock, left_out: LeftOut) -> TickBlock:
    """Return ticks as those of two people who were not there in the stretches."""
    gone = left_out.fresh.holds(block.t_ns)
    forgotten = left_out.remembered("attunement", block.t_ns)
    scores = {
        name: _unscored(of, gone, left_out.remembered(name, block.t_ns)) for name, of in block.scores.items()
    }
    return replace(
        block,
        pose_a=block.pose_a & ~gone,
        face_a=block.face_a & ~gone,
        pose_b=block.pose_b & ~gone,
        face_b=block.face_b & ~gone,
        features_a=_emptied(block.features_a, gone),
        features_b=_emptied(block.features_b, gone),
        seen_a=np.where(gone[:, None], 0.0, block.seen_a),
        seen_b=np.where(gone[:, None], 0.0, block.seen_b),
        scores=scores,
        leader=np.where(forgotten, "none", block.leader),
        lag_s=_emptied(block.lag_s, forgotten),
    )


def _unscored(scores: ScoreArrays, gone: NDArray[np.bool_], remembered: NDArray[np.bool_]) -> ScoreArrays:
    return ScoreArrays(
        value=_emptied(scores.value, remembered),
        coverage=np.where(gone, 0.0, scores.coverage),
        lag_s=_emptied(scores.lag_s, remembered),
        chance_mean=_emptied(scores.chance_mean, gone),
        chance_sd=_emptied(scores.chance_sd, gone),
        level=_emptied(scores.level, remembered),
    )


def _emptied(values: FloatArray, which: NDArray[np.bool_]) -> FloatArray:
    return np.where(which[:, None] if values.ndim == 2 else which, np.nan, values)
