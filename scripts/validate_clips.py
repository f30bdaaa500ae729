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
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
from clip_measures import (
    MAX_LAG_S,
    MIN_SCORED_S,
    MIN_WINDOW_S,
    SETTINGS,
    SPARE_S,
    Person,
    aligned,
    best_alignment,
    mean_alignment,
    on_the_clock,
    peak_of,
)
from clip_report import Report, cell
from demands import Counts
from seen_feeds import Feed, Scores, Shelf, paragraph, score, table

from mirrorsync.capture.opening import open_source
from mirrorsync.capture.source import VideoSource, WrappedSource
from mirrorsync.synchrony.attunement import chance_level
from mirrorsync.tables import SYNC_CHANNELS
from mirrorsync.types import Frame

DELAY_S = 0.9
SHRUNK = 0.7
WHOLE, WHOLE_S = "franck", 130.0  # of this one, more is looked at for pairs of strangers
SECONDS = 40.0

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
SESSION_S = 15.0  # clips this long are scored as sessions
COVERED_S = SETTINGS.window_s + SETTINGS.lag_s  # a shorter clip has no whole window at every lag

STRANGERS = "real clips: strangers' mean level inside the chance band, by channel"
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


def sessions(feeds: dict[str, tuple[Feed, Feed]], report: Report) -> None:
    """The long clips as sessions with default settings, as `mirrorsync analyze` scores them."""
    names = [name for name, (a, _) in feeds.items() if a.seconds >= SESSION_S]
    runs = {(i, j): score(feeds[i][0], feeds[j][1].later(DELAY_S), SETTINGS) for i in names for j in names}
    report.tell(
        "## Long clips, as sessions",
        "",
        *paragraph(
            f"""Clips of {SESSION_S:g} s or more through the program with default settings: the mean score
            of the session where it was there for {SETTINGS.window_s:g} s, one window, in all (body synchrony
            says nothing while somebody sits still). Synchrony is 0 for unrelated people on average and 1 for
            a perfect copy;
            alignment is frame by frame, so that a copy {DELAY_S:g} s late is no perfect match."""
        ),
    )
    for channel in (*SYNC_CHANNELS, "posture_alignment", "expression_alignment", "attunement"):
        means = {pair: mean_of(run, channel) for pair, run in runs.items()}
        found = {(i, j): (means[i, i], means[i, j]) for i, j in runs}
        report.pairs(channel, names, found, demanded=names)
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


def mean_of(run: Scores, channel: str) -> float:
    """Return the mean of a session's score; NaN when it was there for less than a window."""
    there_s = np.isfinite(run.series(channel, "value")).sum() / SETTINGS.rate_hz
    return float(run.statistics[channel]["mean"]) if there_s >= SETTINGS.window_s else float("nan")


def everybody(feeds: dict[str, tuple[Feed, Feed]], report: Report) -> None:
    """All clips, the short ones too: raw measures, own and other copy on equal terms."""
    people = {name: (on_the_clock(a), on_the_clock(b.later(DELAY_S))) for name, (a, b) in feeds.items()}
    names = list(people)
    covered = [name for name, (a, _) in people.items() if a.seconds >= COVERED_S]
    report.tell(
        "## All clips",
        "",
        *paragraph(
            f"""Most of these clips last two or three seconds. The program says nothing in them: a window
            lasts {SETTINGS.window_s:g} s, lags reach to ±{SETTINGS.lag_s:g} s, chance needs moments that are
            {2 * SETTINGS.lag_s + 1:g} s old, and both neutrals 20 s. So these are raw numbers. What has
            coverage is plain: **a synchrony channel where there is a whole window at every lag**
            ({COVERED_S:g} s: {", ".join(covered)}), which is demanded here; **alignment where both neutrals
            are known**, which the sessions above are, and which is not demanded here."""
        ),
        *paragraph(
            f"""Synchrony: the highest point of the mean lag profile (lags to ±{MAX_LAG_S:g} s) as a
            correlation; windows of {SETTINGS.window_s:g} s, or {SPARE_S:g} s less than the shorter clip, and
            nothing where that is less than {MIN_WINDOW_S:g} s. Alignment: the mean over all frames that both
            share ({MIN_SCORED_S:g} s or more), the median of the stretch as neutral, the own copy cut to the
            length of the other clip and compared by the features that are seen in both. Both copies in the
            form (mirror image or not) that suits them better."""
        ),
        *paragraph(
            """Why no more is demanded: a correlation over one window of a second or two reaches 0.9 between
            strangers. Two who keep still, each near the own neutral, are in the same form. And a sign lasts
            two seconds: 0.9 s later it is not the same form, frame by frame, while at the best lag it is."""
        ),
    )
    for channel in SYNC_CHANNELS:
        measure = partial(peak_of, channel)
        seen = {(i, j): as_long_as_both(people, measure, i, j) for i in names for j in names}
        report.pairs(channel, names, {(i, j): (seen[i, i], seen[i, j]) for i, j in seen}, demanded=covered)
    for what in ("posture", "expression"):
        for title, how in (
            (", frame by frame", mean_alignment),
            (f" at the best lag within ±{MAX_LAG_S:g} s", best_alignment),
        ):
            alignment = partial(aligned, how, what)
            found = {(i, j): on_equal_terms(people, alignment, i, j) for i in names for j in names}
            report.pairs(f"{what} alignment{title}", names, found)


def as_long_as_both(
    people: dict[str, tuple[Person, Person]],
    measure: Callable[[Person, Person, float], float],
    i: str,
    j: str,
) -> float:
    """Return the score of a clip with a copy, over the time that both last."""
    seconds = min(people[i][0].seconds, people[j][0].seconds)
    return measure(people[i][0].until(seconds), people[j][1].until(seconds, begun_s=DELAY_S), seconds)


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


def strangers(feeds: dict[str, tuple[Feed, Feed]], whole: Feed | None, report: Report) -> None:
    """Live meters over people who never met."""
    long = {name: a for name, (a, _) in feeds.items() if a.seconds >= SESSION_S}
    pairs = [
        (long[i], long[j].later(-start_s))
        for i, j in combinations(long, 2)
        for start_s in (0.0, 8.0)
        if long[j].seconds - start_s >= SESSION_S
    ]
    if whole is not None:
        half = whole.seconds / 2
        pairs.append((whole.until(half), whole.later(-half)))
        pairs += [(whole.later(-half), long[name]) for name in long if name != WHOLE]
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
        report.counts.add(
            STRANGERS, low <= there.mean() <= high, f"strangers: {channel} stands at {there.mean():.3f}"
        )
    report.tell(
        "## Strangers",
        "",
        *paragraph(
            f"""Originals of the long clips with each other, from the beginning and with the second one
            begun 8 s in, and different minutes of franck: mean level of the live meters (demanded: inside
            the chance band, {low:.2f}–{high:.2f}), its SD over pairs, and how many pairs lie inside. Posture
            and expression say nothing in the first 20 s, while both neutrals are being learnt: only pairs
            longer than that count. After that posture stands a little low, because these people begin in
            their neutral and move away from it as the clip goes on."""
        ),
        *table(("channel", "mean level", "SD", "inside", "pairs"), rows),
    )
    if whole is not None:
        late = after_a_minute(whole)
        report.tell(
            *paragraph(
                f"""Once the neutrals are learnt it does not any more: {WHOLE} against himself, halves
                exchanged, from the second minute on:"""
            ),
            *table(tuple(late), [[cell(level) for level in late.values()]]),
        )
        for channel, level in late.items():
            sentence = f"strangers, after a minute: {channel} stands at {level:.2f}"
            report.counts.add(STRANGERS, low <= level <= high, sentence)


def after_a_minute(whole: Feed) -> dict[str, float]:
    """Return the mean live levels from the second minute on of a feed against itself, halves exchanged."""
    second = whole.later(-whole.seconds / 2)
    first = whole.until(whole.seconds / 2).later(second.seconds + 1.0 / SETTINGS.rate_hz)
    other = Feed(
        np.concatenate([second.t_ns, first.t_ns]),
        np.concatenate([second.values, first.values]),
        np.concatenate([second.visibility, first.visibility]),
    )
    run = score(whole, other, SETTINGS)
    minute = round(60 * SETTINGS.rate_hz)
    channels = (*SYNC_CHANNELS, "posture_alignment", "expression_alignment", "attunement")
    return {name: float(np.nanmean(run.series(name, "level")[minute:])) for name in channels}


def mean_level(run: Scores, channel: str) -> float:
    levels = run.series(channel, "level")
    there = levels[np.isfinite(levels)]
    return float(there.mean()) if there.size >= 2.0 * SETTINGS.rate_hz else float("nan")


def validate(media: Path, shelf: Shelf, folder: Path | None, only: Sequence[str] = ()) -> Counts | None:
    """Validate all of it; write the document into `folder` if there is one. None: no clips in `media`."""
    feeds = {}
    for name, file in CLIPS.items():
        if only and name not in only:
            continue
        if not (media / file.partition("#")[0]).is_file():
            print(f"{file} is not in {media}: left out", file=sys.stderr)
            continue
        at = str(media / file)
        with tempfile.TemporaryDirectory() as place:
            feeds[name] = (
                shelf.feed(f"{file} original", partial(original, at)),
                shelf.feed(f"{file} copy", partial(altered_copy, at, Path(place))),
            )
    whole = None
    if WHOLE in feeds:
        at = str(media / CLIPS[WHOLE])
        whole = shelf.feed(f"{CLIPS[WHOLE]} whole", partial(open_source, at, SETTINGS, seconds=WHOLE_S))
    if not feeds:
        return None
    report = Report()
    report.tell(
        "# Validation on real clips",
        "",
        *paragraph(
            f"""Made by `python scripts/validate.py --report docs`. Each clip (its first {SECONDS:g}
            s) against copies that are flipped left to right, shrunk to {SHRUNK:g}, encoded again and shown
            {DELAY_S:g} s later: its own copy, and those of the other clips. Rows are originals, columns are
            copies: on the diagonal the score of the own copy, elsewhere how far the own copy stands above
            the other's; – means too short or not seen enough to say. {SAME_WORDS}"""
        ),
        *table(
            ("name", "file", "seconds"),
            [[n, f"`{CLIPS[n]}`", f"{a.seconds:.1f}"] for n, (a, _) in feeds.items()],
        ),
    )
    sessions(feeds, report)
    everybody(feeds, report)
    strangers(feeds, whole, report)
    failures = report.counts.failures or ["All demands are met."]
    report.tell("## Verdict", "", *(f"* {each}" for each in failures), "")
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "validation_clips.md").write_text("\n".join(report.lines), encoding="utf-8")
    return report.counts


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
    counts = validate(chosen.folder, shelf, chosen.report, chosen.only)
    if counts is None:
        print(f"There are no clips in {chosen.folder}; name the folder that holds them.", file=sys.stderr)
        return 2
    return 1 if counts.failures else 0


if __name__ == "__main__":
    sys.exit(main())
