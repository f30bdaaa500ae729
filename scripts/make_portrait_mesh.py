"""Make `mirrorsync/demo/portrait_mesh.npz`: what the demo portrait's animation has to know about it.

The file holds, for the still portrait (512 × 512), the 478 face and 33 body points that MediaPipe finds,
in pixels, and the outlines of the person and of the head as soft masks. It is committed, because
`mirrorsync.capture` must not import the landmarker; run this again only when the portrait changes.

    python scripts/make_portrait_mesh.py
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

OUT = Path(__file__).resolve().parents[1] / "mirrorsync" / "demo" / "portrait_mesh.npz"

# Drawn by hand on the portrait: where the head ends against the collar (x, y), clockwise from the left
# ear along neck and neckband, then around the hair with room to spare.
HEAD_OUTLINE = (
    (172, 143), (182, 146), (186, 153), (187, 166), (188, 180), (196, 190), (212, 196), (230, 198),
    (246, 194), (254, 184), (257, 172), (261, 158), (272, 148), (284, 140), (310, 90), (300, 0),
    (140, 0), (140, 90), (160, 138),
)  # fmt: skip
HELMET = ((391, 452), (112, 112))  # centre and half axes of the helmet under her arm


def find_points(
    rgb: np.ndarray, face_model: Path, pose_model: Path
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return face (478, 3) and pose (33, 3) in pixels and the person's mask (H, W), 0–1."""
    height, width = rgb.shape[:2]
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
    face_options = vision.FaceLandmarkerOptions(BaseOptions(model_asset_path=str(face_model)))
    pose_options = vision.PoseLandmarkerOptions(
        BaseOptions(model_asset_path=str(pose_model)), output_segmentation_masks=True
    )
    with vision.FaceLandmarker.create_from_options(face_options) as landmarker:
        face = landmarker.detect(image).face_landmarks[0]
    with vision.PoseLandmarker.create_from_options(pose_options) as landmarker:
        result = landmarker.detect(image)
        mask = result.segmentation_masks[0].numpy_view().squeeze().copy()
    size = np.array([width, height, width], dtype=np.float32)
    points = [np.array([[p.x, p.y, p.z] for p in group], dtype=np.float32) * size
              for group in (face, result.pose_landmarks[0])]  # fmt: skip
    return points[0], points[1], mask


def grab(bgr: np.ndarray, hints: np.ndarray) -> np.ndarray:
    """Return a soft mask (uint8) of the foreground, from a trimap in cv2.grabCut's own codes."""
    cv2.setRNGSeed(1)
    labels = hints.copy()
    cv2.grabCut(bgr, labels, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), 6, cv2.GC_INIT_WITH_MASK)
    found = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    hard = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, parts, stats, _ = cv2.connectedComponentsWithStats(hard)
    biggest = 1 + int(np.argmax(stats[1:count, cv2.CC_STAT_AREA]))
    hard = cv2.morphologyEx((parts == biggest).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    return np.asarray(cv2.GaussianBlur(hard * 255, (0, 0), 0.9), dtype=np.uint8)


def person_mask(bgr: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Refine the landmarker's mask of the person to the pixel; the helmet moves with her."""
    helmet = np.zeros(guess.shape, np.uint8)
    cv2.ellipse(helmet, HELMET[0], HELMET[1], 0, 0, 360, 1, -1)
    sure = ((guess > 0.95) | (helmet > 0)).astype(np.uint8)
    maybe = ((guess > 0.2) | (helmet > 0)).astype(np.uint8)
    hints = np.full(guess.shape, cv2.GC_BGD, np.uint8)
    hints[cv2.dilate(maybe, np.ones((13, 13), np.uint8)) > 0] = cv2.GC_PR_BGD
    hints[maybe > 0] = cv2.GC_PR_FGD
    hints[cv2.erode(sure, np.ones((13, 13), np.uint8)) > 0] = cv2.GC_FGD
    return grab(bgr, hints)


def head_mask(person: np.ndarray) -> np.ndarray:
    """Return the soft mask of hair, face and neck down to the neckband."""
    outline = np.zeros(person.shape, np.uint8)
    cv2.fillPoly(outline, [np.array(HEAD_OUTLINE, np.int32)], 255)
    return np.asarray(np.minimum(cv2.GaussianBlur(outline, (0, 0), 0.9), person), dtype=np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    models = OUT.parents[2] / "models"
    parser.add_argument(
        "--models-dir", type=Path, default=models, help="folder with the two models and astronaut.png"
    )
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    bgr = cv2.imread(str(args.models_dir / "astronaut.png"))
    if bgr is None:
        raise SystemExit(
            f"There is no astronaut.png in {args.models_dir}; fetch it with 'mirrorsync assets fetch'."
        )
    face, pose, guess = find_points(
        cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB),
        args.models_dir / "face_landmarker.task",
        args.models_dir / "pose_landmarker_full.task",
    )
    person = person_mask(bgr, guess)
    head = head_mask(person)
    np.savez_compressed(args.out, face=face.round(2), pose=pose.round(2), person=person, head=head)
    print(f"{args.out}: {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
