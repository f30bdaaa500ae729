"""What every benchmark is compared with: the bare models on the demo pair; and this process's memory."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mirrorsync.types import Frame

os.environ.setdefault("GLOG_minloglevel", "2")
SIZE = (640, 480)
FPS = 30.0


def make_clips(folder: Path, seconds: float) -> tuple[Path, Path]:
    """Render the demo pair into two 640×480 files."""
    import cv2

    from mirrorsync.capture.portrait import PortraitSource

    paths = []
    for who in ("you", "partner"):
        path = folder / f"{who}.mp4"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
        for frame in PortraitSource(who, seconds=seconds):
            writer.write(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2BGR))
        writer.release()
        paths.append(path)
    return paths[0], paths[1]


class PublicModels:
    """Both models through MediaPipe's public interface: what the pipeline is measured against."""

    def __init__(self) -> None:
        from mediapipe.tasks.python import BaseOptions, vision

        from mirrorsync.assets import asset_path

        self._face = vision.FaceLandmarker.create_from_options(
            vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(asset_path("face_landmarker.task"))),
                running_mode=vision.RunningMode.VIDEO,
                output_face_blendshapes=True,
                output_facial_transformation_matrixes=True,
            )
        )
        self._pose = vision.PoseLandmarker.create_from_options(
            vision.PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=str(asset_path("pose_landmarker_full.task"))),
                running_mode=vision.RunningMode.VIDEO,
            )
        )

    def detect(self, frame: Frame) -> None:
        """Look for face and body."""
        import mediapipe as mp

        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.rgb)
        self._face.detect_for_video(image, frame.index * 33)
        self._pose.detect_for_video(image, frame.index * 33)

    def close(self) -> None:
        """Release both."""
        self._face.close()
        self._pose.close()


def bare_pairs_per_s(clips: tuple[Path, Path], n: int) -> float:
    """Return pairs a second of both models through MediaPipe's public interface, frames in memory."""
    from mirrorsync.analysis import speed
    from mirrorsync.capture.opening import open_source
    from mirrorsync.settings import Settings

    frames = []
    for clip in clips:
        with open_source(str(clip), Settings()) as source:
            frames.append([frame for _, frame in zip(range(n), source, strict=False)])
    return speed.bare_pairs_per_s((frames[0], frames[1]), PublicModels)


def rss_mb() -> float:
    """Return the memory of this process in MB."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 1e6
