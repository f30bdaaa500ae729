"""Choosing where a picture comes from."""

from __future__ import annotations

from pathlib import Path

from hands import press, type_text
from PyQt6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from mirrorsync.capture.cameras import Camera
from mirrorsync.ui import texts
from mirrorsync.ui.live.feed_picker import FeedPicker
from mirrorsync.ui.recent import RecentFiles

CAMERAS = (Camera(0, "Integrated Webcam"), Camera(2, ""))


def _picker(
    qtbot: QtBot,
    feed: str = "camera:0",
    *,
    chosen: str = "",
    part: str = "",
    windows: tuple[str, ...] = (),
    recent: RecentFiles | None = None,
) -> FeedPicker:
    made = FeedPicker(
        "a",
        feed,
        recent or RecentFiles(),
        cameras=CAMERAS,
        choose_file=lambda _parent: chosen,
        choose_part=lambda _parent: part,
        list_windows=lambda: windows,
    )
    qtbot.addWidget(made)
    return made


def _items(picker: FeedPicker) -> list[str]:
    return [picker.itemText(row) for row in range(picker.count())]


def _activate(picker: FeedPicker, label: str) -> None:
    row = _items(picker).index(label)
    picker.setCurrentIndex(row)
    picker.activated.emit(row)


def test_it_offers_cameras_the_demo_and_files(qtbot: QtBot) -> None:
    picker = _picker(qtbot)
    items = _items(picker)
    assert items[:2] == ["Camera 1 – Integrated Webcam", "Camera 3"]
    assert items[2:5] == [texts.CHOOSE_REGION, texts.DEMO_YOU, texts.DEMO_PARTNER]
    assert texts.OPEN_FILE in items
    assert texts.FORGET_RECENT not in items
    assert picker.feed() == "camera:0"
    assert picker.currentText() == "Camera 1 – Integrated Webcam"


def test_an_item_gives_its_feed_string(qtbot: QtBot) -> None:
    picker = _picker(qtbot)
    with qtbot.waitSignal(picker.chosen) as heard:
        _activate(picker, texts.DEMO_PARTNER)
    assert heard.args == ["portrait:partner"]
    assert picker.feed() == "portrait:partner"


def test_any_feed_can_be_typed(qtbot: QtBot) -> None:
    picker = _picker(qtbot)
    line = picker.lineEdit()
    assert line is not None
    line.selectAll()
    type_text(line, "call.mp4#left")
    assert picker.feed() == "call.mp4#left"
    line.selectAll()
    type_text(line, "demo: you")
    press(line, Qt.Key.Key_Return)
    assert picker.feed() == "portrait:you"


def test_an_opened_file_is_chosen_and_remembered_by_both_pickers(qtbot: QtBot) -> None:
    recent = RecentFiles()
    picker = _picker(qtbot, chosen="/films/talk.mp4", recent=recent)
    other = _picker(qtbot, recent=recent)
    _activate(picker, texts.OPEN_FILE)
    assert picker.feed() == "/films/talk.mp4"
    assert picker.currentText() == "talk.mp4"
    other.refill()
    assert "talk.mp4" in _items(other)
    assert other.feed() == "camera:0"
    _activate(other, texts.FORGET_RECENT)
    assert recent.paths() == ()
    assert other.feed() == "camera:0"


def test_a_part_of_the_screen_is_chosen(qtbot: QtBot) -> None:
    picker = _picker(qtbot, part="screen:10,20,640,480")
    with qtbot.waitSignal(picker.chosen) as heard:
        _activate(picker, texts.CHOOSE_REGION)
    assert heard.args == ["screen:10,20,640,480"]
    assert picker.currentText() == picker.feed() == "screen:10,20,640,480"
    cancelled = _picker(qtbot, "camera:2")
    _activate(cancelled, texts.CHOOSE_REGION)
    assert cancelled.feed() == "camera:2"
    assert cancelled.currentText() == "Camera 3"


def test_the_name_of_an_action_is_no_feed(qtbot: QtBot) -> None:
    picker = _picker(qtbot, "camera:2")
    picker.setEditText(texts.CHOOSE_REGION)  # as it stands while the overlay has the keyboard
    assert picker.feed() == "camera:2"


def test_windows_are_offered_where_there_are_some(qtbot: QtBot) -> None:
    picker = _picker(qtbot, windows=("Zoom Meeting",))
    assert "Window: Zoom Meeting" not in _items(picker), "not before anybody asks"
    picker.showPopup()
    picker.hidePopup()
    _activate(picker, "Window: Zoom Meeting")
    assert picker.feed() == "window:Zoom Meeting"
    none = _picker(qtbot)
    none.showPopup()
    none.hidePopup()
    assert not [label for label in _items(none) if label.startswith("Window")]


def test_not_choosing_a_file_changes_nothing(qtbot: QtBot) -> None:
    picker = _picker(qtbot, "camera:2")
    _activate(picker, texts.OPEN_FILE)
    assert picker.feed() == "camera:2"
    assert picker.currentText() == "Camera 3"


def test_recent_files_outlive_the_program(tmp_path: Path) -> None:
    store = QSettings(str(tmp_path / "ui.ini"), QSettings.Format.IniFormat)
    recent = RecentFiles(store)
    for k in range(9):
        recent.add(f"/films/{k}.mp4")
    recent.add("/films/5.mp4")
    store.sync()
    again = RecentFiles(QSettings(str(tmp_path / "ui.ini"), QSettings.Format.IniFormat))
    assert again.paths() == tuple(f"/films/{k}.mp4" for k in (5, 8, 7, 6, 4, 3))
    one = QSettings(str(tmp_path / "one.ini"), QSettings.Format.IniFormat)
    RecentFiles(one).add("/films/only.mp4")
    one.sync()
    only = RecentFiles(QSettings(str(tmp_path / "one.ini"), QSettings.Format.IniFormat))
    assert only.paths() == ("/films/only.mp4",)


def test_a_part_of_a_camera_keeps_the_camera_s_name(qtbot: QtBot) -> None:
    picker = _picker(qtbot, "camera:0#left")
    assert picker.currentText() == "Camera 1 – Integrated Webcam, left part"
    assert picker.feed() == "camera:0#left"
    picker.set_cameras(CAMERAS[:1])
    assert picker.feed() == "camera:0#left"
    picker.set_feed("camera:0")
    assert picker.currentText() == "Camera 1 – Integrated Webcam"
    picker.set_feed("camera:0#0,0,320,240")
    assert picker.currentText() == "camera:0#0,0,320,240"


def test_a_camera_is_chosen_by_its_name(qtbot: QtBot) -> None:
    picker = _picker(qtbot, "portrait:you")
    _activate(picker, "Camera 1 – Integrated Webcam")
    assert picker.feed() == "camera:Integrated Webcam"
    picker.set_cameras((Camera(1, "Other"), Camera(4, "Integrated Webcam")))
    assert picker.feed() == "camera:Integrated Webcam", "plugged in elsewhere, it is the same"
    assert picker.currentText() == "Camera 5 – Integrated Webcam"
    picker.set_cameras(())
    assert picker.feed() == "camera:Integrated Webcam"
    picker.set_cameras(CAMERAS)
    _activate(picker, "Camera 3")
    assert picker.feed() == "camera:2", "it has no name"


def test_two_cameras_of_one_name_are_told_apart_by_number(qtbot: QtBot) -> None:
    picker = _picker(qtbot, "portrait:you")
    picker.set_cameras((Camera(0, "HD Cam"), Camera(2, "HD Cam")))
    _activate(picker, "Camera 3 – HD Cam")
    assert picker.feed() == "camera:2"
