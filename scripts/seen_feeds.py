"""Feeds looked at once and kept: what the validation scripts combine into many pairs.

What is found in a person's picture depends on that person's picture alone. So every feed goes through the
real landmarkers once, its landmarks are kept in a folder (they belong to the exact code that found them),
and features, clock and scores are made from them by the program's own engine, for as many pairs as wanted.
"""

from __future__ import annotations

import hashlib
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mirrorsync.capture.source import VideoSource
from mirrorsync.engine.engine import Engine
from mirrorsync.engine.pairing import file_pairs
from mirrorsync.features.baseline import Baseline
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker
from mirrorsync.settings import Settings
from mirrorsync.synchrony.session_scores import SessionScores
from mirrorsync.synchrony.session_statistics import session_statistics
from mirrorsync.tables import CHANNELS, N_FEATURES
from mirrorsync.types import Features, FloatArray, Frame, Landmarks, Observation, Snapshot

__all__ = ["Feed", "Scores", "Shelf", "look", "paragraph", "plot", "score", "session_of", "table"]

PACKAGE = Path(__file__).resolve().parents[1] / "mirrorsync"
Statistics = dict[str, dict[str, float]]


def _version() -> str:
    """Return a digest of the code between a picture and its landmarks."""
    digest = hashlib.sha256()
    for path in sorted((*(PACKAGE / "capture").glob("*.py"), *(PACKAGE / "landmarks").glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


VERSION = _version()  # of the code that was loaded, whatever happens to the files meanwhile


@dataclass(frozen=True)
class Feed:
    """What was seen in a feed: times in ns, and features with their visibilities, shape (n, n_features)."""

    t_ns: NDArray[np.int64]
    values: FloatArray
    visibility: FloatArray

    @classmethod
    def of(cls, seen: Sequence[Landmarks]) -> Feed:
        """Return the features of landmarks, in their order."""
        extract = FeatureExtractor()
        features = [extract(landmarks) for landmarks in seen]
        return cls(
            np.array([each.t_ns for each in features], dtype=np.int64),
            np.array([each.values for each in features]).reshape(-1, N_FEATURES),
            np.array([each.visibility for each in features]).reshape(-1, N_FEATURES),
        )

    @property
    def t_s(self) -> FloatArray:
        """Times in seconds."""
        return self.t_ns.astype(np.float64) * 1e-9

    @property
    def seconds(self) -> float:
        """Time of the last frame."""
        return float(self.t_ns[-1]) * 1e-9

    def later(self, seconds: float) -> Feed:
        """Return the feed shown so much later; what would come before time 0 is cut off."""
        t_ns = self.t_ns + round(seconds * 1e9)
        return replace(self, t_ns=t_ns)._where(t_ns >= 0)

    def until(self, seconds: float) -> Feed:
        """Return the feed up to a time."""
        return self._where(self.t_ns <= round(seconds * 1e9))

    def _where(self, keep: NDArray[np.bool_]) -> Feed:
        return Feed(self.t_ns[keep], self.values[keep], self.visibility[keep])

    def observations(self) -> Iterator[Observation]:
        """Yield what the engine takes; the pictures are gone."""
        blank = np.zeros((1, 1, 3), np.uint8)
        for index, t in enumerate(self.t_ns.tolist()):
            features = Features(t, self.values[index], self.visibility[index])
            yield Observation(Frame("seen", index, t, blank), Landmarks(t, 1, 1), features)


def look(frames: Iterable[Frame]) -> list[Landmarks]:
    """Return what the real landmarkers find in a feed."""
    with MediaPipeLandmarker() as landmarker:
        return [landmarker.detect(frame) for frame in frames]


class Shelf:
    """Keeps the landmarks of feeds in a folder.

    Parameters
    ----------
    folder : Path
        Made if need be.
    any_version : bool
        Also take what an earlier version of the code has found.
    only_kept : bool
        Look at nothing anew: LookupError for what is not in the folder.
    """

    def __init__(self, folder: Path, *, any_version: bool = False, only_kept: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._any = any_version
        self._only_kept = only_kept

    def feed(self, name: str, make_source: Callable[[], VideoSource]) -> Feed:
        """Return the feed called `name`, from the folder or by looking at the source now."""
        digest = hashlib.sha256(name.encode()).hexdigest()[:12]
        path = self._folder / f"{digest}.npz"
        kept = self._load(path)
        if kept is None and self._only_kept:
            raise LookupError(f"{name} was not looked at yet by this version")
        if kept is None:
            print(f"looking at {name}", file=sys.stderr, flush=True)
            with make_source() as source:
                kept = look(source)
            stacked: dict[str, Any] = {
                f.name: np.array([getattr(each, f.name) for each in kept]) for f in fields(Landmarks)
            }
            np.savez(path, version=np.array(VERSION), **stacked)
        return Feed.of(kept)

    def _load(self, path: Path) -> list[Landmarks] | None:
        if not path.is_file():
            return None
        with np.load(path) as data:
            if not self._any and str(data["version"]) != VERSION:
                return None
            # What an earlier version did not know yet has its default.
            columns: dict[str, NDArray[Any]] = {
                f.name: data[f.name] for f in fields(Landmarks) if f.name in data
            }
        scalars = {"t_ns": int, "width": int, "height": int, "chest_flow": float, "body_held": bool}
        return [
            Landmarks(**{k: scalars[k](v[i]) if k in scalars else v[i] for k, v in columns.items()})
            for i in range(len(columns["t_ns"]))
        ]


@dataclass(frozen=True)
class Scores:
    """A session of two feeds: its snapshots, and the statistics that an analysis would export."""

    snapshots: list[Snapshot]
    statistics: Statistics

    def series(self, channel: str, what: str = "value") -> FloatArray:
        """Return one number of a channel at every tick."""
        return np.array([getattr(each.scores[channel], what) for each in self.snapshots])


def score(a: Feed, b: Feed, settings: Settings) -> Scores:
    """Run two feeds, from time 0 on, through clock, engine and session statistics."""
    snapshots = list(Engine(settings).run(file_pairs(a.observations(), b.observations(), settings)))
    return Scores(snapshots, session_statistics(session_of(snapshots, settings), settings))


def session_of(snapshots: Sequence[Snapshot], settings: Settings) -> SessionScores:
    """Return a session as its snapshots tell it, for `session_statistics`."""
    pairs = [each.pair for each in snapshots]
    values, seen, neutrals = [], [], []
    for people in ([p.a for p in pairs], [p.b for p in pairs]):
        nobody = np.full(N_FEATURES, np.nan)
        values.append(np.array([nobody if p is None else p.values for p in people]))
        seen.append(np.array([np.zeros(N_FEATURES) if p is None else p.visibility for p in people]))
        baseline = Baseline(rate_hz=settings.rate_hz, learn_s=settings.baseline_s)
        neutrals.append(np.array([baseline.update(row) for row in values[-1]]))
    return SessionScores.of_features(
        values[0],
        values[1],
        seen_a=seen[0],
        seen_b=seen[1],
        neutral_a=neutrals[0],
        neutral_b=neutrals[1],
        values={n: np.array([s.scores[n].value for s in snapshots]) for n in CHANNELS},
        coverages={n: np.array([s.scores[n].coverage for s in snapshots]) for n in CHANNELS},
        windows=[row for s in snapshots for row in s.windows],
        anatomical=np.array([s.mirror_mode == "anatomical" for s in snapshots]),
        settings=settings,
    )


def paragraph(text: str) -> list[str]:
    """Return the lines of a paragraph and an empty one."""
    return [*textwrap.wrap(" ".join(text.split()), 116), ""]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
    ]


def plot(
    title: str, x_name: str, y_name: str, points: Sequence[tuple[float, float]], *, reach: float, line: bool
) -> str:
    """Return an SVG of points in −reach … reach both ways, with the diagonal if `line`."""
    at = [(150 + 150 * x / reach, 100 + 100 * y / reach) for x, y in points]
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="#4477aa"/>' for x, y in at)
    diagonal = '<path d="M0 0L300 200" stroke="#ee6677" stroke-dasharray="5 4"/>' if line else ""
    return "\n".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" width="380" height="280" font-family="sans-serif">',
            '<rect width="380" height="280" fill="white"/>',
            f'<text x="20" y="20" font-size="13">{title}</text>',
            f'<g transform="translate(60,235) scale(1,-1)">{diagonal}{dots}',
            '<path d="M0 200V0H300" fill="none" stroke="black"/></g>',
            f'<text x="210" y="262" font-size="12" text-anchor="middle">{x_name}</text>',
            f'<text transform="translate(30,135) rotate(-90)" font-size="12" text-anchor="middle">{y_name}'
            "</text></svg>",
            "",
        )
    )
