"""`mirrorsync series`: synchrony of two existing columns, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mirrorsync.errors import SeriesError, UsageError

if TYPE_CHECKING:
    from mirrorsync.readers.plain import SeriesPair

__all__ = ["register", "series"]

_EPILOG = (
    "Example: mirrorsync series pair.csv --rate 25 --method rmea --lag 5 --window 30 --step 10 --absolute"
)


class Method(StrEnum):
    """Whose definition of synchrony is computed."""

    RMEA = "rmea"
    SUSY = "susy"
    WCC = "wcc"
    MIRRORSYNC = "mirrorsync"


class Scale(StrEnum):
    """What each series is divided by first."""

    NONE = "none"
    SD = "sd"


# Options that only some methods know.
_TAKES = {
    "window": (Method.RMEA, Method.WCC, Method.MIRRORSYNC),
    "step": (Method.RMEA, Method.WCC),
    "absolute": (Method.RMEA,),
    "segment": (Method.SUSY,),
    "surrogates": (Method.MIRRORSYNC,),
    "seed": (Method.MIRRORSYNC,),
}


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(series)


def series(
    pair: Annotated[
        Path,
        typer.Argument(
            metavar="PAIR.csv",
            help="Text file; its first two numeric columns are A and B (after one that says the time).",
        ),
    ],
    other: Annotated[
        Path | None,
        typer.Argument(metavar="[B]", help="B's own file (OpenFace, Py-feat, …); PAIR.csv is A's then."),
    ] = None,
    method: Annotated[
        Method, typer.Option(help="R's rMEA, SUSY or wcc, or our own test against chance.")
    ] = Method.RMEA,
    rate: Annotated[float, typer.Option(help="Samples a second.")] = 25.0,
    lag: Annotated[
        float | None, typer.Option(help="Longest lag each way, s. [default: 5; mirrorsync 2]")
    ] = None,
    window: Annotated[
        float | None, typer.Option(help="Window, s. [default: rmea 60, wcc 10, mirrorsync 5]")
    ] = None,
    step: Annotated[
        float | None, typer.Option(help="A new window this often, s. [default: rmea 30, wcc 1]")
    ] = None,
    segment: Annotated[float | None, typer.Option(help="susy: length of a segment, s. [default: 30]")] = None,
    absolute: Annotated[bool, typer.Option("--absolute", help="rmea: average the absolute z.")] = False,
    surrogates: Annotated[int | None, typer.Option(help="mirrorsync: how many. [default: 199]")] = None,
    seed: Annotated[int | None, typer.Option(help="mirrorsync: seed of the surrogates. [default: 1]")] = None,
    smooth: Annotated[
        float | None, typer.Option(help="rMEA's moving average first, s (0.5 is usual).")
    ] = None,
    scale: Annotated[Scale, typer.Option(help="Divide each series by its SD first.")] = Scale.NONE,
    columns: Annotated[
        str | None, typer.Option(help="Other columns: two names or numbers, as in 2,3.")
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(help="With two files: the column of both, as in smile, head_pitch or AU12_r."),
    ] = None,
) -> None:
    """Print the synchrony of two series as JSON. Positive lags: B follows A."""
    seconds = {"lag": lag, "window": window, "step": step, "segment": segment}
    others = {"absolute": absolute or None, "surrogates": surrogates, "seed": seed}
    for name, value in {**seconds, **others}.items():
        takers = _TAKES.get(name, (method,))
        if value is not None and method not in takers:
            raise UsageError(
                f"--{name} means nothing for --method {method}; it belongs to {', '.join(takers)}."
            )
    for name, number in {**seconds, "rate": rate, "smooth": smooth}.items():
        if number is not None and not (isfinite(number) and number > 0):
            raise UsageError(f"--{name} takes a number above 0; {number:g} is not that.")
    if (surrogates is not None and surrogates < 19) or (seed is not None and seed < 0):
        raise UsageError(
            "--surrogates takes 19 or more, without which no p-value is below 0.05; --seed 0 or more."
        )
    from mirrorsync.readers.plain import read_pair

    given: dict[str, Any] = {f"{name}_s": value for name, value in seconds.items() if value is not None}
    if method is Method.RMEA:
        given["absolute"] = absolute
    given |= {key: value for key, value in (("n", surrogates), ("seed", seed)) if value is not None}
    if (other is None) != (column is None) or (other is not None and columns is not None):
        raise UsageError("--column goes with two files, --columns with one.")
    if other is None or column is None:
        both = read_pair(pair, columns=_two(columns))
    else:
        both = _of_two_files(pair, other, column, rate)
    still = _still(both)
    try:
        a, b = _prepared(both, rate, smooth, scale)
        result = _SCORES[method](a, b, rate_hz=rate, **given)
    except SeriesError as error:
        raise SeriesError(" ".join([str(error), *still])) from error
    one_face = _one_face(pair, both) if other is None and columns is None else []
    for note in (*one_face, *_passed_over(both), *still):
        typer.echo(note, err=True)
    typer.echo(json.dumps({key: _plain(value) for key, value in result.items()}, indent=2))


def _one_face(file: Path, taken: SeriesPair) -> list[str]:
    """Return a sentence about the columns that were taken of a file that holds one person's face."""
    from mirrorsync.readers.faces import is_openface, is_pyfeat
    from mirrorsync.readers.text_table import read_header

    names = read_header(file)
    if not (is_openface(names) or is_pyfeat(names)):
        return []
    return [
        f"{file} holds one person's face; its columns {taken.names[0]} and {taken.names[1]} were compared. "
        "For two people give both files and --column, for other columns --columns."
    ]


def _of_two_files(file_a: Path, file_b: Path, column: str, rate_hz: float) -> SeriesPair:
    """Return one column of two files, brought to one clock as feeds are."""
    from mirrorsync.readers import kind_of, read
    from mirrorsync.readers.plain import SeriesPair
    from mirrorsync.readers.text_table import listed
    from mirrorsync.settings import Settings
    from mirrorsync.synchrony.clock import resample

    found = []
    for file in (file_a, file_b):
        table = read(file, rate_hz=rate_hz if kind_of(file) in {"pyfeat", "motion_energy"} else None)
        if column not in table.columns:
            known = listed(table.scored or tuple(table.columns))
            raise SeriesError(f"{file} has no column {column!r} to score; it has: {known}.")
        times_s, values = table.times_s, table.columns[column]
        found.append(resample(times_s, values, rate_hz=rate_hz, max_gap_s=Settings().max_gap_s))
    n = min(len(values) for values in found)
    return SeriesPair(a=found[0][:n], b=found[1][:n], names=(column, column))


def _two(columns: str | None) -> tuple[str, str] | None:
    if columns is None:
        return None
    names = [name.strip() for name in columns.split(",")]
    if len(names) != 2 or not all(names):
        raise UsageError("--columns takes two names or numbers with a comma between, as in --columns 2,3.")
    return names[0], names[1]


def _passed_over(pair: SeriesPair) -> list[str]:
    """Return a sentence about a column of times that was not taken as A."""
    if not pair.clock:
        return []
    return [
        f"Column {pair.clock} says the time, so A and B are the columns after it, {pair.names[0]} and "
        f"{pair.names[1]}; --columns {pair.clock},{pair.names[0]} takes it as A all the same."
    ]


def _still(pair: SeriesPair) -> list[str]:
    """Return a sentence about each series that does not move."""
    import numpy as np

    notes = []
    for person, values, name in zip("AB", (pair.a, pair.b), pair.names, strict=True):
        known = values[np.isfinite(values)]
        if known.size and known.min() == known.max():
            whose = f"{person} (column {name})" if name else person
            notes.append(f"{whose} does not move: all its values are {known[0]:g}.")
    return notes


def _prepared(pair: SeriesPair, rate_hz: float, smooth_s: float | None, scale: Scale) -> tuple[Any, Any]:
    """Return A and B, smoothed and scaled as asked."""
    import numpy as np

    from mirrorsync.synchrony.rmea import moving_average, scale_by_sd

    both = []
    for values in (pair.a, pair.b):
        if np.isinf(values).any():
            raise SeriesError("The series hold infinite values; mark missing samples as NA instead.")
        if smooth_s is not None:
            values = moving_average(values, rate_hz=rate_hz, window_s=smooth_s)
        both.append(scale_by_sd(values) if scale is Scale.SD else values)
    return both[0], both[1]


def _rmea(a: Any, b: Any, **given: Any) -> dict[str, Any]:
    from mirrorsync.synchrony.rmea import rmea

    result = rmea(a, b, **given)
    return {
        "n_windows": len(result.starts_s),
        "grand_average": result.grand_average,
        "lag_zero_mean": result.lag_zero_mean,
        "a_leads_mean": result.a_leads_mean,
        "b_leads_mean": result.b_leads_mean,
        "best_lag_s": result.best_lag_s,
    }


def _susy(a: Any, b: Any, **given: Any) -> dict[str, Any]:
    from mirrorsync.synchrony.susy import susy

    result = susy(a, b, **given)
    names = "n_segments z z_pseudo sd_z_pseudo es percent_above_pseudo z_signed es_signed"
    return {name: getattr(result, name) for name in names.split()}


def _wcc(a: Any, b: Any, **given: Any) -> dict[str, Any]:
    from mirrorsync.synchrony.wcc import wcc

    result = wcc(a, b, **given)
    return {
        "n_rows": result.r.shape[0],
        "n_lags": result.r.shape[1],
        "mean": result.mean,
        "zero_lag_mean": result.zero_lag_mean,
        "peak_lag_s": result.peak_lag_s,
        "peak_value": result.peak_value,
    }


def _mirrorsync(a: Any, b: Any, *, rate_hz: float, **given: Any) -> dict[str, Any]:
    from mirrorsync.synchrony.chance import MIN_WINDOWS, synchrony_test
    from mirrorsync.synchrony.correlation import windowed_correlation
    from mirrorsync.synchrony.leading import who_leads

    window, lag = (
        round(given.get(name, default) * rate_hz) for name, default in (("window_s", 5.0), ("lag_s", 2.0))
    )
    if len(a) < (needed := MIN_WINDOWS * window + lag):
        raise SeriesError(
            f"The series last {len(a) / rate_hz:g} s, but a test against chance takes {MIN_WINDOWS} windows "
            f"of {window / rate_hz:g} s and a lag of {lag / rate_hz:g} s: {needed / rate_hz:g} s or longer. "
            "Give longer series, or a shorter --window."
        )
    test = synchrony_test(a, b, rate_hz=rate_hz, **given)
    grid = windowed_correlation(a, b, window=window, max_lag=lag, step=max(1, window // 5))
    lead = who_leads(grid, rate_hz=rate_hz, p_value=test.p_value, seed=test.seed)
    return {
        "n_windows": test.windows,
        "peak_z": test.observed,
        "chance_mean": test.mean,
        "chance_sd": test.sd,
        "effect_size": test.effect_size,
        "effect_size_low": test.effect_ci[0],
        "effect_size_high": test.effect_ci[1],
        "p_value": test.p_value,
        "peak_lag_s": test.lag_s,
        "leader": lead.leader,
        "leader_confidence": lead.confidence,
        "a_leads_share": lead.shares.a_leads,
        "b_leads_share": lead.shares.b_leads,
        "surrogates": test.n,
        "surrogate_kind": test.kind,
        "seed": test.seed,
    }


_SCORES: dict[Method, Callable[..., dict[str, Any]]] = {
    Method.RMEA: _rmea,
    Method.SUSY: _susy,
    Method.WCC: _wcc,
    Method.MIRRORSYNC: _mirrorsync,
}


def _plain(value: Any) -> Any:
    """Return what JSON can say: lists for arrays, null for NaN."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value
