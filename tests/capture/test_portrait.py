"""The animated portrait as a source, and through the real landmarkers."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from mirrorsync.capture.portrait import PortraitSource
from mirrorsync.demo.curves import CONTROLS
from mirrorsync.errors import UsageError
from mirrorsync.features.extract import FeatureExtractor
from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker
from mirrorsync.tables import FEATURE_INDEX
from mirrorsync.types import FloatArray

FPS = 30.0


def test_the_same_bytes_every_time() -> None:
    with PortraitSource("you", seconds=0.3) as one, PortraitSource("you", seconds=0.3) as two:
        for a, b in zip(one, two, strict=True):
            assert a.t_ns == b.t_ns
            assert np.array_equal(a.rgb, b.rgb)


def test_the_partner_looks_different_and_is_the_other_way_round() -> None:
    still = {name: np.zeros(1) for name in CONTROLS}
    sources = [PortraitSource(who, seconds=1 / FPS, curves=still) for who in ("you", "partner")]
    pictures = [next(iter(source)).rgb.astype(int) for source in sources]
    assert np.abs(pictures[0] - pictures[1]).mean() > 20
    # the orange suit has become blue
    chest = [picture[400:460, 200:440].mean(axis=(0, 1)) for picture in pictures]
    assert chest[0][0] > chest[0][2] + 50
    assert chest[1][2] > chest[1][0] + 50


def test_the_chest_moves_as_the_breathing_curve_says() -> None:
    seconds = 8.0
    still = {name: np.zeros(round(seconds * FPS)) for name in CONTROLS if name != "breath"}
    with PortraitSource("you", seconds=seconds, curves=still, breathing_per_min=15) as source:
        truth = source.controls["breath"]
        chests = [
            cv2.cvtColor(frame.rgb[340:460, 220:420], cv2.COLOR_RGB2GRAY).astype(np.float32)
            for frame in source
        ]
    moved = [cv2.phaseCorrelate(chests[0], chest)[0][1] for chest in chests]
    assert np.corrcoef(truth, -np.array(moved))[0, 1] > 0.98
    assert 2.0 < np.ptp(moved) < 8.0  # pixels


def test_wrong_words_get_a_sentence() -> None:
    with pytest.raises(UsageError, match="portrait:you"):
        PortraitSource("nobody")
    with pytest.raises(UsageError, match="no control called"):
        PortraitSource("you", seconds=1, curves={"ears": np.zeros(30)})
    with pytest.raises(UsageError, match="one finite number"):
        PortraitSource("you", seconds=1, curves={"smile": np.zeros(3)})


SECONDS = 12.0


@pytest.fixture(scope="module", params=["you", "partner"])
def seen(request: pytest.FixtureRequest) -> Iterator[tuple[dict[str, FloatArray], FloatArray]]:
    """Yield the ground truth, and the features that the real landmarkers give, shape (frames, features)."""
    extract = FeatureExtractor()
    with PortraitSource(request.param, seconds=SECONDS) as source, MediaPipeLandmarker() as landmarker:
        features = np.array([extract(landmarker.detect(frame)).values for frame in source])
        yield source.controls, features


MEASURED = {
    "smile": (("mouthSmileLeft", "mouthSmileRight"), 0.9),
    "jaw": (("jawOpen",), 0.9),
    "brows": (("browInnerUp", "browOuterUpLeft", "browOuterUpRight"), 0.75),
    "roll": (("head_roll",), 0.95),
    "nod": (("head_pitch",), 0.7),
    "yaw": (("head_yaw",), 0.7),
    "lean": (("lean_side",), 0.9),
    "scale": (("lean_forward",), 0.9),
}


@pytest.mark.parametrize("control", MEASURED)
def test_a_driven_curve_comes_back_through_the_pixels(
    seen: tuple[dict[str, FloatArray], FloatArray], control: str
) -> None:
    truth, features = seen
    names, least = MEASURED[control]
    measured = features[:, [FEATURE_INDEX[name] for name in names]].mean(axis=1)
    inner = slice(5, -5)
    r = [np.corrcoef(truth[control][inner], np.roll(measured, -delay)[inner])[0, 1] for delay in range(-3, 4)]
    assert max(r) > least
    assert r[3] > max(r) - 0.02  # and no frame late


def test_face_and_body_are_found_in_every_frame(seen: tuple[dict[str, FloatArray], FloatArray]) -> None:
    _, features = seen
    assert features[:, FEATURE_INDEX["pose_found"]].all()
    assert features[:, FEATURE_INDEX["face_found"]].all()
