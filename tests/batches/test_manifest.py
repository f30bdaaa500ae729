"""Manifests as people write them, and what is said of those that cannot be used."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from mirrorsync.batches.manifest import read_manifest
from mirrorsync.errors import UsageError


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "dyads.csv"
    path.write_text(text, "utf-8")
    return path


def test_rows_offsets_labels_and_covariates(tmp_path: Path) -> None:
    manifest = read_manifest(
        written(
            tmp_path,
            "id,a,b,offset,labels,age,group\n"
            ' d1 ,x.mp4#left,x.mp4#right,0.5,"You, She",40,old\n'
            "d2,a,b,,,,\n\n",
        )
    )
    one, two = manifest.dyads
    assert (one.id, one.a, one.b, one.offset_s, one.labels) == (
        "d1",
        "x.mp4#left",
        "x.mp4#right",
        0.5,
        ("You", "She"),
    )
    assert one.covariates == {"age": "40", "group": "old"}
    assert math.isnan(two.offset_s)
    assert manifest.covariates == ("age", "group")
    assert manifest.place("x.mp4#left") == str(tmp_path / "x.mp4#left")
    assert manifest.place("portrait:you") == "portrait:you"
    assert not one.is_series


@pytest.mark.parametrize("text", ["\ufeffid;a;b\nd;me.txt;she.csv#2\n", "id\ta\tb\nd\tme.txt\tshe.csv#2\n"])
def test_what_spreadsheets_write(text: str, tmp_path: Path) -> None:
    (dyad,) = read_manifest(written(tmp_path, text)).dyads
    assert (dyad.a, dyad.b) == ("me.txt", "she.csv#2")
    assert dyad.is_series


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lacks the columns id, a, b"),
        ("id,a\nd,x\n", "lacks the column b"),
        ("id,a,b\n", "names no dyads"),
        ("id,a,b\nd,x,y\nD,x,y\n", "Line 3 .* id D again"),
        ("id,a,b\nd/e,x,y\n", "Line 2 .* names a folder"),
        ("id,a,b\n..,x,y\n", "names a folder"),
        ("id,a,b\nd,x\n", "Line 2 .* 2 columns"),
        ("id,a,b\nd,x,\n", "lacks a feed"),
        ("id,a,b,offset\nd,x,y,soon\n", "offset 'soon'"),
        ("id,a,b,offset\nd,x,y,\ne,x,y,36000\n", r"Line 3 .*\(e\) has the offset 36000.* from -3600 to 3600"),
        ("id,a,b,rate\nd,x,y,-25\n", "rate -25.* above 0"),
        ("id,a,b,rate\nd,x,y,0\n", "above 0"),
        ("id,a,b,error\nd,x,y,z\n", "column error, which results.csv has"),
        ("id,a,b,duration_s\nd,x,y,z\n", "column duration_s"),
        ("id,a,b,head_synchrony_mean\nd,x,y,z\n", "another name"),
        ("id,a,b,series_synchrony_p_value\nd,x,y,z\n", "another name"),
        ("id,a,b,labels\nd,x,y,Me\n", "write two"),
        ("id,a,b,a\nd,x,y,z\n", "columns without a name of their own"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        read_manifest(written(tmp_path, text))


def test_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no manifest"):
        read_manifest(tmp_path / "none.csv")
