"""Nothing is kept that was not agreed to, what was agreed is kept, and deleting deletes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from fake_landmarks import FakeLandmarker, Person
from made_sessions import META, TICK_NS, snapshot, snapshots, store
from numpy.typing import NDArray

from mirrorsync.errors import SessionError
from mirrorsync.session import schema
from mirrorsync.session.consent import Consent, allowed, consents_now
from mirrorsync.session.deletion import delete_session, session_files
from mirrorsync.session.landmark_rows import pack_landmarks, unpack_landmarks
from mirrorsync.session.store import SessionReader, SessionWriter
from mirrorsync.storage.sqlite import identity
from mirrorsync.types import Frame, Landmarks

NOW = "2026-03-01T10:00:00+01:00"


def _found(rng: np.random.Generator, t_ns: int = 0) -> Landmarks:
    def numbers(*shape: int) -> NDArray[np.float32]:
        return rng.uniform(-0.2, 1.2, shape).astype(np.float32)

    return Landmarks(
        t_ns, 640, 360, pose=numbers(33, 3), world=numbers(33, 3), visibility=numbers(33),
        face=numbers(478, 3), blendshapes=numbers(52), head=numbers(4, 4) * 50,
        chest_flow=0.125, body_held=True,
    )  # fmt: skip


def test_landmarks_come_back_within_their_precision() -> None:
    found = _found(np.random.default_rng(1))
    data = pack_landmarks(found)
    back = unpack_landmarks(data, 7)
    assert len(data) < 3600
    assert (back.t_ns, back.width, back.height, back.chest_flow, back.body_held) == (7, 640, 360, 0.125, True)
    for name, within in (
        ("pose", 1e-4), ("face", 1e-4), ("world", 1e-3), ("visibility", 1e-3), ("blendshapes", 1e-3),
        ("head", 0),
    ):  # fmt: skip
        np.testing.assert_allclose(getattr(back, name), getattr(found, name), atol=within, err_msg=name)


def test_what_was_not_found_takes_no_room_and_damage_is_seen() -> None:
    nobody = pack_landmarks(Landmarks(0, 640, 360))
    back = unpack_landmarks(nobody, 0)
    assert len(nobody) < 16
    assert not back.pose_found
    assert not back.face_found
    assert np.isnan(back.chest_flow)
    for damaged in (b"", nobody + b"x", pack_landmarks(_found(np.random.default_rng(2)))[:-4]):
        with pytest.raises(ValueError, match=r"stored landmarks|buffer"):
            unpack_landmarks(damaged, 0)


def test_landmarks_of_a_real_pipeline_keep_their_gaps() -> None:
    frame = Frame("x", 0, 0, np.zeros((90, 160, 3), np.uint8))
    with FakeLandmarker(lambda _: Person(yaw_deg=10.0)) as landmarker:
        found = landmarker.detect(frame)
    back = unpack_landmarks(pack_landmarks(found), 0)
    for name in ("pose", "world", "visibility", "face", "blendshapes", "head"):
        want = getattr(found, name)
        np.testing.assert_array_equal(np.isnan(getattr(back, name)), np.isnan(want), err_msg=name)


def test_who_agreed_to_what_is_kept(tmp_path: Path) -> None:
    consents = (Consent("a", NOW, True, True, True), Consent("b", NOW, True))
    with SessionWriter(tmp_path / "s.mirrorsync", META, consents=consents) as writer:
        writer.add(snapshot(0))
    with SessionReader(tmp_path / "s.mirrorsync") as reader:
        assert reader.consents == consents
    with SessionReader(store(tmp_path / "t.mirrorsync", snapshots(2))) as reader:
        assert reader.consents == ()
        assert list(reader.landmarks("a")) == []
        assert reader.videos == {}


def test_landmarks_and_video_need_their_own_yes(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    consents = (Consent("a", NOW, True, landmarks=True), Consent("b", NOW, True, video=True))
    with SessionWriter(tmp_path / "s.mirrorsync", META, consents=consents) as writer:
        for tick in range(40):
            writer.add_landmarks("a", _found(rng), tick * TICK_NS)
            writer.add(snapshot(tick))
        with pytest.raises(SessionError, match="B has not agreed that landmarks"):
            writer.add_landmarks("b", _found(rng), 0)
        with pytest.raises(SessionError, match="A has not agreed that video"):
            writer.begin_video("a", 0)
        assert writer.begin_video("b", 120) == tmp_path / "s.b.mkv"
    with SessionReader(tmp_path / "s.mirrorsync") as reader:
        assert [found.t_ns for found in reader.landmarks("a")] == [tick * TICK_NS for tick in range(40)]
        assert list(reader.landmarks("b")) == []
        assert reader.videos == {}  # it was never written
        (tmp_path / "s.b.mkv").touch()
        assert reader.videos["b"].start_ns == 120
    with (
        SessionWriter(tmp_path / "nobody.mirrorsync", META) as writer,
        pytest.raises(SessionError, match="A has not agreed"),
    ):
        writer.add_landmarks("a", _found(rng), 0)


def test_a_no_is_a_no(tmp_path: Path) -> None:
    refused = (Consent("a", NOW, True), Consent("b", NOW, False, landmarks=True, video=True))
    assert not allowed(refused, "b", "video")
    with pytest.raises(SessionError, match="has not agreed to be recorded"):
        SessionWriter(tmp_path / "s.mirrorsync", META, consents=refused)
    assert list(tmp_path.iterdir()) == []
    withdrawn = (*consents_now(video=True), Consent("b", NOW, True))
    assert allowed(withdrawn, "a", "video")
    assert not allowed(withdrawn, "b", "video")
    for person, asked_at in (("c", NOW), ("a", "2026-03-01T10:00:00")):
        with pytest.raises(ValueError, match=r"'a' or 'b'|offset"):
            Consent(person, asked_at, scores=True)


@pytest.mark.parametrize("version", [1, 2])
def test_a_session_of_an_earlier_schema_opens_and_says_that_nobody_was_asked(
    version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.mirrorsync"
    recorded = snapshots(30)
    whole = store(tmp_path / "new.mirrorsync", recorded)
    with closing(sqlite3.connect(path)) as old, monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:version])
        old.isolation_level = None
        schema.upgrade(old)
        old.execute("ATTACH ? AS new", (str(whole),))
        for table in ("meta", "ticks", "windows", "events"):
            old.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
    with SessionReader(path) as reader:
        assert reader.ticks == 30
        assert reader.complete
        assert reader.meta == META
        assert reader.consents == ()
        assert list(reader.landmarks("a")) == []
    with closing(sqlite3.connect(path)) as connection:
        assert identity(connection)[1] == schema.schema_version()


def test_deleting_deletes_every_file_and_no_other(tmp_path: Path) -> None:
    path = store(tmp_path / "s.mirrorsync", snapshots(3))
    for beside in ("s.a.mkv", "s.b.mkv", "s.mirrorsync-wal", "s.mirrorsync-shm"):
        (tmp_path / beside).write_bytes(b"x")
    for other in ("s.txt", "s2.mirrorsync", "s2.a.mkv"):
        (tmp_path / other).write_bytes(b"x")
    gone = delete_session(path)
    assert len(gone) == 5
    assert gone[-1] == path  # last: what is left can be deleted again
    assert {one.name for one in tmp_path.iterdir()} == {"s.txt", "s2.mirrorsync", "s2.a.mkv"}
    assert session_files(path) == []
    with pytest.raises(SessionError, match="There is no session file"):
        delete_session(path)
    with pytest.raises(SessionError, match=r"is not a MirrorSync session; nothing was deleted"):
        delete_session(tmp_path / "s.txt")
    assert (tmp_path / "s.txt").exists()


def test_what_cannot_be_deleted_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store(tmp_path / "s.mirrorsync", snapshots(3))

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(
        SessionError, match=r"cannot be deleted \(Permission denied\).*Still there: .*s\.mirrorsync"
    ):
        delete_session(path)
