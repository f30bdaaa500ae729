"""A study over series: groups are told apart by coupling alone, and who met whom is known."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import lfilter

from mirrorsync.batches.manifest import read_manifest
from mirrorsync.batches.run import BatchOptions, run_batch
from mirrorsync.errors import UsageError
from mirrorsync.settings import Settings
from mirrorsync.synchrony.chance import profile_power, window_z
from mirrorsync.types import FloatArray

RATE_HZ = 10
SETTINGS = Settings(window_s=5.0, lag_s=1.0)


def moving(rng: np.random.Generator, seconds: float, smooth: float) -> FloatArray:
    n = round(RATE_HZ * seconds)
    series: FloatArray = lfilter([1], [1, -smooth], rng.normal(size=n + 200))[200:]
    return series


def power(a: FloatArray, b: FloatArray) -> float:
    return profile_power(window_z(a[:, None], b[:, None], window=5 * RATE_HZ, lag=RATE_HZ))


@pytest.mark.parametrize("seconds", [60, 600])
@pytest.mark.parametrize("smooth", [0.5, 0.95])
def test_the_measure_of_unrelated_people_is_zero_on_average(seconds: float, smooth: float) -> None:
    rng = np.random.default_rng(round(seconds + 100 * smooth))
    found = [power(moving(rng, seconds, smooth), moving(rng, seconds, smooth)) for _ in range(80)]
    assert abs(np.mean(found)) < 3.0 * np.std(found) / len(found) ** 0.5


def test_the_measure_of_equal_coupling_is_equal_whatever_the_length() -> None:
    rng = np.random.default_rng(3)
    found: dict[int, list[float]] = {100: [], 1000: []}
    for seconds, of in found.items():
        for _ in range(60):
            a = moving(rng, seconds, 0.9)
            of.append(power(a, 0.4 * a + moving(rng, seconds, 0.9)))
    short, long = (np.mean(of) for of in found.values())
    error = np.hypot(*(np.std(of) / len(of) ** 0.5 for of in found.values()))
    assert abs(short - long) < 3.0 * error
    assert long > 5.0 * error


def study(folder: Path, sessions: int) -> Path:
    rng = np.random.default_rng(4)
    lines = ["id,a,b,rate,dyad,session"]
    for couple in range(4):
        for session in range(sessions):
            a = moving(rng, 60, 0.9)
            b = (0.3 + 0.4 * couple) * a + moving(rng, 60, 0.9)
            name = f"c{couple}s{session}"
            np.savetxt(
                folder / f"{name}.csv", np.c_[a, b], delimiter=",", header="p,t", comments="", fmt="%.5f"
            )
            lines.append(f"{name},{name}.csv#p,{name}.csv#t,{RATE_HZ},c{couple},{session}")
    manifest = folder / "manifest.csv"
    manifest.write_text("\n".join(lines))
    return manifest


def test_sessions_of_a_dyad_are_paired_and_its_people_are_no_strangers(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_batch(study(tmp_path, 2), out, SETTINGS, BatchOptions(by=("session",), pseudo=99))
    pseudo = list(csv.DictReader((out / "pseudo.csv").read_text("utf-8").splitlines()))
    assert pseudo
    assert not [row for row in pseudo if row["a_of"][:2] == row["b_of"][:2]]
    groups = list(csv.DictReader((out / "groups.csv").read_text("utf-8").splitlines()))
    real, sessions = groups
    assert (real["by"], real["measure"], real["test"]) == (
        "dyads", "series_synchrony_profile_power", "permutation",
    )  # fmt: skip
    assert float(real["p_value"]) < 0.05
    assert (sessions["test"], sessions["n_1"], sessions["n_2"]) == ("signed-rank", "4", "4")
    assert real["p_holm"] == real["p_fdr"] == real["p_value"]  # a family of one


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("x,a.csv,b.csv,d,1,,\ny,a.csv,b.csv,d,1,,", "session 1 of dyad d twice"),
        ("x,a.csv,b.csv,d,1,anna,", "only one of person_a and person_b"),
        ("x,a.csv,b.csv,d,1,anna,anna", "as both person_a and person_b"),
        ("x,a.csv,b.csv,d,1,anna,bob\ny,a.csv,b.csv,d,2,anna,carl", "other people in y"),
    ],
)
def test_who_is_who_must_make_sense(tmp_path: Path, rows: str, complaint: str) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text(f"id,a,b,dyad,session,person_a,person_b\n{rows}\n")
    with pytest.raises(UsageError, match=complaint):
        read_manifest(manifest)
