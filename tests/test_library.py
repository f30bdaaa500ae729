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
from mirrorsync.analysis import analyse_recordings
from mirrorsync.settings import Settings
from mirrorsync.tables import CHANNELS
from mirrorsync.types import Frame

GIVEN: dict[str, Any] = {"rate_hz": 10.0, "window_s": 2.0, "lag_s": 0.5, "step_s": 0.5, "baseline_s": 0.0}
PUBLIC = {
    "BatchResult",
    "ChannelStatistics",
    "MirrorSyncError",
    "Result",
    "Session",
    "Settings",
    "__version__",
    "analyze",
    "batch",
    "load",
    "score",
    "synchrony",
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
def result(video: Path) -> ms.Session:
    return ms.analyze(video, video, make_landmarker=somebody, label_a="You", **GIVEN)


def test_the_public_names_are_these() -> None:
    assert set(ms.__all__) == PUBLIC
    for name in PUBLIC - {"__version__", "Settings", "MirrorSyncError", "BatchResult"}:
        assert inspect.getdoc(getattr(ms, name))
    with pytest.raises(AttributeError, match="analise"):
        ms.analise  # noqa: B018 - that is what is tested


def test_the_arguments_of_the_public_functions_are_these() -> None:
    def names(function: object) -> list[str]:
        return list(inspect.signature(function).parameters)  # type: ignore[arg-type]  # a function

    assert names(ms.analyze) == [
        "a", "b", "settings", "config", "preset", "progress", "models_dir", "make_landmarker", "given",
    ]  # fmt: skip
    assert names(ms.score) == [
        "features_a",
        "features_b",
        "visibility_a",
        "visibility_b",
        "settings",
        "preset",
        "given",
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
        "all_dyads",
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


def test_what_is_written_are_the_bytes_of_the_command(
    video: Path, result: ms.Session, tmp_path: Path
) -> None:
    result.write(tmp_path / "library")
    settings = Settings(label_a="You", **GIVEN)
    analyse_recordings(str(video), str(video), tmp_path / "command", settings, make_landmarker=somebody)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("library", "command"))
    assert one == two


def test_arrays_and_tables(result: ms.Session) -> None:
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
    statistics = result.to_pandas("statistics").set_index("channel")
    assert list(statistics.index) == list(CHANNELS)
    assert statistics.loc["head_synchrony", "coverage"] == result.statistics["head_synchrony"].coverage
    assert result.to_pandas("turns").empty  # nobody could be heard
    with pytest.raises(ms.MirrorSyncError, match="choose one of frames"):
        result.to_pandas("windoes")


def test_without_pandas_it_says_what_to_install(result: ms.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ms.MirrorSyncError, match="pip install"):
        result.to_pandas()


def test_features_scored_again_and_a_session_loaded_give_the_same(
    video: Path, result: ms.Session, tmp_path: Path
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


def test_a_session_says_what_it_is_in_a_few_lines(result: ms.Session) -> None:
    told = repr(result)
    assert told.startswith("Session of You and B, 4.0 s at 10 Hz")
    assert "posture_alignment: " in told
    assert len(told) < 1500
    assert "<td>posture_alignment</td>" in result._repr_html_()


def test_a_session_is_drawn_reported_exported_and_saved(result: ms.Session, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    figure = result.plot("timeline", tmp_path / "timeline.svg")
    assert figure.axes
    assert (tmp_path / "timeline.svg").is_file()
    assert "head" in result.report(tmp_path / "report.html").read_text("utf-8").lower()
    (written,) = result.export("elan", tmp_path / "out")
    assert written.suffix == ".eaf"
    kept = ms.load(result.save(tmp_path / "kept.mirrorsync"))
    assert kept.statistics == pytest.approx(result.statistics, nan_ok=True)
    assert ms.load(tmp_path / "kept.mirrorsync").to_pandas("windows").equals(result.to_pandas("windows"))
    for wrong, sentence in (
        (lambda: result.plot("tineline"), "choose one of timeline"),
        (lambda: result.export("ela", tmp_path), "choose one of csv"),
        (lambda: result.save(tmp_path / "kept.db"), "ends in"),
        (lambda: result.save(tmp_path / "kept.mirrorsync"), "exists already"),
    ):
        with pytest.raises(ms.MirrorSyncError, match=sentence):
            wrong()


def test_settings_are_an_object_too(video: Path) -> None:
    seen: list[float] = []
    session = ms.analyze(
        video, video, settings=ms.Settings(**GIVEN), label_a="You", make_landmarker=somebody,
        progress=lambda snapshot, _length_s: seen.append(snapshot.pair.t_ns * 1e-9),
    )  # fmt: skip
    assert session.settings == ms.Settings(label_a="You", **GIVEN)
    np.testing.assert_allclose(seen, session.times_s)
    with pytest.raises(ms.MirrorSyncError, match="both at once"):
        ms.score(np.zeros((10, 75)), np.zeros((10, 75)), settings=ms.Settings(), preset="rmea")


def test_scoring_and_loading_need_no_opencv(result: ms.Session, tmp_path: Path) -> None:
    kept = result.save(tmp_path / "kept.mirrorsync")
    code = (
        f"import sys, numpy as np, mirrorsync as ms\n"
        f"ms.load({str(kept)!r}).statistics\n"
        f"ms.score(np.zeros((50, 75)), np.zeros((50, 75))).summary\n"
        f"print({{'cv2', 'mediapipe', 'av', 'PyQt6'}} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "set()"
