"""The files of a batch: results.csv, pseudo.csv, groups.csv, columns.csv and batch.json."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from mirrorsync.analysis.seen import hardly_seen
from mirrorsync.batches.groups import Comparison, compare_groups, compare_paired
from mirrorsync.batches.keys import write_atomically
from mirrorsync.batches.manifest import Dyad, Manifest
from mirrorsync.batches.series import SERIES_CHANNELS
from mirrorsync.batches.series_statistics import SERIES_STATISTICS
from mirrorsync.export.dictionary import DICTIONARY_HEADER
from mirrorsync.export.summary import STATISTICS, SYNC_STATISTICS
from mirrorsync.synchrony.effect import corrected
from mirrorsync.tables import CHANNELS, SYNC_CHANNELS

__all__ = [
    "REAL_OR_PSEUDO",
    "Scored",
    "status_of",
    "write_groups",
    "write_pseudo",
    "write_results",
]

Scored = Mapping[str, Any]
"""What a stage stored of a dyad: `channels`, and more."""

REAL_OR_PSEUDO = "dyads"
_DIGITS = 6
_MEANINGS = {
    "mean": ("score", "Mean over the session of: {}"),
    "chance_mean": ("score", "What A and B at other moments score on average. {}"),
    "chance_sd": ("score", "How far that scatters (SD). {}"),
    "effect_size": ("SD", "surrogate_z under its old name, which goes in 0.3. {}"),
    "surrogate_z": (
        "SD",
        "(observed − mean of the surrogates) / their SD; grows with the length: compare no dyads by it. {}",
    ),
    "p_family": ("ratio", "p_value corrected after Holm for all channels of the session. {}"),
    "p_family_below": ("ratio", "The same for lying below chance. {}"),
    "profile_power": ("z²", "What different windows have in common, 0 by chance at any length. {}"),
    "effect_low": ("SD", "Lower end of surrogate_z's 95 % interval. {}"),
    "effect_high": ("SD", "Upper end of it. {}"),
    "p_value": ("ratio", "How often another moment of the two reaches the mean or more; one-sided. {}"),
    "coverage": ("ratio", "Share of the data behind it that was there. {}"),
    "peak_lag_s": ("s", "Lag of the mean lag profile's peak; positive: B follows A. {}"),
    "a_leads_share": ("ratio", "Share of the windows in which A leads. {}"),
    "b_leads_share": ("ratio", "Share of the windows in which B leads. {}"),
}
_DEALT = (
    "How often B's windows dealt out anew reach the height of the mean lag profile or more; one-sided. {}"
)
_P_VALUES = {
    **dict.fromkeys(SYNC_CHANNELS, f"{_DEALT[:-3]} Not of the mean: the two may disagree. {{}}"),
    **dict.fromkeys(("breathing_match", "attunement"), "There is none: always empty. {}"),
}
_SERIES_MEANINGS = {
    **{key: _MEANINGS[key] for key in SERIES_STATISTICS},
    "mean": ("r", "Height of the mean lag profile over the session, as a correlation. {}"),
    "chance_mean": ("r", "The mean of that height when B's windows are dealt out anew. {}"),
    "chance_sd": ("r", "How far that scatters (SD). {}"),
    "p_value": ("ratio", _DEALT),
    "a_leads_share": (
        "ratio",
        "Share of the windows (side by side, whatever their height) with a lag that A leads. {}",
    ),
    "b_leads_share": ("ratio", "Share of these windows with a lag that B leads. {}"),
}
_SERIES_OF = {
    "head_series_synchrony": "Of two series: rotations of the head.",
    "body_series_synchrony": "Of two series: movement of the body, or motion energy.",
    "expression_series_synchrony": "Of two series: smile, jaw and brows.",
    "series_synchrony": "Of two series: the columns as they are.",
}
_ABOUT = (
    ("error", "sentence", "Why the dyad could not be scored; empty when it was."),
    ("duration_s", "s", "Length of the session."),
    ("ticks", "count", "Its ticks on the common clock."),
    (
        "status",
        "name",
        "scored; hardly seen: somebody was seen, or measured, in less than half of the time; incomplete: "
        "frames of a recording could not be decoded; failed.",
    ),
    ("notes", "sentences", "What is worth telling of its recordings or series."),
    ("frames_expected_a", "count", "Frames that A's recording promises; empty for series."),
    ("frames_expected_b", "count", "Frames that B's recording promises; empty for series."),
    ("frames_decoded_a", "count", "Frames of A's recording that were read."),
    ("frames_decoded_b", "count", "Frames of B's recording that were read."),
    ("seen_a", "ratio", "Share of the time in which A was seen, or measured."),
    ("seen_b", "ratio", "Share of the time in which B was seen, or measured."),
)
_GROUP_COLUMNS = (
    ("by", "name", "The covariate, or `dyads` for real dyads against people who never met."),
    ("group_1", "name", "A value of the covariate, or `real`."),
    ("group_2", "name", "Another value of it, or `pseudo`."),
    ("measure", "name", "The column of results.csv that is compared."),
    ("n_1", "count", "Dyads in group 1 with a value."),
    ("mean_1", "score", "Their mean."),
    ("sd_1", "score", "Their SD."),
    ("n_2", "count", "Dyads in group 2 with a value."),
    ("mean_2", "score", "Their mean."),
    ("sd_2", "score", "Their SD."),
    ("hedges_g", "SD", "(mean_1 − mean_2) / pooled SD, corrected for small samples."),
    ("ci_low", "SD", "Lower end of its 95 % interval."),
    ("ci_high", "SD", "Upper end of its 95 % interval."),
    ("p_value", "ratio", "Two-sided, by the test that `test` names."),
    ("permutations", "count", "How many permutations; 0: exact or by signed ranks."),
    (
        "test",
        "name",
        "permutation: values shuffled between the groups; signed-rank: of dyads that have both values.",
    ),
    ("p_holm", "ratio", "p_value corrected after Holm (1979) over the family: all rows of one `by`."),
    ("p_fdr", "ratio", "p_value corrected after Benjamini & Hochberg (1995) over the same family."),
)


def write_results(
    manifest: Manifest, scored: Mapping[str, Scored], errors: Mapping[str, str], folder: Path
) -> None:
    """Write results.csv, one row a dyad in the manifest's order, and columns.csv."""
    measures = _measures(scored.values(), manifest)
    header = [
        "id",
        *manifest.covariates,
        *(name for name, _, _ in _ABOUT),
        *(name for name, _, _ in measures),
    ]
    rows = []
    for dyad in manifest.dyads:
        of = scored.get(dyad.id)
        numbers = [_number(_value(of, channel, key)) for _, channel, key in measures]
        about = _about(of, errors.get(dyad.id, ""))
        rows.append([dyad.id, *dyad.covariates.values(), *about, *numbers])
    _write_csv(folder / "results.csv", header, rows)
    _write_csv(folder / "columns.csv", DICTIONARY_HEADER, _dictionary(manifest, measures))


def status_of(of: Scored | None) -> str:
    """Return what came of a dyad: "scored", "hardly seen", "incomplete" (frames are missing), or "failed"."""
    if of is None:
        return "failed"
    if hardly_seen(of.get("seen", {})):
        return "hardly seen"
    return "incomplete" if any(of.get("lost", ())) else "scored"


def _about(of: Scored | None, error: str) -> list[str]:
    """Return the cells of `_ABOUT`."""
    if of is None:
        return [error, "", "", status_of(of), *[""] * (len(_ABOUT) - 4)]
    frames = [one.get("frames") for one in of.get("inputs", ())] or [None, None]
    lost = of.get("lost", [0, 0])
    seen = [_number(of.get("seen", {}).get(side, math.nan)) for side in "ab"]
    expected = ["" if n is None else str(n + gone) for n, gone in zip(frames, lost, strict=True)]
    decoded = ["" if n is None else str(n) for n in frames]
    length = [_number(of["duration_s"]), str(of["ticks"])]
    return [error, *length, status_of(of), " ".join(of.get("notes", ())), *expected, *decoded, *seen]


def write_pseudo(
    manifest: Manifest,
    pairs: Sequence[tuple[int, int]],
    scored: Sequence[Scored | None],
    errors: Sequence[str],
    folder: Path,
    *,
    real: Iterable[Scored],
) -> None:
    """Write pseudo.csv: whose A with whose B, why it could not be scored, and the mean of each channel
    (of series also `profile_power`).

    The channels are those of the real dyads (`real`).
    """
    names = _channels(real, manifest)
    measures = [(name, key) for name in names for key in _pseudo_keys(name)]
    header = ["a_of", "b_of", "error", *(f"{name}_{key}" for name, key in measures)]
    rows = [
        [
            manifest.dyads[i].id,
            manifest.dyads[j].id,
            error,
            *(_number(_value(of, name, key)) for name, key in measures),
        ]
        for (i, j), of, error in zip(pairs, scored, errors, strict=True)
    ]
    _write_csv(folder / "pseudo.csv", header, rows)


def _pseudo_keys(channel: str) -> tuple[str, ...]:
    return ("mean", "profile_power") if channel in SERIES_CHANNELS else ("mean",)


def write_groups(
    manifest: Manifest,
    scored: Mapping[str, Scored],
    pseudo: Sequence[Scored | None],
    *,
    by: Sequence[str],
    seed: int,
    folder: Path,
) -> None:
    """Write groups.csv: real against pseudo-dyads, and the values of each covariate in `by` pair by pair.

    Compared are measures that neither length nor smoothness of the recordings raises (`_study_measure`).
    Where the manifest says which rows are sessions of one dyad, the dyad is the unit: its sessions with one
    value are averaged, and dyads that have both values are compared with themselves.
    """
    rows: list[list[str]] = []
    names = _channels(scored.values(), manifest)
    real = [scored[dyad.id] for dyad in manifest.dyads if dyad.id in scored]
    if pseudo:
        family = []
        for name in names:
            key = "profile_power" if name in SERIES_CHANNELS else "mean"
            sides = [[_value(of, name, key) for of in group] for group in (real, pseudo)]
            family.append((f"{name}_{key}", compare_groups(sides[0], sides[1], seed=seed)))
        rows += _family(REAL_OR_PSEUDO, [(("real", "pseudo"), *one) for one in family])
    for covariate in by:
        values = sorted({dyad.covariates[covariate] for dyad in manifest.dyads} - {""})
        compared = []
        for pair in combinations(values, 2):
            groups = [_by_dyad(_with(manifest, scored, covariate, value)) for value in pair]
            both = [key for key in groups[0] if key in groups[1]]
            for name in names:
                label, measure = _study_measure(name)
                by_dyad = [
                    {
                        key: _average(measure(scored[one.id]) for one in sessions)
                        for key, sessions in of.items()
                    }
                    for of in groups
                ]
                found = (
                    compare_paired(*([of[key] for key in both] for of in by_dyad))
                    if len(both) > 1
                    else compare_groups(*(list(of.values()) for of in by_dyad), seed=seed)
                )
                compared.append((pair, label, found))
        rows += _family(covariate, compared)
    _write_csv(folder / "groups.csv", [name for name, _, _ in _GROUP_COLUMNS], rows)


def _study_measure(channel: str) -> tuple[str, Callable[[Scored], float]]:
    """Return the column that dyads are compared by, and how it is had: free of length and smoothness."""
    if channel in SERIES_CHANNELS:
        return f"{channel}_profile_power", lambda of: _value(of, channel, "profile_power")
    return (
        f"{channel}_mean_minus_chance",
        lambda of: _value(of, channel, "mean") - _value(of, channel, "chance_mean"),
    )


def _by_dyad(rows: Sequence[Dyad]) -> dict[str, list[Dyad]]:
    """Return the rows of each dyad; without a `dyad` column, every row is one."""
    out: dict[str, list[Dyad]] = {}
    for row in rows:
        out.setdefault(row.dyad or row.id, []).append(row)
    return out


def _average(values: Iterable[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else math.nan


def _family(by: str, compared: Sequence[tuple[tuple[str, str], str, Comparison]]) -> list[list[str]]:
    """Return the rows of one family of comparisons, corrected for how many there are."""
    p_values = [found.p_value for _, _, found in compared]
    rows = []
    for (groups, label, found), holm, fdr in zip(
        compared, corrected(p_values, "holm"), corrected(p_values, "fdr"), strict=True
    ):
        values = [getattr(found, name) for name, _, _ in _GROUP_COLUMNS[4:-2]]
        cells = [str(v) if isinstance(v, int | str) else _number(v) for v in values]
        rows.append([by, *groups, label, *cells, _number(holm), _number(fdr)])
    return rows


def write_about(folder: Path, about: Mapping[str, Any]) -> None:
    """Write batch.json: what the results were made with."""
    write_atomically(folder / "batch.json", json.dumps(about, indent=2, ensure_ascii=False) + "\n")


def _with(manifest: Manifest, scored: Mapping[str, Scored], covariate: str, value: str) -> list[Dyad]:
    return [d for d in manifest.dyads if d.id in scored and d.covariates[covariate] == value]


def _channels(scored: Iterable[Scored], manifest: Manifest) -> list[str]:
    """Return the channels there are: all of video dyads, and those that series gave."""
    found = {name for one in scored for name in one["channels"]}
    if any(not dyad.is_series for dyad in manifest.dyads):
        found |= set(CHANNELS)
    return [name for name in (*CHANNELS, *SERIES_CHANNELS) if name in found]


def _measures(scored: Iterable[Scored], manifest: Manifest) -> list[tuple[str, str, str]]:
    """Return (column, channel, statistic) of every measured column."""
    out = []
    for name in _channels(scored, manifest):
        keys = STATISTICS + SYNC_STATISTICS if name in SYNC_CHANNELS else STATISTICS
        keys = SERIES_STATISTICS if name in SERIES_CHANNELS else keys
        out += [(f"{name}_{key}", name, key) for key in keys]
    return out


def _dictionary(manifest: Manifest, measures: Sequence[tuple[str, str, str]]) -> list[list[str]]:
    own = [
        ("id", "name", "The dyad, as in the manifest."),
        *((name, "", "As in the manifest.") for name in manifest.covariates),
        *_ABOUT,
    ]
    rows = [["results.csv", name, unit, "", meaning] for name, unit, meaning in own]
    for column, channel, key in measures:
        rows.append(["results.csv", column, *_meaning(channel, key)])
    rows += [["groups.csv", name, unit, "", meaning] for name, unit, meaning in _GROUP_COLUMNS]
    rows += [
        ["pseudo.csv", name, "name", "", f"Whose {who} it is."]
        for name, who in (("a_of", "A"), ("b_of", "B"))
    ]
    rows.append(
        ["pseudo.csv", "error", "sentence", "", "Why the two could not be scored; empty when they were."]
    )
    means = [column for column, channel, key in measures if key in _pseudo_keys(channel)]
    return rows + [
        ["pseudo.csv", name, "score", "", "As in results.csv, of people who never met."] for name in means
    ]


def _meaning(channel: str, key: str) -> list[str]:
    """Return unit, range and meaning of a statistic of a channel."""
    if channel in SERIES_CHANNELS:
        unit, words = _SERIES_MEANINGS[key]
        return [unit, "", words.format(_SERIES_OF[channel])]
    unit, words = _MEANINGS[key]
    if key == "p_value":
        words = _P_VALUES.get(channel, words)
    return [unit, "", words.format(CHANNELS[channel].meaning)]


def _value(of: Scored | None, channel: str, key: str) -> float:
    number = None if of is None else of["channels"].get(channel, {}).get(key)
    return math.nan if number is None else float(number)


def _number(value: float) -> str:
    return f"{round(value, _DIGITS) + 0.0:.{_DIGITS}f}" if math.isfinite(value) else ""


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write_atomically(path, text.getvalue())
