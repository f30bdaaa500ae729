"""What the menus of an open session do, and with which keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mirrorsync.ui.review import texts
from mirrorsync.ui.review.workspace import Workspace

__all__ = ["ENTRIES", "Entry"]

Entry = tuple[tuple[str, str], Callable[[Workspace], object], tuple[str, ...]]
"""Label and tooltip, what it does, and its keys."""

_PLAYS: tuple[Entry, ...] = (
    (texts.FRAME_BACK, lambda w: w.player.step(-1), (",",)),
    (texts.FRAME_ON, lambda w: w.player.step(1), (".",)),
    (texts.BACK, lambda w: w.player.skip(-5.0), ("Left",)),
    (texts.ON, lambda w: w.player.skip(5.0), ("Right",)),
    (texts.BACK_ONE, lambda w: w.player.skip(-1.0), ("Shift+Left",)),
    (texts.ON_ONE, lambda w: w.player.skip(1.0), ("Shift+Right",)),
    (texts.MOMENT_BEFORE, lambda w: w.to_moment(-1), ("Ctrl+Left",)),
    (texts.MOMENT_AFTER, lambda w: w.to_moment(1), ("Ctrl+Right",)),
    (texts.SLOWER, lambda w: w.transport.change_speed(-1), ("Ctrl+Down",)),
    (texts.FASTER, lambda w: w.transport.change_speed(1), ("Ctrl+Up",)),
    (texts.LOOP, lambda w: w.transport.loop.toggle(), ("L",)),
    ((texts.SOUND_NAME, texts.SOUND_TOOLTIP), lambda w: w.transport.next_sound(), ("S",)),
    (texts.OFFSET_LESS, lambda w: w.nudge(-0.01), ("Alt+Left",)),
    (texts.OFFSET_MORE, lambda w: w.nudge(0.01), ("Alt+Right",)),
    (texts.OFFSET_FRAME_LESS, lambda w: w.nudge_frames(-1), ("Alt+Shift+Left",)),
    (texts.OFFSET_FRAME_MORE, lambda w: w.nudge_frames(1), ("Alt+Shift+Right",)),
)
_MARKS: tuple[Entry, ...] = (
    (texts.BOOKMARK, lambda w: w.bookmark(), ("B",)),
    (texts.NOTE, lambda w: w.write_note(), ("N",)),
    (texts.MARK_START, lambda w: w.mark_start(), ("[",)),
    (texts.MARK_END, lambda w: w.mark_end(), ("]",)),
    (texts.EXCLUDE, lambda w: w.exclude(), ("E",)),
    (texts.UNDO, lambda w: w.marks.undo(), ("Ctrl+Z",)),
    (texts.REFLECT_CHECK, lambda w: w.moments.stopping.toggle(), ("P",)),
)
_VIEWS: tuple[Entry, ...] = (
    (texts.LAYER_BODY, lambda w: w.transport.body.toggle(), ("1",)),
    (texts.LAYER_FACE, lambda w: w.transport.face.toggle(), ("2",)),
    (texts.ZOOM_IN, lambda w: w.timeline.zoom(0.5), ("+", "=")),
    (texts.ZOOM_OUT, lambda w: w.timeline.zoom(2.0), ("-",)),
    (texts.ZOOM_ALL, lambda w: w.timeline.show_range(0.0, 1e9), ("Home",)),
    (texts.HEATMAP, lambda w: w.tabs.setCurrentIndex(2), ("H",)),
)

ENTRIES: Mapping[str, tuple[Entry, ...]] = MappingProxyType(
    {texts.MENU_PLAY: _PLAYS, texts.MENU_MARK: _MARKS, texts.MENU_VIEW: _VIEWS}
)
