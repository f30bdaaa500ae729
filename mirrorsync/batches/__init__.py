"""Many dyads from one manifest: resumable, on several processes or a Dask cluster, with the same results."""

from mirrorsync.batches.manifest import Dyad, Manifest, read_manifest
from mirrorsync.batches.run import BatchOptions, BatchResult, run_batch

__all__ = ["BatchOptions", "BatchResult", "Dyad", "Manifest", "read_manifest", "run_batch"]
