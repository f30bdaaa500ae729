"""The frozen values that flow through the house, from a frame to a snapshot.

Arrays are read-only; shape and dtype are checked where a value is made. Missing numbers are NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "NO_SCORE",
    "Features",
    "FloatArray",
    "Frame",
    "Landmarks",
    "Observation",
    "Pair",
    "SessionEvent",
    "Snapshot",
    "SyncScore",
    "WindowRow",
]

FloatArray = NDArray[np.float64]

N_POSE = 33
N_FACE = 478
N_BLENDSHAPES = 52


def _frozen(array: object, shape: tuple[int | None, ...], dtype: type[Any], name: str) -> NDArray[Any]:
    """Return `array` as a read-only array of `dtype`, after checking its shape (None: any length)."""
    out = np.asarray(array, dtype=dtype)
    if out.ndim != len(shape) or any(
        want is not None and want != got for want, got in zip(shape, out.shape, strict=True)
    ):
        raise ValueError(f"{name} has shape {out.shape}, expected {shape}")
    if out.flags.writeable:
        out = out.view()
        out.flags.writeable = False
    return out


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of one feed.

    Attributes
    ----------
    feed : str
        The feed string it came from.
    index : int
        Number of the frame in its feed, from 0, counting dropped ones.
    t_ns : int
        Presentation time on the source's clock, nanoseconds, strictly rising. Files start at 0;
        live sources use `time.monotonic_ns()`.
    rgb : ndarray of uint8, shape (H, W, 3)
        The picture, red first, as analysed and as shown.
    """

    feed: str
    index: int
    t_ns: int
    rgb: NDArray[np.uint8]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rgb", _frozen(self.rgb, (None, None, 3), np.uint8, "Frame.rgb"))

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.rgb.shape[0])


def _nan(*shape: int) -> NDArray[np.float32]:
    return np.full(shape, np.nan, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What the landmarker found in one frame; NaN where nobody was found.

    Attributes
    ----------
    t_ns : int
        The frame's time.
    width, height : int
        Size of the picture in pixels. Image coordinates below are scaled by width and by height
        (x / W, y / H, MediaPipe's convention): undo that before any distance or angle.
    pose : ndarray of float32, shape (33, 3)
        Body points, image coordinates, z in the scale of x.
    world : ndarray of float32, shape (33, 3)
        Body points in metres, origin between the hips; x to the picture's right, y down, z away
        from the camera.
    visibility : ndarray of float32, shape (33,)
        0–1 for each body point.
    face : ndarray of float32, shape (478, 3)
        Face mesh and irises, image coordinates.
    blendshapes : ndarray of float32, shape (52,)
        MediaPipe's order, 0–1; index 0 is `_neutral` and means nothing.
    head : ndarray of float32, shape (4, 4)
        Canonical face to camera: rotation and translation (cm); camera looks along −z, y up.
    chest_flow : float
        Mean vertical optical flow of the chest since the previous frame of this feed, upward
        positive, as a fraction of the picture's height a second; NaN when it was not measured.
    body_held : bool
        Whether `pose`, `world` and `visibility` are those of an earlier frame: this one was not searched for
        a body (a slow machine). They are shown, and not measured again.
    """

    t_ns: int
    width: int
    height: int
    pose: NDArray[np.float32] = field(default_factory=lambda: _nan(N_POSE, 3))
    world: NDArray[np.float32] = field(default_factory=lambda: _nan(N_POSE, 3))
    visibility: NDArray[np.float32] = field(default_factory=lambda: _nan(N_POSE))
    face: NDArray[np.float32] = field(default_factory=lambda: _nan(N_FACE, 3))
    blendshapes: NDArray[np.float32] = field(default_factory=lambda: _nan(N_BLENDSHAPES))
    head: NDArray[np.float32] = field(default_factory=lambda: _nan(4, 4))
    chest_flow: float = float("nan")
    body_held: bool = False

    def __post_init__(self) -> None:
        for name, shape in (
            ("pose", (N_POSE, 3)),
            ("world", (N_POSE, 3)),
            ("visibility", (N_POSE,)),
            ("face", (N_FACE, 3)),
            ("blendshapes", (N_BLENDSHAPES,)),
            ("head", (4, 4)),
        ):
            object.__setattr__(
                self, name, _frozen(getattr(self, name), shape, np.float32, f"Landmarks.{name}")
            )

    @property
    def pose_found(self) -> bool:
        """Whether a body was found."""
        return bool(np.isfinite(self.pose[0, 0]))

    @property
    def face_found(self) -> bool:
        """Whether a face was found."""
        return bool(np.isfinite(self.face[0, 0]))


@dataclass(frozen=True, slots=True)
class Features:
    """One person at one time, as the named vector of `mirrorsync.tables.FEATURES`.

    Attributes
    ----------
    t_ns : int
        Time, nanoseconds.
    values : ndarray of float64, shape (n_features,)
        In the units of the table; NaN where missing.
    visibility : ndarray of float64, shape (n_features,)
        0–1, how well the landmarks behind each value were seen; 0 where the value is NaN.
    """

    t_ns: int
    values: FloatArray
    visibility: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", _frozen(self.values, (None,), np.float64, "Features.values"))
        object.__setattr__(
            self,
            "visibility",
            _frozen(self.visibility, (self.values.shape[0],), np.float64, "Features.visibility"),
        )


@dataclass(frozen=True, slots=True)
class Observation:
    """A frame together with everything found in that very frame.

    Attributes
    ----------
    frame, landmarks, features
        The picture, its landmarks and the person's features, all of the same `t_ns`.
    captured_ns : int
        `time.monotonic_ns()` when the frame was due or arrived: the start of the latency.
    dropped : int
        Frames of this feed that were dropped so far because something was slow.
    """

    frame: Frame
    landmarks: Landmarks
    features: Features
    captured_ns: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Both people at one tick of the common clock.

    Attributes
    ----------
    tick : int
        Number of the tick, from 0.
    t_ns : int
        Time of the tick since the start of the session: tick / rate.
    a, b : Features or None
        Features interpolated to the tick; None (and never a guess) inside a gap.
    seen_a, seen_b : Observation or None
        The newest observation of each feed that the tick drew on, for display.
    """

    tick: int
    t_ns: int
    a: Features | None
    b: Features | None
    seen_a: Observation | None = None
    seen_b: Observation | None = None


@dataclass(frozen=True, slots=True)
class SyncScore:
    """One channel at one tick.

    Attributes
    ----------
    value : float
        The score in the channel's own range (0–1 or −1–1); NaN when there is too little to say.
    coverage : float
        0–1, share of the data behind it that was there.
    lag_s : float
        Seconds; positive: B follows A. NaN for channels without a lag, or no clear peak.
    chance_mean, chance_sd : float
        What two unrelated people would have scored, in the units of `value`; NaN when unknown yet.
    level : float
        0–1, `value` scaled by chance: 0.5 is what unrelated people get. This is what a meter shows.
    """

    value: float = float("nan")
    coverage: float = 0.0
    lag_s: float = float("nan")
    chance_mean: float = float("nan")
    chance_sd: float = float("nan")
    level: float = float("nan")


NO_SCORE = SyncScore()


@dataclass(frozen=True, slots=True)
class WindowRow:
    """One window of one synchrony channel: a row of `windows.csv`.

    `r_zero` and `peak_r` are correlations (−1–1), `z_mean_abs` the mean absolute Fisher z over all
    lags, `peak_lag_s` positive when B follows A, `leader` one of "a", "b", "none".
    """

    channel: str
    window: int
    start_s: float
    end_s: float
    r_zero: float
    z_mean_abs: float
    peak_r: float
    peak_lag_s: float
    leader: str
    coverage: float


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Something that happened at one tick and is kept with the session.

    Attributes
    ----------
    t_ns : int
        Time of the tick from which it holds, since the start of the session.
    kind : str
        "neutral": a person's neutral changed. "mirror": another form of mirroring counts (`choice`).
        Practices have kinds of their own ("practice.…").
    data : mapping
        What JSON can hold. Of a neutral: `side` ("a", "b"), `cause` ("learnt", "set", "gaze", "recording"),
        `values` by name of the feature, those that are known.
    """

    t_ns: int
    kind: str
    data: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All there is to know at one tick.

    Attributes
    ----------
    pair : Pair
        The tick, the features and the frames.
    scores : mapping of str to SyncScore
        By channel name (`mirrorsync.tables.CHANNELS`), `attunement` among them.
    leader : str
        "a", "b" or "none": who leads now.
    lag_s : float
        The lag behind `leader`; positive: B follows A.
    mirror_mode : str
        "mirror" or "anatomical": the form in which posture was compared for the meters.
    windows : tuple of WindowRow
        Windows of the synchrony channels that were completed at this tick.
    latency_ms : float
        From the older of the two frames' capture to now; NaN offline.
    dropped_a, dropped_b : int
        Frames dropped so far, by feed.
    fps_a, fps_b : float
        Frames analysed a second, by feed; NaN when not known yet.
    messages : tuple of str
        Plain sentences for the practitioner, newest last.
    events : tuple of SessionEvent
        What happened at this tick and is kept with the session.
    """

    pair: Pair
    scores: Mapping[str, SyncScore]
    leader: str = "none"
    lag_s: float = float("nan")
    mirror_mode: str = "mirror"
    windows: tuple[WindowRow, ...] = ()
    latency_ms: float = float("nan")
    dropped_a: int = 0
    dropped_b: int = 0
    fps_a: float = float("nan")
    fps_b: float = float("nan")
    messages: tuple[str, ...] = ()
    events: tuple[SessionEvent, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "scores", MappingProxyType(dict(self.scores)))
