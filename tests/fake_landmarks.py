"""A landmarker that sees what a test tells it: a person made of a few known numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

import numpy as np

from mirrorsync.errors import LandmarkerError
from mirrorsync.tables import BLENDSHAPES
from mirrorsync.types import N_BLENDSHAPES, N_FACE, N_POSE, FloatArray, Frame, Landmarks

_EARS, _ENDS = [234, 454], [10, 152]  # of the mesh: at the ears, top and chin
_SHOULDERS, _ELBOWS, _WRISTS = (11, 12), (13, 14), (15, 16)
_POSE_SWAP = [0, 4, 5, 6, 1, 2, 3] + [i + 1 if i % 2 else i - 1 for i in range(7, N_POSE)]
_SHAPE_INDEX = {name: i for i, name in enumerate(BLENDSHAPES)}
_SHAPE_SWAP = [
    _SHAPE_INDEX[
        name[:-4] + "Right" if name.endswith("Left")
        else name[:-5] + "Left" if name.endswith("Right")
        else name
    ]
    for name in BLENDSHAPES
]  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A person before a camera. Lengths on the picture are in picture heights, its middle is (0, 0).

    `x` is positive toward the person's own left (the picture's right), `y` upward. Wrists are given in
    shoulder widths from the middle of the shoulders; elbows in degrees.
    """

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    head_cm: tuple[float, float, float] = (0.0, 0.0, -60.0)
    x: float = 0.0
    y: float = -0.1
    shoulder_width: float = 0.3
    shoulder_roll_deg: float = 0.0
    wrist_left: tuple[float, float] = (0.6, -1.0)
    wrist_right: tuple[float, float] = (-0.6, -1.0)
    upper_arm_deg: tuple[float, float] = (20.0, 20.0)
    elbow_deg: tuple[float, float] = (90.0, 90.0)
    shapes: Mapping[str, float] = field(default_factory=dict)
    chest_flow: float = float("nan")
    seen: float = 0.9
    body: bool = True
    face: bool = True


def rotation(yaw_deg: float, pitch_deg: float, roll_deg: float) -> FloatArray:
    """Turn, then nod, then tilt: own left, chin up, toward the own left shoulder are positive."""
    yaw, pitch, roll = np.radians([yaw_deg, -pitch_deg, -roll_deg])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    turned: FloatArray = about_y @ about_x @ about_z
    return turned


def landmarks_of(person: Person, *, t_ns: int = 0, width: int = 640, height: int = 480) -> Landmarks:
    """What a landmarker would report of `person` in a picture of that size."""
    found: dict[str, FloatArray] = {}
    if person.body:
        pose, world = _body(person, width / height)
        found |= {"pose": pose, "world": world, "visibility": np.full(N_POSE, person.seen)}
    if person.face:
        head = np.eye(4)
        head[:3, :3] = rotation(person.yaw_deg, person.pitch_deg, person.roll_deg)
        head[:3, 3] = person.head_cm
        shapes = np.zeros(N_BLENDSHAPES)
        for name, value in person.shapes.items():
            shapes[_SHAPE_INDEX[name]] = value
        face = np.tile([0.5 + person.x * height / width, 0.3 - person.y, 0.0], (N_FACE, 1))
        face[_EARS, 0] += (-0.1, 0.1)
        face[_ENDS, 1] += (-0.15, 0.15)
        found |= {"face": face, "blendshapes": shapes, "head": head}
    flow = person.chest_flow if person.body else float("nan")
    return Landmarks(t_ns, width, height, chest_flow=flow, **found)  # type: ignore[arg-type]  # made float32


def _body(person: Person, aspect: float) -> tuple[FloatArray, FloatArray]:
    roll = np.radians(person.shoulder_roll_deg)
    half = 0.5 * person.shoulder_width * np.array([np.cos(roll), np.sin(roll)])
    middle = np.array([person.x, person.y])
    up = np.zeros((N_POSE, 2))  # picture heights, y upward
    up[:11] = middle + np.array([0.0, 0.7 * person.shoulder_width])
    up[_SHOULDERS[0]], up[_SHOULDERS[1]] = middle + half, middle - half
    for wrist, place in zip(_WRISTS, (person.wrist_left, person.wrist_right), strict=True):
        up[wrist] = middle + person.shoulder_width * np.array(place)
    up[13:15] = 0.5 * (up[11:13] + up[15:17])
    up[17:] = middle - np.array([0.0, 2.0 * person.shoulder_width])
    pose = np.zeros((N_POSE, 3))
    pose[:, 0], pose[:, 1] = 0.5 + up[:, 0] / aspect, 0.5 - up[:, 1]
    world = np.zeros((N_POSE, 3))
    for side, sign in enumerate((1.0, -1.0)):
        raised = np.radians(person.upper_arm_deg[side])
        bent = raised + np.radians(180.0 - person.elbow_deg[side])
        world[_SHOULDERS[side]] = (0.18 * sign, -0.45, 0.0)
        world[_ELBOWS[side]] = world[_SHOULDERS[side]] + 0.3 * _hanging(raised, sign)
        world[_WRISTS[side]] = world[_ELBOWS[side]] + 0.25 * _hanging(bent, sign)
    return pose, world


def _hanging(angle: float, sign: float) -> FloatArray:
    """The direction of an arm raised sideways by `angle` from hanging down; y is down."""
    return np.array([sign * np.sin(angle), np.cos(angle), 0.0])


def flipped(landmarks: Landmarks) -> Landmarks:
    """What MediaPipe reports of the flipped picture: x runs the other way, left and right are renamed."""
    turn = np.diag([-1.0, 1.0, 1.0, 1.0])
    pose = landmarks.pose[_POSE_SWAP] * (-1, 1, 1) + (1, 0, 0)
    return replace(
        landmarks,
        pose=pose,
        world=landmarks.world[_POSE_SWAP] * (-1, 1, 1),
        visibility=landmarks.visibility[_POSE_SWAP],
        face=landmarks.face * (-1, 1, 1) + (1, 0, 0),
        blendshapes=landmarks.blendshapes[_SHAPE_SWAP],
        head=turn @ landmarks.head @ turn,
    )


class FakeLandmarker:
    """Reports `person_at(frame)` for every frame, as a real landmarker would: in order of time, until closed.

    Parameters
    ----------
    person_at : callable
        Whom it sees in a frame.
    fail_at : int, optional
        The frame with this index raises LandmarkerError.
    people_at : callable
        How many people it counts in a frame.
    """

    def __init__(
        self,
        person_at: Callable[[Frame], Person] = lambda _: Person(),
        fail_at: int = -1,
        people_at: Callable[[Frame], int] = lambda _: 1,
    ) -> None:
        self._person_at = person_at
        self._people_at = people_at
        self._before: Landmarks | None = None
        self._fail_at = fail_at
        self._last_ns = -1
        self.closed = 0

    def expect(self, frame: Frame) -> None:
        if self.closed:
            raise LandmarkerError("This landmarker has been closed.")

    def detect(self, frame: Frame, *, body: bool = True) -> Landmarks:
        if self.closed or frame.index == self._fail_at or frame.t_ns <= self._last_ns:
            raise LandmarkerError(f"The model failed on frame {frame.index}; run the doctor.")
        self._last_ns = frame.t_ns
        seen = landmarks_of(self._person_at(frame), t_ns=frame.t_ns, width=frame.width, height=frame.height)
        before, self._before = self._before, seen
        if body or before is None:
            return seen
        self._before = replace(
            seen, pose=before.pose, world=before.world, visibility=before.visibility, body_held=True
        )
        return self._before

    def count_people(self, frame: Frame) -> int:
        return self._people_at(frame)

    def close(self) -> None:
        self.closed += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
