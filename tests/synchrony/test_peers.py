"""The presets give the peers' numbers: every row and column of what rMEA, SUSY and wcc computed."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mirrorsync.synchrony.rmea import RmeaResult, moving_average, rmea, scale_by_sd
from mirrorsync.synchrony.susy import SusyResult, susy
from mirrorsync.synchrony.wcc import WccResult, wcc
from mirrorsync.types import FloatArray

OWN = Path(__file__).resolve().parents[1] / "golden" / "reference"
NAMED = os.environ.get("MIRRORSYNC_SHARED")
SAMPLE = (
    (Path(NAMED) if NAMED else Path(__file__).resolve().parents[3] / "shared") / "reference" / "rmea_sample"
)
SERIES = ("independent_ar95", "lagged_a_leads_20", "leader_switches_15_then_minus10", "sine_phase_lag_0s4")
needs_sample = pytest.mark.skipif(
    not SAMPLE.is_dir(), reason=f"rMEA's sample (GPL) is not part of the project; {SAMPLE} is not there"
)

SUSY_COLUMNS = {
    "n(data)": "n_samples", "Z": "z", "Z-Pseudo": "z_pseudo", "SD(Z)": "sd_z", "SD(Z-Pseudo)": "sd_z_pseudo",
    "n(lags)": "n_lags", "%>Pseudo": "percent_above_pseudo", "n(Segmente)": "n_segments", "ES": "es",
    "Z(lead1)": "z_a_leads", "Z(lead2)": "z_b_leads", "ES(lead1)": "es_a_leads", "ES(lead2)": "es_b_leads",
    "meanZ(in-phase)": "z_in_phase", "meanZ(anti-phase)": "z_anti_phase", "Anzahl(in-phase)": "n_in_phase",
    "Anzahl(anti-phase)": "n_anti_phase", "Z(noAbs)": "z_signed", "Z(Pseudo-noAbs)": "z_pseudo_signed",
    "%>Pseudo(noAbs)": "percent_above_pseudo_signed", "ES(noAbs)": "es_signed",
}  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@cache
def own_series(name: str) -> FloatArray:
    return np.loadtxt(OWN / f"{name}.csv", delimiter=",", skiprows=1).T


@cache
def sample_series(name: str) -> FloatArray:
    return np.loadtxt(SAMPLE / f"{name}.txt", skiprows=1).T


def prepared(pair: FloatArray, how: str) -> FloatArray:
    if how in {"none", "raw"}:
        return pair
    return np.stack([scale_by_sd(moving_average(x, rate_hz=25)) for x in pair])


def agree(got: dict[str, float], row: dict[str, str], handled: Iterable[str]) -> None:
    """Every column of the row that is not a key is compared, NA with NaN."""
    assert set(got) | set(handled) == set(row)
    for column, value in got.items():
        if row[column] == "NA":
            assert np.isnan(value), column
        else:
            assert value == pytest.approx(float(row[column]), rel=1e-6, abs=1e-12), column


def as_rmea(pair: FloatArray, row: dict[str, str], names: tuple[str, str, str, str]) -> RmeaResult:
    lag, window, step, absolute = (row[name] for name in names)
    return rmea(
        *pair,
        rate_hz=25,
        lag_s=float(lag),
        window_s=float(window),
        step_s=float(step),
        absolute=absolute == "TRUE",
    )


@pytest.mark.parametrize("name", SERIES)
def test_rmea_on_our_series(name: str) -> None:
    expected = [row for row in rows(OWN / "expected_rmea.csv") if row["series"] == name]
    assert len(expected) == 12
    for row in expected:
        result = as_rmea(
            prepared(own_series(name), row["prep"]), row, ("lag_s", "window_s", "step_s", "absolute")
        )
        got = {
            "n_windows": len(result.starts_s),
            "grandAver": result.grand_average,
            "lag_zero_mean": result.lag_zero_mean,
            "s1_lead_mean": result.a_leads_mean,
            "s2_lead_mean": result.b_leads_mean,
        }
        agree(got, row, ("series", "prep", "lag_s", "window_s", "step_s", "absolute"))


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("absolute", [True, False])
def test_rmea_window_by_window(name: str, absolute: bool) -> None:
    expected = [
        row
        for row in rows(OWN / "expected_rmea_windows.csv")
        if row["series"] == name and row["absolute"] == str(absolute).upper()
    ]
    result = rmea(*own_series(name), rate_hz=25, lag_s=2, window_s=10, step_s=5, absolute=absolute)
    assert [int(row["window"]) for row in expected] == list(range(1, len(result.starts_s) + 1))
    for k, row in enumerate(expected):
        got = {
            "all_lags": result.all_lags[k],
            "s1_lead": result.a_leads[k],
            "s2_lead": result.b_leads[k],
            "lag_zero": result.lag_zero[k],
            "bestLag": result.best_lag_s[k],
        }
        agree(got, row, ("series", "absolute", "window"))


@needs_sample
def test_rmea_on_its_own_sample() -> None:
    expected = rows(SAMPLE / "expected_rmea.csv")
    assert len(expected) == 80
    for row in expected:
        pair = prepared(sample_series(f"{row['uid'][4:7]}_01"), row["variant"])
        result = as_rmea(pair, row, ("lag", "win", "inc", "abs"))
        got = {
            "n_win": len(result.starts_s),
            "grandAver": result.grand_average,
            "lag_zero": result.lag_zero_mean,
            "all_lags": float(result.all_lags.mean()),
            "s1_lead": result.a_leads_mean,
            "s2_lead": result.b_leads_mean,
            "bestLag_w1": result.best_lag_s[0],
            "bestLag_median": float(np.median(result.best_lag_s)),
        }
        agree(got, row, ("group", "uid", "variant", "lag", "win", "inc", "abs"))


def susy_row(result: SusyResult) -> dict[str, float]:
    return {column: getattr(result, name) for column, name in SUSY_COLUMNS.items()}


def test_susy_on_our_series() -> None:
    expected = rows(OWN / "expected_susy.csv")
    assert [row["series"] for row in expected] == list(SERIES)
    for row in expected:
        result = susy(*own_series(row["series"]), rate_hz=25, segment_s=15, lag_s=3)
        agree(susy_row(result), row, ("Var1", "Var2", "series"))


@needs_sample
def test_susy_on_the_rmea_sample() -> None:
    expected = rows(SAMPLE / "expected_susy.csv")
    assert len(expected) == 10
    for row in expected:
        result = susy(*sample_series(row["file"].removesuffix(".txt")), rate_hz=25, segment_s=30, lag_s=5)
        agree(susy_row(result), row, ("Var1", "Var2", "file"))


def as_wcc(pair: FloatArray, row: dict[str, str]) -> WccResult:
    window, lag, step, pace = (int(row[name]) / 25 for name in ("wMax", "tMax", "wInc", "tInc"))
    return wcc(*pair, rate_hz=25, window_s=window, lag_s=lag, step_s=step, lag_step_s=pace)


def test_wcc_on_our_series() -> None:
    expected = rows(OWN / "expected_wcc.csv")
    assert [row["series"] for row in expected] == list(SERIES)
    for row in expected:
        result = as_wcc(own_series(row["series"]), row)
        theirs = result.r[:, ::-1]  # wcc's right-hand columns are series 2 leading
        got = {"n_rows": theirs.shape[0], "n_cols": theirs.shape[1]}
        got |= {"mean": result.mean, "zero_lag_mean": result.zero_lag_mean}
        for number in (1, 50):
            cells = theirs[number - 1]
            got |= {f"r{number}_first": cells[0], f"r{number}_zero": cells[50], f"r{number}_last": cells[-1]}
        agree(got, row, ("series", "wMax", "tMax", "wInc", "tInc"))


@needs_sample
def test_wcc_on_the_rmea_sample() -> None:
    expected = rows(SAMPLE / "expected_wcc.csv")
    assert len(expected) == 10
    for row in expected:
        result = as_wcc(sample_series(row["file"].removesuffix(".txt")), row)
        got = {
            "n_rows": result.r.shape[0],
            "n_cols": result.r.shape[1],
            "mean": result.mean,
            "sd": float(result.r.std(ddof=1)),
            "zero_lag_mean": result.zero_lag_mean,
            "row1_min": float(result.r[0].min()),
            "row1_max": float(result.r[0].max()),
        }
        agree(got, row, ("file", "wMax", "tMax", "wInc", "tInc", "seconds"))


@pytest.mark.parametrize("name", SERIES)
def test_wcc_lag_profile_and_peaks(name: str) -> None:
    result = wcc(*own_series(name), rate_hz=25, window_s=10, lag_s=2, step_s=1)
    profile = [row for row in rows(OWN / "expected_wcc_lag_profile.csv") if row["series"] == name]
    assert [int(row["column"]) for row in profile] == list(range(1, 102))
    theirs = [float(row["mean_r"]) for row in profile]
    np.testing.assert_allclose(result.profile[::-1], theirs, rtol=1e-6, atol=1e-12)
    peaks = [row for row in rows(OWN / "expected_wcc_peaks.csv") if row["series"] == name]
    assert [int(row["row"]) for row in peaks] == list(range(1, 109))
    half_lags = -result.peak_lag_s * 25 * 2  # their index; series 2 leading to the right
    for k, row in enumerate(peaks):
        agree({"index": half_lags[k], "value": result.peak_value[k]}, row, ("series", "row"))
