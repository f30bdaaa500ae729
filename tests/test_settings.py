"""Every setting is declared whole, keeps its promises, and says what it wants."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from mirrorsync.errors import SettingsError, UsageError
from mirrorsync.settings import SETTINGS, Setting, Settings, load_settings

ALL = list(SETTINGS.values())
NUMBERS = [setting for setting in ALL if setting.kind in (int, float)]


@pytest.mark.parametrize("setting", ALL, ids=lambda setting: setting.name)
def test_a_setting_is_declared_whole(setting: Setting) -> None:
    assert setting.help.endswith(".")
    assert setting.group
    assert setting.check(setting.default) == setting.default
    assert type(setting.default) is setting.kind
    suffix = setting.name.rsplit("_", 1)[-1]
    if suffix in ("s", "hz", "ms"):
        assert setting.unit.lower() == suffix
    if setting.kind is not bool and setting.kind is not str:
        assert setting.low is not None
        assert setting.high is not None


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_a_number_stays_in_its_range(setting: Setting) -> None:
    assert setting.low is not None
    assert setting.high is not None
    for limit in (setting.low, setting.high):
        value = setting.kind(limit)
        assert getattr(Settings().with_(**{setting.name: value}), setting.name) == value
    for outside in (setting.low - 1, setting.high + 1):
        with pytest.raises(SettingsError, match=rf"{setting.name} takes .* from .* to "):
            Settings().with_(**{setting.name: setting.kind(outside)})
    with pytest.raises(SettingsError, match=setting.name):
        Settings().with_(**{setting.name: "5"})
    with pytest.raises(SettingsError, match=setting.name):
        Settings().with_(**{setting.name: True})


def test_not_a_number_is_outside_every_range() -> None:
    for setting in NUMBERS:
        if setting.kind is float:
            with pytest.raises(SettingsError):
                setting.check(math.nan)


def test_a_whole_number_does_for_a_real_one() -> None:
    assert isinstance(Settings().with_(window_s=10).window_s, float)


def test_a_choice_is_one_of_those_offered() -> None:
    assert Settings().with_(mirror="anatomical").mirror == "anatomical"
    with pytest.raises(SettingsError, match="one of auto, mirror, anatomical"):
        Settings().with_(mirror="sideways")


def test_settings_do_not_change_in_place() -> None:
    settings = Settings()
    with pytest.raises(FrozenInstanceError):
        settings.window_s = 9.0  # type: ignore[misc]  # the point of the test
    assert settings.with_(window_s=9.0) != settings


def test_an_unknown_name_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no setting called 'windw_s'"):
        Settings().with_(windw_s=3.0)


def test_what_changes_no_result_can_be_left_out() -> None:
    left_out = set(Settings().as_dict()) - set(Settings().as_dict(scores_only=True))
    assert left_out == {setting.name for setting in ALL if not setting.affects_scores}
    assert list(Settings().as_dict()) == list(SETTINGS)


def test_a_file_then_the_caller(tmp_path: Path) -> None:
    path = tmp_path / "mirrorsync.toml"
    path.write_text("window_s = 8\nlag_s = 1.5\n", "utf-8")
    settings = load_settings(path, lag_s=3.0)
    assert (settings.window_s, settings.lag_s) == (8.0, 3.0)
    assert load_settings() == Settings()


@pytest.mark.parametrize("content", [b"window_s = ", b"\xff\xfe", b"window_s = 'long'", b"windw_s = 1.0"])
def test_a_bad_file_is_wrong_usage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mirrorsync.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError):
        load_settings(path)
    with pytest.raises(SettingsError, match="could not be read"):
        load_settings(tmp_path / "missing.toml")
