"""The feed string: every form of the contract, and wrong ones with a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mirrorsync.capture import Crop, FeedSpec, check_distinct, parse_feed
from mirrorsync.capture import cameras as cameras_module
from mirrorsync.errors import SourceError, UsageError

SIDES = ("left", "right", "top", "bottom")


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("camera:0", FeedSpec("camera", "0")),
        ("camera:01", FeedSpec("camera", "1")),
        ("camera:Logitech BRIO", FeedSpec("camera", "Logitech BRIO")),
        ("camera:Cam #2", FeedSpec("camera", "Cam #2")),
        ("camera:Cam #2#top", FeedSpec("camera", "Cam #2", Crop("top"))),
        ("call.mp4", FeedSpec("file", "call.mp4")),
        ("call.mp4#left", FeedSpec("file", "call.mp4", Crop("left"))),
        ("call.mp4#LEFT", FeedSpec("file", "call.mp4", Crop("left"))),
        ("call.mp4#10,20,30,40", FeedSpec("file", "call.mp4", Crop("", 10, 20, 30, 40))),
        ("take#3/call.mp4", FeedSpec("file", "take#3/call.mp4")),
        ("take#3/call.mp4#right", FeedSpec("file", "take#3/call.mp4", Crop("right"))),
        (r"C:\videos\x.mp4", FeedSpec("file", r"C:\videos\x.mp4")),
        ("C:/videos/x.mp4#bottom", FeedSpec("file", "C:/videos/x.mp4", Crop("bottom"))),
        ("screen:", FeedSpec("screen", "")),
        ("screen:#left", FeedSpec("screen", "", Crop("left"))),
        ("screen:0,0,640,480", FeedSpec("screen", "0,0,640,480")),
        ("screen:-640, 20,640,480", FeedSpec("screen", "-640,20,640,480")),
        ("screen:0,0,640,480#right", FeedSpec("screen", "0,0,640,480", Crop("right"))),
        ("window:Meeting: Anna & Ben #4", FeedSpec("window", "Meeting: Anna & Ben #4")),
        ("window:Zoom#left", FeedSpec("window", "Zoom", Crop("left"))),
        ("http://host/a.mp4", FeedSpec("stream", "http://host/a.mp4")),
        ("https://host/a?b=c#top", FeedSpec("stream", "https://host/a?b=c", Crop("top"))),
        ("rtsp://me:secret@host:554/one", FeedSpec("stream", "rtsp://me:secret@host:554/one")),
        ("portrait:you", FeedSpec("portrait", "you")),
        ("portrait:partner#left", FeedSpec("portrait", "partner", Crop("left"))),
    ],
)
def test_every_form_is_understood(text: str, spec: FeedSpec) -> None:
    assert parse_feed(text) == spec


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("camera:", "Say which camera"),
        ("camera:-1", "counted from 0"),
        ("window:", "Say which window"),
        ("webcam:0", "is no kind of feed"),
        ("portrait:me", "portrait:you"),
        ("portrait:you#middle", "#left, #right"),
        ("call.mp4#middle", "#left, #right"),
        ("call.mp4#", "#left, #right"),
        ("call.mp4#0,0,10", "#left, #right"),
        ("call.mp4#0,0,0,10", "at least 1"),
        ("call.mp4#-1,0,10,10", "count from 0"),
        ("screen:1,2,3", "whole pixels"),
        ("screen:0,0,10,-4", "at least 1"),
        ("http:", "names no host"),
        ("rtsp:///x", "names no host"),
        ("http://host/x#t=10", "#left, #right"),
    ],
)
def test_wrong_strings_get_a_sentence(text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_feed(text)
    sentence = str(caught.value)
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_file_that_exists_is_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a#b.mp4", "clip#left", "clip", "camera:0"):
        (tmp_path / name).touch()
    assert parse_feed("a#b.mp4") == FeedSpec("file", "a#b.mp4")
    assert parse_feed("a#b.mp4#left") == FeedSpec("file", "a#b.mp4", Crop("left"))
    assert parse_feed("clip#left") == FeedSpec("file", "clip#left")
    assert parse_feed("clip#right") == FeedSpec("file", "clip", Crop("right"))
    assert parse_feed("camera:0") == FeedSpec("file", "camera:0")


crops = st.none() | st.sampled_from([Crop(side) for side in SIDES]) | st.builds(
    Crop, st.just(""), st.integers(0, 9999), st.integers(0, 9999), st.integers(1, 9999), st.integers(1, 9999)
)  # fmt: skip
plain = st.text(st.characters(exclude_characters="#:/\\\0", exclude_categories=["C"]), min_size=3)


@st.composite
def specs(draw: st.DrawFn) -> FeedSpec:
    kind = draw(st.sampled_from(["camera", "file", "stream", "screen", "window", "portrait"]))
    name = draw(plain)
    target = {
        "camera": name.strip(),
        "file": f"no-such-folder/{name}.mp4",
        "stream": f"rtsp://host/{name}",
        "screen": draw(st.sampled_from(["", "1,2,30,40"])),
        "window": name,
        "portrait": draw(st.sampled_from(["you", "partner"])),
    }[kind]
    assume(target.strip() or kind == "screen")
    assume(not (kind == "camera" and target.lstrip("+-").isdigit()))
    return FeedSpec(kind, target, draw(crops))


@given(specs())
def test_writing_and_reading_a_feed_changes_nothing(spec: FeedSpec) -> None:
    assert parse_feed(str(spec)) == spec


@given(st.text() | st.from_regex(r"(camera|screen|window|http|portrait|x)?:?[^#]{0,5}#?[0-9,+-]{0,12}"))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        spec = parse_feed(text)
    except UsageError:
        return
    assert parse_feed(str(spec)) == spec


@given(st.integers(2, 400), st.integers(2, 400))
def test_halves_tile_the_picture(width: int, height: int) -> None:
    for one, other in (("left", "right"), ("top", "bottom")):
        seen = np.zeros((height, width), int)
        for side in (one, other):
            x, y, w, h = Crop(side).box(width, height)
            seen[y : y + h, x : x + w] += 1
        assert (seen == 1).all()


@given(crops.filter(lambda c: c is not None and not c.side), st.integers(1, 9999), st.integers(1, 9999))
def test_a_rectangle_lies_inside_or_is_refused(crop: Crop, width: int, height: int) -> None:
    inside = crop.x + crop.width <= width and crop.y + crop.height <= height
    if inside:
        assert crop.box(width, height) == (crop.x, crop.y, crop.width, crop.height)
    else:
        with pytest.raises(SourceError, match=f"{width} × {height} pixels"):
            crop.box(width, height)


def test_a_picture_one_pixel_wide_has_no_left_half() -> None:
    with pytest.raises(SourceError, match="outside the picture"):
        Crop("left").box(1, 10)


def test_the_same_camera_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras_module, "camera_index", lambda target: {"0": 0, "1": 1, "BRIO": 1}[target])
    for a, b in (("0", "0"), ("BRIO", "brio"), ("BRIO", "1")):
        with pytest.raises(UsageError, match="choose two cameras"):
            check_distinct(FeedSpec("camera", a), FeedSpec("camera", b))
        with pytest.raises(UsageError, match="choose two cameras"):
            check_distinct(FeedSpec("camera", a, Crop("left")), FeedSpec("camera", b))
        with pytest.raises(UsageError, match="choose two cameras"):
            check_distinct(FeedSpec("camera", a, Crop("left")), FeedSpec("camera", b, Crop("left")))
        check_distinct(FeedSpec("camera", a, Crop("left")), FeedSpec("camera", b, Crop("right")))
    check_distinct(FeedSpec("camera", "0"), FeedSpec("camera", "BRIO"))
    check_distinct(parse_feed("call.mp4#left"), parse_feed("call.mp4#right"))


def test_parsing_loads_no_picture_library() -> None:
    code = (
        "import sys; from mirrorsync.capture import parse_feed; parse_feed('camera:0');"
        "print([m for m in ('cv2', 'PyQt6', 'mediapipe', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
