"""Files, cameras and streams through OpenCV: pictures, times, and every kind of bad input."""

from __future__ import annotations

import threading
import wave
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeCapture, ManualClock, colours
from made_videos import FORMATS, make_video, picture_server
from patience import patient_s

from mirrorsync.capture import open_source
from mirrorsync.capture.opencv import LiveCapture, Recording
from mirrorsync.errors import SourceError
from mirrorsync.settings import Settings

SETTINGS = Settings()
DEADLINE_S = patient_s(20.0)


@pytest.mark.parametrize("name", FORMATS)
def test_colours_and_times_of_a_file(name: str, tmp_path: Path) -> None:
    fps = FORMATS[name][2]
    path = make_video(tmp_path, name, frames=30)
    with open_source(str(path), SETTINGS) as source:
        frames = list(source)
    assert source.fps == pytest.approx(fps, rel=1e-3)
    rounding_ns = 1_000_000 if path.suffix in {".webm", ".mkv"} else 1_000  # Matroska counts milliseconds
    for frame in frames:
        assert frame.t_ns == pytest.approx(frame.index * 1e9 / fps, abs=rounding_ns)
        red, blue = frame.rgb[20:40, 5:25].mean((0, 1)), frame.rgb[20:40, 40:60].mean((0, 1))
        np.testing.assert_allclose(red, (200, 20, 20), atol=25)
        np.testing.assert_allclose(blue, (20, 20, 200), atol=25)
    bands = [frame.rgb[3:8].mean() for frame in frames]
    assert np.corrcoef(bands, range(30))[0, 1] > 0.99  # the right picture at the right time


def test_large_pictures_are_shrunk_after_cropping(tmp_path: Path) -> None:
    path = make_video(tmp_path, frames=2, width=640, height=320)
    small = SETTINGS.with_(max_side=160)
    for part, size in (("", (160, 80)), ("#left", (160, 160)), ("#600,300,40,20", (40, 20))):
        with open_source(f"{path}{part}", small) as source:
            frame = source.read()
            assert frame is not None
            assert source.size == (frame.width, frame.height) == size


def test_only_so_many_seconds(tmp_path: Path) -> None:
    path = make_video(tmp_path, "mp4v_25_mp4", frames=50)
    with open_source(str(path), SETTINGS, seconds=0.4) as source:
        assert source.frame_count == len(list(source)) == 10
        assert source.duration_s == pytest.approx(0.4)
        assert source.notes == ()


def test_bad_files_get_one_sentence(tmp_path: Path) -> None:
    whole = make_video(tmp_path, "mp4v_25_mp4", frames=60).read_bytes()
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "text.mp4").write_text("not a video, but ümlauts\n" * 400, "utf-8")
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(1).bytes(5000))
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    with wave.open(str(tmp_path / "sound.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))
    for name, says in (
        ("missing.mp4", "There is no file"),
        ("", "is a folder"),
        ("empty.mp4", "is empty"),
        ("text.mp4", "is a text file"),
        ("noise.mp4", "cannot be read as a video"),
        ("cut.mp4", "is cut off"),
        ("sound.wav", "sound but no picture"),
    ):
        with pytest.raises(SourceError) as caught:
            open_source(str(tmp_path / name), SETTINGS)
        assert says in str(caught.value)
        assert str(caught.value).count("\n") == 0


def test_sound_only_and_nothing_at_all_in_mp4(tmp_path: Path) -> None:
    for handler, says in ((b"soun", "sound but no picture"), (b"text", "0 frames")):
        box = (32).to_bytes(4, "big") + b"moov" + b"hdlr" + handler + bytes(16)
        path = tmp_path / "only.mp4"
        path.write_bytes((24).to_bytes(4, "big") + b"ftypisom" + bytes(12) + box)
        with pytest.raises(SourceError, match=says):
            open_source(str(path), SETTINGS)


def test_a_file_cut_in_the_middle_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    path = make_video(tmp_path, frames=100)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with open_source(str(path), SETTINGS) as source:
        decoded = len(list(source))
        assert 30 <= decoded < 70
        assert source.notes[-1:] == (
            f"{path} promises 100 frames, but {decoded} could be decoded; it may be cut off or damaged.",
        )


def test_no_pictures_and_a_part_outside_let_go_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="0 frames"):
        Recording(FakeCapture([]), "none.mp4")
    path = make_video(tmp_path)
    with pytest.raises(SourceError, match="64 × 48 pixels"):
        open_source(f"{path}#0,0,65,48", SETTINGS)


def test_odd_times_of_a_recording_are_put_right_and_told() -> None:
    capture = FakeCapture(
        [colours(i) for i in range(5)], stated_ms=[0.0, 40.0, 40.0, 80.0, 0.0], frame_count=5.0
    )
    recording = Recording(capture, "odd.avi")
    assert [frame.t_ns for frame in recording] == [0, 40_000_000, 80_000_000, 120_000_000]
    left_out, placed = recording.notes
    assert "left out (1)" in left_out
    assert "even frame rate (1)" in placed


def test_a_camera_that_is_not_there() -> None:
    with pytest.raises(SourceError, match=r"Camera 99 did not open\. Is another program using it\?"):
        open_source("camera:99", SETTINGS)


def test_camera_times_are_those_of_arrival() -> None:
    clock = ManualClock()
    live = LiveCapture(FakeCapture([colours(i) for i in range(4)]), "camera:1", "Camera 1", clock_ns=clock)
    times = []
    for _ in range(3):
        clock.advance(0.033)
        frame = live.read()
        assert frame is not None
        times.append(frame.t_ns)
    assert times == [1_033_000_000, 1_066_000_000, 1_099_000_000]


def test_a_camera_may_stumble_but_not_fall() -> None:
    stumbling = FakeCapture([colours(0), None, None, colours(1)])
    live = LiveCapture(stumbling, "camera:1", "Camera 1")
    frame = live.read()
    assert frame is not None
    assert frame.index == 0
    with pytest.raises(SourceError, match="Camera 1 stopped delivering pictures"):
        live.read()
    live.close()
    assert stumbling.released == 1
    with pytest.raises(SourceError, match="delivers no picture"):
        LiveCapture(FakeCapture([]), "camera:1", "Camera 1")


def test_closing_does_not_wait_for_a_camera_that_hangs() -> None:
    capture = FakeCapture([colours(0), colours(1)])
    live = LiveCapture(capture, "camera:1", "Camera 1")
    capture.gate.clear()
    capture.at_gate.clear()
    got: list[object] = ["nothing yet"]

    def read() -> None:
        got[0] = live.read()

    thread = threading.Thread(target=read, name="reader")
    thread.start()
    assert capture.at_gate.wait(DEADLINE_S)
    live.close()  # returns at once; the device is let go of by the reader
    assert capture.released == 0
    capture.gate.set()
    thread.join(DEADLINE_S)
    assert got == [None]
    assert capture.released == 1


def test_a_stream_that_breaks_off_says_so() -> None:
    with picture_server(30) as address, open_source(f"{address}/live", SETTINGS) as source:
        assert source.live
        with pytest.raises(SourceError, match=r"The stream http://.* stopped delivering pictures"):
            list(source)


def test_a_stream_that_nobody_sends() -> None:
    with pytest.raises(SourceError, match="did not open; check the address"):
        open_source("http://127.0.0.1:1/x", SETTINGS)
