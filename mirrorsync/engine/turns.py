"""Threads that share the interpreter and the cores: short turns, and the window first."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading

__all__ = ["let_others_first", "spare_the_collector", "take_short_turns"]

_TURN_S = 0.0005
_NICE = 10  # of 19: the window has nine times their share


def take_short_turns() -> None:
    """Let a thread that comes back from a model wait half a millisecond for its turn, instead of five.

    A frame goes in and out of the models some ten times, and each time its thread needs the interpreter
    again, which another thread may be scoring or painting with. With Python's own 5 ms two feeds on two
    cores made 4 % fewer pairs a second. A shorter interval that was set before stays.
    """
    if sys.getswitchinterval() > _TURN_S:
        sys.setswitchinterval(_TURN_S)


def let_others_first() -> None:
    """Let the window and other programs have a core before this thread and those that it starts.

    For the threads that the models run in: they take all there is, and MediaPipe's own threads inherit this
    from the thread that makes a landmarker. On two cores it brought the longest wait of the window from 92
    to 44 ms, and more pairs a second. Linux knows it of single threads; elsewhere, and where the system
    forbids it, nothing happens.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            me = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, me, max(os.getpriority(os.PRIO_PROCESS, me), _NICE))


def spare_the_collector() -> None:
    """Let the garbage collector leave alone what there is before the first session: it stays anyway.

    Windows and libraries are some hundred thousand objects; to look through all of them took 40 ms with every
    thread waiting, now and then in a call. Done once a process: what sessions leave is still collected.
    """
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
