"""Validate the scores on real clips: each against its own altered copy, and against everybody else's.

    python scripts/validate_clips.py [FOLDER OF CLIPS] [--report docs] [--cache FOLDER]

The copy is flipped left to right, shrunk, encoded again (MPEG-4) and shown 0.9 s later. It must score above
the copies of all other clips on every synchrony channel and on posture and expression alignment. Prints the
tables of all pairs and, with --report, writes validation_clips.md there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from seen_feeds import Feed, Scores, Shelf, paragraph, score, table

from mirrorsync.capture.source import VideoSource, WrappedSource, open_source
from mirrorsync.settings import Settings
from mirrorsync.synchrony.alignment import Alignment, expression_alignment, posture_alignment
from mirrorsync.synchrony.attunement import chance_level
from mirrorsync.synchrony.clock import resample
from mirrorsync.synchrony.correlation import windowed_correlation
from mirrorsync.synchrony.movement import MIRROR_SIGNS, SIGNAL_CHANNEL, movement
from mirrorsync.tables import N_FEATURES, SYNC_CHANNELS
from mirrorsync.types import FloatArray, Frame

DELAY_S = 0.9
SHRUNK = 0.7
SECONDS = 40.0
SETTINGS = Settings()

CLIPS = {
    "franck": "reg_clm_franck.mp4",
    "cap12": "reg_clm_cap12.mp4",
    "cap13": "reg_clm_cap13.mp4",
    "woman": "reg_pyfeat_woman_occlusion.mp4",
    "speaker": "reg_obama_speech_two_people.mp4#right",
    "listener": "reg_obama_speech_two_people.mp4#left",
    "carphone": "reg_carphone.mp4",
    "smile": "reg_pyfeat_single_face.mp4",
    "man": "reg_pyfeat_face_then_noface_vfr_hevc.mov",
    "brother": "asl_brother.mkv",
    "sister": "asl_sister.mkv",
    "student": "asl_student.mkv",
    "learn": "asl_learn.mkv",
    "eat": "asl_eat.mkv",
    "school": "asl_school.mkv",
    "night": "asl_night.mkv",
    "walk": "asl_walk.mkv",
}
MAX_LAG_S = 1.2
SESSION_S = 15.0  # clips this long are scored as sessions
SPARE_S = 0.6  # windows of short clips are so much shorter than the clip, to leave room for lags
MIN_WINDOW_S = 1.0
DEMANDED_S = 8.0  # shorter stretches are told, but nothing is demanded of them
MIN_COVERAGE = {"posture": 0.3, "expression": 0.5}  # as the live meters demand
MIN_SCORED_S = 1.0
SAME_FOOTAGE = ({"smile", "man"},)
SAME_WORDS = "smile and man hold the same footage and are not compared with each other."


class Copy(WrappedSource):
    """Reads an altered copy back, with the times of the frames it was made of."""

    def __init__(self, inner: VideoSource, times: list[int]) -> None:
        super().__init__(inner)
        self._times = iter(times)

    def read(self) -> Frame | None:
        """Return the next frame."""
        frame = self.inner.read()
        if frame is None:
            return None
        return Frame(frame.feed, frame.index, next(self._times), frame.rgb)


def original(feed: str) -> VideoSource:
    return open_source(feed, SETTINGS, seconds=SECONDS)


def altered_copy(feed: str, folder: Path) -> VideoSource:
    """Flip, shrink and encode a feed again into a file of `folder`, and open that."""
    path = folder / "copy.mp4"
    times: list[int] = []
    writer: cv2.VideoWriter | None = None
    with original(feed) as source:
        fps = source.fps
        for frame in source:
            small = cv2.resize(frame.rgb[:, ::-1], None, fx=SHRUNK, fy=SHRUNK, interpolation=cv2.INTER_AREA)
            even = small[: small.shape[0] // 2 * 2, : small.shape[1] // 2 * 2]
            if writer is None:
                code = cv2.VideoWriter.fourcc(*"mp4v")
                writer = cv2.VideoWriter(str(path), code, fps, even.shape[1::-1])
            writer.write(cv2.cvtColor(even, cv2.COLOR_RGB2BGR))
            times.append(frame.t_ns)
    if writer is None:
        raise ValueError(f"{feed} holds no picture")
    writer.release()
    return Copy(open_source(str(path), SETTINGS), times)


@dataclass(frozen=True)
class Person:
    """A feed on the uniform clock: features, visibilities, movement signals, and its length."""

    values: FloatArray
    seen: FloatArray
    signals: FloatArray
    seconds: float

    def until(self, seconds: float, *, begun_s: float = 0.0) -> Person:
        """Return the first so many seconds of what began at `begun_s`."""
        n = round((seconds + begun_s) * SETTINGS.rate_hz) + 1
        return Person(self.values[:n], self.seen[:n], self.signals[:n], min(seconds, self.seconds))

    @cached_property
    def measured(self) -> NDArray[np.bool_]:
        """Which features are there at least half of the time, shape (n_features,)."""
        there: NDArray[np.bool_] = (
            np.isfinite(self.values).sum(axis=0) >= 0.5 * self.seconds * SETTINGS.rate_hz
        )
        return there

    def only(self, features: NDArray[np.bool_]) -> Person:
        """Return what these features alone tell; movement stays as it is."""
        return replace(
            self,
            values=np.where(features, self.values, np.nan),
            seen=np.where(features, self.seen, 0.0),
        )

    @cached_property
    def neutral(self) -> FloatArray:
        """The median of every feature, shape (n_features,)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # never seen: NaN, as it should be
            return np.asarray(np.nanmedian(self.values, axis=0))


def on_the_clock(feed: Feed) -> Person:
    """Bring a feed to the clock."""
    both = np.concatenate([feed.values, feed.visibility], axis=1)
    ticks = resample(feed.t_s, both, rate_hz=SETTINGS.rate_hz, max_gap_s=SETTINGS.max_gap_s)
    values = ticks[:, :N_FEATURES]
    return Person(
        values,
        np.where(np.isnan(values), 0.0, ticks[:, N_FEATURES:]),
        movement(values, rate_hz=SETTINGS.rate_hz, smooth_s=SETTINGS.smooth_s),
        feed.seconds - float(feed.t_ns[0]) * 1e-9,
    )


def together(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lengthen the shorter of two series with what is missing."""
    n = max(len(a), len(b))
    return tuple(np.pad(x, ((0, n - len(x)), (0, 0)), constant_values=np.nan) for x in (a, b))  # type: ignore[return-value]  # always two


def peak_r(a: Person, b: Person, channel: str, window_s: float) -> float:
    """Return the highest point of the mean lag profile as r, in the form that fits better; NaN: too short."""
    rate = SETTINGS.rate_hz
    window, lag = round(window_s * rate), round(MAX_LAG_S * rate)
    x, y = together(a.signals, b.signals)
    if window_s < MIN_WINDOW_S or len(x) < window + lag + 1:
        return float("nan")
    members = [k for k, name in enumerate(SIGNAL_CHANNEL) if name == channel]
    z = np.stack(
        [
            windowed_correlation(
                x[:, k], y[:, k], window=window, max_lag=lag, step=5, min_coverage=SETTINGS.min_coverage
            ).z
            for k in members
        ]
    )
    best = []
    for signs in (MIRROR_SIGNS[members], np.ones(len(members))):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # lags at which nothing is there
            profile = np.nanmean(np.nanmean(z * signs[:, None, None], axis=0), axis=0)
        if np.isfinite(profile).any():
            best.append(float(np.tanh(np.nanmax(profile))))
    return max(best, default=float("nan"))


def mean_alignment(a: Person, b: Person, what: str, lag_s: float = 0.0) -> float:
    """Return the mean over all frames, B taken `lag_s` later, in the form that fits better."""
    lag = round(lag_s * SETTINGS.rate_hz)
    first_a, first_b = max(-lag, 0), max(lag, 0)
    n = min(len(a.values) - first_a, len(b.values) - first_b)
    if n < 1:
        return float("nan")
    at_a, at_b = slice(first_a, first_a + n), slice(first_b, first_b + n)
    means = []
    neutrals = {"neutral_a": a.neutral, "neutral_b": b.neutral}
    for mirror in (True, False):
        found: Alignment
        if what == "posture":
            found = posture_alignment(
                a.values[at_a], b.values[at_b], a.seen[at_a], b.seen[at_b], mirror=mirror, **neutrals
            )
        else:
            found = expression_alignment(a.values[at_a], b.values[at_b], mirror=mirror, **neutrals)
        told = found.value[np.isfinite(found.value) & (found.coverage >= MIN_COVERAGE[what])]
        if told.size >= MIN_SCORED_S * SETTINGS.rate_hz:
            means.append(float(told.mean()))
    return max(means, default=float("nan"))


def best_alignment(a: Person, b: Person, what: str) -> float:
    """Return the largest mean alignment within lags of `MAX_LAG_S` either way."""
    lags = np.arange(-MAX_LAG_S, MAX_LAG_S + 0.01, 2.0 / SETTINGS.rate_hz)
    means = [mean_alignment(a, b, what, lag) for lag in lags]
    return float(np.nanmax(means)) if np.isfinite(means).any() else float("nan")


def same_footage(one: str, other: str) -> bool:
    return any({one, other} <= group for group in SAME_FOOTAGE)


def cell(number: float) -> str:
    return f"{number:.2f}" if np.isfinite(number) else "–"


class Report:
    """Prints what it is told and keeps it; notes what is not as it should be."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failures: list[str] = []

    def tell(self, *lines: str) -> None:
        """Print lines and keep them."""
        self.lines += lines
        print("\n".join(lines), flush=True)

    def pairs(
        self,
        title: str,
        names: Sequence[str],
        found: dict[tuple[str, str], tuple[float, float]],
        demanded: bool,
    ) -> None:
        """Tell, for each original (down) and each other's copy (across), how far the own copy stands above.

        `found` has by (original, other) the score of the own copy and of the other's; the own copy by itself
        is on the diagonal.
        """
        self.tell(f"### {title}", "")
        cells = []
        for a in names:
            margins = [found[a, a][0] if a == b else found[a, b][0] - found[a, b][1] for b in names]
            cells.append(
                [
                    f"**{a}**",
                    *(f"**{cell(m)}**" if a == b else cell(m) for b, m in zip(names, margins, strict=True)),
                ]
            )
        self.tell(*table(("", *names), cells))
        told = {
            pair: own - other
            for pair, (own, other) in found.items()
            if pair[0] != pair[1] and np.isfinite(own - other) and not same_footage(*pair)
        }
        below = [f"{a} and {b} ({cell(m)})" for (a, b), m in told.items() if m <= 0]
        rows = {a for a, _ in told}
        whole = len(rows) - len({a for (a, _), m in told.items() if m <= 0})
        self.tell(
            *paragraph(
                f"""Own copy above the other's in {len(told) - len(below)} of {len(told)} pairs; above all
                others for {whole} of {len(rows)} clips. {
                    "Not: " + ", ".join(below) + "." if below else ""
                }"""
            )
        )
        if demanded:
            self.failures += [f"{title}: {each}" for each in below]


def sessions(feeds: dict[str, tuple[Feed, Feed]], report: Report) -> None:
    """The long clips as sessions with default settings, as `mirrorsync analyze` scores them."""
    names = [name for name, (a, _) in feeds.items() if a.seconds >= SESSION_S]
    runs = {(i, j): score(feeds[i][0], feeds[j][1].later(DELAY_S), SETTINGS) for i in names for j in names}
    report.tell(
        "## Long clips, as sessions",
        "",
        *paragraph(
            f"""Clips of {SESSION_S:g} s or more through the program with default settings: the mean score
            of the session. Synchrony is 0 for unrelated people on average and 1 for a perfect copy;
            alignment is frame by frame, so that a copy {DELAY_S:g} s late is no perfect match."""
        ),
    )
    for channel in (*SYNC_CHANNELS, "posture_alignment", "expression_alignment", "attunement"):
        means = {pair: float(run.statistics[channel]["mean"]) for pair, run in runs.items()}
        found = {(i, j): (means[i, i], means[i, j]) for i, j in runs}
        report.pairs(channel, names, found, demanded=True)
        cells = [[f"**{i}**", *(cell(means[i, j]) for j in names)] for i in names]
        report.tell("The scores themselves:", "", *table(("", *names), cells))
    rows = [
        [name, *(f"{runs[name, name].statistics[c]['peak_lag_s']:+.3f} s" for c in SYNC_CHANNELS)]
        + [f"{runs[name, name].statistics[c]['p_value']:.3f}" for c in SYNC_CHANNELS]
        for name in names
    ]
    report.tell(f"Lag of the own copy (true: {DELAY_S:+.3f} s) and p-value:", "")
    report.tell(
        *table(("clip", *("lag, " + c for c in SYNC_CHANNELS), *("p, " + c for c in SYNC_CHANNELS)), rows)
    )


def everybody(feeds: dict[str, tuple[Feed, Feed]], report: Report) -> None:
    """All clips, the short ones too: raw measures, own and other copy on equal terms."""
    people = {name: (on_the_clock(a), on_the_clock(b.later(DELAY_S))) for name, (a, b) in feeds.items()}
    names = list(people)
    report.tell(
        "## All clips",
        "",
        *paragraph(
            f"""Most of these clips last two or three seconds: too short for live chance levels and for
            neutrals learnt on the way. So these are raw numbers, and each pair is compared on equal terms:
            the own copy is cut to the length of the other clip and compared by the features that are seen
            in both. Synchrony: the highest point of the mean lag profile (lags to ±{MAX_LAG_S:g} s) as a
            correlation; windows of {SETTINGS.window_s:g} s, or {SPARE_S:g} s less than the shorter clip,
            and nothing where that is less than {MIN_WINDOW_S:g} s. Alignment: the mean over all frames that
            both share ({MIN_SCORED_S:g} s or more), the median of the stretch as neutral. Both copies in
            the form (mirror image or not) that suits them better."""
        ),
        *paragraph(
            f"""Only pairs with {DEMANDED_S:g} s or more of both clips are demanded to hold: a correlation
            over one window of a second or two reaches 0.9 between strangers, and what two people hold for
            two seconds, each near the own neutral, is alike. A sign lasts two seconds: 0.9 s later it is
            not the same form, frame by frame; the best lag finds it."""
        ),
    )
    measures: dict[str, Callable[[Person, Person, float], float]] = {
        channel: partial(peak_of, channel) for channel in SYNC_CHANNELS
    }
    for what in ("posture", "expression"):
        measures[f"{what} alignment, frame by frame"] = partial(aligned, mean_alignment, what)
        measures[f"{what} alignment at the best lag within ±{MAX_LAG_S:g} s"] = partial(
            aligned, best_alignment, what
        )
    for title, measure in measures.items():
        found = {(i, j): on_equal_terms(people, measure, i, j) for i in names for j in names}
        long = {p: v for p, v in found.items() if min(people[n][0].seconds for n in p) >= DEMANDED_S}
        report.pairs(title, names, found, demanded=False)
        report.failures += [
            f"{title}: {i} {own:.2f}, but with {j} {other:.2f}"
            for (i, j), (own, other) in long.items()
            if i != j and not own > other and np.isfinite(own - other)
        ]


def peak_of(channel: str, a: Person, b: Person, seconds: float) -> float:
    return peak_r(a, b, channel, min(SETTINGS.window_s, seconds - SPARE_S))


def aligned(
    measure: Callable[[Person, Person, str], float], what: str, a: Person, b: Person, seconds: float
) -> float:
    del seconds
    return measure(a, b, what)


def on_equal_terms(
    people: dict[str, tuple[Person, Person]],
    measure: Callable[[Person, Person, float], float],
    i: str,
    j: str,
) -> tuple[float, float]:
    """Return the scores with the own copy and with another's, by the same features, equally long."""
    seconds = min(people[i][0].seconds, people[j][0].seconds)
    a = people[i][0].until(seconds)
    own, other = (people[name][1].until(seconds, begun_s=DELAY_S) for name in (i, j))
    both = a.measured & own.measured & other.measured
    scores = [measure(a.only(both), copy.only(both), seconds) for copy in (own, other)]
    return scores[0], scores[1]


def strangers(feeds: dict[str, tuple[Feed, Feed]], report: Report) -> None:
    """Live meters over people who never met."""
    long = {name: a for name, (a, _) in feeds.items() if a.seconds >= SESSION_S}
    pairs = [
        (long[i], long[j].later(-start_s))
        for i, j in combinations(long, 2)
        for start_s in (0.0, 8.0)
        if long[j].seconds - start_s >= SESSION_S
    ]
    runs = [score(a.until(b.seconds), b.until(a.seconds), SETTINGS) for a, b in pairs]
    low, high = chance_level(-1.0, 0.0, 1.0), chance_level(1.0, 0.0, 1.0)
    rows = []
    for channel in (*SYNC_CHANNELS, "posture_alignment", "expression_alignment", "mutual_gaze", "attunement"):
        means = [mean_level(run, channel) for run in runs]
        there = np.array([m for m in means if np.isfinite(m)])
        if there.size < 2:
            rows.append([channel, "–", "–", "–", f"{there.size}"])
            continue
        inside = int(((there >= low) & (there <= high)).sum())
        rows.append(
            [
                channel,
                f"{there.mean():.3f}",
                f"{there.std(ddof=1):.3f}",
                f"{inside}/{there.size}",
                f"{there.size}",
            ]
        )
        if not low <= there.mean() <= high:
            report.failures.append(f"strangers: {channel} stands at {there.mean():.3f}")
    report.tell(
        "## Strangers",
        "",
        *paragraph(
            f"""Originals of the long clips with each other, from the beginning and with the second one
            begun 8 s in: mean level of the live meters (demanded: within the chance band,
            {low:.2f}–{high:.2f}), its SD over pairs, and how many pairs lie inside."""
        ),
        *table(("channel", "mean level", "SD", "inside", "pairs"), rows),
    )


def mean_level(run: Scores, channel: str) -> float:
    levels = run.series(channel, "level")
    there = levels[np.isfinite(levels)]
    return float(there.mean()) if there.size >= 2.0 * SETTINGS.rate_hz else float("nan")


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    shared = Path(os.environ.get("MIRRORSYNC_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    options.add_argument(
        "folder", nargs="?", type=Path, default=shared / "media", help="folder with the clips"
    )
    options.add_argument("--report", type=Path, help="folder for validation_clips.md")
    options.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "mirrorsync-validation")
    options.add_argument(
        "--any-version", action="store_true", help="take what older code found in the pictures"
    )
    options.add_argument("--only", nargs="*", default=[], help="only these clips, by the names in the tables")
    chosen = options.parse_args()
    shelf = Shelf(chosen.cache, any_version=chosen.any_version)
    feeds = {}
    for name, file in CLIPS.items():
        if chosen.only and name not in chosen.only:
            continue
        if not (chosen.folder / file.partition("#")[0]).is_file():
            print(f"{file} is not in {chosen.folder}: left out", file=sys.stderr)
            continue
        at = str(chosen.folder / file)
        with tempfile.TemporaryDirectory() as folder:
            feeds[name] = (
                shelf.feed(f"{file} original", partial(original, at)),
                shelf.feed(f"{file} copy", partial(altered_copy, at, Path(folder))),
            )
    if not feeds:
        print(f"There are no clips in {chosen.folder}; name the folder that holds them.", file=sys.stderr)
        return 2
    report = Report()
    report.tell(
        "# Validation on real clips",
        "",
        *paragraph(
            f"""Made by `python scripts/validate_clips.py --report docs`. Each clip (its first {SECONDS:g}
            s) against copies that are flipped left to right, shrunk to {SHRUNK:g}, encoded again and shown
            {DELAY_S:g} s later: its own copy, and those of the other clips. Rows are originals, columns are
            copies; – means too short or not seen enough to say. {SAME_WORDS}"""
        ),
        *table(
            ("name", "file", "seconds"),
            [[n, f"`{CLIPS[n]}`", f"{a.seconds:.1f}"] for n, (a, _) in feeds.items()],
        ),
    )
    sessions(feeds, report)
    everybody(feeds, report)
    strangers(feeds, report)
    report.tell("## Verdict", "", *(f"* {each}" for each in report.failures or ["All demands are met."]), "")
    if chosen.report:
        chosen.report.mkdir(parents=True, exist_ok=True)
        (chosen.report / "validation_clips.md").write_text("\n".join(report.lines), encoding="utf-8")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
