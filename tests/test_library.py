"""MirrorSync from Python: the public names, the same bytes as the commands, the docstrings' examples."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from made_videos import make_video
from patience import patient_s

import mirrorsync as ms
from mirrorsync import library
from mirrorsync.analysis import analyse_recordings
from mirrorsync.settings import Settings
from mirrorsync.tables import CHANNELS
from mirrorsync.types import Frame

GIVEN: dict[str, Any] = {"rate_hz": 10.0, "window_s": 2.0, "lag_s": 0.5, "step_s": 0.5, "baseline_s": 0.0}
PUBLIC = {
    "BatchResult",
    "MirrorSyncError",
    "Result",
    "Settings",
    "__version__",
    "analyze",
    "batch",
    "load",
    "score",
}


def somebody() -> FakeLandmarker:
    def at(frame: Frame) -> Person:
        t = frame.t_ns / 1e9
        return Person(pitch_deg=float(8 * np.sin(4 * t)), x=float(0.05 * np.sin(2 * t)))

    return FakeLandmarker(at)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video"), "mp4v_25_mp4", frames=100)


@pytest.fixture(scope="module")
def result(video: Path) -> ms.Result:
    return ms.analyze(video, video, make_landmarker=somebody, label_a="You", **GIVEN)


def test_the_public_names_are_these() -> None:
    assert set(ms.__all__) == PUBLIC
    assert set(library.__all__) == PUBLIC - {"__version__"}
    for name in PUBLIC - {"__version__", "Settings", "MirrorSyncError", "BatchResult"}:
        assert inspect.getdoc(getattr(ms, name))
    with pytest.raises(AttributeError, match="analise"):
        ms.analise  # noqa: B018 - that is what is tested


def test_the_arguments_of_the_public_functions_are_these() -> None:
    def names(function: object) -> list[str]:
        return list(inspect.signature(function).parameters)  # type: ignore[arg-type]  # a function

    assert names(ms.analyze) == ["a", "b", "config", "preset", "models_dir", "make_landmarker", "settings"]
    assert names(ms.score) == [
        "features_a",
        "features_b",
        "visibility_a",
        "visibility_b",
        "preset",
        "settings",
    ]
    assert names(ms.load) == ["session"]
    assert names(ms.batch)[:8] == [
        "manifest",
        "out",
        "workers",
        "cluster",
        "tables",
        "pseudo",
        "by",
        "config",
    ]


def test_importing_it_loads_nothing() -> None:
    code = (
        "import mirrorsync, sys\n"
        "print(*(name for name in sys.modules if name.startswith(('mirrorsync.', 'numpy'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=patient_s(60), check=True
    )
    assert done.stdout.split() == ["mirrorsync.version"]


def test_what_is_written_are_the_bytes_of_the_command(video: Path, result: ms.Result, tmp_path: Path) -> None:
    result.write(tmp_path / "library")
    settings = Settings(label_a="You", **GIVEN)
    analyse_recordings(str(video), str(video), tmp_path / "command", settings, make_landmarker=somebody)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("library", "command"))
    assert one == two


def test_arrays_and_tables(result: ms.Result) -> None:
    n = result.times_s.size
    assert n == 40
    assert set(result.scores) == set(result.coverage) == set(CHANNELS)
    assert {values.shape for values in result.scores.values()} == {(n,)}
    assert result.features_a.shape == (n, len(result.feature_names))
    assert result.windows[0].channel == "head_synchrony"
    pytest.importorskip("pandas")
    frames = result.to_pandas()
    np.testing.assert_array_equal(frames["posture_alignment"], result.scores["posture_alignment"])
    assert list(result.to_pandas("features_b").columns) == ["time_s", *result.feature_names]
    assert len(result.to_pandas("windows")) == len(result.windows)
    with pytest.raises(ms.MirrorSyncError, match="choose frames"):
        result.to_pandas("windoes")


def test_without_pandas_it_says_what_to_install(result: ms.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ms.MirrorSyncError, match="pip install"):
        result.to_pandas()


def test_features_scored_again_and_a_session_loaded_give_the_same(
    video: Path, result: ms.Result, tmp_path: Path
) -> None:
    again = ms.score(result.features_a, result.features_b, **GIVEN)
    for name in ("head_synchrony", "expression_alignment"):
        np.testing.assert_allclose(again.scores[name], result.scores[name], atol=1e-4)
    settings = Settings(**GIVEN)
    analyse_recordings(
        str(video), str(video), tmp_path, settings, make_landmarker=somebody, keep_session=True
    )
    loaded = ms.load(tmp_path / "session.mirrorsync")
    assert loaded.summary == json.loads((tmp_path / "summary.json").read_text("utf-8"))
    with pytest.raises(ms.MirrorSyncError, match="shape"):
        ms.score(np.zeros((10, 3)), np.zeros((10, 3)))
