"""Validate everything that the scores claim: one line, PASS or FAIL, for each demand.

    python scripts/validate.py [--quick] [--report docs] [--only PART …]

* scores: speed, the peers' numbers, calibration under chance, the live meters on strangers, power.
* streaming: time a tick, and whether time, memory or rounding grow with the length of the session.
* claims: what the live window says of unrelated made people, and of copies.
* presence: nobody found where nobody is, and everybody where somebody is (needs the clips).
* pixels: known lags, alignment and breaths through a real portrait and the real landmarkers.
* clips: real clips against their altered copies, and against strangers (needs the clips).
* screen: a call captured from the screen against the file that it shows (needs the clips and Xvfb).

With --report, validation.md (and its plots, and a page each for pixels and clips) is written into a folder; a
part that is not run now is shown as it was last run (a quick run never takes a full one's place). All of it
takes two hours the first time, --quick a few minutes: fewer pairs and ticks, short clips, and of pixels and
clips nothing that is not in the cache.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: one thread is fastest, and steadiest
os.environ.setdefault("GLOG_minloglevel", "2")

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from demands import Counts, Demand, at_most

ROOT = Path(__file__).resolve().parents[1]
TITLES = {
    "scores": "Scores",
    "streaming": "Streaming",
    "claims": "What is claimed live",
    "presence": "Presence",
    "pixels": "Through pixels ([details](validation_pixels.md))",
    "clips": "Real clips ([details](validation_clips.md))",
    "screen": "A call captured from the screen",
}


@dataclass
class Part:
    """What a part demanded: its lines, its plots (name, SVG), and what did not hold, in sentences."""

    demands: list[Demand] = field(default_factory=list)
    plots: list[tuple[str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    day: str = field(default_factory=lambda: time.strftime("%Y-%m-%d"))
    quick: bool = False

    def take(self, demands: Iterable[Demand]) -> Part:
        """Print demands as they come, and keep them."""
        for demand in demands:
            self.demands.append(demand)
            print(demand, flush=True)
        return self

    def count(self, counts: Counts | None) -> Part | None:
        """Take what was counted; None when there was nothing to look at."""
        if counts is None:
            return None
        self.failures += counts.failures
        return self.take(counts.demands())


def scores(options: argparse.Namespace) -> Part:
    from validate_synchrony import FULL
    from validate_synchrony import demands as of_scores

    part = Part()
    return part.take(of_scores(60 if options.quick else FULL, part.plots))


def streaming(options: argparse.Namespace) -> Part:
    from bench import scoring

    plain = scoring(5_000 if options.quick else 20_000, small=False)
    long = scoring(20_000 if options.quick else options.ticks, small=True)
    return Part().take(
        [
            at_most("a tick of all channels, default settings, median", plain.ms, 0.3, "{:.3f} ms"),
            Demand("the same, at best", f"{plain.best_ms:.3f} ms"),
            at_most(
                f"{long.ticks:,} ticks, memory grown in the second half", long.grown_mb, 1.0, "{:.2f} MB"
            ),
            at_most("the same, growth of the time a tick", 100 * long.slower, 10.0, "{:.1f} %"),
            Demand("slopes", f"{long.slope_mb:+.3f} MB and {long.slope_us:+.1f} µs a million ticks"),
            at_most("the same, last window against one computed anew", long.rounding, 1e-9, "{:.0e}"),
        ]
    )


def claims(options: argparse.Namespace) -> Part:
    from validate_claims import demands as of_claims

    return Part().take(of_claims(2 if options.quick else 18, 100.0))


def presence(options: argparse.Namespace) -> Part | None:
    import validate_presence

    seconds = min(options.seconds, 5.0) if options.quick else options.seconds
    # Quick: all clips without people, and a few with.
    only = (*validate_presence.NOBODY, *validate_presence.SOMEBODY, "carphone.mp4") if options.quick else ()
    part = Part().count(validate_presence.validate(options.media, only=only, seconds=seconds))
    return part and part.take([Demand("looked at of each clip, at most", f"{seconds:g} s")])


def pixels(options: argparse.Namespace) -> Part | None:
    import validate_pixels
    from seen_feeds import Shelf

    shelf = Shelf(options.cache, any_version=options.any_version, only_kept=options.quick)
    return Part().count(validate_pixels.validate(shelf, options.report))


def clips(options: argparse.Namespace) -> Part | None:
    import validate_clips
    from seen_feeds import Shelf

    shelf = Shelf(options.cache, any_version=options.any_version, only_kept=options.quick)
    return Part().count(validate_clips.validate(options.media, shelf, options.report))


def screen(options: argparse.Namespace) -> Part | None:
    if options.quick:  # it takes as long as the call
        return None
    import validate_screen
    from seen_feeds import Shelf

    return Part().take(validate_screen.validate(options.media, Shelf(options.cache)))


PARTS: dict[str, Callable[[argparse.Namespace], Part | None]] = {
    "scores": scores,
    "streaming": streaming,
    "claims": claims,
    "presence": presence,
    "pixels": pixels,
    "clips": clips,
    "screen": screen,
}


def keep(part: Part, path: Path) -> None:
    path.write_text(json.dumps(asdict(part)), encoding="utf-8")


def kept(path: Path) -> Part | None:
    """Return a part as it was last run."""
    if not path.is_file():
        return None
    of = json.loads(path.read_text(encoding="utf-8"))
    plots = [(name, picture) for name, picture in of["plots"]]
    return Part(
        [Demand(**each) for each in of["demands"]], plots, of["failures"], of["day"], of.get("quick", False)
    )


def document(parts: dict[str, Part], folder: Path) -> None:
    """Write validation.md and its plots."""
    demanded = [d for part in parts.values() for d in part.demands if d.holds is not None]
    lines = [
        "# Validation",
        "",
        "Made by `python scripts/validate.py --report docs`; times are of the machine it ran on. What the",
        "scores mean is in [methods](methods.md) and [measures](measures.md).",
        "",
        f"**{sum(bool(d.holds) for d in demanded)} of {len(demanded)} demands hold.**",
        "",
    ]
    number = 0
    for name, part in parts.items():
        lines += [f"## {TITLES[name]}", "", f"Run on {part.day}{', quick' if part.quick else ''}.", ""]
        lines += ["| what | found | demanded | |", "|---|---|---|---|"]
        lines += [f"| {d.what} | {d.found} | {d.demanded} | {d.verdict} |" for d in part.demands]
        lines += ["", *(f"* Not: {each}" for each in part.failures), *([""] if part.failures else [])]
        for title, picture in part.plots:
            number += 1
            (folder / f"validation_{number}.svg").write_text(picture, encoding="utf-8")
            lines += [f"![{title}](validation_{number}.svg)", ""]
    (folder / "validation.md").write_text("\n".join(lines), encoding="utf-8")


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    shared = Path(os.environ.get("MIRRORSYNC_SHARED", ROOT.parent / "shared"))
    options.add_argument("--quick", action="store_true", help="a few minutes instead of hours")
    options.add_argument("--report", type=Path, help="folder for validation.md and its plots")
    options.add_argument("--only", nargs="*", choices=tuple(PARTS), default=[], help="only these parts")
    options.add_argument("--media", type=Path, default=shared / "media", help="folder with the clips")
    options.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "mirrorsync-validation")
    options.add_argument("--ticks", type=int, default=10_000_000, help="length of the streaming run")
    options.add_argument("--seconds", type=float, default=60.0, help="presence: of each clip at most so much")
    options.add_argument(
        "--any-version", action="store_true", help="take what older code found in the pictures"
    )
    chosen = options.parse_args()
    chosen.cache.mkdir(parents=True, exist_ok=True)
    if chosen.report:
        chosen.report.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Part] = {}
    failed = False
    for name, run in PARTS.items():
        path = chosen.cache / f"validated-{name}.json"
        part: Part | None = None
        if not chosen.only or name in chosen.only:
            print(f"\n{name}", flush=True)
            try:
                part = run(chosen)
            except LookupError as missing:
                print(f"      {name}: left out: {missing}")
            if part is not None:
                failed |= any(demand.holds is False for demand in part.demands)
                part.quick = chosen.quick and name not in {
                    "pixels",
                    "clips",
                }  # of these it leaves nothing out
                before = kept(path)
                if not part.quick or before is None or before.quick:
                    keep(part, path)
        part = part or kept(path)
        if part is not None:
            parts[name] = part
    if chosen.report:
        document(parts, chosen.report)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
