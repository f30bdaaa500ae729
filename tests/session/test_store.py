"""A session keeps what it was given, whatever ends it."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made_sessions import META, TICK_NS, person, snapshot, snapshots, store
from numpy.typing import NDArray

from mirrorsync.errors import SessionError
from mirrorsync.session.blocks import SCORE_FIELDS, TickBlock
from mirrorsync.session.meta import InputInfo
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.tables import CHANNELS, FEATURE_INDEX, N_FEATURES
from mirrorsync.types import Features, Pair, Snapshot, SyncScore, WindowRow

NUMBER = st.floats(width=64, allow_infinity=False)
FEATURE = st.floats(width=32, allow_infinity=False)


def assert_same_ticks(got: TickBlock, want: TickBlock) -> None:
    for name in TickBlock.__dataclass_fields__:
        if name == "scores":
            assert got.scores.keys() == want.scores.keys() == CHANNELS.keys()
            for channel, scores in want.scores.items():
                for field in SCORE_FIELDS:
                    np.testing.assert_array_equal(getattr(got.scores[channel], field), getattr(scores, field))
        else:
            np.testing.assert_array_equal(getattr(got, name), getattr(want, name), err_msg=name)


def test_gives_back_what_was_recorded(tmp_path: Path) -> None:
    recorded = snapshots(130)
    with SessionReader(store(tmp_path / "s.mirrorsync", recorded)) as reader:
        block = reader.read()
        assert reader.ticks == len(block) == 130
        assert reader.duration_s == pytest.approx(130 / 25)
        assert reader.complete
        windows = list(reader.windows())
    assert_same_ticks(block, TickBlock.from_snapshots(recorded))
    np.testing.assert_array_equal(block.time_s, np.arange(130) / 25)
    for i, one in enumerate(recorded):
        for given_person, features, pose, face in (
            (one.pair.a, block.features_a, block.pose_a, block.face_a),
            (one.pair.b, block.features_b, block.pose_b, block.face_b),
        ):
            if given_person is None:
                assert np.isnan(features[i]).all()
                assert not pose[i]
                assert not face[i]
            else:
                np.testing.assert_array_equal(features[i], given_person.values.astype(np.float32))
                assert pose[i] == given_person.values[FEATURE_INDEX["pose_found"]]
                assert face[i] == given_person.values[FEATURE_INDEX["face_found"]]
        assert block.leader[i] == one.leader
        assert block.mirror_mode[i] == one.mirror_mode
        np.testing.assert_equal(block.lag_s[i], one.lag_s)
        assert (block.dropped_a[i], block.dropped_b[i]) == (one.dropped_a, one.dropped_b)
    np.testing.assert_equal(
        [astuple(row) for row in windows], [astuple(row) for one in recorded for row in one.windows]
    )


@settings(max_examples=30, deadline=None)
@given(
    features=arrays(np.float32, N_FEATURES, elements=FEATURE),
    score=st.tuples(*[NUMBER] * 6),
    lag_s=NUMBER,
    peak_lag_s=NUMBER,
)
def test_every_number_survives_and_nan_stays_nan(
    features: NDArray[np.float32], score: tuple[float, ...], lag_s: float, peak_lag_s: float
) -> None:
    a = Features(0, features.astype(np.float64), np.ones(N_FEATURES))
    row = WindowRow("head_synchrony", 0, 0.0, 5.0, 0.1, 0.2, 0.3, peak_lag_s, "none", 1.0)
    one = Snapshot(Pair(0, 0, a, None), {"attunement": SyncScore(*score)}, lag_s=lag_s, windows=(row,))
    with (
        tempfile.TemporaryDirectory() as folder,
        SessionReader(store(Path(folder) / "s.mirrorsync", [one])) as reader,
    ):
        block = reader.read()
        (window,) = reader.windows()
    np.testing.assert_array_equal(block.features_a[0], features)
    assert np.isnan(block.features_b).all()
    attunement = block.scores["attunement"]
    np.testing.assert_array_equal([getattr(attunement, name)[0] for name in SCORE_FIELDS], score)
    np.testing.assert_array_equal(block.lag_s, [lag_s])
    np.testing.assert_array_equal([window.peak_lag_s], [peak_lag_s])
    nobody = block.scores["mutual_gaze"]
    assert np.isnan(nobody.value[0])
    assert nobody.coverage[0] == 0.0


def test_metadata_in_any_script_and_updated_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "séance 李.mirrorsync"
    with SessionWriter(path, META) as writer:
        known = replace(META, inputs=(InputInfo("a.mp4", "00", 3, 25.0, 0.12),))
        writer.add(snapshot(0))
        writer.update_meta(known)
    with SessionReader(path) as reader:
        assert reader.meta == known
        assert reader.meta.label_b == "Łukasz 李"
        assert reader.meta.created is None
        assert reader.complete


@pytest.mark.parametrize("rows", [1, 7, 25, 1000])
def test_blocks_are_the_whole_in_pieces(tmp_path: Path, rows: int) -> None:
    recorded = snapshots(60)
    with SessionReader(store(tmp_path / "s.mirrorsync", recorded)) as reader:
        blocks = list(reader.blocks(0.4, 1.6, rows=rows))
        whole = reader.read(0.4, 1.6)
    assert max(len(block) for block in blocks) <= rows
    np.testing.assert_array_equal(np.concatenate([block.tick for block in blocks]), np.arange(10, 40))
    np.testing.assert_array_equal(np.concatenate([block.features_b for block in blocks]), whole.features_b)
    assert_same_ticks(whole, TickBlock.from_snapshots(recorded[10:40]))


def test_an_empty_session_reads_as_empty(tmp_path: Path) -> None:
    with SessionReader(store(tmp_path / "s.mirrorsync", [])) as reader:
        assert (reader.ticks, reader.duration_s, len(reader.read())) == (0, 0.0, 0)
        assert reader.read().features_a.shape == (0, N_FEATURES)
        assert list(reader.blocks()) == []
        assert list(reader.windows()) == []


def test_only_the_owner_may_read_it_and_a_closed_one_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "s.mirrorsync"
    before = os.umask(0)
    try:
        writer = SessionWriter(path, META)
        for one in snapshots(60):
            writer.add(one)
        beside = sorted(tmp_path.iterdir())
        modes = {stat.S_IMODE(file.stat().st_mode) for file in beside}
        writer.close()
    finally:
        os.umask(before)
    assert len(beside) == 3
    assert modes == {0o600}
    assert list(tmp_path.iterdir()) == [path]


def test_never_replaces_a_file(tmp_path: Path) -> None:
    path = store(tmp_path / "s.mirrorsync", snapshots(3))
    before = path.read_bytes()
    with pytest.raises(SessionError, match="exists already"):
        SessionWriter(path, META)
    assert path.read_bytes() == before


@pytest.mark.parametrize("place", ["nowhere/s.mirrorsync", "a_file/s.mirrorsync"])
def test_says_when_the_file_cannot_be_made(tmp_path: Path, place: str) -> None:
    (tmp_path / "a_file").write_text("x")
    with pytest.raises(SessionError, match="choose a folder you may write to"):
        SessionWriter(tmp_path / place, META)


def test_commits_each_second_of_data_and_reads_while_recording(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "s.mirrorsync", META)
    with SessionReader(tmp_path / "s.mirrorsync") as reader:
        for i, one in enumerate(snapshots(100)):
            writer.add(one)
            assert i + 1 - reader.ticks <= 25
            block = reader.read()
            np.testing.assert_array_equal(block.tick, np.arange(len(block)))
        writer.flush()
        assert (reader.ticks, reader.complete) == (100, False)
        writer.close()
        assert (reader.ticks, reader.complete) == (100, True)
        assert_same_ticks(reader.read(), TickBlock.from_snapshots(snapshots(100)))


def test_commits_each_second_of_wall_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = 100.0
    monkeypatch.setattr("mirrorsync.session.store.time.monotonic", lambda: now_s)
    path = tmp_path / "s.mirrorsync"
    with SessionWriter(path, META) as writer, SessionReader(path) as reader:
        writer.add(snapshot(0))
        writer.add(snapshot(1))
        assert reader.ticks == 0
        now_s += 0.9
        writer.add(snapshot(2))
        assert reader.ticks == 3


def test_another_thread_records_and_a_third_closes(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "s.mirrorsync", META)
    recorded = snapshots(80)

    def record() -> None:
        for one in recorded:
            writer.add(one)

    for work in (record, writer.close):
        thread = threading.Thread(target=work, name="scoring")
        thread.start()
        thread.join(10.0)
        assert not thread.is_alive()
    with SessionReader(tmp_path / "s.mirrorsync") as reader:
        assert reader.complete
        assert_same_ticks(reader.read(), TickBlock.from_snapshots(recorded))


KILLED = """
import sys
from pathlib import Path
from made_sessions import META, snapshot
from mirrorsync.session.store import SessionWriter
writer = SessionWriter(Path(sys.argv[1]), META)
tick = 0
while True:
    writer.add(snapshot(tick))
    print(tick, flush=True)
    tick += 1
"""


def test_a_killed_recording_keeps_all_but_the_last_second(tmp_path: Path) -> None:
    path = tmp_path / "s.mirrorsync"
    tests = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([tests, str(Path(tests).parent)])}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        reached = next(tick for tick in map(int, process.stdout) if tick >= 333)
        process.send_signal(signal.SIGKILL)
        assert process.wait(30.0) == -signal.SIGKILL
    with SessionReader(path) as reader:
        assert not reader.complete
        assert reader.ticks >= reached + 1 - 25
        assert_same_ticks(reader.read(), TickBlock.from_snapshots(snapshots(reader.ticks)))
        assert reader.meta == META
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_full_disk_stops_with_a_sentence_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "s.mirrorsync"
    writer = SessionWriter(path, META)
    writer._connection.execute("PRAGMA max_page_count = 60")  # the disk's end, as SQLite meets it
    added: list[int] = []

    def record() -> None:
        for one in snapshots(1000):
            writer.add(one)
            added.append(one.pair.tick)

    with pytest.raises(SessionError, match=r"disk is full.*up to \d+\.\d s is safe"):
        record()
    with pytest.raises(SessionError, match="disk is full"):
        writer.add(snapshot(1000))
    writer.close()
    with SessionReader(path) as reader:
        assert not reader.complete
        assert 0 < len(added) - reader.ticks <= 25
        assert_same_ticks(reader.read(), TickBlock.from_snapshots(snapshots(reader.ticks)))


def test_an_error_in_the_block_marks_the_session_as_cut_short(tmp_path: Path) -> None:
    def record() -> None:
        with SessionWriter(tmp_path / "s", META) as writer:
            writer.add(snapshot(0))
            raise RuntimeError("camera")

    with pytest.raises(RuntimeError, match="camera"):
        record()
    with SessionReader(tmp_path / "s") as reader:
        assert reader.ticks == 1
        assert not reader.complete


def test_closing_twice_is_fine_and_adding_afterwards_is_not(tmp_path: Path) -> None:
    writer = SessionWriter(tmp_path / "s", META)
    writer.close()
    writer.close(complete=False)
    with pytest.raises(SessionError, match="closed already"):
        writer.add(snapshot(0))
    with SessionReader(tmp_path / "s") as reader:
        assert reader.complete


def test_refuses_what_is_not_in_the_tables(tmp_path: Path) -> None:
    with SessionWriter(tmp_path / "s", META) as writer:
        with pytest.raises(ValueError, match="no such channels"):
            writer.add(Snapshot(Pair(0, 0, None, None), {"charm": SyncScore()}))
        short = Features(0, np.zeros(3), np.zeros(3))
        with pytest.raises(ValueError, match="3 features"):
            writer.add(Snapshot(Pair(0, 0, short, None), {}))


def test_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    whole = store(tmp_path / "whole.mirrorsync", snapshots(200)).read_bytes()
    files = {
        "empty": (b"", "not a MirrorSync session"),
        "text": (b"tick,time_s\n0,0.0\n" * 100, "not a MirrorSync session"),
        "half": (whole[: len(whole) // 2], "damaged"),
        "head": (whole[:300], "damaged"),
    }
    for name, (content, sentence) in files.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SessionError, match=sentence):
            SessionReader(tmp_path / name)
    for missing in (tmp_path / "missing.mirrorsync", tmp_path):
        with pytest.raises(SessionError, match="no session file"):
            SessionReader(missing)


def _spoil(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("PRAGMA user_version = 999", "newer MirrorSync"),
        ("PRAGMA application_id = 1", "not a MirrorSync session"),
        ("DELETE FROM meta WHERE name = 'feature_names'", "damaged"),
        ("UPDATE meta SET value = '{'", "damaged"),
        ("DROP TABLE meta", "damaged"),
    ],
)
def test_says_what_is_wrong_with_a_session(tmp_path: Path, statement: str, sentence: str) -> None:
    path = store(tmp_path / "s.mirrorsync", snapshots(3))
    _spoil(path, statement)
    with pytest.raises(SessionError, match=sentence):
        SessionReader(path)


def test_a_vector_of_the_wrong_length_is_damage_not_nonsense(tmp_path: Path) -> None:
    path = store(tmp_path / "s.mirrorsync", snapshots(3))
    _spoil(path, "UPDATE ticks SET features_a = x'0000' WHERE tick = 1")
    with SessionReader(path) as reader, pytest.raises(SessionError, match="damaged"):
        reader.read()


def test_a_file_with_other_features_and_channels_is_read_by_name() -> None:
    values = person(np.random.default_rng(3), 0).values.astype("<f4")
    names = ["gone", "head_yaw", "shoulder_roll"]
    row = (
        TICK_NS, 1, 1, 1, 0, 0, "a", None, "mirror", None, 0, 0,
        np.arange(4.0).tobytes(), values[:3].tobytes(), None, bytes([0, 255, 51]), None,
    )  # fmt: skip
    block = TickBlock.from_rows(
        [row], feature_names=names, channel_names=["gone", "attunement"], score_fields=["level", "value"]
    )
    assert block.features_a[0, FEATURE_INDEX["head_yaw"]] == values[1]
    assert block.features_a[0, FEATURE_INDEX["shoulder_roll"]] == values[2]
    assert np.isfinite(block.features_a).sum() == 2
    assert block.seen_a[0, FEATURE_INDEX["head_yaw"]] == 1.0
    assert block.seen_a[0, FEATURE_INDEX["shoulder_roll"]] == 0.2
    assert not block.seen_b.any()
    assert (block.scores["attunement"].level[0], block.scores["attunement"].value[0]) == (2.0, 3.0)
    assert np.isnan(block.scores["attunement"].lag_s[0])
    assert np.isnan(block.scores["mutual_gaze"].value[0])
