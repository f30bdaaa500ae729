"""Where asset files lie, and whether they are what they should be."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from mirrorsync.assets.declaration import Asset, checkout_folder, manifest
from mirrorsync.checksums import file_sha256
from mirrorsync.errors import AssetError, UsageError

__all__ = [
    "AssetState",
    "asset_path",
    "asset_states",
    "cache_folder",
    "is_right",
    "own_folder",
    "search_folders",
    "select",
    "verify",
]

ENVIRONMENT = "MIRRORSYNC_MODELS"


@dataclass(frozen=True, slots=True)
class AssetState:
    """What was found of one asset: `state` is "ok", "damaged" or "missing"; `path` None when missing."""

    asset: Asset
    state: str
    path: Path | None


def cache_folder() -> Path:
    """Return the folder in the user's cache where fetched files are kept for other checkouts."""
    return platformdirs.user_cache_path("mirrorsync", appauthor=False) / "models"


def own_folder(models_dir: Path | None) -> Path | None:
    """Return the folder the user chose: `models_dir`, else MIRRORSYNC_MODELS; None when neither is given."""
    if models_dir is not None:
        return models_dir
    named = os.environ.get(ENVIRONMENT, "")
    return Path(named).expanduser() if named else None


def search_folders(models_dir: Path | None = None) -> tuple[Path, ...]:
    """Return the folders to look in, in order: the user's own alone, or checkout and cache."""
    own = own_folder(models_dir)
    if own is not None:
        return (own,)
    checkout = checkout_folder()
    return (cache_folder(),) if checkout is None else (checkout, cache_folder())


def is_right(path: Path, asset: Asset) -> bool:
    """Whether `path` is a file with exactly the bytes of `asset` (about 10 ms for the largest)."""
    try:
        if path.stat().st_size != asset.size:
            return False
        return file_sha256(path) == asset.sha256
    except OSError:
        return False


def select(names: Iterable[str] | None, assets: Mapping[str, Asset]) -> list[Asset]:
    """Return the assets called `names` (all when None or empty).

    Raises
    ------
    UsageError
        A name that the manifest does not have.
    """
    wanted = list(names or assets)
    unknown = [name for name in wanted if name not in assets]
    if unknown:
        raise UsageError(f"There is no asset called {unknown[0]!r}; there are {', '.join(assets)}.")
    return [assets[name] for name in wanted]


def _state(asset: Asset, folders: Iterable[Path]) -> AssetState:
    damaged: Path | None = None
    for folder in folders:
        path = folder / asset.name
        if is_right(path, asset):
            return AssetState(asset, "ok", path)
        if damaged is None and path.exists():
            damaged = path
    return AssetState(asset, "missing" if damaged is None else "damaged", damaged)


def asset_states(
    names: Iterable[str] | None = None,
    models_dir: Path | None = None,
    *,
    assets: Mapping[str, Asset] | None = None,
) -> list[AssetState]:
    """Say for each asset whether a right copy of it is on disk, and where.

    Parameters
    ----------
    names : iterable of str, optional
        Which assets; all by default.
    models_dir : Path, optional
        Look only here instead of in the checkout and the user's cache.
    assets : mapping of str to Asset, optional
        Another manifest than this version's own.
    """
    folders = search_folders(models_dir)
    return [_state(asset, folders) for asset in select(names, manifest() if assets is None else assets)]


def _complaint(found: AssetState, models_dir: Path | None) -> str:
    own = own_folder(models_dir)
    command = "mirrorsync assets fetch" + (f" --models-dir {models_dir}" if models_dir is not None else "")
    if found.path is not None:
        return (
            f"{found.path} is damaged or another version (its checksum is wrong); "
            f"run `{command}` to replace it."
        )
    where = f" in {own}" if own is not None else ""
    return f"{found.asset.name} is not there{where}; run `{command}` to get it."


def verify(
    names: Iterable[str] | None = None,
    models_dir: Path | None = None,
    *,
    assets: Mapping[str, Asset] | None = None,
) -> list[AssetState]:
    """Check that a right copy of every asset is on disk; arguments as in `asset_states`.

    Raises
    ------
    AssetError
        The first one that is missing or damaged, and what to do about it.
    """
    states = asset_states(names, models_dir, assets=assets)
    for found in states:
        if found.state != "ok":
            raise AssetError(_complaint(found, models_dir))
    return states


def asset_path(name: str, models_dir: Path | None = None) -> Path:
    """Return the path of a verified copy of the asset called `name`.

    Raises
    ------
    AssetError
        It is not on disk, or only with wrong bytes; the message names the command that gets it.
    """
    path = verify([name], models_dir)[0].path
    assert path is not None  # verify raises unless every state is "ok"
    return path
