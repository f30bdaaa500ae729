"""Validate the whole way from pixels to scores: a real portrait animated by known curves.

    python scripts/validate_pixels.py [--report docs] [--cache FOLDER]

The partner shows what the first person shows, so much later or earlier; in many variants of the picture,
each at seven lags. Prints tables and, with --report, writes validation_pixels.md and its plots (SVG) there.
The first run looks at about 20,000 pictures and takes some 20 minutes; what was found is kept in the cache.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
from demands import Counts
from portrait_variants import (
    MARGIN_S,
    SECONDS,
    VARIANTS,
    Variant,
    breathing,
    first_person,
    partner,
    stranger,
)
from scipy.stats import binom
from seen_feeds import Feed, Shelf, paragraph, plot, score, table

from mirrorsync.features.breathing import BreathingRate
from mirrorsync.settings import Settings
from mirrorsync.synchrony.attunement import chance_level
from mirrorsync.synchrony.clock import resample
from mirrorsync.synchrony.movement import SIGNALS, movement
from mirrorsync.tables import FEATURE_INDEX, SYNC_CHANNELS
from mirrorsync.types import FloatArray

LAGS_S = (-1.2, -0.8, -0.3, 0.0, 0.4, 0.8, 1.2)
BREATHS = (8.0, 12.0, 16.0, 20.0, 24.0)
STRANGERS = 4
ALIGNMENT_TOLERANCE = 0.05
FLIPPED_TOLERANCE = 0.2  # of expression: see the report
BREATH_TOLERANCE = 1.0
LEAD_S = 0.1
SETTINGS = Settings()

LAGS = "through pixels: lags within a frame, every variant, lag and channel"
SIGNS = "through pixels: signs and leaders right, every variant"
FORMS = "through pixels: alignment unchanged by the picture, the right form chosen"
CURVES = "through pixels: independent curves inside the chance band"
BREATHING = "through pixels: breathing rates of 8–24 a minute within 1 a minute"


@dataclass(frozen=True)
class Found:
    """What came out for one variant at one lag; lags in s."""

    true_s: float
    lags_s: dict[str, float]
    leader: str
    live_lag_s: float
    posture: float
    other_posture: float
    expression: float
    form_right: bool
    p_values: dict[str, float]

    @property
    def leader_right(self) -> bool:
        """Whether the meters named the one who leads, most of the time, and nobody when nobody does."""
        return self.leader == ("none" if abs(self.true_s) < LEAD_S else "a" if self.true_s > 0 else "b")


def find(a: Feed, b: Feed, variant: Variant, lag_s: float, *, seconds: float = SECONDS) -> Found:
    """Score the pair at a lag; `b` is the partner as `partner` gives it."""
    scores = score(a, b.later(lag_s - MARGIN_S).until(seconds), SETTINGS)
    statistics = scores.statistics
    fits, other = "posture_alignment", "posture_alignment_anatomical"
    if not variant.fits_mirrored:
        fits, other = other, fits
    told = [each for each in scores.snapshots if np.isfinite(each.lag_s)]
    leaders = [each.leader for each in told] or ["none"]
    return Found(
        lag_s,
        {name: statistics[name]["peak_lag_s"] for name in SYNC_CHANNELS},
        max(sorted(set(leaders)), key=leaders.count),
        float(np.median([each.lag_s for each in told])) if told else np.nan,
        statistics[fits]["mean"],
        statistics[other]["mean"],
        statistics["expression_alignment"]["mean"],
        (scores.snapshots[-1].mirror_mode == "mirror") == variant.fits_mirrored,
        {name: statistics[name]["p_value"] for name in SYNC_CHANNELS},
    )


@dataclass(frozen=True)
class Report:
    """Lines of the document, plots by file name, and what was demanded."""

    lines: list[str]
    plots: dict[str, str]
    counts: Counts

    def tell(self, heading: str, *body: str) -> None:
        """Print a section and keep it."""
        section = [f"## {heading}", "", *body]
        self.lines.extend(section)
        print("\n".join(section), flush=True)


def tolerance(name: str, what: str) -> float:
    """Return how far an alignment may be off that of the plain partner."""
    if not VARIANTS[name].mirrored:
        return np.inf  # another movement: not the same alignment
    turned = VARIANTS[name].turned and what == "expression"
    return FLIPPED_TOLERANCE if turned else ALIGNMENT_TOLERANCE


def lags_and_alignment(shelf: Shelf, report: Report, only: Sequence[str]) -> None:
    """Every variant at every lag: lag, sign, leader, and alignment beside that of the plain one."""
    a = shelf.feed("first person", first_person)
    found: dict[str, list[Found]] = {}
    for name, variant in VARIANTS.items():
        if name == "plain" or not only or name in only:
            b = shelf.feed(name, partial(partner, variant))
            found[name] = [find(a, b, variant, lag) for lag in LAGS_S]
    lag_rows, form_rows, points = [], [], []
    for name, runs in found.items():
        frame_s = 1.0 / min(VARIANTS[name].fps, 30.0)
        cells = [name]
        for channel in SYNC_CHANNELS:
            errors = np.array([run.lags_s[channel] - run.true_s for run in runs])
            points += [(run.true_s, run.lags_s[channel]) for run in runs]
            worst = float(np.abs(errors).max()) / frame_s
            cells += [f"{worst:.2f}", f"{errors.mean() * 1e3:+.0f}"]
            report.counts.add(LAGS, worst <= 1.0, f"{name}: the lag of {channel} is {worst:.2f} frames off")
        signs = sum(
            np.sign(run.lags_s[channel]) == np.sign(run.true_s)
            for run in runs
            for channel in SYNC_CHANNELS
            if run.true_s
        )
        demanded = len(SYNC_CHANNELS) * sum(run.true_s != 0 for run in runs)
        leaders = sum(run.leader_right for run in runs)
        live = max(abs(run.live_lag_s - run.true_s) for run in runs) / frame_s
        p = max(max(run.p_values.values()) for run in runs)
        cells += [f"{live:.2f}", f"{signs}/{demanded}", f"{leaders}/{len(runs)}", f"{p:.3f}"]
        report.counts.add(SIGNS, signs == demanded, f"{name}: a lag has the wrong sign")
        report.counts.add(SIGNS, leaders == len(runs), f"{name}: a leader is wrong")
        lag_rows.append(cells)

        off = [
            max(
                abs(getattr(run, what) - getattr(plain, what))
                for run, plain in zip(runs, found["plain"], strict=True)
            )
            for what in ("posture", "expression")
        ]
        together = next(run for run in runs if run.true_s == 0)
        forms = sum(run.form_right for run in runs)
        form_rows.append(
            [name]
            + [f"{v:.3f}" for v in (together.posture, together.other_posture, together.expression, *off)]
            + [f"{forms}/{len(runs)}"]
        )
        for what, difference in zip(("posture", "expression"), off, strict=True):
            report.counts.add(
                FORMS,
                difference <= tolerance(name, what),
                f"{name}: {what} alignment is {difference:.3f} off",
            )
        report.counts.add(FORMS, forms == len(runs), f"{name}: the wrong form was chosen")
    lags = ", ".join(f"{lag:g}" for lag in LAGS_S)
    report.tell(
        "Lags",
        *paragraph(
            f"""{SECONDS:g} s of a person at 30 pictures a second; the partner shows the same at lags of
            {lags} s. Largest error over the lags in frames of the slower feed (demanded: 1 at most) and
            mean error in ms, by channel; the largest error of the median live lag; signs and leaders that
            are right (demanded: all); the largest p-value."""
        ),
        *table(
            ("partner", "head", "ms", "body", "ms", "face", "ms", "live", "signs", "leaders", "p at most"),
            lag_rows,
        ),
    )
    report.tell(
        "Alignment",
        *paragraph(
            f"""Mean at lag 0: posture in the form that fits, posture in the other one, expression. Then the
            largest difference to the plain partner over all lags (demanded: {ALIGNMENT_TOLERANCE} at most),
            and in how many runs the form that fits was chosen (demanded: all). The same side is another
            movement and shown for itself. Flipped, expression may be {FLIPPED_TOLERANCE} off: for one and
            the same face MediaPipe's blendshapes of the flipped picture are not those of the picture with
            left and right exchanged (an outer brow rises half as far), so that a perfect mirror image reads
            0.84 here, and 0.99 when both pictures are the same way round."""
        ),
        *table(
            ("partner", "posture", "other form", "expression", "posture off", "expression off", "form right"),
            form_rows,
        ),
    )
    report.plots["validation_pixels_lags.svg"] = plot(
        "Lags through pixels, all variants and channels",
        "true lag, −1.5 to 1.5 s",
        "lag found",
        points,
        reach=1.5,
        line=True,
    )


def strangers(shelf: Shelf, report: Report) -> None:
    """Independent curves: where the live meters stand, and how often the test calls it synchrony."""
    people = [shelf.feed("first person", first_person)]
    people += [shelf.feed(f"stranger {k}", partial(stranger, k)) for k in range(STRANGERS)]
    runs = [score(a, b, SETTINGS) for a, b in combinations(people, 2)]
    low, high = chance_level(-1.0, 0.0, 1.0), chance_level(1.0, 0.0, 1.0)
    rows = []
    p_values: list[float] = []
    for channel in (*SYNC_CHANNELS, "posture_alignment", "expression_alignment", "attunement"):
        levels = np.array([np.nanmean(run.series(channel, "level")) for run in runs])
        p = np.array([run.statistics[channel]["p_value"] for run in runs])
        if channel in SYNC_CHANNELS:
            p_values += p.tolist()
        below = f"{int((p < 0.05).sum())}/{p.size}" if np.isfinite(p).any() else "–"
        rows.append([channel, f"{levels.mean():.3f}", f"{levels.std(ddof=1):.3f}", below])
        report.counts.add(
            CURVES,
            low <= levels.mean() <= high,
            f"independent curves: {channel} stands at {levels.mean():.3f}",
        )
    by_chance = int(binom.ppf(0.99, len(p_values), 0.05))
    called = int((np.array(p_values) < 0.05).sum())
    report.counts.add(
        CURVES, called <= by_chance, f"independent curves: p < 0.05 in {called} of {len(p_values)}"
    )
    report.tell(
        "Independent curves",
        *paragraph(
            f"""All {len(runs)} pairs of {len(people)} people who move independently, {SECONDS:g} s each.
            Mean level of the live meters (demanded: within the chance band, {low:.2f}–{high:.2f}) and its
            SD over pairs; pairs with p < 0.05 (demanded: {by_chance} at most of the {len(p_values)} of the
            synchrony channels)."""
        ),
        *table(("channel", "mean level", "SD", "p < 0.05"), rows),
    )


def breaths(shelf: Shelf, report: Report) -> None:
    """Known breathing rates."""
    rows = []
    for rate in BREATHS:
        estimates, coverage = breathing_found(shelf.feed(f"breathing {rate:g}", partial(breathing, rate)))
        worst = float(np.abs(estimates - rate).max()) if estimates.size else np.nan
        rows.append(
            [
                f"{rate:g}",
                f"{np.median(estimates):.2f}",
                f"{worst:.2f}",
                f"{estimates.size}",
                f"{coverage:.2f}",
            ]
        )
        report.counts.add(
            BREATHING, worst <= BREATH_TOLERANCE, f"breathing at {rate:g} a minute is {worst:.2f} off"
        )
    report.tell(
        "Breathing",
        *paragraph(
            f"""Somebody who hardly moves breathes at a steady rate. Median of the estimates, one a second
            once a whole window (20 s) is there; the largest error of any (demanded: {BREATH_TOLERANCE:g} a
            minute at most); how many there are; coverage."""
        ),
        *table(("breaths a minute", "found", "largest error", "estimates", "coverage"), rows),
    )


def breathing_found(feed: Feed) -> tuple[FloatArray, float]:
    """Return the rates found a minute, one a second, and the last coverage."""
    values = resample(feed.t_s, feed.values, rate_hz=SETTINGS.rate_hz, max_gap_s=SETTINGS.max_gap_s)
    speed = movement(values, rate_hz=SETTINGS.rate_hz, smooth_s=SETTINGS.smooth_s)[
        :, SIGNALS.index("body_speed")
    ]
    rate = BreathingRate(rate_hz=SETTINGS.rate_hz)
    second = round(SETTINGS.rate_hz)
    found = [
        rate.update(float(chest), float(moving))
        for chest, moving in zip(values[:, FEATURE_INDEX["chest_velocity"]], speed, strict=True)
    ][20 * second - 1 :: second]
    rates = np.array([each.rate_per_min for each in found])
    return rates[np.isfinite(rates)], found[-1].coverage


def validate(shelf: Shelf, folder: Path | None, only: Sequence[str] = ()) -> Counts:
    """Validate all of it; write the document into `folder` if there is one."""
    report = Report(
        [
            "# Validation through pixels",
            "",
            *paragraph(
                """Made by `python scripts/validate.py --report docs`: a real portrait animated by known
                curves, through landmarkers, features, clock and scoring as in any session, with default
                settings."""
            ),
        ],
        {},
        Counts(),
    )
    lags_and_alignment(shelf, report, only)
    strangers(shelf, report)
    breaths(shelf, report)
    report.tell("Verdict", *(f"* {each}" for each in report.counts.failures or ["All demands are met."]), "")
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for file, picture in report.plots.items():
            (folder / file).write_text(picture, encoding="utf-8")
            report.lines.extend([f"![{file.removesuffix('.svg').replace('_', ' ')}]({file})", ""])
        (folder / "validation_pixels.md").write_text("\n".join(report.lines), encoding="utf-8")
    return report.counts


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--report", type=Path, help="folder for validation_pixels.md and its plots")
    options.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "mirrorsync-validation")
    options.add_argument(
        "--any-version", action="store_true", help="take what older code found in the pictures"
    )
    options.add_argument("--only", nargs="*", default=[], help="only these variants, beside the plain one")
    chosen = options.parse_args()
    shelf = Shelf(chosen.cache, any_version=chosen.any_version)
    return 1 if validate(shelf, chosen.report, chosen.only).failures else 0


if __name__ == "__main__":
    sys.exit(main())
