"""`mirrorsync series`: synchrony of two existing columns, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mirrorsync.errors import SeriesError, UsageError

if TYPE_CHECKING:
    from mirrorsync.readers import SeriesTable
    from mirrorsync.types import FloatArray

__all__ = ["register", "series"]

_EPILOG = "Example: mirrorsync series pair.csv --rate 25 --method rmea --lag 5 --window 30 --step 10"


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
    "signed": (Method.RMEA,),
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
            help="Text file; its first two columns of numbers that measure something are A and B.",
        ),
    ],
    other: Annotated[
        Path | None,
        typer.Argument(metavar="[B]", help="B's own file (OpenFace, Py-feat, …); PAIR.csv is A's then."),
    ] = None,
    method: Annotated[
        Method, typer.Option(help="R's rMEA, SUSY or wcc, or our own test against chance.")
    ] = Method.RMEA,
    rate: Annotated[
        float | None,
        typer.Option(help="Rows per second, where the file has no clock that says so. [default: 25]"),
    ] = None,
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
    absolute: Annotated[
        bool,
        typer.Option("--absolute", help="rmea: average the absolute z, which is the default.", hidden=True),
    ] = False,
    signed: Annotated[
        bool, typer.Option("--signed", help="rmea: average z with its sign. [default: its absolute value]")
    ] = False,
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
    others = {"absolute": absolute or None, "signed": signed or None, "surrogates": surrogates, "seed": seed}
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
    given: dict[str, Any] = {f"{name}_s": value for name, value in seconds.items() if value is not None}
    if method is Method.RMEA:
        given["absolute"] = not signed
    given |= {key: value for key, value in (("n", surrogates), ("seed", seed)) if value is not None}
    if (other is None) != (column is None) or (other is not None and columns is not None):
        raise UsageError("--column goes with two files, --columns with one.")
    both = _read(pair, other, rate, _two(columns), column)
    still = _still(both)
    try:
        a, b = _prepared(both, smooth, scale)
        result = _SCORES[method](a, b, rate_hz=both[0].rate_hz, **given)
    except SeriesError as error:
        raise SeriesError(" ".join([str(error), *still])) from error
    one_face = _one_face(pair, both) if other is None and columns is None else []
    for note in (_compared(both), *one_face, *both[0].notes, *still, *_at_the_border(result)):
        typer.echo(note, err=True)
    preparation = {"smooth_s": smooth, "scale": scale.value, "method": method.value, **given}
    content = {key: _plain(value) for key, value in result.items()} | {"input": _input(both, preparation)}
    typer.echo(json.dumps(content, indent=2))


def _read(
    file_a: Path,
    file_b: Path | None,
    rate_hz: float | None,
    columns: tuple[str, str] | None,
    column: str | None,
) -> tuple[SeriesTable, SeriesTable]:
    """Return one column of A and one of B on one clock."""
    from mirrorsync.analysis.series_clock import paired
    from mirrorsync.readers import read
    from mirrorsync.readers.plain import read_pair
    from mirrorsync.readers.text_table import listed

    if file_b is None or column is None:
        return paired(*read_pair(file_a, columns=columns, rate_hz=rate_hz))
    found = []
    for file in (file_a, file_b):
        table = read(file, rate_hz=rate_hz)
        if column not in table.columns:
            known = listed(table.scored or tuple(table.columns))
            raise SeriesError(f"{file} has no column {column!r} to score; it has: {known}.")
        found.append(replace(table, columns={column: table.columns[column]}))
    return paired(found[0], found[1])


def _column(table: SeriesTable) -> str:
    return next(iter(table.columns))


def _values(table: SeriesTable) -> FloatArray:
    return table.columns[_column(table)]


def _compared(pair: tuple[SeriesTable, SeriesTable]) -> str:
    """Return a sentence that names what was compared."""
    a, b = pair
    whence = {"stated": "as stated", "assumed": "assumed; --rate says another"}
    source = whence.get(a.clock, f"by {a.clock}")
    return (
        f"Compared: column {_column(a)} of {a.name} (A) with column {_column(b)} of {b.name} (B), "
        f"{a.times_s.size} rows, {a.rate_hz:.4g} per second ({source})."
    )


def _input(pair: tuple[SeriesTable, SeriesTable], preparation: dict[str, Any]) -> dict[str, Any]:
    """Return what the numbers were made of."""
    import numpy as np

    from mirrorsync.checksums import file_sha256
    from mirrorsync.readers import split_part
    from mirrorsync.version import __version__

    def one(table: SeriesTable) -> dict[str, Any]:
        return {
            "file": table.name,
            "sha256": file_sha256(split_part(Path(table.name))[0]),
            "column": _column(table),
            "missing": int(np.isnan(_values(table)).sum()),
        }

    a, b = pair
    return {
        "a": one(a),
        "b": one(b),
        "rows": a.times_s.size,
        "rate_hz": a.rate_hz,
        "rate_from": a.clock,
        **preparation,
        "version": __version__,
    }


def _at_the_border(result: dict[str, Any]) -> list[str]:
    """Return a sentence where the best lag may lie outside the lags that were looked at."""
    if "surrogate_kind" not in result or isfinite(result["peak_lag_s"]):
        return []
    return ["The peak lies at the longest lag that was looked at; try a longer one (--lag)."]


def _one_face(file: Path, pair: tuple[SeriesTable, SeriesTable]) -> list[str]:
    """Return a sentence where the columns of a file that holds one person's face were compared."""
    from mirrorsync.readers.faces import is_openface, is_pyfeat
    from mirrorsync.readers.text_table import read_header

    names = read_header(file)
    if not (is_openface(names) or is_pyfeat(names)):
        return []
    return [
        f"{file} holds one person's face; its columns {_column(pair[0])} and {_column(pair[1])} were "
        "compared. For two people give both files and --column, for other columns --columns."
    ]


def _two(columns: str | None) -> tuple[str, str] | None:
    if columns is None:
        return None
    names = [name.strip() for name in columns.split(",")]
    if len(names) != 2 or not all(names):
        raise UsageError("--columns takes two names or numbers with a comma between, as in --columns 2,3.")
    return names[0], names[1]


def _still(pair: tuple[SeriesTable, SeriesTable]) -> list[str]:
    """Return a sentence about each series that does not move."""
    import numpy as np

    notes = []
    for person, table in zip("AB", pair, strict=True):
        values, name = _values(table), _column(table)
        known = values[np.isfinite(values)]
        if known.size and known.min() == known.max():
            notes.append(f"{person} (column {name}) does not move: all its values are {known[0]:g}.")
    return notes


def _prepared(
    pair: tuple[SeriesTable, SeriesTable], smooth_s: float | None, scale: Scale
) -> tuple[FloatArray, FloatArray]:
    """Return A and B, smoothed and scaled as asked."""
    import numpy as np

    from mirrorsync.synchrony.rmea import moving_average, scale_by_sd

    both = []
    for table in pair:
        values = _values(table)
        if np.isinf(values).any():
            raise SeriesError("The series hold infinite values; mark missing samples as NA instead.")
        if smooth_s is not None:
            values = moving_average(values, rate_hz=table.rate_hz, window_s=smooth_s)
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
        "surrogate_z": test.effect_size,
        "profile_power": test.profile_power,
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
