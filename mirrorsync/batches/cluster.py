"""An existing Dask cluster: the only place that imports distributed (extra `[cluster]`).

The workers must see the recordings and the folder for the results under the same paths, and have the same
MirrorSync installed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

from mirrorsync.batches.local import Outcome, Share
from mirrorsync.batches.tasks import Task, run_task
from mirrorsync.errors import BatchError, UsageError
from mirrorsync.session.meta import program_versions

__all__ = ["ClusterPool"]

_WAIT_S = 30


class ClusterPool:
    """Runs tasks on the workers of a scheduler such as ``tcp://10.0.0.5:8786``.

    A worker that is lost costs the time of its tasks: the scheduler gives them to another one.

    Raises
    ------
    UsageError
        The extra is not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError as error:
            raise UsageError(
                "--cluster needs Dask; install it with: pip install 'mirrorsync[cluster]'."
            ) from error
        self._distributed = distributed
        self._address = address

    def run(self, tasks: Iterable[Task], share: Share) -> Iterator[Outcome]:  # noqa: ARG002 - as LocalPool
        """Do the tasks; yield each as it is over, in any order.

        Raises
        ------
        BatchError
            No scheduler answers, its workers have another version of MirrorSync, or it goes away.
        """
        waiting = list(tasks)
        if not waiting:
            return
        distributed = self._distributed
        try:
            client = distributed.Client(self._address, timeout=_WAIT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise BatchError(
                f"No Dask scheduler answers at {self._address} ({error}); check the address, as in tcp://HOST:8786."
            ) from error
        with client:
            _check_versions(client)
            keys = [f"mirrorsync-{task['kind']}-{task['key']}-{uuid.uuid4().hex}" for task in waiting]
            futures = {
                client.submit(run_task, dict(task), key=key, pure=False): task
                for task, key in zip(waiting, keys, strict=True)
            }
            for future in distributed.as_completed(list(futures), loop=client.loop):
                task = futures[future]
                if future.status == "finished":
                    yield Outcome(task, future.result().get("error"))
                elif future.status in {"cancelled", "lost"}:
                    raise BatchError(
                        "The Dask scheduler went away; run the same command again to go on where it stopped."
                    )
                else:
                    yield Outcome(task, f"The cluster's workers failed over it: {future.exception()}.")
                future.release()


def _check_versions(client: object) -> None:
    """Refuse workers whose numbers would differ: another MirrorSync, MediaPipe, NumPy or OpenCV."""
    ours = program_versions()
    theirs = client.run(program_versions)  # type: ignore[attr-defined]  # distributed is not typed
    for address, versions in theirs.items():
        differing = [
            f"{name} {versions.get(name)} instead of {ours[name]}"
            for name in ours
            if name != "python" and versions.get(name) != ours[name]
        ]
        if differing:
            raise BatchError(f"The worker {address} has {', '.join(differing)}; install the same everywhere.")
