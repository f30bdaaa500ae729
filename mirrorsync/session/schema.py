"""The tables of a session file, and how an older file becomes a newer one.

`MIGRATIONS[n]` turns version n into version n + 1; version 0 is an empty file, so a new session is made by
the same steps that bring an old one up to date. What is to be kept later (journal, consent, landmarks,
video) gets its own table in a further step; `ticks` and `windows` need not change for it. An entry that
has been released is never edited.
"""

from __future__ import annotations

import sqlite3

from mirrorsync.storage.sqlite import Migration, migrate

__all__ = ["APPLICATION_ID", "MIGRATIONS", "schema_version", "upgrade"]

APPLICATION_ID = 0x4D53594E  # "MSYN"; what `file` and SQLite's tools show


def _create(connection: sqlite3.Connection) -> None:
    """From nothing to version 1.

    ticks.t_ns is the row's key: time since the start of the session, strictly rising. Scores are a blob of
    little-endian float64 (channels in the order of `channel_names` × fields in the order of
    `score_fields`), features of little-endian float32 in the order of `feature_names`, seen (their
    visibilities) of one byte each, 255 for wholly visible; NULL in a gap;
    the three lists stand in `meta`, so a file stays readable when the program's tables change. events holds
    what happened at a tick (`SessionEvent`): its kind, and the rest as JSON.
    """
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    connection.execute(
        """
        CREATE TABLE ticks (
            t_ns INTEGER PRIMARY KEY, tick INTEGER NOT NULL,
            pose_a INTEGER NOT NULL, face_a INTEGER NOT NULL,
            pose_b INTEGER NOT NULL, face_b INTEGER NOT NULL,
            leader TEXT NOT NULL, lag_s REAL, mirror_mode TEXT NOT NULL,
            latency_ms REAL, dropped_a INTEGER NOT NULL, dropped_b INTEGER NOT NULL,
            scores BLOB NOT NULL, features_a BLOB, features_b BLOB, seen_a BLOB, seen_b BLOB
        )
        """
    )
    connection.execute(
        """
        CREATE TABLE windows (
            id INTEGER PRIMARY KEY, channel TEXT NOT NULL, "window" INTEGER NOT NULL,
            start_s REAL NOT NULL, end_s REAL NOT NULL, r_zero REAL, z_mean_abs REAL,
            peak_r REAL, peak_lag_s REAL, leader TEXT NOT NULL, coverage REAL
        )
        """
    )
    connection.execute(
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY, t_ns INTEGER NOT NULL, kind TEXT NOT NULL, json TEXT NOT NULL
        )
        """
    )


def _add_frames(connection: sqlite3.Connection) -> None:
    """From version 1 to 2: what the models found in each frame of a recording, and pictures of the whole.

    frames holds one row a frame and side ("a", "b"): its number and presentation time in the feed, features
    and visibilities (little-endian float32 in the order of `feature_names`), and the points that are drawn
    over the picture (`mirrorsync.session.frames`). From it a session is continued, and scored again with
    another offset, without the models. pyramids holds the session's timeline in steps
    (`mirrorsync.session.pyramid`).
    """
    connection.execute(
        """
        CREATE TABLE frames (
            id INTEGER PRIMARY KEY, side TEXT NOT NULL, t_ns INTEGER NOT NULL, number INTEGER NOT NULL,
            width INTEGER NOT NULL, height INTEGER NOT NULL,
            features BLOB NOT NULL, seen BLOB NOT NULL, body BLOB, face BLOB
        )
        """
    )
    connection.execute("CREATE UNIQUE INDEX frame_times ON frames (side, t_ns)")
    connection.execute("CREATE TABLE pyramids (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID")


def _add_consent(connection: sqlite3.Connection) -> None:
    """From version 2 to 3: who agreed to what, landmarks of a live session, and where its videos begin.

    consents is only added to: a person's last row counts. landmarks holds a row a frame and side, at its time
    on the session's clock (`mirrorsync.session.landmark_rows`). videos says at what time of the session the
    video beside it (`NAME.a.mkv`, `NAME.b.mkv`) begins.
    """
    connection.execute(
        """
        CREATE TABLE consents (
            id INTEGER PRIMARY KEY, person TEXT NOT NULL, asked_at TEXT NOT NULL,
            scores INTEGER NOT NULL, landmarks INTEGER NOT NULL, video INTEGER NOT NULL
        )
        """
    )
    connection.execute(
        """
        CREATE TABLE landmarks (
            id INTEGER PRIMARY KEY, side TEXT NOT NULL, t_ns INTEGER NOT NULL, data BLOB NOT NULL
        )
        """
    )
    connection.execute("CREATE UNIQUE INDEX landmark_times ON landmarks (side, t_ns)")
    connection.execute("CREATE TABLE videos (side TEXT PRIMARY KEY, start_ns INTEGER NOT NULL) WITHOUT ROWID")


MIGRATIONS: tuple[Migration, ...] = (_create, _add_frames, _add_consent)


def schema_version() -> int:
    """Return the version that this program writes."""
    return len(MIGRATIONS)


def upgrade(connection: sqlite3.Connection) -> None:
    """Bring an open file (autocommit mode) to the current version, as `mirrorsync.storage.sqlite` does."""
    migrate(connection, MIGRATIONS)
