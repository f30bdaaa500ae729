"""Metadata, and where sessions are kept."""

from __future__ import annotations

import json
import platform
import stat
import tomllib
from datetime import datetime
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from made_sessions import META

from mirrorsync import __version__
from mirrorsync.errors import SessionError
from mirrorsync.session.meta import SessionMeta, program_versions
from mirrorsync.session.places import SESSION_SUFFIX, new_session_path, sessions_folder

START = datetime(2026, 3, 9, 14, 5, 7)


def test_metadata_survives_json() -> None:
    assert SessionMeta.from_dict(json.loads(json.dumps(META.as_dict()))) == META


def test_versions_name_what_computes() -> None:
    versions = program_versions()
    assert versions["python"] == platform.python_version()
    assert versions["numpy"].startswith("2.")
    assert set(versions) <= {"mirrorsync", "mediapipe", "numpy", "opencv", "python"}


def test_the_programs_own_version_is_known_without_installing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_installed(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr("mirrorsync.session.meta.version", none_installed)
    assert program_versions() == {"mirrorsync": __version__, "python": platform.python_version()}


def test_the_code_bears_the_version_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == __version__


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def user_data_dir(name: str, *, appauthor: bool) -> str:
        assert not appauthor
        return str(tmp_path / name)

    monkeypatch.setattr("platformdirs.user_data_dir", user_data_dir)
    return tmp_path


def test_sessions_live_in_a_private_folder(data_dir: Path) -> None:
    folder = sessions_folder()
    assert folder == data_dir / "MirrorSync" / "sessions"
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0
    assert sessions_folder() == folder
    assert new_session_path(START) == folder / f"2026-03-09_14-05-07{SESSION_SUFFIX}"


def test_says_when_the_folder_cannot_be_made(data_dir: Path) -> None:
    (data_dir / "MirrorSync").write_text("a file")
    with pytest.raises(SessionError, match="cannot be made"):
        sessions_folder()


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    names = []
    for _ in range(3):
        path = new_session_path(START, tmp_path)
        path.touch()
        names.append(path.name)
    assert names == [f"2026-03-09_14-05-07{tail}.mirrorsync" for tail in ("", "_2", "_3")]
