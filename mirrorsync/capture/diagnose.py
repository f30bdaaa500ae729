"""Why a file cannot be read as a video, in one sentence that says what to do."""

from __future__ import annotations

import os
from pathlib import Path

from mirrorsync.errors import SourceError

__all__ = ["check_path", "explain_unreadable"]

_LOOK_BYTES = 4096
_MOST_BOXES = 1000


def check_path(path: str) -> Path:
    """Return the absolute path of a file that can be opened.

    Raises
    ------
    SourceError
        It does not exist, is a directory, is empty, or may not be read.
    """
    try:
        absolute = Path(path).expanduser().absolute()
        if absolute.is_dir():
            raise SourceError(f"{path} is a folder; name a video file inside it.")
        if not absolute.exists():
            raise SourceError(f"There is no file {path}; check the spelling and the folder.")
        size = absolute.stat().st_size
    except (OSError, ValueError) as error:
        raise SourceError(f"{path!r} cannot be looked at; check the path and who may read it.") from error
    if absolute.is_file() and size == 0:
        raise SourceError(f"{path} is empty; copy or record it again.")
    if not os.access(absolute, os.R_OK):
        raise SourceError(f"{path} may not be read; change its permissions or copy it.")
    return absolute


def explain_unreadable(path: Path) -> str:
    """Say why FFmpeg found no picture in an existing file: text, sound only, cut off, or unknown."""
    with path.open("rb") as file:
        head = file.read(_LOOK_BYTES)
    if _is_text(head):
        return f"{path} is a text file, not a video; name the video itself."
    if head[4:8] == b"ftyp":
        index = _mp4_index(path)
        if index is None:
            return (
                f"{path} is cut off: the index at its end is missing; copy it again in full or repair it "
                "(for instance with untrunc)."
            )
        if b"vide" not in index and b"soun" not in index:
            return f"{path} has no pictures in it (0 frames); record or copy it again."
        if b"vide" not in index:
            return f"{path} holds sound but no picture; choose the recording that has the video."
    if _is_sound(head):
        return f"{path} holds sound but no picture; choose the recording that has the video."
    return (
        f"{path} cannot be read as a video: it is damaged, has no picture, or is of an unknown kind; "
        "if a video player shows it, convert it to MP4 (H.264)."
    )


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # not just a letter cut in two at the end
            return False
        text = head[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\t\r\n\ufeff" for letter in text)


def _is_sound(head: bytes) -> bool:
    wave = head[:4] == b"RIFF" and head[8:12] == b"WAVE"
    return wave or head.startswith((b"ID3", b"fLaC", b"OggS", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1"))


def _mp4_index(path: Path) -> bytes | None:
    """Return the `moov` box of an MP4 file; None when it is missing or incomplete."""
    total = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        for _ in range(_MOST_BOXES):
            file.seek(at)
            header = file.read(16)
            if len(header) < 8:
                return None
            length = int.from_bytes(header[:4], "big")
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            if header[4:8] == b"moov":
                file.seek(at)
                return file.read(length) if at + length <= total else None
            if length < 8:
                return None
            at += length
    return None
