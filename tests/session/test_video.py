"""Videos beside a session: the right picture at its time, good after a crash, and never in the way."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from made_sessions import META, snapshot
from numbered_videos import HEIGHT, WIDTH, number_in, numbered
from numpy.typing import NDArray
from patience import patient_s

from mirrorsync.capture.exact import ExactVideo
from mirrorsync.engine.recording import LiveRecording
from mirrorsync.errors import SessionError
from mirrorsync.session.consent import Consent
from mirrorsync.session.store import SessionReader
from mirrorsync.session.video import VideoWriter
from mirrorsync.tables import N_FEATURES
from mirrorsync.types import Features, Frame, Landmarks, Observation

TESTS = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
DEADLINE_S = patient_s(60.0)


def _until_written(writer: VideoWriter, count: int) -> None:
    pause = threading.Event()
    for _ in range(round(DEADLINE_S / 0.002)):
        if writer.written >= count or writer.error is not None:
            return
        pause.wait(0.002)
    pytest.fail("the video was not written")


def test_every_picture_at_its_time(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    times_ns = (np.cumsum(rng.integers(15, 120, 60)) * 1_000_000).tolist()
    times_ns = [t - times_ns[0] for t in times_ns]
    path = tmp_path / "s.a.mkv"
    with VideoWriter(path, name="a") as writer:
        for number, t_ns in enumerate(times_ns):
            writer.add(t_ns + 300_000, numbered(number))  # not on a whole millisecond
            _until_written(writer, number + 1)
    assert writer.dropped == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with ExactVideo(str(path)) as video:
        assert video.size == (WIDTH, HEIGHT)
        assert video.times_ns.tolist() == times_ns
        assert [number_in(video.read(at)) for at in range(60)] == list(range(60))


def test_a_slow_encoder_drops_the_oldest_and_nobody_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, go = threading.Event(), threading.Event()
    write = VideoWriter._write

    def slow(self: VideoWriter, *what: object) -> None:
        busy.set()
        go.wait(DEADLINE_S)
        write(self, *what)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(VideoWriter, "_write", slow)
    with VideoWriter(tmp_path / "s.a.mkv", name="a") as writer:
        writer.add(0, numbered(0))
        assert busy.wait(DEADLINE_S)
        for number in range(1, 100):
            writer.add(number * 40_000_000, numbered(number))
        assert writer.dropped == 99 - 8
        go.set()
    with ExactVideo(str(tmp_path / "s.a.mkv")) as video:
        assert [number_in(video.read(at)) for at in range(video.frame_count)] == [0, *range(92, 100)]


def test_odd_sizes_and_a_size_that_changes(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "s.a.mkv", name="a") as writer:
        for number, shape in enumerate([(47, 63), (94, 126), (20, 20)]):
            writer.add(number * 40_000_000, np.full((*shape, 3), 200, np.uint8))
    with ExactVideo(str(tmp_path / "s.a.mkv")) as video:
        assert video.size == (62, 46)
        assert video.frame_count == 3


def test_no_picture_no_file_and_never_another_one(tmp_path: Path) -> None:
    path = tmp_path / "s.a.mkv"
    writer = VideoWriter(path, name="a")
    writer.close()
    writer.close()
    assert not path.exists()
    path.write_bytes(b"mine")
    with pytest.raises(SessionError, match="exists already"):
        VideoWriter(path, name="a")
    assert path.read_bytes() == b"mine"


RECORD = """
import itertools, sys, threading
from pathlib import Path
import numpy as np
from made_sessions import META, snapshot
from numbered_videos import numbered
from mirrorsync.engine.recording import LiveRecording
from mirrorsync.errors import SessionError
from mirrorsync.session.consent import consents_now
from mirrorsync.types import Features, Frame, Landmarks, Observation
from mirrorsync.tables import N_FEATURES

START_NS = 7_000_000_000
pause = threading.Event()
MISSING = np.full(N_FEATURES, np.nan)
recording = LiveRecording(Path(sys.argv[1]), META, consents_now(landmarks=True, video=True))
print("ready", flush=True)
try:
    for tick in itertools.count():
        t_ns = tick * 40_000_000
        rgb = numbered(tick)
        if len(sys.argv) > 2:  # pictures that take room
            rgb = np.random.default_rng(tick).integers(0, 256, (240, 320, 3), dtype=np.uint8)
        blank = Features(t_ns, MISSING, np.zeros(N_FEATURES))
        seen = Observation(Frame("x", tick, t_ns, rgb), Landmarks(t_ns, 64, 48), blank)
        recording.see("a", seen, START_NS + t_ns)
        recording.see("b", seen, START_NS + t_ns + 5_000_000)
        recording.add(snapshot(tick))
        video = recording._videos["b"][1]
        while len(video._waiting) > 4:
            pause.wait(0.001)  # no faster than it is written: nothing is dropped
        print(tick, flush=True)
except SessionError as error:
    print("stopped:", error, flush=True)
    try:
        recording.close(complete=False)
    except SessionError:
        pass
"""


def test_a_killed_recording_keeps_tables_and_videos_but_for_the_last_second(tmp_path: Path) -> None:
    path = tmp_path / "s.mirrorsync"
    with subprocess.Popen(
        [sys.executable, "-c", RECORD, str(path)], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        assert process.stdout is not None
        reached = next(int(line) for line in process.stdout if line[0].isdigit() and int(line) >= 160)
        process.send_signal(signal.SIGKILL)
        assert process.wait(DEADLINE_S) == -signal.SIGKILL
    with SessionReader(path) as reader:
        assert not reader.complete
        assert reader.ticks >= reached + 1 - 25
        assert len(list(reader.landmarks("a"))) >= reached + 1 - 25
        assert {one.person: one.video for one in reader.consents} == {"a": True, "b": True}
        videos = reader.videos
        assert {side: one.start_ns for side, one in videos.items()} == {
            "a": 7_000_000_000,
            "b": 7_005_000_000,
        }
    for kept in videos.values():
        assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
        with ExactVideo(str(kept.path)) as video:
            assert video.times_ns[-1] / 40e6 >= reached - 28  # a second, and what was being encoded
            for at in (0, video.frame_count // 2, video.frame_count - 1):
                assert number_in(video.read(at)) * 40_000_000 == video.times_ns[at]


def test_a_full_disk_stops_with_a_sentence_and_leaves_what_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "s.mirrorsync"

    def limited() -> None:  # the file's end, as the system sets it: a write beyond fails
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))

    done = subprocess.run(
        [sys.executable, "-c", RECORD, str(path), "large"],
        capture_output=True, text=True, env=ENVIRONMENT, preexec_fn=limited, timeout=DEADLINE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    assert last.startswith("stopped: The ")
    assert "cannot be written (file too large)" in last or "is safe" in last
    assert "record again" in last
    reached = len([line for line in done.stdout.splitlines() if line.isdigit()])
    with SessionReader(path) as reader:
        assert not reader.complete
        assert reader.ticks >= reached - 26
        whole = reader.read()
        assert whole.tick.tolist() == list(range(reader.ticks))
        for kept in reader.videos.values():
            with ExactVideo(str(kept.path)) as video:
                assert video.frame_count > 10
                shown: NDArray[np.uint8] = video.read(video.frame_count - 1)
                assert shown.std() > 20


def test_consent_of_one_person_is_not_that_of_the_other(tmp_path: Path) -> None:
    now = "2026-01-01T00:00:00Z"
    consents = [Consent("a", now, True, video=True), Consent("b", now, True)]
    recording = LiveRecording(tmp_path / "s.mirrorsync", META, consents)
    blank = Features(0, np.full(N_FEATURES, np.nan), np.zeros(N_FEATURES))
    for tick in range(3):
        t_ns = tick * 40_000_000
        seen = Observation(Frame("x", tick, t_ns, numbered(tick)), Landmarks(t_ns, 64, 48), blank)
        for side in ("a", "b"):
            recording.see(side, seen, t_ns)
        recording.add(snapshot(tick))
    recording.close()
    assert {one.name for one in tmp_path.iterdir()} == {"s.mirrorsync", "s.a.mkv"}
