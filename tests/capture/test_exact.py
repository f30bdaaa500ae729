"""The right picture at every time: burnt-in numbers at constant and variable rates, jumps and steps."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numbered_videos import HEIGHT, WIDTH, number_in, write_numbered

from mirrorsync.capture.exact import ExactVideo
from mirrorsync.capture.feed import Crop
from mirrorsync.capture.opencv import open_file
from mirrorsync.capture.seeking import PROBED, Seeker
from mirrorsync.errors import SourceError, UsageError

FRAMES = 150
VARIABLE = np.cumsum(np.random.default_rng(3).integers(10, 120, FRAMES)).tolist()  # ms

Make = Callable[[Path], Path]


def _even(name: str, rate: Fraction, **how: object) -> Make:
    def make(folder: Path) -> Path:
        return write_numbered(
            folder / name,
            range(FRAMES),
            time_base=1 / rate,
            rate=rate,
            **how,  # type: ignore[arg-type]  # passed on
        )

    return make


def _variable(name: str, start: int = 0, **how: object) -> Make:
    def make(folder: Path) -> Path:
        pts = [start + at for at in VARIABLE]
        return write_numbered(
            folder / name,
            pts,
            time_base=Fraction(1, 1000),
            rate=Fraction(25),
            **how,  # type: ignore[arg-type]  # same
        )

    return make


KINDS: dict[str, Make] = {
    "25": _even("25.mp4", Fraction(25)),
    "29.97": _even("29.mp4", Fraction(30000, 1001)),
    "59.94": _even("59.mkv", Fraction(60000, 1001), b_frames=3),
    "variable": _variable("variable.mp4"),
    "variable, late start": _variable("late.mkv", start=4321),
    "interlaced": _even("lines.mp4", Fraction(25), interlaced=True),
    "one group": _even("long.mp4", Fraction(25), gop=1000),
    "transport stream": _even("25.ts", Fraction(25)),
    "webm": _even("25.webm", Fraction(25), codec="libvpx", b_frames=0),
    "H.264 in avi": _even("h264.avi", Fraction(25)),
    "avi": _even("25.avi", Fraction(25), codec="mpeg4"),
    "raw": _even("raw.h264", Fraction(25)),
}


@pytest.fixture(params=KINDS, scope="module")
def numbered_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return KINDS[request.param](tmp_path_factory.mktemp("numbered"))


def test_times_are_those_of_the_analysis_and_pictures_their_own(numbered_file: Path) -> None:
    with open_file(str(numbered_file)) as analysed, ExactVideo(str(numbered_file)) as video:
        rows = [(frame.t_ns, number_in(frame.rgb)) for frame in analysed]
        assert video.times_ns.tolist() == [t_ns for t_ns, _ in rows]
        assert video.frame_count == FRAMES
        assert [number for _, number in rows] == list(range(FRAMES))
        for t_ns, number in rows[::7]:
            assert video.index_at(t_ns / 1e9) == number


def test_the_right_picture_after_any_jump_and_step(numbered_file: Path) -> None:
    rng = np.random.default_rng(1)
    with ExactVideo(str(numbered_file)) as video:
        jumps = rng.integers(0, FRAMES, 12).tolist()
        for at in (0, FRAMES - 1, *jumps):
            assert number_in(video.read(at)) == at
            steps = [at + step for step in (1, 2, 1, 0, -1, -2, -3) if 0 <= at + step < FRAMES]
            assert [number_in(video.read(step)) for step in steps] == steps


def test_playing_through(numbered_file: Path) -> None:
    with ExactVideo(str(numbered_file)) as video:
        assert [number_in(video.read(at)) for at in range(FRAMES)] == list(range(FRAMES))


@pytest.mark.parametrize("kind", ["29.97", "variable", "variable, late start", "transport stream", "raw"])
def test_the_first_pictures_do_not_wait_for_the_index(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = KINDS[kind](tmp_path)
    with ExactVideo(str(path)) as known:
        times = known.times_ns
    go = threading.Event()
    read = ExactVideo._build

    def late(video: ExactVideo) -> None:
        go.wait(30.0)
        read(video)

    monkeypatch.setattr(ExactVideo, "_build", late)
    with ExactVideo(str(path)) as video:
        try:
            for at in (0, 70, 71, 20, 149):
                time_s = (times[at] + 2_000_000) / 1e9
                picture = video.read_at(time_s)
                assert number_in(picture.rgb) == at
                assert picture.t_ns == pytest.approx(times[at], abs=1000)
            assert not video.indexed
            assert math.isnan(video.duration_s) if kind == "raw" else video.duration_s > 0
        finally:
            go.set()
        assert video.wait_indexed(30.0)
        assert video.read_at(times[33] / 1e9).t_ns == times[33]


def test_before_the_start_and_after_the_end(tmp_path: Path) -> None:
    with ExactVideo(str(KINDS["25"](tmp_path))) as video:
        assert (video.index_at(-1.0), video.index_at(0.0), video.index_at(99.0)) == (0, 0, FRAMES - 1)
        assert video.duration_s == pytest.approx(FRAMES / 25)
        assert number_in(video.read_at(99.0).rgb) == FRAMES - 1
        for wrong in (-1, FRAMES):
            with pytest.raises(IndexError, match=f"no number {wrong}"):
                video.read(wrong)


def test_parts_and_sizes(tmp_path: Path) -> None:
    path = write_numbered(
        tmp_path / "two.mp4", range(5), time_base=Fraction(1, 25), rate=Fraction(25), width=2 * WIDTH
    )
    with ExactVideo.open(f"{path}#left") as left, ExactVideo(str(path), crop=Crop("right")) as right:
        assert left.size == right.size == (WIDTH, HEIGHT)
        assert number_in(left.read(3)) == 3
        assert number_in(left.read(4, max_side=WIDTH // 2)) == 4
        assert left.read(4, max_side=WIDTH // 2).shape == (HEIGHT // 2, WIDTH // 2, 3)
        assert right.read(3).max() < 20
    with ExactVideo(str(path)) as whole:
        assert whole.read(0, max_side=100).shape == (12, 100, 3)
    with pytest.raises(SourceError, match="reaches outside"):
        ExactVideo(str(path), crop=Crop("", 0, 0, 10_000, 10))
    with pytest.raises(UsageError, match="not a recording"):
        ExactVideo.open("camera:0")


def test_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video\n" * 99, "utf-8")
    for name, says in (("text.mp4", "is a text file"), ("missing.mp4", "There is no file")):
        with pytest.raises(SourceError, match=says):
            ExactVideo(str(tmp_path / name))


def test_closing_ends_it(tmp_path: Path) -> None:
    video = ExactVideo(str(KINDS["25"](tmp_path)))
    assert video.frame_count == FRAMES
    video.close()
    video.close()
    with pytest.raises(SourceError, match="was closed"):
        video.read(0)


def test_a_file_cut_in_the_middle_shows_what_is_there(tmp_path: Path) -> None:
    path = KINDS["59.94"](tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with open_file(str(path)) as analysed, ExactVideo(str(path)) as video:
        rows = [frame.t_ns for frame in analysed]
        assert 20 < len(rows) < FRAMES
        assert abs(video.frame_count - len(rows)) <= 1  # the last packet may be half a picture
        last = len(rows) - 1
        assert video.times_ns[: len(rows)].tolist() == rows
        assert number_in(video.read(last)) == last


@pytest.mark.parametrize("kind", ["59.94", "one group", "variable", "transport stream", "avi", "raw"])
def test_wherever_reading_is_given_up_the_picture_has_its_own_time_and_the_next_are_right(
    kind: str, tmp_path: Path
) -> None:
    rng = np.random.default_rng(2)
    with ExactVideo(str(KINDS[kind](tmp_path))) as video:
        times_s = (video.times_ns / 1e9).tolist()
        near = 0
        for allowed in rng.integers(0, 9, 30).tolist():
            at, then = rng.integers(0, FRAMES, 2).tolist()
            picture = video.read_at(times_s[at], go_on=iter([True] * allowed + [False] * FRAMES).__next__)
            number = number_in(picture.rgb)
            assert picture.t_ns == video.times_ns[number]
            assert picture.exact == (number == at)
            assert number <= at
            near += number < at
            for again in (at, then, max(then - 1, 0)):
                exact = video.read_at(times_s[again], go_on=lambda: True)
                assert (number_in(exact.rgb), exact.exact) == (again, True)
        assert near >= 2


def test_what_was_decoded_before_giving_up_is_not_decoded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []
    take = Seeker._take

    def counted(seeker: Seeker) -> object:
        taken.append(1)
        return take(seeker)

    with ExactVideo(str(KINDS["one group"](tmp_path))) as video:
        times_s = (video.times_ns / 1e9).tolist()
        monkeypatch.setattr(Seeker, "_take", counted)
        first = video.read_at(times_s[-1], go_on=lambda: False)
        assert (number_in(first.rgb), first.exact, len(taken)) == (PROBED, False, 1)
        assert number_in(video.read_at(times_s[-1]).rgb) == FRAMES - 1
        assert len(taken) <= FRAMES
