"""What can be had from `mirrorsync.synchrony` itself, and what that loads."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest
from patience import patient_s

from mirrorsync import synchrony

RESEARCH = {
    "Scorer", "StreamingCorrelation", "cross_lagged", "phase_synchrony", "repaired_tests", "resample",
    "synchrony_test", "who_leads", "windowed_correlation",
}  # fmt: skip
PRESETS = {"rmea", "susy", "wcc"}
HEAVY = {"PyQt6", "pyqtgraph", "cv2", "mediapipe", "scipy"}


def loaded_by(code: str) -> set[str]:
    report = "\nimport sys\nprint(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code + report],
        capture_output=True,
        text=True,
        timeout=patient_s(60),
        check=True,
    )
    return set(done.stdout.split())


def test_every_public_name_is_the_one_of_its_module() -> None:
    assert set(synchrony.__all__) >= RESEARCH | PRESETS
    assert sorted(synchrony.__all__) == sorted({*synchrony._HOME, *synchrony._PRESETS})
    for name, home in synchrony._HOME.items():
        module = importlib.import_module(f"mirrorsync.synchrony.{home}")
        assert name in module.__all__
        assert getattr(synchrony, name) is getattr(module, name)
    assert set(dir(synchrony)) >= set(synchrony.__all__)


def test_no_name_depends_on_what_was_loaded_before() -> None:
    """Loading a module puts it into the package under its own name: nothing else may be called so."""
    modules = {module.name for module in pkgutil.iter_modules(synchrony.__path__)}
    assert modules.isdisjoint(synchrony._HOME)
    for name in PRESETS:
        preset = getattr(synchrony, name)
        assert isinstance(preset, ModuleType)
        assert callable(getattr(preset, name))


def test_a_researcher_takes_everything_from_one_place() -> None:
    from mirrorsync.synchrony import susy, synchrony_test, who_leads, windowed_correlation

    rng = np.random.default_rng(1)
    a = rng.normal(size=3000).cumsum()
    b = np.roll(a, 10)
    p_value = synchrony_test(a, b, rate_hz=25, n=99).p_value
    grid = windowed_correlation(a, b, window=125, max_lag=50, step=25)
    assert who_leads(grid, rate_hz=25, p_value=p_value).leader == "a"
    assert susy.susy(a, b, rate_hz=25, segment_s=10, lag_s=2).n_segments == 12


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'telepathy'"):
        _ = synchrony.telepathy  # type: ignore[attr-defined]
    with pytest.raises(ImportError):
        from mirrorsync.synchrony import telepathy  # type: ignore[attr-defined]  # noqa: F401


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    assert not loaded_by("import mirrorsync.synchrony") & (HEAVY | {"numpy"})
    names = "StreamingCorrelation, cross_lagged, resample, rmea, susy, synchrony_test, who_leads, Scorer"
    assert not loaded_by(f"from mirrorsync.synchrony import {names}, windowed_correlation") & HEAVY
    assert "scipy" in loaded_by("from mirrorsync.synchrony import phase_synchrony")
