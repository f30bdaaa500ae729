"""What a session says about itself: feeds, parameters, versions and assets, enough to repeat it."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from mirrorsync.version import __version__

__all__ = ["InputInfo", "SessionMeta", "program_versions"]

_PACKAGES = {
    "mediapipe": "mediapipe",
    "numpy": "numpy",
    "opencv": "opencv-python",
}


@dataclass(frozen=True, slots=True)
class InputInfo:
    """One feed as it was read; None where it is unknown (a camera has no SHA-256).

    Attributes
    ----------
    feed : str
        The feed string.
    sha256 : str or None
        Of the video file, in hexadecimal.
    frames : int or None
        Frames that were analysed.
    fps : float or None
        Frames a second.
    duration_s : float or None
        Length in seconds.
    """

    feed: str
    sha256: str | None = None
    frames: int | None = None
    fps: float | None = None
    duration_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMeta:
    """What is stored with every session.

    Attributes
    ----------
    feed_a, feed_b : str
        Feed strings of the two people.
    label_a, label_b : str
        What the people are called where they are shown; never part of a column name.
    created : str or None
        ISO 8601 time of the start; None for an analysis that must give the same bytes every time.
    parameters : mapping
        `Settings.as_dict()`.
    versions : mapping of str to str
        Of the program and what it computes with, see `program_versions`.
    assets : mapping of str to str
        Name of each model to its SHA-256.
    inputs : tuple of InputInfo
        A's and B's feed as read; usually complete only at the end, see `SessionWriter.update_meta`.
    seed : int
        Of every random choice.
    """

    feed_a: str
    feed_b: str
    label_a: str = "A"
    label_b: str = "B"
    created: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    assets: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[InputInfo, ...] = ()
    seed: int = 1

    def as_dict(self) -> dict[str, Any]:
        """Return plain, JSON-ready values by name, in declared order."""
        return {
            "feed_a": self.feed_a,
            "feed_b": self.feed_b,
            "label_a": self.label_a,
            "label_b": self.label_b,
            "created": self.created,
            "parameters": dict(self.parameters),
            "versions": dict(self.versions),
            "assets": dict(self.assets),
            "inputs": [asdict(item) for item in self.inputs],
            "seed": self.seed,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> SessionMeta:
        """Return the metadata that `as_dict` gave; KeyError or TypeError when it is not that."""
        known = {name: values[name] for name in cls.__dataclass_fields__}
        known["inputs"] = tuple(InputInfo(**item) for item in known["inputs"])
        return cls(**known)


def program_versions() -> dict[str, str]:
    """Return name to version of the program, of what it computes with, and of Python.

    Nothing is imported; a package that is not installed is left out. The program's own version is the one
    its code bears, installed or not.
    """
    found = {"mirrorsync": __version__}
    for name, package in _PACKAGES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            continue
    found["python"] = platform.python_version()
    return found
