"""The feed string: what users type to name a camera, a file, a stream, a screen, or a part of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mirrorsync.errors import SourceError, UsageError

__all__ = ["Crop", "FeedSpec", "parse_feed", "parse_rectangle"]

_SIDES = ("left", "right", "top", "bottom")
_PEOPLE = ("you", "partner")
_STREAMS = ("http", "https", "rtsp", "rtsps")
_PATTERN = re.compile(r"%(0\d+)?d[^/\\]*$")
_STATED_RATE = re.compile(r"@[0-9.]+$")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")  # two characters or more: C:\ is a drive
_FOUR_NUMBERS = re.compile(r"\s*([+-]?\d+)\s*,\s*([+-]?\d+)\s*,\s*([+-]?\d+)\s*,\s*([+-]?\d+)\s*", re.ASCII)
_KINDS = (
    "a feed is the path of a video file, a folder of frames or frames/%05d.png, "
    "camera:0, camera:NAME, screen:, screen:X,Y,W,H, window:TITLE, "
    "http://…, rtsp://…, portrait:you or portrait:partner"
)


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a picture: one of its halves, or a rectangle.

    Attributes
    ----------
    side : str
        "left", "right", "top", "bottom", or "" for a rectangle.
    x, y, width, height : int
        The rectangle in pixels of the source's own picture (upright, before any shrinking), origin at
        the top left; all 0 when `side` is given. Of a screen feed: in device-independent pixels of the
        virtual desktop, where `x` and `y` may be negative.
    """

    side: str = ""
    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0

    def __str__(self) -> str:
        return self.side or f"{self.x},{self.y},{self.width},{self.height}"

    def box(
        self, width: int, height: int, *, first: tuple[int, int] | None = None
    ) -> tuple[int, int, int, int]:
        """Return (x, y, w, h) of this part in a picture of `width` × `height` pixels.

        Halves of an odd size share nothing and leave nothing out: the right and bottom ones get the
        odd pixel.

        Parameters
        ----------
        width, height : int
            Of the picture.
        first : (int, int), optional
            Width and height of the recording's first picture, in whose pixels a rectangle is given: in
            pictures of another size it is the same share.

        Raises
        ------
        SourceError
            The part reaches outside the picture, or the picture is too small to be halved.
        """
        if first is not None and not self.side and first != (width, height):
            x, y, w, h = self.box(*first)
            left, right = (round(edge * width / first[0]) for edge in (x, x + w))
            top, bottom = (round(edge * height / first[1]) for edge in (y, y + h))
            return left, top, max(right - left, 1), max(bottom - top, 1)
        half_w, half_h = width // 2, height // 2
        x, y, w, h = {
            "left": (0, 0, half_w, height),
            "right": (half_w, 0, width - half_w, height),
            "top": (0, 0, width, half_h),
            "bottom": (0, half_h, width, height - half_h),
            "": (self.x, self.y, self.width, self.height),
        }[self.side]
        if w < 1 or h < 1 or x + w > width or y + h > height:
            raise SourceError(
                f"The part #{self} reaches outside the picture, which is {width} × {height} pixels; "
                "choose X, Y, WIDTH and HEIGHT inside it."
            )
        return x, y, w, h


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed string, understood.

    Attributes
    ----------
    kind : str
        "camera", "file", "frames", "stream", "screen", "window" or "portrait".
    target : str
        Camera index or name, path (of frames with @RATE where it is stated), URL, ""
        or "X,Y,W,H" of the screen, window title, "you"/"partner".
    crop : Crop or None
        The part of the picture that is wanted; None: all of it.
    """

    kind: str
    target: str
    crop: Crop | None = None

    @property
    def base(self) -> str:
        """The feed string without its crop."""
        return self.target if self.kind in {"file", "frames", "stream"} else f"{self.kind}:{self.target}"

    def __str__(self) -> str:
        return self.base if self.crop is None else f"{self.base}#{self.crop}"


def parse_feed(feed: str) -> FeedSpec:
    """Understand a feed string; nothing is opened.

    A path that exists is always that file, whatever `#` or `:` it contains. In names and titles a `#`
    that does not start a part of the picture belongs to the name.

    Parameters
    ----------
    feed : str
        One of the forms of the user contract, e.g. ``"camera:0"`` or ``"call.mp4#left"``.

    Raises
    ------
    UsageError
        The string is empty, names an unknown kind of feed, or an impossible part of the picture.
    """
    if not feed.strip():
        raise UsageError(f"A feed is missing; {_KINDS}.")
    if _exists(feed):
        return FeedSpec(_kind_of_path(feed), feed)
    scheme = _SCHEME.match(feed)
    kind = scheme[1].lower() if scheme else "file"
    if scheme is None or _exists(_split(feed, strict=False)[0]):
        return _file(feed)
    if kind in _STREAMS:
        return _stream(feed)
    if kind not in _NAMED:
        raise UsageError(f"{scheme[1]}: is no kind of feed; {_KINDS}.")
    return _NAMED[kind](feed[scheme.end() :])


def parse_rectangle(text: str, shown: str) -> Crop:
    """Understand "X,Y,WIDTH,HEIGHT"; X and Y may be negative, as they are on a screen left of the first.

    Parameters
    ----------
    text : str
        Four whole numbers.
    shown : str
        What to call them when they are wrong.

    Raises
    ------
    UsageError
        They are not four whole numbers, or the rectangle is empty.
    """
    numbers = _FOUR_NUMBERS.fullmatch(text)
    if numbers is None:
        raise UsageError(
            f"{shown!r} is no part of a picture; use #left, #right, #top, #bottom, "
            "or whole pixels X,Y,WIDTH,HEIGHT such as #0,0,640,480."
        )
    x, y, width, height = (int(number) for number in numbers.groups())
    if width < 1 or height < 1:
        raise UsageError(f"{shown!r} is an impossible rectangle; WIDTH and HEIGHT are at least 1.")
    return Crop("", x, y, width, height)


def _kind_of_path(path: str) -> str:
    """Return "frames" for a folder, or a pattern of numbered pictures that is no file; else "file"."""
    place = _STATED_RATE.sub("", path)
    is_frames = _is_folder(path) or _is_folder(place) or (_PATTERN.search(path) and not _exists(path))
    return "frames" if is_frames else "file"


def _is_folder(path: str) -> bool:
    return _exists(path) and Path(path).is_dir()


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # too long, no permission to look, a NUL character
        return False


def _file(feed: str) -> FeedSpec:
    target, crop = _split(feed, strict=False)
    fragment = feed.rpartition("#")[2]
    if crop is None and "#" in feed and not re.search(r"[./\\]", fragment):
        _crop(fragment)  # neither a file that is there nor a part of the picture: say what parts there are
    return FeedSpec(_kind_of_path(target), target, crop)


def _stream(feed: str) -> FeedSpec:
    target, crop = _split(feed, strict=True)
    if not re.match(r"[a-z]+://[^/?#\s]", target, re.IGNORECASE):
        raise UsageError(f"The address {feed!r} names no host; write it as http://HOST/PATH.")
    return FeedSpec("stream", target, crop)


def _camera(rest: str) -> FeedSpec:
    target, crop = _split(rest, strict=False)
    target = target.strip()
    if not target:
        raise UsageError("Say which camera: camera:0, camera:1, or camera: and a part of its name.")
    if re.fullmatch(r"[+-]?[0-9]+", target):
        if int(target) < 0:
            raise UsageError(f"There is no camera {target}; cameras are counted from 0, as in camera:0.")
        target = str(int(target))
    return FeedSpec("camera", target, crop)


def _screen(rest: str) -> FeedSpec:
    target, crop = _split(rest, strict=True)
    target = target.strip()
    return FeedSpec("screen", str(parse_rectangle(target, f"screen:{target}")) if target else "", crop)


def _window(rest: str) -> FeedSpec:
    target, crop = _split(rest, strict=False)
    if not target.strip():
        raise UsageError("Say which window: window: and a part of its title, such as window:Zoom.")
    return FeedSpec("window", target, crop)


def _portrait(rest: str) -> FeedSpec:
    target, crop = _split(rest, strict=True)
    if target not in _PEOPLE:
        raise UsageError(f"There is no portrait {target!r}; use portrait:you or portrait:partner.")
    return FeedSpec("portrait", target, crop)


_NAMED = {"camera": _camera, "screen": _screen, "window": _window, "portrait": _portrait}


def _split(text: str, *, strict: bool) -> tuple[str, Crop | None]:
    """Take a crop off the end; `strict`: whatever follows `#` must be one."""
    target, mark, fragment = text.rpartition("#")
    if not mark:
        return text, None
    looks_right = fragment.strip().lower() in _SIDES or _FOUR_NUMBERS.fullmatch(fragment) is not None
    if not looks_right and not strict:
        return text, None
    return target, _crop(fragment)


def _crop(fragment: str) -> Crop:
    side = fragment.strip().lower()
    return Crop(side) if side in _SIDES else _rectangle(fragment, f"#{fragment}")


def _rectangle(text: str, shown: str) -> Crop:
    crop = parse_rectangle(text, shown)
    if crop.x < 0 or crop.y < 0:
        raise UsageError(f"{shown!r} is an impossible part of a picture; X and Y count from 0.")
    return crop
