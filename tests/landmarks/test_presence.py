"""A body or a face is believed only when more than the landmarker's word says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_person import H, Person, W, person
from numpy.typing import NDArray

from mirrorsync.capture import open_source
from mirrorsync.errors import AssetError
from mirrorsync.landmarks.likeness import BodyCheck, same_head
from mirrorsync.landmarks.presence import DOUBT_S, HOLD_S, PATIENCE_FRAMES, TAKEOVER_S, Presence
from mirrorsync.settings import Settings
from mirrorsync.types import Frame, Landmarks

FRAME_NS = 40_000_000


class Feed:
    """Shows one `Presence` frame after frame."""

    def __init__(self) -> None:
        self.presence = Presence()
        self.k = 0

    def show(
        self, body: Person | None = None, face: Person | None = None, *, frames: int = 1
    ) -> list[tuple[bool, bool]]:
        out = []
        for _ in range(frames):
            out.append(
                self.presence.judge(
                    self.k * FRAME_NS,
                    W,
                    H,
                    pose=None if body is None else body.pose,
                    world=None if body is None else body.world,
                    face=None if face is None else face.face,
                )
            )
            self.k += 1
        return out

    def seconds(self, seconds: float) -> int:
        return round(seconds * 1e9 / FRAME_NS)


BOTH, BODY, FACE, NOBODY = (True, True), (True, False), (False, True), (False, False)


def test_face_and_body_at_one_head_are_believed_at_once_and_throughout() -> None:
    feed, one = Feed(), person()
    assert feed.show(one, one, frames=50) == [BOTH] * 50


@pytest.mark.parametrize(
    ("dx", "dy", "px_per_m", "same"),
    [(0, 0, 450, True), (8, 5, 500, True), (60, 0, 450, False), (0, 75, 450, False), (0, 0, 950, False)],
)
def test_one_head_means_one_place_and_one_size(dx: float, dy: float, px_per_m: float, same: bool) -> None:
    face = person(320 + dx, 150 + dy, px_per_m=px_per_m)
    assert same_head(person().pose, face.face, W, H) is same


def test_a_face_upside_down_is_not_that_of_the_body() -> None:
    one, other = person(), person()
    other.face[:, 1] = 2 * other.face[1, 1] - other.face[:, 1]
    other.face[:, 0] = 2 * other.face[1, 0] - other.face[:, 0]
    assert same_head(one.pose, one.face, W, H)
    assert not same_head(one.pose, other.face, W, H)


def test_a_body_without_a_face_is_believed_after_a_short_while() -> None:
    feed, one = Feed(), person()
    shown = feed.show(one, frames=20)
    assert shown == [NOBODY] * (PATIENCE_FRAMES - 1) + [BODY] * (21 - PATIENCE_FRAMES)


@pytest.mark.parametrize("what", ["small in metres", "lying", "bent", "no neck"])
def test_a_body_that_is_not_built_like_one_is_never_believed(what: str) -> None:
    odd = person()
    if what == "small in metres":
        odd.world *= 0.6
    elif what == "lying":
        across = odd.pose[:, 0].copy() * W
        odd.pose[:, 0], odd.pose[:, 1] = odd.pose[:, 1] * H / W, across / H
    elif what == "bent":
        odd.pose[[2, 5, 7, 8], 0] += np.float32(0.12)
    else:
        odd.pose[:11, 1] += np.float32(0.15)
    assert not BodyCheck().update(odd.pose, odd.world, W, H)
    assert feed_of(odd) == [NOBODY] * 100
    assert feed_of(person())[-1] == BODY


def feed_of(body: Person) -> list[tuple[bool, bool]]:
    return Feed().show(body, frames=100)


def test_a_body_that_shakes_or_swells_is_never_believed() -> None:
    rng = np.random.default_rng(3)
    shaking, swelling = Feed(), Feed()
    for k in range(100):
        x, y = rng.normal((320, 150), 12)
        assert shaking.show(person(x, y)) == [NOBODY]
        assert swelling.show(person(px_per_m=450.0 if k % 2 else 540.0)) == [NOBODY]


def test_a_person_who_moves_fast_but_smoothly_stays() -> None:
    feed = Feed()
    for k in range(100):  # ±150 px (a third of a metre) at 0.5 Hz: 1 m/s at the fastest
        one = person(320 + 150 * np.sin(2 * np.pi * 0.5 * k * 0.04))
        assert feed.show(one, one) == [BOTH]
    for k in range(100, 200):  # and with the face turned away
        assert feed.show(person(320 + 150 * np.sin(2 * np.pi * 0.5 * k * 0.04))) == [BODY]


def test_a_body_that_jumps_away_from_the_person_held_is_not_taken() -> None:
    feed, one, other = Feed(), person(160), person(480)
    feed.show(one, one, frames=20)
    assert feed.show(other) == [NOBODY]
    assert feed.show(person(160, px_per_m=150)) == [NOBODY]  # nor one that shrinks at once
    assert feed.show(one, one) == [BOTH]


def test_nobody_swaps_places_until_the_person_held_is_gone_for_a_while() -> None:
    feed, one, other = Feed(), person(160), person(480)
    feed.show(one, one, frames=20)
    held = feed.seconds(HOLD_S)
    assert feed.show(other, other, frames=held) == [NOBODY] * held
    assert feed.show(other, other, frames=3) == [BOTH] * 3
    assert feed.show(one, one) == [NOBODY]


def test_a_face_printed_on_the_shirt_is_not_taken_for_the_persons() -> None:
    feed, one = Feed(), person(320, 120)
    print_on_shirt = person(320, 290)
    assert feed.show(one, print_on_shirt, frames=30)[-1] == BODY  # from the start
    feed.show(one, one, frames=30)
    assert feed.show(one, print_on_shirt, frames=60) == [BODY] * 60  # or later on
    assert feed.show(one, one) == [BOTH]


def test_a_face_tracked_since_it_agreed_outlives_a_body_that_wanders_off() -> None:
    feed, one = Feed(), person(320)
    feed.show(one, one, frames=20)
    for x in range(325, 520, 8):  # the landmarker drags the body to a neighbour, bit by bit
        body, face = feed.show(person(x), one)[0]
        assert face
    assert not body


def test_a_face_alone_is_believed_after_a_short_while_and_a_passing_one_is_not() -> None:
    feed, one = Feed(), person()
    shown = feed.show(None, one, frames=20)
    assert shown == [NOBODY] * (PATIENCE_FRAMES - 1) + [FACE] * (21 - PATIENCE_FRAMES)
    flicker = Feed()
    for k in range(60):
        assert flicker.show(None, person(100 + 440 * (k % 2))) == [NOBODY]


def test_a_face_keeps_its_body_of_which_little_is_seen() -> None:
    """Close up, the shoulders are a guess: the body is believed because the face is at its head."""
    feed, one = Feed(), person()
    one.world[[11, 12]] *= 0.5
    one.pose[[11, 12], 1] += np.float32(0.4)
    assert feed.show(one, one, frames=30) == [BOTH] * 30


def test_a_body_takes_over_from_a_face_on_the_wall() -> None:
    feed, poster, one = Feed(), person(520, 100), person(200, 200)
    assert feed.show(None, poster, frames=30)[-1] == FACE
    long = feed.seconds(TAKEOVER_S)
    shown = feed.show(one, poster, frames=long + 3)
    assert shown[: long - 1] == [FACE] * (long - 1)
    assert shown[-1] == BODY


def test_a_body_left_without_a_face_may_look_odd_for_a_while_only() -> None:
    feed, one, odd = Feed(), person(), person()
    feed.show(one, one, frames=20)
    odd.world *= 0.6
    for row in range(33):
        odd.pose[row] = one.pose[row]
    patience = feed.seconds(DOUBT_S)
    shown = feed.show(odd, frames=patience + 5)
    assert shown[: patience - 1] == [BODY] * (patience - 1)
    assert shown[-1] == NOBODY


def test_nan_and_none_both_mean_nobody() -> None:
    gone = Landmarks(0, W, H)
    presence, one = Presence(), person()
    for k in range(40):
        assert presence.judge(k * FRAME_NS, W, H, pose=gone.pose, world=gone.world, face=gone.face) == NOBODY
    assert presence.judge(40 * FRAME_NS, W, H, pose=one.pose, world=one.world, face=one.face) == BOTH
    assert presence.judge(41 * FRAME_NS, W, H, pose=None, world=None, face=None) == NOBODY
    assert presence.judge(42 * FRAME_NS, W, H, pose=one.pose, world=one.world, face=one.face) == BOTH


def test_a_picture_of_another_size_is_a_new_picture() -> None:
    feed, one = Feed(), person(160)
    feed.show(one, one, frames=10)
    other = person(480)
    told = feed.presence.judge(
        feed.k * FRAME_NS, 2 * W, 2 * H, pose=other.pose, world=other.world, face=other.face
    )
    assert told == BOTH


def test_the_same_frames_give_the_same_decisions() -> None:
    def run() -> list[tuple[bool, bool]]:
        rng = np.random.default_rng(8)
        feed = Feed()
        out = []
        for _ in range(300):
            one, other = person(*rng.normal((320, 150), 15)), person(*rng.normal((320, 200), 60))
            face = (one, one, other, None)[rng.integers(4)]
            out += feed.show(None if rng.random() < 0.2 else one, face)
        return out

    first = run()
    assert first == run()
    assert len(set(first)) > 2


@pytest.fixture
def models() -> None:
    from mirrorsync.assets import asset_path
    from mirrorsync.landmarks.mediapipe_tasks import FACE_MODEL, POSE_MODEL

    try:
        for name in (FACE_MODEL, POSE_MODEL):
            asset_path(name)
    except AssetError as error:
        pytest.skip(f"the models are not here: {error}")


def frames_of(feed: str) -> list[Frame]:
    with open_source(feed, Settings()) as source:
        return list(source)


def found_in(frames: list[Frame], *, believe_all: bool = False) -> list[Landmarks]:
    from mirrorsync.landmarks.mediapipe_tasks import MediaPipeLandmarker

    with MediaPipeLandmarker(believe_all=believe_all) as landmarker:
        return [landmarker.detect(frame) for frame in frames]


def shares(found: list[Landmarks]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = np.mean([(one.pose_found, one.face_found) for one in found], axis=0)
    return mean


@pytest.mark.media
@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("clip", ["reg_pyfeat_no_face.mp4", "odd_hevc_10bit.mp4"])
def test_nobody_is_found_where_nobody_is(shared_media: Path, clip: str) -> None:
    """MediaPipe alone finds a body in more than half of the frames of the first."""
    found = found_in(frames_of(str(shared_media / clip)))
    assert shares(found).max() <= 0.01
    assert all(np.isnan(one.chest_flow) for one in found)


@pytest.mark.media
@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("clip", "first", "last"),
    [
        ("reg_pyfeat_face_then_noface_vfr_hevc.mov", 0, 72),
        ("reg_pyfeat_noface_then_face_vfr_hevc.mov", 96, 168),
    ],
)
def test_somebody_is_found_just_while_they_are_there(
    shared_media: Path, clip: str, first: int, last: int
) -> None:
    found = found_in(frames_of(str(shared_media / clip)))
    assert shares(found[first:last]).min() >= 0.99
    assert shares(found[:first] + found[last:]).max() <= 0.01


@pytest.mark.media
@pytest.mark.usefixtures("models")
def test_a_small_face_is_found_by_looking_closer(shared_media: Path) -> None:
    """MediaPipe alone finds this face, 67 pixels wide, in none of the frames."""
    found = found_in(frames_of(str(shared_media / "asl_learn.mkv")))
    assert shares(found).min() >= 0.99
    for one in found:
        assert same_head(one.pose, one.face, one.width, one.height)
        width_px = np.ptp(one.face[:468, 0]) * one.width
        assert 45 < width_px < 85
        distance_cm = -one.head[2, 3]
        # An average face is 14 cm wide; MediaPipe assumes a vertical field of view of 63 degrees.
        assert distance_cm == pytest.approx(14 * one.height / 1.2256 / width_px, rel=0.25)


@pytest.mark.media
@pytest.mark.usefixtures("models")
def test_a_skull_on_a_shirt_is_nobodys_face(shared_media: Path) -> None:
    """The skull is there to be taken: the signer's own face is hidden by a grey patch, and shown at times."""
    frames = frames_of(str(shared_media / "asl_student.mkv"))
    plain = found_in(frames)
    assert shares(plain).min() >= 0.99
    hidden = []
    for frame, seen in zip(frames, plain, strict=True):
        rgb = frame.rgb.copy()
        if not 20 <= frame.index < 30:
            x, y = (seen.face[:468, :2].mean(axis=0) * (frame.width, frame.height)).astype(int)
            rgb[max(y - 55, 0) : y + 45, x - 42 : x + 42] = 150
        hidden.append(Frame(frame.feed, frame.index, frame.t_ns, rgb))
    found = found_in(hidden)
    assert shares(found[20:30])[1] >= 0.7  # it takes one to three pictures to come back, by processor
    assert not any(elsewhere(seen, one) for seen, one in zip(plain, found, strict=True))
    alone = found_in(hidden, believe_all=True)
    assert any(elsewhere(seen, one) for seen, one in zip(plain, alone, strict=True)), (
        "nothing was to be refused"
    )


def elsewhere(seen: Landmarks, one: Landmarks) -> bool:
    """Return whether a face was found that is not at the head where the body was seen."""
    return one.face_found and not same_head(seen.pose, one.face, one.width, one.height)
