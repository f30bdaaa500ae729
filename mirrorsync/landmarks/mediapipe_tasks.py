"""MediaPipe's pose and face landmarkers: the only place that imports mediapipe.

VIDEO mode, one person, strictly rising timestamps. What they find is believed only when `presence` says so,
and the face is looked for again, closer, at the body's head (`face_search`).

The library's C functions are called, and its C structures read into NumPy, without the public wrapper: the
Python objects that it builds (478 + 66 of them a frame, while holding the GIL) and the thread through which
it sends each call cost several times what scoring does. What that thread is for, one call at a time, holds
here as well: each model is called by one thread only. The mediapipe version is pinned exactly and a test
compares both ways.
"""

from __future__ import annotations

import ctypes
import math
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision
from mediapipe.tasks.python.core.mediapipe_c_utils import handle_status
from mediapipe.tasks.python.vision.face_landmarker import FaceLandmarkerResultC
from mediapipe.tasks.python.vision.pose_landmarker import PoseLandmarkerResultC
from numpy.typing import NDArray

from mirrorsync.assets import asset_path
from mirrorsync.errors import LandmarkerError
from mirrorsync.landmarks.chest import ChestFlow
from mirrorsync.landmarks.face_search import FaceSearch, Found
from mirrorsync.landmarks.memory import give_memory_back, keep_pictures_at_hand
from mirrorsync.landmarks.presence import Presence
from mirrorsync.types import N_BLENDSHAPES, N_FACE, N_POSE, Frame, Landmarks

__all__ = ["FACE_MODEL", "POSE_MODEL", "MediaPipeLandmarker"]

FACE_MODEL = "face_landmarker.task"
POSE_MODEL = "pose_landmarker_full.task"

_MOST_FACES = 3  # are told apart when people are counted
_CHEEKS, _NOSE = (234, 454), 4  # of the mesh

# The layouts of (Normalized)LandmarkC and CategoryC in mediapipe/tasks/python/components/containers.
_LANDMARK = np.dtype(
    {
        "names": ["x", "y", "z", "visibility"],
        "formats": ["<f4", "<f4", "<f4", "<f4"],
        "offsets": [0, 4, 8, 16],
        "itemsize": 40,
    }
)
_CATEGORY = np.dtype(
    {"names": ["index", "score"], "formats": ["<i4", "<f4"], "offsets": [0, 4], "itemsize": 24}
)


def _records(pointer: Any, count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """View `count` C structures at `pointer` as a record array (valid until the result is closed)."""
    block = (ctypes.c_char * (count * dtype.itemsize)).from_address(ctypes.addressof(pointer.contents))
    view: NDArray[Any] = np.frombuffer(memoryview(block).cast("B"), dtype=dtype, count=count)
    return view


def _points(records: NDArray[Any]) -> NDArray[np.float32]:
    out = np.empty((records.shape[0], 3), dtype=np.float32)
    out[:, 0], out[:, 1], out[:, 2] = records["x"], records["y"], records["z"]
    return out


def _image(rgb: NDArray[np.uint8]) -> Any:
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))


def _run(
    library: Any, detect: Any, landmarker: Any, image: Any, at_ms: int, result: ctypes.Structure
) -> None:
    """Let a model's C function look at a picture, and fill `result`."""
    message = ctypes.c_char_p()
    status = detect(
        landmarker._handle, image._image_ptr, None, at_ms, ctypes.byref(result), ctypes.byref(message)
    )
    if status or message.value is not None:
        try:
            handle_status(status, message)
        finally:
            library.MpErrorFree(message)


def _find_face(landmarker: Any, image: Any, at_ms: int) -> Found:
    """Return mesh, blendshapes and head matrix of the face in a picture; empty: none."""
    result, library = FaceLandmarkerResultC(), landmarker._lib._lib
    _run(library, library.MpFaceLandmarkerDetectForVideo, landmarker, image, at_ms, result)
    try:
        if not result.face_landmarks_count or result.face_landmarks[0].landmarks_count < N_FACE:
            return {}
        face = _points(_records(result.face_landmarks[0].landmarks, N_FACE, _LANDMARK))
        shapes = np.zeros(N_BLENDSHAPES, dtype=np.float32)
        listed = result.face_blendshapes[0]
        categories = _records(listed.categories, int(listed.categories_count), _CATEGORY)
        shapes[categories["index"]] = categories["score"]
        # The C matrix is column-major, as Eigen keeps it.
        block = (ctypes.c_float * 16).from_address(
            ctypes.addressof(result.facial_transformation_matrixes[0].data.contents)
        )
        head = np.frombuffer(memoryview(block).cast("B"), dtype=np.float32, count=16).reshape(4, 4).T.copy()
        return {"face": face, "blendshapes": shapes, "head": head}
    finally:
        library.MpFaceLandmarkerCloseResult(ctypes.byref(result))


@dataclass(frozen=True, slots=True)
class _Begun:
    """A picture in the hands of the models: its time, theirs in whole milliseconds, and the body in it."""

    t_ns: int
    at_ms: int
    image: Any
    body: Future[Found] | None


class MediaPipeLandmarker:
    """Pose (full) and face landmarks of the one person in a feed.

    Parameters
    ----------
    models_dir : Path, optional
        Where the two model bundles lie; by default wherever `mirrorsync assets` put them.
    chest : bool
        Whether the chest's optical flow is measured too (for breathing).
    believe_all : bool
        Take MediaPipe's word for every body and face, and look for no face twice: what the checks of
        presence are measured against.
    beside : bool
        Look for the body in a thread beside the face. Without it this landmarker keeps to about one core:
        for programs that run as many as there are cores. What is found is the same.

    Raises
    ------
    AssetError
        A model is missing or damaged; the message names the command that fetches it.
    LandmarkerError
        A model does not load.
    """

    def __init__(
        self,
        *,
        models_dir: Path | None = None,
        chest: bool = True,
        believe_all: bool = False,
        beside: bool = True,
    ) -> None:
        # MediaPipe's own start-up chatter is of no use to a practitioner.
        os.environ.setdefault("GLOG_minloglevel", "2")
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        keep_pictures_at_hand()
        face_model, pose_model = asset_path(FACE_MODEL, models_dir), asset_path(POSE_MODEL, models_dir)
        self._face: Any = None
        self._closer: Any = None  # made when it is first needed: many feeds never do
        self._pose: Any = None
        self._counter: Any = None
        self._body: Found = {}  # as last found, believed or not
        self._whole: Any = None  # the picture that is looked at
        self._expected: deque[_Begun] = deque()
        self._face_model = str(face_model)
        self._believe_all = believe_all
        self._presence = Presence()
        self._search = FaceSearch(self._presence, self._detect_face, self._detect_closer)
        self._chest = ChestFlow() if chest else None
        self._last_ns = self._last_ms = -1
        # The body is looked for beside the face: neither model keeps a core busy all the time.
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="mirrorsync-body") if beside else None
        try:
            self._face = self._new_face_landmarker()
            self._pose = vision.PoseLandmarker.create_from_options(
                vision.PoseLandmarkerOptions(
                    base_options=BaseOptions(model_asset_path=str(pose_model)),
                    running_mode=vision.RunningMode.VIDEO,
                )
            )
        except (RuntimeError, ValueError, OSError) as error:
            self.close()
            raise LandmarkerError(
                f"MediaPipe could not load its models ({error}); run `mirrorsync doctor` to see why."
            ) from error

    def expect(self, frame: Frame) -> None:
        """Begin to look for the body in a frame that `detect` will be called with, in its turn."""
        if self._beside is not None:
            self._expected.append(self._begin(frame, body=True))

    def detect(self, frame: Frame, *, body: bool = True) -> Landmarks:
        """Return the landmarks of `frame`, NaN where nobody was found or believed; times must rise.

        Without `body` the body of the frame before is kept, and the face is looked for by it.
        """
        begun = self._expected.popleft() if self._expected else self._begin(frame, body=body)
        if begun.t_ns != frame.t_ns or body != (begun.body is not None):
            raise LandmarkerError(f"Frame {frame.index} of {frame.feed} is not the one that was expected.")
        at_ms, self._whole = begun.at_ms, begun.image
        try:

            def of_body() -> Found:
                if begun.body is not None:
                    self._body = begun.body.result()
                return self._body

            try:
                if self._believe_all:
                    face = self._detect_face(at_ms)
                else:
                    face = self._search.find(frame, at_ms, lambda: of_body().get("pose"))
            finally:
                of_body()
            found = self._body | face if self._believe_all else self._believed(frame, face, held=not body)
        except (RuntimeError, ValueError) as error:
            raise LandmarkerError(
                f"MediaPipe failed on frame {frame.index} of {frame.feed} ({error}); "
                "run `mirrorsync doctor` to see whether the models are whole."
            ) from error
        flow = float("nan")
        if self._chest is not None:
            flow = self._chest.update(frame, found.get("pose"), found.get("visibility"))
        give_memory_back()
        return Landmarks(frame.t_ns, frame.width, frame.height, chest_flow=flow, body_held=not body, **found)

    def count_people(self, frame: Frame) -> int:
        """Return how many faces there are in `frame`, each looked for anew; for now and then.

        Looked at are the squares at both ends of the picture, for the face detector sees 128 × 128 pixels of
        what it is given; faces narrower than about a tenth of the picture's shorter side are not counted.
        """
        if self._face is None:
            raise LandmarkerError("This landmarker has been closed; make a new one.")
        if self._counter is None:
            self._counter = self._new_face_landmarker(several=True)
        side = min(frame.width, frame.height)
        places: list[tuple[float, float, float]] = []  # middle and width, pixels
        for x0, y0 in {(0, 0), (frame.width - side, frame.height - side)}:
            square = np.ascontiguousarray(frame.rgb[y0 : y0 + side, x0 : x0 + side])
            for face in self._counter.detect(_image(square)).face_landmarks:
                left, right = (side * face[k].x + x0 for k in _CHEEKS)
                middle, y = (left + right) / 2, side * face[_NOSE].y + y0
                wide = abs(right - left)
                if all(math.hypot(middle - u, y - v) > max(wide, w) / 2 for u, v, w in places):
                    places.append((middle, y, wide))
        return len(places)

    def _begin(self, frame: Frame, *, body: bool) -> _Begun:
        if self._face is None or self._pose is None:
            raise LandmarkerError("This landmarker has been closed; make a new one.")
        if frame.t_ns <= self._last_ns:
            raise LandmarkerError(
                f"Frame {frame.index} of {frame.feed} is not later than the one before; "
                "make a new landmarker to begin another feed."
            )
        self._last_ns = frame.t_ns
        # MediaPipe counts in whole milliseconds and insists that they rise.
        self._last_ms = at_ms = max(frame.t_ns // 1_000_000, self._last_ms + 1)
        image = _image(frame.rgb)
        looking: Future[Found] | None = None
        if body and self._beside is not None:
            looking = self._beside.submit(self._detect_pose, image, at_ms)
        elif body:
            looking = Future()
            try:
                looking.set_result(self._detect_pose(image, at_ms))
            except (RuntimeError, ValueError) as error:
                looking.set_exception(error)
        return _Begun(frame.t_ns, at_ms, image, looking)

    def _believed(self, frame: Frame, face: Found, *, held: bool) -> Found:
        body = self._body
        body_there, face_there = self._presence.judge(
            frame.t_ns,
            frame.width,
            frame.height,
            pose=body.get("pose"),
            world=body.get("world"),
            face=face.get("face"),
            held=held,
        )
        return (body if body_there else {}) | (face if face_there else {})

    def _new_face_landmarker(self, *, several: bool = False) -> Any:
        if several:
            return vision.FaceLandmarker.create_from_options(
                vision.FaceLandmarkerOptions(
                    base_options=BaseOptions(model_asset_path=self._face_model), num_faces=_MOST_FACES
                )
            )
        return vision.FaceLandmarker.create_from_options(
            vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=self._face_model),
                running_mode=vision.RunningMode.VIDEO,
                output_face_blendshapes=True,
                output_facial_transformation_matrixes=True,
            )
        )

    def _detect_face(self, at_ms: int) -> Found:
        return _find_face(self._face, self._whole, at_ms)

    def _detect_closer(self, rgb: NDArray[np.uint8], at_ms: int) -> Found:
        if self._closer is None:
            self._closer = self._new_face_landmarker()
        return _find_face(self._closer, _image(rgb), at_ms)

    def _detect_pose(self, image: Any, at_ms: int) -> Found:
        result, library = PoseLandmarkerResultC(), self._pose._lib._lib
        _run(library, library.MpPoseLandmarkerDetectForVideo, self._pose, image, at_ms, result)
        try:
            if not result.pose_landmarks_count or result.pose_landmarks[0].landmarks_count < N_POSE:
                return {}
            body = _records(result.pose_landmarks[0].landmarks, N_POSE, _LANDMARK)
            world = _records(result.pose_world_landmarks[0].landmarks, N_POSE, _LANDMARK)
            return {
                "pose": _points(body),
                "world": _points(world),
                "visibility": body["visibility"].copy(),
            }
        finally:
            library.MpPoseLandmarkerCloseResult(ctypes.byref(result))

    def close(self) -> None:
        """Release the models; closing twice is fine."""
        if self._beside is not None:
            self._beside.shutdown(cancel_futures=True)
        self._expected.clear()
        face, self._face = self._face, None
        closer, self._closer = self._closer, None
        pose, self._pose = self._pose, None
        counter, self._counter = self._counter, None
        for model in (face, closer, pose, counter):
            if model is not None:
                model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
