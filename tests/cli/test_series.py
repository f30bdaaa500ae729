"""`mirrorsync series`: contract's keys, the peers' numbers through the command line, and clear refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_series import face, later, openface_file, pyfeat_file

from mirrorsync.__main__ import main
from mirrorsync.errors import SeriesError
from mirrorsync.readers.plain import read_pair

REFERENCE = Path(__file__).resolve().parents[1] / "golden" / "reference"
LAGGED = REFERENCE / "lagged_a_leads_20.csv"

RMEA_KEYS = ["n_windows", "grand_average", "lag_zero_mean", "a_leads_mean", "b_leads_mean", "best_lag_s"]
SUSY_KEYS = [
    "n_segments",
    "z",
    "z_pseudo",
    "sd_z_pseudo",
    "es",
    "percent_above_pseudo",
    "z_signed",
    "es_signed",
]
WCC_KEYS = ["n_rows", "n_lags", "mean", "zero_lag_mean", "peak_lag_s", "peak_value"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["series", *words]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    result: dict[str, Any] = json.loads(shown.out)
    return result


def refused(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> str:
    assert main(["series", *words]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Traceback" not in shown.err
    assert shown.err.count("\n") == 1
    return shown.err


def test_rmea_through_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    words = (str(LAGGED), "--method", "rmea", "--lag", "2", "--window", "10", "--step", "5", "--absolute")
    result = run(capsys, *words)
    assert list(result) == RMEA_KEYS
    assert result["n_windows"] == 22
    assert result["a_leads_mean"] > result["b_leads_mean"]
    assert result["best_lag_s"] == [0.8] * 22
    smoothed = run(capsys, *words, "--smooth", "0.5", "--scale", "sd")
    assert smoothed["grand_average"] != pytest.approx(result["grand_average"], rel=1e-3)


def test_susy_through_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, str(LAGGED), "--method", "susy", "--segment", "15", "--lag", "3")
    assert list(result) == SUSY_KEYS
    assert result["n_segments"] == 8
    assert result["z"] == pytest.approx(0.196498795836911)
    assert result["es"] == pytest.approx(7.9671022024108)


def test_wcc_through_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, str(LAGGED), "--method", "wcc", "--window", "10", "--lag", "2", "--step", "1")
    assert list(result) == WCC_KEYS
    assert (result["n_rows"], result["n_lags"]) == (108, 101)
    assert result["mean"] == pytest.approx(0.134686298357706)
    assert np.median([lag for lag in result["peak_lag_s"] if lag is not None]) == pytest.approx(0.8, abs=0.02)


def test_our_own_test_through_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--method", "mirrorsync", "--surrogates", "99", "--seed", "3")
    found = run(capsys, str(LAGGED), *words)
    assert found["p_value"] == 1 / 100
    assert found["peak_lag_s"] == pytest.approx(0.8, abs=0.04)
    assert (found["leader"], found["surrogates"], found["seed"]) == ("a", 99, 3)
    assert found["effect_size_low"] < found["effect_size"] < found["effect_size_high"]
    assert run(capsys, str(LAGGED), *words) == found
    unrelated = run(capsys, str(REFERENCE / "independent_ar95.csv"), *words)
    assert unrelated["p_value"] > found["p_value"]
    assert unrelated["effect_size"] < found["effect_size"] / 2
    assert unrelated["leader"] == "neither"


def test_missing_results_are_null(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    lines = [f"{a},{b}" for a, b in rng.standard_normal((400, 2))]
    lines[100:300] = ["NA,NA"] * 200
    file = tmp_path / "gap.csv"
    file.write_text("\n".join(lines))
    result = run(capsys, str(file), "--lag", "0.4", "--window", "4", "--step", "2")
    assert result["best_lag_s"][2] is None
    assert result["grand_average"] is not None


@pytest.mark.parametrize("separator", [",", "\t", " ", ", ", "   "])
@pytest.mark.parametrize("header", [True, False])
def test_every_separator_with_and_without_a_header(tmp_path: Path, separator: str, header: bool) -> None:
    rows = [["x1", "0.5", "7", "1e3"], ["x2", "NA", "8", "2e3"], ["x3", "2.5", "9", "3e3"]]
    lines = [separator.join(row) for row in rows]
    if header:
        lines.insert(0, separator.join(['"id"', '"pat"', '"th"', '"more"']))
    file = tmp_path / "pair.txt"
    file.write_text("\n".join(lines) + "\n\n", encoding="utf-8-sig")
    pair = read_pair(file)
    np.testing.assert_array_equal(pair.a, [0.5, np.nan, 2.5])
    np.testing.assert_array_equal(pair.b, [7, 8, 9])
    assert pair.names == (("pat", "th") if header else ("", ""))
    chosen = read_pair(file, columns=("3", "more" if header else "4"))
    np.testing.assert_array_equal(chosen.b, [1e3, 2e3, 3e3])


def test_an_empty_cell_between_tabs_or_commas_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "pair.csv"
    file.write_text("a,b\n1,2\n,3\n4,\n")
    np.testing.assert_array_equal(read_pair(file).a, [1, np.nan, 4])
    np.testing.assert_array_equal(read_pair(file).b, [2, 3, np.nan])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "holds no numbers"),
        ("a,b\n", "holds no numbers"),
        ("a,b\nx,y\n", "0 numeric columns"),
        ("a,b\n1,y\n2,z\n", "1 numeric column;"),
        ("1,2\n3\n", "Line 2 .* has 1 columns"),
        ("1,NA\n3,NA\n", "1 numeric column;"),
    ],
)
def test_files_without_two_series_are_named(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(content)
    with pytest.raises(SeriesError, match=complaint):
        read_pair(file)


def pair_file(path: Path, header: str, *columns: Any) -> str:
    lines = [",".join(f"{value:.6g}" for value in row) for row in zip(*columns, strict=True)]
    path.write_text("\n".join([header, *lines] if header else lines))
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[dict[str, Any], str]:
    """The result, and the sentences beside it."""
    assert main(["series", *words]) == 0
    shown = capsys.readouterr()
    return json.loads(shown.out), shown.err


SHORT = ("--lag", "1", "--window", "10", "--step", "5")


def test_a_column_of_times_is_not_a_person(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    t, a, b = np.arange(1000) / 25, *rng.normal(size=(2, 1000)).cumsum(axis=1)
    plain = run(capsys, pair_file(tmp_path / "plain.csv", "a,b", a, b), *SHORT)
    for name in ("time", "Time_s", "timestamp"):
        timed = pair_file(tmp_path / "timed.csv", f"{name},a,b", t, a, b)
        found, words = said(capsys, timed, *SHORT)
        assert found == plain
        assert words.count("\n") == 1
        assert f"Column {name} says the time" in words
        assert run(capsys, timed, *SHORT, "--columns", "a,b") == plain  # nothing to say
    clock = run(capsys, timed, *SHORT, "--columns", f"{name},a")
    two = run(capsys, pair_file(tmp_path / "two.csv", "time,a", t, a), *SHORT)
    unnamed = run(capsys, pair_file(tmp_path / "unnamed.csv", "", t, a, b), *SHORT)
    other = run(capsys, pair_file(tmp_path / "other.csv", "angle,a,b", t, a, b), *SHORT)
    falling = pair_file(tmp_path / "falling.csv", "time,a,b", np.where(t == 8, 7, t), a, b)
    assert clock == two == unnamed == other != plain
    assert run(capsys, falling, *SHORT) != plain


@pytest.mark.parametrize("method", ["rmea", "wcc"])
def test_a_series_that_does_not_move_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, method: str
) -> None:
    words = ("--method", method, *SHORT)
    moving, still = np.random.default_rng(1).normal(size=1000), np.full(1000, 3.0)
    result, note = said(capsys, pair_file(tmp_path / "b.csv", "left,right", moving, still), *words)
    assert note == "B (column right) does not move: all its values are 3.\n"
    assert None in result.values()
    _, note = said(capsys, pair_file(tmp_path / "both.csv", "", still, still), *words)
    assert [line[:15] for line in note.splitlines()] == ["A does not move", "B does not move"]


def test_a_series_that_does_not_move_is_named_where_nothing_can_be_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    moving, still = np.random.default_rng(1).normal(size=1000), np.full(1000, 3.0)
    file = pair_file(tmp_path / "a.csv", "left,right", still, moving)
    for words in (("--method", "susy", "--segment", "10"), ("--method", "mirrorsync"), ("--scale", "sd")):
        assert "A (column left) does not move" in refused(capsys, 1, file, *words)


@pytest.mark.parametrize(
    "content",
    ["a;b\n0,5;1,2\n1,5;0,2\n", "0,5;1,2\n1,5;0,2\n", "0,5\t1,2\n1,5\t0,2\n", "id a b\n1 0,5 1,2\n"],
)
def test_decimal_commas_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str) -> None:
    file = tmp_path / "comma.csv"
    file.write_text(content)
    assert "commas in its numbers" in refused(capsys, 1, str(file))


def test_two_numbers_in_a_cell_are_no_decimal_commas(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text("7,120 340,2,1\n8,121 341,3,1\n")
    np.testing.assert_array_equal(read_pair(file).b, [2, 3])


def test_too_short_for_our_own_test_says_how_long_is_enough(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    a, b = np.random.default_rng(1).normal(size=(2, 675))
    words = ("--method", "mirrorsync", "--surrogates", "19")
    short = refused(capsys, 1, pair_file(tmp_path / "short.csv", "a,b", a[:-1], b[:-1]), *words)
    assert "27 s or longer" in short
    run(capsys, pair_file(tmp_path / "enough.csv", "a,b", a, b), *words)


def test_bad_input_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "There is no file" in refused(capsys, 1, str(tmp_path / "none.csv"))
    assert "is a folder" in refused(capsys, 1, str(tmp_path))
    binary = tmp_path / "film.mp4"
    binary.write_bytes(bytes(range(256)))
    assert "could not be read as text" in refused(capsys, 1, str(binary))
    short = tmp_path / "short.csv"
    short.write_text("1,2\n2,3\n3,1\n")
    for method in ("rmea", "susy", "wcc"):
        assert "choose" in refused(capsys, 1, str(short), "--method", method).lower()
    endless = tmp_path / "endless.csv"
    endless.write_text("1,2\ninf,3\n3,1\n")
    assert "infinite" in refused(capsys, 1, str(endless), "--method", "susy")
    assert "no column 'z'" in refused(capsys, 1, str(LAGGED), "--columns", "a,z")


def test_a_column_of_two_openface_or_pyfeat_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    a, before = face(1, 1500), face(2, 1500)
    b = later(a, 15, before)
    openface = [str(openface_file(tmp_path / f"o{k}.csv", of)) for k, of in enumerate((a, b))]
    pyfeat = [str(pyfeat_file(tmp_path / f"p{k}.csv", of)) for k, of in enumerate((a, b))]
    for files in (openface, pyfeat):
        for column in ("smile", "head_pitch"):
            found = run(capsys, *files, "--column", column, "--method", "mirrorsync")
            assert found["peak_lag_s"] == pytest.approx(0.6, abs=0.04)
            assert (found["leader"], found["p_value"]) == ("a", 0.005)
    raw = run(capsys, *openface, "--column", "AU12_r", "--method", "wcc", "--window", "10", "--lag", "2")
    assert np.median([lag for lag in raw["peak_lag_s"] if lag is not None]) == pytest.approx(0.6, abs=0.05)
    assert "it has: head_pitch" in refused(capsys, 1, *openface, "--column", "motion")
    assert "--column goes with two files" in refused(capsys, 2, *openface)
    broken = str(openface_file(tmp_path / "x.csv", a, without=["timestamp"]))
    assert "lacks timestamp" in refused(capsys, 1, openface[0], broken, "--column", "smile")


def test_of_one_openface_file_it_is_said_what_was_compared(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = openface_file(tmp_path / "a.csv", face(1, 2000))
    assert main(["series", str(file), "--method", "wcc"]) == 0
    shown = capsys.readouterr()
    json.loads(shown.out)
    line, *_ = shown.err.splitlines()
    assert "one person's face" in line
    assert "--column" in line
    assert main(["series", str(file), "--method", "wcc", "--columns", "AU12_r,AU26_r"]) == 0
    assert capsys.readouterr().err == ""


def test_wrong_options_are_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert "belongs to susy" in refused(capsys, 2, str(LAGGED), "--segment", "30")
    assert "belongs to rmea, wcc, mirrorsync" in refused(
        capsys, 2, str(LAGGED), "--method", "susy", "--window", "30"
    )
    assert "above 0" in refused(capsys, 2, str(LAGGED), "--lag", "-1")
    assert "above 0" in refused(capsys, 2, str(LAGGED), "--rate", "nan")
    assert "19 or more" in refused(capsys, 2, str(LAGGED), "--method", "mirrorsync", "--surrogates", "9")
    assert "two names" in refused(capsys, 2, str(LAGGED), "--columns", "a")
    assert "'dance' is not one of" in refused(capsys, 2, str(LAGGED), "--method", "dance")
