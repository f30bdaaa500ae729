"""The names of everything that is measured, with unit, range and meaning: one table, used everywhere.

`FEATURES` names the vector of one person; `CHANNELS` names the scores of two. The CSV files, the data
dictionary, the meters and the documentation take their names from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BLENDSHAPES",
    "CHANNELS",
    "FEATURES",
    "FEATURE_INDEX",
    "FEATURE_NAMES",
    "MIRROR_INDEX",
    "MIRROR_SIGN",
    "N_FEATURES",
    "SYNC_CHANNELS",
    "Channel",
    "Feature",
    "feature_slice",
]


@dataclass(frozen=True, slots=True)
class Feature:
    """One number measured of one person.

    `group` is one of posture, place, head, expression, gaze, breathing, quality. `mirror` names the
    feature that takes its place in a mirror (its own name when it has no left or right) and
    `mirror_sign` is −1 for lateral quantities. `sigma` is the difference at which two people's
    alignment has fallen to 1/e; 0 leaves the feature out of alignment. `relative` features say little
    by themselves (they depend on where the camera stands) and are compared after subtracting the
    person's own neutral.
    """

    name: str
    group: str
    unit: str
    low: float
    high: float
    meaning: str
    mirror: str = ""
    mirror_sign: int = 1
    sigma: float = 0.0
    weight: float = 1.0
    relative: bool = False


# MediaPipe's order; index 0 (`_neutral`) means nothing and is not a feature.
BLENDSHAPES: tuple[str, ...] = (
    "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight",
    "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft",
    "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight",
    "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose",
    "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
    "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight",
    "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower",
    "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight",
)  # fmt: skip

# How far each blendshape can be trusted in MediaPipe (1 good, 0 leave out): smile, brow, jaw and lids
# are good; eyeWide, noseSneer and cheekPuff sit near zero; frown and dimple are weak. Gaze is not
# expression and is left out of it.
_RELIABILITY: dict[str, float] = {
    "mouthSmile": 1.0, "jawOpen": 1.0, "browInnerUp": 1.0, "browOuterUp": 1.0, "browDown": 1.0,
    "eyeBlink": 0.3, "eyeSquint": 0.5, "cheekSquint": 0.3, "mouthPucker": 0.6, "mouthFunnel": 0.6,
    "mouthUpperUp": 0.5, "mouthLowerDown": 0.5, "mouthStretch": 0.4, "mouthPress": 0.4,
    "mouthRollLower": 0.4, "mouthRollUpper": 0.4, "mouthShrugLower": 0.4, "mouthShrugUpper": 0.4,
    "mouthLeft": 0.4, "mouthRight": 0.4, "jawLeft": 0.2, "jawRight": 0.2, "jawForward": 0.1,
    "mouthClose": 0.3, "mouthFrown": 0.2, "mouthDimple": 0.2, "eyeWide": 0.0, "noseSneer": 0.0,
    "cheekPuff": 0.0, "eyeLook": 0.0,
}  # fmt: skip


def _reliability(name: str) -> float:
    if name in _RELIABILITY:
        return _RELIABILITY[name]
    for prefix, value in _RELIABILITY.items():
        if name.startswith(prefix) and name[len(prefix) :] in {"Left", "Right", "UpLeft", "UpRight"}:
            return value
    return next(v for p, v in _RELIABILITY.items() if name.startswith(p))


def _other_side(name: str) -> str:
    if name.endswith("Left"):
        return name.removesuffix("Left") + "Right"
    if name.endswith("Right"):
        return name.removesuffix("Right") + "Left"
    return name


def _f(
    name: str, group: str, unit: str, low: float, high: float, meaning: str, mirror: str = "",
    sign: int = 1, sigma: float = 0.0, weight: float = 1.0, relative: bool = False,
) -> Feature:  # fmt: skip
    return Feature(name, group, unit, low, high, meaning, mirror or name, sign, sigma, weight, relative)


_SW = "shoulder widths"
_POSTURE = (
    _f("shoulder_roll", "posture", "deg", -90, 90, "Tilt of the shoulder line; positive: own left shoulder higher.", sign=-1, sigma=8),
    _f("lean_side", "posture", _SW, -10, 10, "Middle of the shoulders from the middle of the picture; positive toward own left.", sign=-1, sigma=0.35, relative=True),
    _f("lean_forward", "posture", "log ratio", -10, 10, "Minus the natural logarithm of the head's distance in cm; rises when leaning in (0.1 is about 10 % nearer).", sigma=0.15, relative=True),
    _f("head_roll", "head", "deg", -180, 180, "Tilt of the head; positive toward own left shoulder.", sign=-1, sigma=10, relative=True),
    _f("head_yaw", "head", "deg", -180, 180, "Turn of the head; positive toward own left.", sign=-1, sigma=15, relative=True),
    _f("head_pitch", "head", "deg", -180, 180, "Nod of the head; positive: chin up.", sigma=12, relative=True),
    _f("elbow_left", "posture", "deg", 0, 180, "Angle at the left elbow; 180 is straight.", "elbow_right", sigma=30, weight=0.5),
    _f("elbow_right", "posture", "deg", 0, 180, "Angle at the right elbow; 180 is straight.", "elbow_left", sigma=30, weight=0.5),
    _f("upper_arm_left", "posture", "deg", 0, 180, "Elevation of the left upper arm from hanging down.", "upper_arm_right", sigma=25, weight=0.5),
    _f("upper_arm_right", "posture", "deg", 0, 180, "Elevation of the right upper arm from hanging down.", "upper_arm_left", sigma=25, weight=0.5),
    _f("wrist_left_x", "posture", _SW, -10, 10, "Left wrist from the middle of the shoulders; positive toward own left.", "wrist_right_x", -1, 0.4, 0.5),
    _f("wrist_left_y", "posture", _SW, -10, 10, "Left wrist above the middle of the shoulders.", "wrist_right_y", 1, 0.4, 0.5),
    _f("wrist_right_x", "posture", _SW, -10, 10, "Right wrist from the middle of the shoulders; positive toward own left.", "wrist_left_x", -1, 0.4, 0.5),
    _f("wrist_right_y", "posture", _SW, -10, 10, "Right wrist above the middle of the shoulders.", "wrist_left_y", 1, 0.4, 0.5),
    _f("openness", "posture", "ratio", 0, 1, "Open posture: 1 open, lower with arms crossed, hands at the face or shoulders turned in.", sigma=0.3),
    _f("height", "place", _SW, -10, 10, "Middle of the shoulders above the middle of the picture."),
    _f("head_x", "place", _SW, -10, 10, "Middle of the head from the middle of the picture; positive toward own left.", sign=-1),
    _f("head_y", "place", _SW, -10, 10, "Middle of the head above the middle of the picture."),
    _f("shoulder_width", "place", "picture heights", 0, 10, "Distance between the shoulders (running median): the scale of everything in shoulder widths."),
)  # fmt: skip
_EXPRESSION = tuple(
    _f(
        name, "expression", "ratio", 0, 1, f"MediaPipe blendshape {name}.", _other_side(name),
        sigma=0.25 if _reliability(name) > 0 else 0.0, weight=_reliability(name), relative=True,
    )
    for name in BLENDSHAPES[1:]
)  # fmt: skip
_REST = (
    _f("gaze_yaw", "gaze", "deg", -180, 180, "Direction of gaze (head and eyes); positive toward own left, 0 at the camera.", sign=-1),
    _f("gaze_pitch", "gaze", "deg", -180, 180, "Direction of gaze (head and eyes); positive up, 0 at the camera."),
    _f("chest_velocity", "breathing", _SW + "/s", -10, 10, "Vertical velocity of the chest from optical flow; positive: rising."),
    _f("pose_found", "quality", "0/1", 0, 1, "1 when a body was found; 0 when not."),
    _f("face_found", "quality", "0/1", 0, 1, "1 when a face was found; 0 when not."),
)  # fmt: skip

FEATURES: tuple[Feature, ...] = _POSTURE + _EXPRESSION + _REST
FEATURE_NAMES: tuple[str, ...] = tuple(f.name for f in FEATURES)
FEATURE_INDEX: dict[str, int] = {name: i for i, name in enumerate(FEATURE_NAMES)}
N_FEATURES = len(FEATURES)

# values[MIRROR_INDEX] * MIRROR_SIGN is what the same person's picture gives when it is flipped.
MIRROR_INDEX: NDArray[np.intp] = np.array([FEATURE_INDEX[f.mirror] for f in FEATURES], dtype=np.intp)
MIRROR_SIGN: NDArray[np.float64] = np.array([f.mirror_sign for f in FEATURES], dtype=np.float64)


def feature_slice(group: str) -> NDArray[np.intp]:
    """Return the indices of a group's features in the vector, in order."""
    return np.array([i for i, f in enumerate(FEATURES) if f.group == group], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Channel:
    """One score of two people: `kind` is alignment (0–1), synchrony (−1–1) or share (0–1)."""

    name: str
    title: str
    kind: str
    low: float
    high: float
    meaning: str
    meter: bool = True


CHANNELS: dict[str, Channel] = {
    c.name: c
    for c in (
        Channel("posture_alignment", "Posture", "alignment", 0, 1, "How alike the two postures are, mirror image: my left is your right."),
        Channel("posture_alignment_anatomical", "Posture (same side)", "alignment", 0, 1, "How alike the two postures are, my left being your left.", meter=False),
        Channel("expression_alignment", "Expression", "alignment", 0, 1, "How alike the two faces move away from their neutral."),
        Channel("head_synchrony", "Head", "synchrony", -1, 1, "How far the head movements follow each other in time, above chance."),
        Channel("body_synchrony", "Body", "synchrony", -1, 1, "How far the body movements follow each other in time, above chance."),
        Channel("expression_synchrony", "Face", "synchrony", -1, 1, "How far the changes of expression follow each other in time, above chance."),
        Channel("breathing_match", "Breathing", "share", 0, 1, "How close the two breathing rates are; 1 is the same rate."),
        Channel("mutual_gaze", "Gaze", "share", 0, 1, "1 while both look toward each other."),
        Channel("attunement", "Attunement", "share", 0, 1, "Weighted mean of the channels, each scaled by chance; 0.5 is chance."),
        Channel("pace_match", "Pace", "share", 0, 1, "How alike the two movement rates are over ten seconds; 1 is the same, 1/e one twice the other."),
    )
}  # fmt: skip

SYNC_CHANNELS: tuple[str, ...] = tuple(c.name for c in CHANNELS.values() if c.kind == "synchrony")
