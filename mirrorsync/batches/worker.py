"""A worker: `python -m mirrorsync.batches.worker`, tasks on standard input, answers on standard output.

A line is one JSON value. A task is answered by numbers (the share that is done, now and then) and then by an
object, the task's result. It ends when standard input does, also in the middle of a task: then nobody waits
for it any more.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time

__all__ = ["THREADS_OFF", "main"]

THREADS_OFF = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""Environment of a worker: workers share the cores among them, so each computes with one thread."""

_TELL_EVERY_S = 0.5


def main() -> None:
    """Work until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not come between the answers
    tasks: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(tasks,), name="mirrorsync-worker-tasks", daemon=True).start()
    from mirrorsync.batches.tasks import run_task

    while True:
        line = tasks.get()
        told = time.monotonic()

        def tell(share: float) -> None:
            nonlocal told
            if time.monotonic() - told >= _TELL_EVERY_S:
                told = time.monotonic()
                _say(answers, round(share, 4))

        _say(answers, run_task(json.loads(line), tell))


def _listen(tasks: queue.Queue[str]) -> None:
    for line in sys.stdin:
        tasks.put(line)
    os._exit(0)


def _say(answers: object, value: object) -> None:
    print(json.dumps(value), file=answers, flush=True)  # type: ignore[call-overload]  # a text file


if __name__ == "__main__":
    main()
