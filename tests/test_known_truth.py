"""Known truth through pixels and on real clips: a short run always, the long ones as validation."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mirrorsync.analysis import default_landmarker
from mirrorsync.capture.portrait import PortraitSource
from mirrorsync.engine.offline import analyse
from mirrorsync.settings import Settings
from mirrorsync.synchrony.session_statistics import session_statistics

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
import validate_clips
import validate_pixels
from portrait_variants import curves
from seen_feeds import session_of


def test_a_known_lag_comes_back_through_pixels_at_unequal_rates() -> None:
    seconds, lag_s, fps_b = 8.0, 0.5, 10.0
    settings = Settings(window_s=3.0, lag_s=1.2)
    a = PortraitSource("you", seconds=seconds, fps=12.0, curves=curves(100))
    b = PortraitSource(
        "partner",
        seconds=seconds,
        fps=fps_b,
        curves=curves(100, mirrored=True, before_s=lag_s),
    )
    snapshots = list(analyse(a, b, settings, default_landmarker()))
    statistics = session_statistics(session_of(snapshots, settings), settings)
    for channel in ("head_synchrony", "body_synchrony", "expression_synchrony"):
        assert statistics[channel]["peak_lag_s"] == pytest.approx(lag_s, abs=1 / fps_b)
    assert statistics["posture_alignment"]["mean"] > statistics["posture_alignment_anatomical"]["mean"]


@pytest.mark.validation
def test_through_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["validate_pixels", "--report", str(tmp_path)])
    assert validate_pixels.main() == 0
    assert "All demands are met." in (tmp_path / "validation_pixels.md").read_text(encoding="utf-8")


@pytest.mark.validation
@pytest.mark.media
def test_on_real_clips(shared_media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["validate_clips", str(shared_media), "--report", str(tmp_path)])
    assert validate_clips.main() == 0
    assert "All demands are met." in (tmp_path / "validation_clips.md").read_text(encoding="utf-8")
