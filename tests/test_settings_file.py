"""The user's own settings survive the program, and never keep it from starting."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from mirrorsync.errors import SettingsError
from mirrorsync.settings import MACHINE_PRESETS, SETTINGS, Settings
from mirrorsync.settings_file import keep_settings, own_settings, settings_path


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    chosen = Settings(gaze_s=12.5, cues=False, mirror="anatomical", surrogates=5)
    keep_settings(chosen, path)
    assert own_settings(path) == (chosen, "")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = tomllib.loads(path.read_text("utf-8"))
    assert set(written) == {"gaze_s", "cues", "mirror", "surrogates"}, "defaults may change later"
    keep_settings(Settings(), path)
    assert own_settings(path) == (Settings(), "")
    assert [child.name for child in path.parent.iterdir()] == ["settings.toml"]


def test_without_a_file_the_defaults_count(tmp_path: Path) -> None:
    assert own_settings(tmp_path / "none.toml") == (Settings(), "")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"gaze_s = "])
def test_a_damaged_file_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    settings, notice = own_settings(path)
    assert settings == Settings()
    assert "could not be read" in notice
    assert path.read_bytes() == content


def test_what_another_version_wrote_is_left_out_by_name(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("gaze_s = 12\nof_the_future = 1\nlag_s = 99.0\n", "utf-8")
    settings, notice = own_settings(path)
    assert settings == Settings(gaze_s=12.0)
    assert notice.endswith("of_the_future, lag_s.")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="could not be kept"):
        keep_settings(Settings(), tmp_path / "file" / "settings.toml")


def test_the_users_file_lies_in_the_configuration_folder() -> None:
    assert settings_path().name == "settings.toml"


@pytest.mark.parametrize("name", MACHINE_PRESETS)
def test_a_preset_is_made_of_settings_in_range(name: str) -> None:
    preset = MACHINE_PRESETS[name]
    assert Settings().with_(**preset).as_dict() | dict(preset) == Settings().with_(**preset).as_dict()
    assert set(preset) == set(MACHINE_PRESETS["normal"])
    assert all(SETTINGS[setting].kind is type(value) for setting, value in preset.items())
