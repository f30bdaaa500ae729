"""Two files of one real conversation: opened, lined up by their sound, analysed by the real models, kept."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hands import click
from pytestqt.qtbot import QtBot

from mirrorsync.assets import asset_path
from mirrorsync.errors import AssetError
from mirrorsync.session.reader import SessionReader
from mirrorsync.settings import Settings
from mirrorsync.ui.journal.model import JournalModel
from mirrorsync.ui.review.split_dialog import SplitDialog
from mirrorsync.ui.review.window import ReviewWindow
from mirrorsync.ui.review.workspace import Workspace

pytestmark = pytest.mark.media

CLIP = "reg_obama_speech_two_people.mp4"
LATE_FRAMES = 8  # the left half's file begins so many pictures later
TIMEOUT = 60_000


def cut(clip: Path, out: Path, left: int, *, skip: int) -> float:
    """Write a half of the picture, with the sound, from picture number `skip`; return its time in s."""
    with av.open(str(clip)) as source, av.open(str(out), "w") as container:
        sound, film = source.streams.audio[0], source.streams.video[0]
        heard = container.add_stream_from_template(sound)
        video = container.add_stream("libx264", rate=film.average_rate)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 160, 240, "yuv420p"
        video.codec_context.time_base = Fraction(1, 90_000)
        start = Fraction(0)
        for number, frame in enumerate(source.decode(film)):
            assert frame.pts is not None
            assert frame.time_base is not None
            if number == skip:
                start = frame.pts * frame.time_base
            if number >= skip:
                rgb = frame.to_ndarray(format="rgb24").astype(np.uint8)
                half = np.ascontiguousarray(rgb[:, left : left + 160])
                picture = av.VideoFrame.from_ndarray(half, format="rgb24")
                picture.pts = round((frame.pts * frame.time_base - start) * 90_000)
                picture.time_base = Fraction(1, 90_000)
                container.mux(video.encode(picture))
        container.mux(video.encode())
        source.seek(0)
        for packet in source.demux(sound):
            if packet.pts is None or packet.dts is None or packet.pts * packet.time_base < start:
                continue
            packet.pts -= round(start / packet.time_base)
            packet.dts = packet.pts
            packet.stream = heard
            container.mux(packet)
    return float(start)


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[ReviewWindow]:
    try:
        asset_path("pose_landmarker_full.task")
        asset_path("face_landmarker.task")
    except AssetError:
        pytest.skip("the models are not there")
    made = ReviewWindow(Settings(), JournalModel(tmp_path / "journal.db"), folder=tmp_path)
    qtbot.addWidget(made, before_close_func=lambda w: w.close())
    made.show()
    yield made
    made.close()


def shown_ns(workspace: Workspace) -> list[int]:
    seen = [view.observation for view in workspace.pictures]
    return [one.frame.t_ns for one in seen if one is not None]


def test_two_files_of_a_real_conversation_are_lined_up_and_analysed(
    window: ReviewWindow, shared_media: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    late_s = cut(shared_media / CLIP, tmp_path / "left.mp4", 0, skip=LATE_FRAMES)
    late_s -= cut(shared_media / CLIP, tmp_path / "right.mp4", 160, skip=0)
    window.open_files([tmp_path / "left.mp4", tmp_path / "right.mp4"])
    assert isinstance(window.dialog, SplitDialog)
    click(window.dialog.ok_button)
    workspace = window.workspace
    assert workspace is not None
    click(workspace.transport.estimate)  # while the analysis runs
    qtbot.waitUntil(lambda: workspace.view.offset_s != 0.0, timeout=TIMEOUT)
    assert workspace.view.offset_s == pytest.approx(late_s, abs=0.025)
    workspace.nudge(late_s - workspace.view.offset_s)

    path = workspace.view.path

    def scored() -> bool:
        with SessionReader(path) as reader:
            offset_s = reader.meta.parameters.get("offset_s")
            return reader.complete and offset_s == pytest.approx(late_s, abs=1e-3)

    qtbot.waitUntil(scored, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: workspace.view.complete and not workspace.view.job.task, timeout=TIMEOUT)

    def together() -> bool:
        times = shown_ns(workspace)
        return len(times) == 2 and times[0] >= 2_000_000_000 and abs(times[1] - times[0] - late_s * 1e9) < 1e6

    workspace.seek(2.0 + 0.04)
    for step in (0, 1, 1, -1):  # both show the same instant of the room, picture by picture
        before = shown_ns(workspace)
        if step:
            workspace.player.step(step)
            qtbot.waitUntil(lambda before=before: shown_ns(workspace) != before, timeout=TIMEOUT)  # type: ignore[misc]  # mypy infers no type for the default
        qtbot.waitUntil(together, timeout=TIMEOUT)
    found = [one.landmarks for one in (view.observation for view in workspace.pictures) if one is not None]
    assert [one.pose_found and one.face_found for one in found] == [True, True]
    workspace.bookmark()
    qtbot.waitUntil(lambda: len(workspace.marks.bookmarks) == 1, timeout=TIMEOUT)
    window.open_session(path)
    again = window.workspace
    assert again is not None
    assert again.view.offset_s == pytest.approx(late_s, abs=1e-3)
    qtbot.waitUntil(lambda: len(again.marks.bookmarks) == 1, timeout=TIMEOUT)
