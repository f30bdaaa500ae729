"""An existing Dask cluster: the only place that imports distributed (extra `[cluster]`).

The workers must see the recordings and the folder for the results under the same paths, and have the same
MirrorSync installed.
"""

from __future__ import annotations

import platform
import re
import socket
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mirrorsync.batches.local import Outcome, Share
from mirrorsync.batches.tasks import Task, run_task
from mirrorsync.errors import BatchError, UsageError
from mirrorsync.session.meta import program_versions

__all__ = ["ClusterPool"]

_WAIT_S = 30
_KNOCK_S = 5.0
_ADDRESS = re.compile(r"(tcp|tls)://(?P<host>[^/:\s]+|\[[0-9A-Fa-f:.]+\]):(?P<port>\d{1,5})")
_LONGEST_GREETING = 1 << 20  # bytes: a scheduler's first word is the length of its greeting, a few hundred


class ClusterPool:
    """Runs tasks on the workers of a scheduler such as ``tcp://10.0.0.5:8786``.

    A worker that is lost costs the time of its tasks: the scheduler gives them to another one.

    Raises
    ------
    UsageError
        The address is none, or the extra is not installed.
    """

    def __init__(self, address: str) -> None:
        if not _ADDRESS.fullmatch(address) or int(address.rpartition(":")[2]) > 65535:
            raise UsageError(
                f"--cluster takes the address of a Dask scheduler, as in tcp://10.0.0.5:8786; "
                f"{address!r} is not that."
            )
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
            _knock(self._address)
            client = distributed.Client(self._address, timeout=_WAIT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise BatchError(
                f"No Dask scheduler answers at {self._address} ({error}); see that it runs, and that this "
                "machine reaches it."
            ) from error
        with client:
            ours = program_versions()
            _check_versions(client, ours)
            keys = [f"mirrorsync-{task['kind']}-{task['key']}-{uuid.uuid4().hex}" for task in waiting]
            futures = {
                client.submit(_run_alike, dict(task), ours, key=key, pure=False): task
                for task, key in zip(waiting, keys, strict=True)
            }
            over = distributed.as_completed(list(futures), loop=client.loop)
            for future in over:
                task, status = futures[future], future.status
                if status in {"lost", "pending"}:
                    over.add(future)  # its worker died before the answer was fetched; another does it
                    continue
                if status == "finished":
                    yield Outcome(task, future.result().get("error"))
                elif status == "cancelled":
                    raise BatchError(
                        "The Dask scheduler went away; run the same command again to go on where it stopped."
                    )
                else:
                    yield Outcome(task, f"The cluster's workers failed over it: {future.exception()}.")
                future.release()


def _knock(address: str) -> None:
    """Ask whether a scheduler is there, before Dask does: that takes longer, and fails with tracebacks.

    Raises
    ------
    OSError
        Nobody is there, or it is no scheduler.
    """
    place = _ADDRESS.fullmatch(address)
    assert place is not None
    with socket.create_connection((place["host"].strip("[]"), int(place["port"])), timeout=_KNOCK_S) as door:
        if address.startswith("tls"):
            return  # it waits for the other side to speak
        first = door.recv(8, socket.MSG_WAITALL)
    if len(first) < 8 or int.from_bytes(first, "little") > _LONGEST_GREETING:
        raise OSError("what answers is no scheduler")


def _check_versions(client: object, ours: Mapping[str, str]) -> None:
    """Refuse workers that are there already and whose numbers would differ."""
    theirs = client.run(program_versions)  # type: ignore[attr-defined]  # distributed is not typed
    for address, versions in theirs.items():
        differing = _differing(f"The worker {address}", versions, ours)
        if differing:
            raise BatchError(differing)


def _run_alike(task: Task, ours: Mapping[str, str]) -> dict[str, Any]:
    """Do a task on a worker, which may have come later than the others were looked at."""
    differing = _differing(f"The worker on {platform.node()}", program_versions(), ours)
    return {"error": differing} if differing else run_task(task)


def _differing(who: str, theirs: Mapping[str, str], ours: Mapping[str, str]) -> str:
    """Say in which of MirrorSync, MediaPipe, NumPy and OpenCV a worker differs; "" when in none."""
    found = [
        f"{name} {theirs.get(name)} instead of {version}"
        for name, version in ours.items()
        if name != "python" and theirs.get(name) != version
    ]
    return f"{who} has {', '.join(found)}; install the same everywhere." if found else ""
