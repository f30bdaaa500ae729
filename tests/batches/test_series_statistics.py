"""Two series of a face: whichever way round the other copies, and chance that was looked at as often."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from made_series import energy, face, later, motion_energy_file, openface_file

from mirrorsync.batches import BatchOptions, run_batch
from mirrorsync.batches.series import score_series
from mirrorsync.settings import Settings

N = 3000
LATE = 20  # ticks, 0.8 s


@pytest.mark.parametrize("copied", ["anatomical", "mirror"])
def test_a_delayed_copy_is_found_either_way_round(tmp_path: Path, copied: str) -> None:
    a = face(1, N)
    b = later(a, LATE, face(2, N))
    if copied == "mirror":
        b |= {name: -b[name] for name in ("yaw", "roll")}
    files = [str(openface_file(tmp_path / f"{who}.csv", of)) for who, of in (("a", a), ("b", b))]
    auto = score_series(files[0], files[1], [None, None], Settings())
    head = auto["channels"]["head_series_synchrony"]
    assert auto["mirror"] == copied
    assert head["mean"] > 0.9
    assert head["peak_lag_s"] == pytest.approx(0.8, abs=0.04)
    assert (head["p_value"], head["a_leads_share"]) == (pytest.approx(1 / 200), pytest.approx(1.0, abs=0.1))
    chosen = score_series(files[0], files[1], [None, None], Settings(mirror=copied))
    assert "mirror" not in chosen
    assert chosen["channels"]["head_series_synchrony"]["mean"] == pytest.approx(head["mean"])
    # Both forms were looked at for chance, too.
    assert head["chance_mean"] > chosen["channels"]["head_series_synchrony"]["chance_mean"]
    # What has but one form is the same either way.
    name = "expression_series_synchrony"
    assert auto["channels"][name] == chosen["channels"][name]


def test_two_strangers_are_no_more_often_a_pair_for_being_looked_at_twice(tmp_path: Path) -> None:
    p_values = []
    for seed in range(12):
        files = [
            str(openface_file(tmp_path / f"{who}{seed}.csv", face(100 * who + seed, 1500))) for who in (1, 2)
        ]
        told = score_series(files[0], files[1], [None, None], Settings(seed=seed))
        p_values.append(told["channels"]["head_series_synchrony"]["p_value"])
    assert np.sum(np.array(p_values) < 0.05) <= 3
    assert 0.25 < np.mean(p_values) < 0.75


def test_the_dictionary_says_what_is_in_the_columns(tmp_path: Path) -> None:
    motion_energy_file(tmp_path / "mea.txt", energy(1, N), energy(2, N))
    (tmp_path / "dyads.csv").write_text(
        "id,a,b,rate\nmea,mea.txt,mea.txt,25\nfilm,gone.mp4,gone.mp4,\n", "utf-8"
    )
    out = run_batch(tmp_path / "dyads.csv", tmp_path / "out", Settings(), BatchOptions(pseudo=0)).folder
    with (out / "columns.csv").open(encoding="utf-8", newline="") as file:
        told = {row["column"]: row["meaning"] for row in csv.DictReader(file) if row["file"] == "results.csv"}
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        mea, film = csv.DictReader(file)
    assert set(mea) == set(told)
    for name in ("body_series_synchrony_p_value", "body_synchrony_p_value"):
        assert "reach the height of the mean lag profile" in told[name]
        assert "reaches the mean" not in told[name]
    assert "reaches the mean" in told["posture_alignment_p_value"]
    assert told["attunement_p_value"].startswith("There is none")
    assert "Height of the mean lag profile" in told["body_series_synchrony_mean"]
    # What is told of series stands in columns of their own, all of them filled.
    assert all(mea[name] for name in told if name.startswith("body_series_synchrony"))
    assert not any(mea[name] for name in told if name.startswith("body_synchrony"))
    assert film["error"]
