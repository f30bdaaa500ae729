"""`mirrorsync series`: synchrony of two existing columns, as JSON."""

from __future__ import annotations

import json
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mirrorsync.errors import SeriesError, UsageError

if TYPE_CHECKING:
    from mirrorsync.cli.series_input import SeriesPair

__all__ = ["register", "series"]

_EPILOG = (
    "Example: mirrorsync series pair.csv --rate 25 --method rmea --lag 5 --window 30 --step 10 --absolute"
)


class Method(StrEnum):
    """Whose definition of synchrony is computed."""

    RMEA = "rmea"
    SUSY = "susy"
    WCC = "wcc"


class Scale(StrEnum):
    """What each series is divided by first."""

    NONE = "none"
    SD = "sd"


# Options that only some methods know.
_TAKES = {
    "window": (Method.RMEA, Method.WCC),
    "step": (Method.RMEA, Method.WCC),
    "absolute": (Method.RMEA,),
    "segment": (Method.SUSY,),
}


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command(epilog=_EPILOG)(series)


def series(
    pair: Annotated[
        Path, typer.Argument(metavar="PAIR.csv", help="Text file; its first two numeric columns are A and B.")
    ],
    method: Annotated[Method, typer.Option(help="Whose definition: R's rMEA, SUSY or wcc.")] = Method.RMEA,
    rate: Annotated[float, typer.Option(help="Samples a second.")] = 25.0,
    lag: Annotated[float | None, typer.Option(help="Longest lag each way, s. [default: 5]")] = None,
    window: Annotated[float | None, typer.Option(help="Window, s. [default: rmea 60, wcc 10]")] = None,
    step: Annotated[
        float | None, typer.Option(help="A new window this often, s. [default: rmea 30, wcc 1]")
    ] = None,
    segment: Annotated[float | None, typer.Option(help="susy: length of a segment, s. [default: 30]")] = None,
    absolute: Annotated[bool, typer.Option("--absolute", help="rmea: average the absolute z.")] = False,
    smooth: Annotated[
        float | None, typer.Option(help="rMEA's moving average first, s (0.5 is usual).")
    ] = None,
    scale: Annotated[Scale, typer.Option(help="Divide each series by its SD first.")] = Scale.NONE,
    columns: Annotated[
        str | None, typer.Option(help="Other columns: two names or numbers, as in 2,3.")
    ] = None,
) -> None:
    """Print the synchrony of two series as JSON. Positive lags: B follows A."""
    seconds = {"lag": lag, "window": window, "step": step, "segment": segment}
    _refuse_nonsense(
        method, {**seconds, "absolute": absolute or None}, {**seconds, "rate": rate, "smooth": smooth}
    )
    from mirrorsync.cli.series_input import read_pair

    given = {f"{name}_s": value for name, value in seconds.items() if value is not None}
    result = _SCORES[method](
        _prepared(read_pair(pair, columns=_two(columns)), rate, smooth, scale), rate, given, absolute
    )
    typer.echo(json.dumps({key: _plain(value) for key, value in result.items()}, indent=2))


def _refuse_nonsense(method: Method, optional: dict[str, Any], numbers: dict[str, float | None]) -> None:
    for name, takers in _TAKES.items():
        if optional.get(name) is not None and method not in takers:
            raise UsageError(
                f"--{name} means nothing for --method {method}; it belongs to {' and '.join(takers)}."
            )
    for name, value in numbers.items():
        if value is not None and not (isfinite(value) and value > 0):
            raise UsageError(f"--{name} takes a number above 0; {value:g} is not that.")


def _two(columns: str | None) -> tuple[str, str] | None:
    if columns is None:
        return None
    names = [name.strip() for name in columns.split(",")]
    if len(names) != 2 or not all(names):
        raise UsageError("--columns takes two names or numbers with a comma between, as in --columns 2,3.")
    return names[0], names[1]


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


def _rmea(pair: tuple[Any, Any], rate_hz: float, given: dict[str, Any], absolute: bool) -> dict[str, Any]:
    from mirrorsync.synchrony.rmea import rmea

    result = rmea(*pair, rate_hz=rate_hz, absolute=absolute, **given)
    return {
        "n_windows": len(result.starts_s),
        "grand_average": result.grand_average,
        "lag_zero_mean": result.lag_zero_mean,
        "a_leads_mean": result.a_leads_mean,
        "b_leads_mean": result.b_leads_mean,
        "best_lag_s": result.best_lag_s,
    }


def _susy(pair: tuple[Any, Any], rate_hz: float, given: dict[str, Any], _absolute: bool) -> dict[str, Any]:
    from mirrorsync.synchrony.susy import susy

    result = susy(*pair, rate_hz=rate_hz, **given)
    names = "n_segments z z_pseudo sd_z_pseudo es percent_above_pseudo z_signed es_signed"
    return {name: getattr(result, name) for name in names.split()}


def _wcc(pair: tuple[Any, Any], rate_hz: float, given: dict[str, Any], _absolute: bool) -> dict[str, Any]:
    from mirrorsync.synchrony.wcc import wcc

    result = wcc(*pair, rate_hz=rate_hz, **given)
    return {
        "n_rows": result.r.shape[0],
        "n_lags": result.r.shape[1],
        "mean": result.mean,
        "zero_lag_mean": result.zero_lag_mean,
        "peak_lag_s": result.peak_lag_s,
        "peak_value": result.peak_value,
    }


_SCORES = {Method.RMEA: _rmea, Method.SUSY: _susy, Method.WCC: _wcc}


def _plain(value: Any) -> Any:
    """Return what JSON can say: lists for arrays, null for NaN."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value
