"""What the window shows after any jump, step and drag, read off the pictures themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from made_reviews import REVIEW_SETTINGS, nodding
from numbered_videos import number_in, write_numbered
from pytestqt.qtbot import QtBot

from mirrorsync.capture.seeking import PROBED
from mirrorsync.review.recording import analyse_recording, new_recording
from mirrorsync.session.frames import KeptFrames
from mirrorsync.types import Observation
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review import pictures
from mirrorsync.ui.review.pictures import PairOfPictures, PictureThread, Wish
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace

FRAMES = 90
RATES: dict[str, tuple[list[int], Fraction, Fraction]] = {
    name: (list(range(FRAMES)), 1 / rate, rate)
    for name, rate in (
        ("25", Fraction(25)),
        ("29.97", Fraction(30000, 1001)),
        ("59.94", Fraction(60000, 1001)),
    )
}
RATES["variable"] = (
    np.cumsum(np.random.default_rng(7).integers(12, 110, FRAMES)).tolist(),
    Fraction(1, 1000),
    Fraction(25),
)


def film(folder: Path, name: str, rate: str, gop: int = 1000) -> Path:
    pts, time_base, fps = RATES[rate]
    return write_numbered(folder / name, pts, time_base=time_base, rate=fps, gop=gop)


@pytest.fixture(params=RATES)
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Two recordings at one rate, analysed."""
    made = [str(film(tmp_path, f"{side}.mp4", request.param, gop)) for side, gop in (("a", 12), ("b", 1000))]
    path = new_recording(made[0], made[1], REVIEW_SETTINGS, folder=tmp_path)
    analyse_recording(path, make_landmarker=nodding, progress=lambda _at, _of: True)
    return path


@pytest.fixture
def workspace(session: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Workspace]:
    window = ReviewWindow(REVIEW_SETTINGS, JournalModel(tmp_path / "journal.db"), folder=tmp_path)
    qtbot.addWidget(window, before_close_func=lambda w: w.close())
    window.show()
    window.open_session(session)
    opened = window.workspace
    assert opened is not None
    qtbot.waitUntil(lambda: seen(opened) == [0, 0], timeout=20_000)
    feeds = opened.player._pictures._feeds_open
    qtbot.waitUntil(lambda: all(one is not None and one.video.indexed for one in feeds), timeout=20_000)
    yield opened
    window.close()


def seen(workspace: Workspace) -> list[int]:
    """Return the numbers that stand on the screen."""
    shown = [view.observation for view in workspace.pictures]
    return [number_in(one.frame.rgb) for one in shown if one is not None]


def test_jumps_steps_and_drags_show_the_picture_of_the_data_s_row(
    workspace: Workspace, session: Path, qtbot: QtBot
) -> None:
    with KeptFrames(session) as kept:
        rows = {side: [one.landmarks.t_ns for one in kept.before(side, 2**62)] for side in "ab"}
    assert len(rows["a"]) == len(rows["b"]) == FRAMES
    rng = np.random.default_rng(5)
    for at in rng.integers(3, FRAMES - 3, 8).tolist():
        last_ns = rows["a"][at]
        seek = workspace.seek if at % 2 else workspace.timeline.scrubbed.emit
        seek(last_ns / 1e9 + 0.002)
        for step in (0, 1, 1, -1, -2):
            if step:
                workspace.player.step(step)
            at += step
            qtbot.waitUntil(lambda at=at: seen(workspace) == [at, at], timeout=20_000)  # type: ignore[misc]  # mypy infers no type for the default
            for view, side in zip(workspace.pictures, "ab", strict=True):
                shown = view.observation
                assert shown is not None
                assert (shown.frame.t_ns, shown.frame.index) == (rows[side][at], at)
                assert shown.landmarks.t_ns == rows[side][at]
        assert [view.note for view in workspace.pictures] == ["", ""]


class Screen:
    """Takes what a `PictureThread` shows and lets a test wait for it."""

    def __init__(self, folder: Path) -> None:
        self.shown: list[tuple[float, bool, int]] = []
        self.times_ns: list[int] = []
        self.next: list[Callable[[], None]] = []
        path = film(folder, "one.mp4", "25")
        session = new_recording(f"{path}#left", f"{path}#right", REVIEW_SETTINGS, folder=folder)
        self.thread = PictureThread(str(path), str(folder), session, 0.0, show=self.show, fail=lambda _: None)

    def show(self, pair: PairOfPictures) -> None:
        one = pair.a
        assert isinstance(one, Observation)
        self.shown.append((pair.time_s, pair.exact, number_in(one.frame.rgb)))
        self.times_ns.append(one.frame.t_ns)
        if self.next:
            self.next.pop(0)()

    def ready(self) -> bool:
        feed = self.thread._feeds_open[0]
        return feed is not None and feed.video.indexed


@pytest.fixture
def screen(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    monkeypatch.setattr(pictures, "_GLANCE_S", -1.0)  # a glance is the very first picture that is decoded
    made = Screen(tmp_path)
    qtbot.waitUntil(made.ready, timeout=20_000)
    yield made
    made.thread.close()


def test_dragging_shows_a_near_picture_under_its_own_time_and_then_the_right_one(
    screen: Screen, qtbot: QtBot
) -> None:
    screen.thread.want(2.0, Wish.SCRUB)
    qtbot.waitUntil(lambda: len(screen.shown) == 2, timeout=20_000)
    assert screen.shown == [(2.0, False, PROBED), (2.0, True, 50)], "opening had decoded so far"
    assert screen.times_ns == [PROBED * 40_000_000, 2_000_000_000]
    screen.thread.want(0.4, Wish.GO)
    qtbot.waitUntil(lambda: len(screen.shown) == 3, timeout=20_000)
    assert screen.shown[2] == (0.4, True, 10), "a chosen place shows nothing but its own picture"


def test_only_the_newest_place_is_decoded_to_the_end(screen: Screen, qtbot: QtBot) -> None:
    screen.next = [
        lambda: screen.thread.want(2.4, Wish.SCRUB),
        lambda: screen.thread.want(3.2, Wish.SCRUB),
        lambda: screen.thread.want(1.0, Wish.GO),
    ]
    screen.thread.want(2.0, Wish.SCRUB)
    qtbot.waitUntil(lambda: (1.0, True, 25) in screen.shown, timeout=20_000)
    assert [(at, exact) for at, exact, _ in screen.shown] == [
        (2.0, False), (2.4, False), (3.2, False), (1.0, True),
    ]  # fmt: skip
    assert [t_ns // 40_000_000 for t_ns in screen.times_ns] == [number for *_, number in screen.shown]


def test_playing_does_not_give_up_what_it_shows(screen: Screen, qtbot: QtBot) -> None:
    screen.thread.want(3.0, Wish.GO)
    screen.thread.want(3.04)
    qtbot.waitUntil(lambda: (3.04, True, 76) in screen.shown, timeout=20_000)
    assert all(exact for _, exact, _ in screen.shown)
