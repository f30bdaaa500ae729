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
    """Return the numbers; nothing is said but what was compared."""
    result, words_beside = said(capsys, *words)
    assert words_beside == ""
    return result


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[dict[str, Any], str]:
    """The numbers, and the sentences beside what was compared."""
    assert main(["series", *words]) == 0
    shown = capsys.readouterr()
    first, _, others = shown.err.partition("\n")
    assert first.startswith("Compared: column ")
    result = json.loads(shown.out)
    made_of = result.pop("input")
    assert made_of["a"]["column"] in first
    assert f"{made_of['rows']} rows" in first
    return result, others


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


def values(file: Path, **more: Any) -> dict[str, list[float | None]]:
    """Return what is compared, by column; None where missing."""
    return {
        name: [None if np.isnan(value) else float(value) for value in column]
        for table in read_pair(file, **more)
        for name, column in table.columns.items()
    }


@pytest.mark.parametrize("separator", [",", "\t", " ", ", ", "   "])
@pytest.mark.parametrize("header", [True, False])
def test_every_separator_with_and_without_a_header(tmp_path: Path, separator: str, header: bool) -> None:
    rows = [["x1", "0.5", "7", "1e3"], ["x2", "NA", "8", "2e3"], ["x3", "2.5", "9", "3e3"]]
    lines = [separator.join(row) for row in rows]
    if header:
        lines.insert(0, separator.join(['"id"', '"pat"', '"th"', '"more"']))
    file = tmp_path / "pair.txt"
    file.write_text("\n".join(lines) + "\n\n", encoding="utf-8-sig")
    assert values(file) == {"pat" if header else "2": [0.5, None, 2.5], "th" if header else "3": [7, 8, 9]}
    chosen = values(file, columns=("3", "more" if header else "4"))
    assert list(chosen.values())[1] == [1e3, 2e3, 3e3]


def test_an_empty_cell_between_tabs_or_commas_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "pair.csv"
    file.write_text("a,b\n1,2\n,3\n4,\n")
    assert values(file) == {"a": [1, None, 4], "b": [2, 3, None]}


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


def pair_file(path: Path, header: str, *columns: Any, digits: int = 6) -> str:
    lines = [",".join(f"{value:.{digits}g}" for value in row) for row in zip(*columns, strict=True)]
    path.write_text("\n".join([header, *lines] if header else lines))
    return str(path)


def rounded(result: dict[str, Any]) -> Any:
    return json.loads(json.dumps(result), parse_float=lambda text: round(float(text), 3))


SHORT = ("--lag", "1", "--window", "10", "--step", "5")


def test_what_counts_or_tells_the_time_is_nobody(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    t, a, b = np.arange(1000) / 25, *rng.normal(size=(2, 1000)).cumsum(axis=1)
    plain = run(capsys, pair_file(tmp_path / "plain.csv", "a,b", a, b, digits=14), *SHORT)
    first = {
        "time": t, "Time (s)": t, "timestamp": t + 1.7e9, "angle": t, "ms": t * 1000,
        "frame": np.arange(1000), '""': np.arange(1000), "n": np.arange(1, 1001), "countdown": -t,
        "jitter": t + rng.uniform(0, 0.01, 1000),
    }  # fmt: skip
    for name, column in first.items():
        file = pair_file(tmp_path / "timed.csv", f"{name},a,b", column, a, b, digits=14)
        found, words = said(capsys, file, *SHORT)
        assert rounded(found) == rounded(plain), name
        assert "counts the rows or tells the time; it was skipped" in words
        if name != "ms":
            assert run(capsys, file, *SHORT, "--columns", "a,b")["n_windows"]  # nothing to say
    assert run(capsys, file, *SHORT, "--columns", f"{name},a") != plain  # asked for, it is taken
    unnamed = pair_file(tmp_path / "unnamed.csv", "", t, a, b, digits=14)
    assert said(capsys, unnamed, *SHORT)[0] == plain
    with_time_alone = pair_file(tmp_path / "two.csv", "time,a", t, a)
    assert "has 1 numeric column; two are needed" in refused(capsys, 1, with_time_alone, *SHORT)


def test_the_clock_in_the_file_counts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    walk = rng.normal(size=3010).cumsum()
    a, b = walk[10:], walk[:-10]
    t = np.arange(3000) / 50
    for name, column in {"time_s": t, "t_ms": 1000 * t, "lsl": t + 86_423.1}.items():
        file = pair_file(tmp_path / "own.csv", f"{name},a,b", column, a, b, digits=12)
        found, _ = said(capsys, file, "--method", "mirrorsync")
        assert found["peak_lag_s"] == pytest.approx(0.2, abs=0.01)
        assert said(capsys, file, "--method", "mirrorsync", "--rate", "50")[0] == found
        assert "says 50 rows per second, and 25 were stated" in refused(capsys, 1, file, "--rate", "25")
    clock = [f"{int(s) // 3600:02}:{int(s) // 60 % 60:02}:{s % 60:06.3f}" for s in t + 86_390]
    lines = [f"{c},{x:.6g},{y:.6g}" for c, x, y in zip(clock, a, b, strict=True)]
    (tmp_path / "hms.csv").write_text("\n".join(["when,a,b", *lines]).replace("24:00:", "00:00:"))
    found, _ = said(capsys, str(tmp_path / "hms.csv"), "--method", "mirrorsync")
    assert found["peak_lag_s"] == pytest.approx(0.2, abs=0.01)


def test_missing_rows_stay_a_gap(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    walk = np.random.default_rng(3).normal(size=3010).cumsum()
    kept = np.r_[0:1200, 1450:3000]
    for name, step in (("time_s", 1 / 25), ("frame", 1)):
        columns = [one[kept] for one in (np.arange(3000) * step, walk[10:], walk[:-10])]
        file = pair_file(tmp_path / "gap.csv", f"{name},a,b", *columns, digits=12)
        assert main(["series", file, "--method", "mirrorsync"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["peak_lag_s"] == pytest.approx(0.4, abs=0.01)
        assert (found["input"]["rows"], found["input"]["a"]["missing"]) == (3000, 250)
    jump = pair_file(tmp_path / "jump.csv", "time_s,a,b", columns[0] * 1e4, walk[10:][kept], walk[:-10][kept])
    far = np.where(np.arange(kept.size) < 900, 0.0, 1.7e9) + np.arange(kept.size) / 25
    jump = pair_file(tmp_path / "jump.csv", "time_s,a,b", far, *columns[1:], digits=14)
    assert "jumps by 1.7e+09 s after row 900" in refused(capsys, 1, jump)


@pytest.mark.parametrize("cell", ["n/a", "#N/A", "-", "", "NaN"])
def test_a_missing_cell_moves_nothing_up(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, cell: str
) -> None:
    walk = np.random.default_rng(4).normal(size=1025).cumsum()
    lines = [f"{x:.5f}\t{y:.5f}\t0.5" for x, y in zip(walk[25:], walk[:-25], strict=True)]
    lines[700] = cell + lines[700][lines[700].index("\t") :]
    file = tmp_path / "cell.tsv"
    file.write_text("\n".join(["a\tb\tc", *lines]))
    assert main(["series", str(file), "--method", "mirrorsync"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["input"]["a"] | {"sha256": ""} == {
        "file": str(file), "sha256": "", "column": "a", "missing": 1,
    }  # fmt: skip
    assert found["peak_lag_s"] == pytest.approx(1.0, abs=0.02)
    for bad in ("x", "1,234.5", "12;3", "1_000"):
        lines[700] = bad + lines[700][lines[700].index("\t") :]
        file.write_text("\n".join(["a\tb\tc", *lines]))
        complaint = refused(capsys, 1, str(file))
        assert "Line 702" in complaint
        assert bad in complaint
        said(capsys, str(file), "--columns", "b,c", *SHORT)  # the bad column is not in the way of others


@pytest.mark.parametrize("method", ["rmea", "wcc"])
def test_a_series_that_does_not_move_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, method: str
) -> None:
    words = ("--method", method, *SHORT)
    moving, still = np.random.default_rng(1).normal(size=1000), np.full(1000, 3.0)
    result, note = said(capsys, pair_file(tmp_path / "b.csv", "left,right", moving, still), *words)
    assert note == "B (column right) does not move: all its values are 3.\n"
    assert (None in result.values()) == (method == "rmea")  # wcc counts flat windows as 0
    _, note = said(capsys, pair_file(tmp_path / "both.csv", "", still, still), *words)
    assert [line[:25] for line in note.splitlines()] == [
        "A (column 1) does not mov",
        "B (column 2) does not mov",
    ]


def test_a_series_that_does_not_move_is_named_where_nothing_can_be_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    moving, still = np.random.default_rng(1).normal(size=1000), np.full(1000, 3.0)
    file = pair_file(tmp_path / "a.csv", "left,right", still, moving)
    for words in (("--method", "susy", "--segment", "10"), ("--method", "mirrorsync"), ("--scale", "sd")):
        assert "A (column left) does not move" in refused(capsys, 1, file, *words)


@pytest.mark.parametrize(
    "content",
    ["a;b\n0;1\n0,5;1,2\n1,5;0,2\n", "1;1\n0,5;1,2\n1,5;0,2\n", "0,5\t1,2\n1,5\t0,2\n",
     "id a b\nx 0,5 1,2\nx 1,5 0,2\n",
     'sep=;\nleft, a;right, b\n0,5;1,2\n1,5;0,2\n', '"0,5","1,2"\n"1,5","0,2"\n', "0,5 1,2\n1,5 0,2\n"],
)  # fmt: skip
def test_decimal_commas_are_read(tmp_path: Path, content: str) -> None:
    file = tmp_path / "comma.csv"
    file.write_text(content)
    a, b = values(file).values()
    assert (a[-2:], b[-2:]) == ([0.5, 1.5], [1.2, 0.2])


@pytest.mark.parametrize("content", ["a;b\n1,234;0,5\n2.5;1\n", "a\tb\n1,234\t1\n12,345\t2\n"])
def test_commas_that_may_separate_thousands_are_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    file = tmp_path / "comma.csv"
    file.write_text(content)
    assert "Line 2" in (complaint := refused(capsys, 1, str(file)))
    assert "1,234" in complaint


def test_comments_and_headers_of_other_programs(tmp_path: Path) -> None:
    file = tmp_path / "made.csv"
    for content in (
        "# made by a program\n# a,b\n1,2\n4,3\n", "% comment, with a comma\na,b\n1,2\n4,3\n",
        "// x\na;b\n1;2\n4;3",
    ):  # fmt: skip
        file.write_text(content)
        assert values(file) == {"a": [1, 4], "b": [2, 3]}
    file.write_text(",0,1\n" + "".join(f"{k},{k * k},{-k * k}\n" for k in range(9)))
    assert list(values(file)) == ["0", "1"]


def test_two_numbers_in_a_cell_are_no_decimal_commas(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text("7,120 340,2,1\n8,121 341,3,1\n")
    assert list(values(file).values())[1] == [2, 3]


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
            found = run(capsys, *files, "--column", column, "--method", "mirrorsync", "--rate", "25")
            assert found["peak_lag_s"] == pytest.approx(0.6, abs=0.04)
            assert (found["leader"], found["p_value"]) == ("a", 0.005)
    raw = run(capsys, *openface, "--column", "AU12_r", "--method", "wcc", "--window", "10", "--lag", "2")
    assert np.median([lag for lag in raw["peak_lag_s"] if lag is not None]) == pytest.approx(0.6, abs=0.05)
    assert "say how many frames a second" in refused(capsys, 1, *pyfeat, "--column", "smile")
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
    _, line, *_ = shown.err.splitlines()
    assert "one person's face" in line
    assert "--column" in line
    run(capsys, str(file), "--method", "wcc", "--columns", "AU12_r,AU26_r")


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
