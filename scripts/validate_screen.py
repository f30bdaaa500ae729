"""A call captured from the screen, against the file that it shows: the same scores?

A window plays a clip of a person at its own rate on a screen in memory (Xvfb), and says when it began. What
the `screen:` feed delivers of that rectangle is kept, with its times, and looked at afterwards by the real
models: so nothing but the capture differs from the file. Both go through the same engine as B, with a
recording as A. At its own size the capture alone makes the difference: pictures shown too briefly to be
caught, times to the precision of a screen. A third larger, as call windows seldom show a picture at the size
in which it was sent, landmarks jitter in other places.

The tolerance is demanded of two people. Somebody held against the very recording that is on the screen stands
at the top of the scale, where small differences of what chance is known to give move the level most; these
stand there undemanded.

Then the same call once more as a coach has it: a live session with that feed, both models at once. Its
scores also depend on how many pictures a second this machine can look at; they stand there undemanded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from demands import Demand, at_least, at_most
from numpy.typing import NDArray
from seen_feeds import Feed, Scores, Shelf, look, score

from mirrorsync.capture.opening import open_source
from mirrorsync.settings import Settings
from mirrorsync.tables import CHANNELS, FEATURE_INDEX
from mirrorsync.types import FloatArray, Frame

CALL = Path(__file__).with_name("screen_call.py")
SETTINGS = Settings(baseline_s=15.0)  # as in the call
SESSION_S = 60.0
LIVE = "a third larger"
CORNER = ("200", "150")
SIZES = {"at its size": 1.0, "a third larger": 4 / 3}
SHOWN = ("reg_clm_franck.mp4", "reg_clm_cap12.mp4")
COMPARED = (
    "posture_alignment", "expression_alignment", "head_synchrony", "body_synchrony", "expression_synchrony",
    "attunement",
)  # fmt: skip
MEDIAN_AT_MOST, P95_AT_MOST, CORRELATION_AT_LEAST = 0.05, 0.15, 0.90
"""Of the differences of levels, of which one chance SD is 0.16."""

_FITTED = [FEATURE_INDEX[n] for n in ("head_yaw", "head_pitch", "jawOpen", "mouthSmileLeft", "browInnerUp")]


@contextmanager
def screen() -> Iterator[str]:
    """Yield a display in memory with a window manager; LookupError where there is none to be had."""
    program = shutil.which("Xvfb")
    if program is None:
        raise LookupError("Xvfb, a screen in memory, is not installed")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    with ExitStack() as stack:
        running = [subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)]

        def end() -> None:
            for each in reversed(running):
                each.terminate()
                each.wait(10)

        stack.callback(end)
        os.close(writing)
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise LookupError("Xvfb, a screen in memory, does not start here")
        if manager := shutil.which("openbox"):
            environment = {**os.environ, "DISPLAY": f":{number}"}
            running.append(subprocess.Popen([manager], env=environment, stderr=subprocess.DEVNULL))
        yield f":{number}"


def place_of(clip: Path, size: str) -> tuple[str, ...]:
    """Return where a clip is shown in one of `SIZES`: x, y, width, height."""
    with open_source(str(clip), SETTINGS) as source:
        return *CORNER, *(str(round(side * SIZES[size])) for side in source.size)


def call(display: str, clip: Path, place: tuple[str, ...], *watching: str) -> int:
    """Show a clip on the screen and watch it; return when it began (time.monotonic_ns)."""
    environment = {
        **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(CALL.parents[1]),
    }  # fmt: skip

    def run(*words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(CALL), *words]
        return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    with (
        run("show", *place, str(clip)) as shown,
        run(*watching) as watcher,
    ):
        assert shown.stdin
        assert shown.stdout
        assert watcher.stdout
        try:
            if watcher.stdout.readline() != b"live\n":
                raise RuntimeError("the call did not begin")
            shown.stdin.write(b"play\n")
            shown.stdin.flush()
            began_ns = int(shown.stdout.readline())
            if watcher.wait(SESSION_S + 90.0):
                raise RuntimeError("the call broke off")
        finally:
            watcher.kill()
            shown.stdin.close()
    return began_ns


def captured(display: str, clip: Path, size: str) -> Feed:
    """Return what was seen of a clip on the screen, at its times since the clip began."""
    place = place_of(clip, size)
    with tempfile.TemporaryDirectory() as folder:
        began_ns = call(
            display, clip, place, "capture", f"screen:{','.join(place)}", str(SESSION_S + 2.0), folder
        )
        t_ns = np.load(Path(folder) / "t_ns.npy")
        width, height = map(int, (Path(folder) / "size").read_text("utf-8").split())
        pictures = np.memmap(Path(folder) / "rgb", np.uint8, "r", shape=(len(t_ns), height, width, 3))
        frames = (
            Frame("screen", index, t, np.array(picture))
            for index, (t, picture) in enumerate(zip((t_ns - began_ns).tolist(), pictures, strict=True))
            if t >= 0
        )
        return Feed.of(look(frames))


@dataclass(frozen=True)
class Live:
    """What a live session scored."""

    t_s: FloatArray  # of the ticks, since the clip on the screen began
    levels: FloatArray  # (ticks, channels)
    a_began_s: float
    rates: tuple[float, float]
    reduced: tuple[str, ...]


def live(display: str, file_a: Path, file_b: Path) -> Live:
    """Have the call live, with A's file as the other side."""
    place = place_of(file_b, LIVE)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "call.npz"
        began_ns = call(
            display, file_b, place,
            "watch", str(file_a), f"screen:{','.join(place)}", str(SESSION_S), str(kept),
        )  # fmt: skip
        with np.load(kept) as data:
            origin_s = (int(data["origin_ns"]) - began_ns) * 1e-9
            a, b = np.nanmedian(data["rates"], axis=0).tolist()
            t_s: NDArray[np.float64] = data["t_ns"] * 1e-9 + origin_s
            return Live(t_s, data["scores"][:, :, 1], origin_s, (a, b), tuple(data["reduced"]))


def delay_s(seen: Feed, file: Feed) -> float:
    """Return how much later than in the file things are seen, by the features that agree best."""
    t_s, live = seen.t_s, seen.values[:, _FITTED]

    def off(delay: float) -> float:
        at = np.stack([np.interp(t_s - delay, file.t_s, column) for column in file.values[:, _FITTED].T], 1)
        return float(np.nanmean(np.square((at - live) / np.nanstd(file.values[:, _FITTED], axis=0))))

    tried = np.arange(-0.1, 0.2, 0.002)
    return float(tried[int(np.argmin([off(each) for each in tried]))])


def compare(pair: str, file: Scores, seen: Scores, *, demanded: bool) -> Iterator[Demand]:
    """Yield what of the scores on the screen's pictures is as on the file's."""
    ticks = min(len(file.snapshots), len(seen.snapshots))
    for name in COMPARED:
        wanted, here = (of.series(name, "level")[:ticks] for of in (file, seen))
        both = np.isfinite(wanted) & np.isfinite(here)
        what = f"{pair}: {name}"
        if both.sum() < 100:
            yield Demand(f"{what}, too little to compare", f"{both.sum()} ticks")
            continue
        off = np.abs(wanted - here)[both]
        median, p95 = float(np.median(off)), float(np.percentile(off, 95))
        r, spread = float(np.corrcoef(wanted[both], here[both])[0, 1]), float(np.std(wanted[both]))
        if not demanded:
            yield Demand(
                f"{what}, difference of levels, median and 95th percentile; correlation",
                f"{median:.3f} and {p95:.3f}; {r:.3f}",
            )
            continue
        yield at_most(f"{what}, difference of levels, median", median, MEDIAN_AT_MOST, "{:.3f}")
        yield at_most(f"{what}, 95th percentile", p95, P95_AT_MOST, "{:.3f}")
        if spread > 0.05:
            yield at_least(f"{what}, correlation over {both.sum()} ticks", r, CORRELATION_AT_LEAST, "{:.3f}")
        else:
            yield Demand(f"{what}, correlation (level hardly moves, SD {spread:.3f})", f"{r:.3f}")


def compare_live(pair: str, call: Live, file: Scores) -> Iterator[Demand]:
    """Yield how near a live session came to the file; nothing is demanded of it."""
    reduced = f", stepped down to {' and '.join(call.reduced)}" if call.reduced else ""
    yield Demand(
        f"{pair}, live: pictures a second looked at of A and B",
        f"{call.rates[0]:.1f} and {call.rates[1]:.1f}{reduced}",
    )
    ticks_s = np.array([each.pair.t_ns for each in file.snapshots]) * 1e-9
    for name in COMPARED:
        wanted = np.interp(call.t_s, ticks_s, file.series(name, "level"), np.nan, np.nan)
        here = call.levels[:, tuple(CHANNELS).index(name)]
        both = np.isfinite(wanted) & np.isfinite(here)
        if both.sum() >= 100:
            off = np.abs(wanted - here)[both]
            r = float(np.corrcoef(wanted[both], here[both])[0, 1])
            yield Demand(
                f"{pair}, live: {name}, difference of levels, median and 95th percentile; correlation",
                f"{np.median(off):.3f} and {np.percentile(off, 95):.3f}; {r:.3f}",
            )


def validate(media: Path, shelf: Shelf) -> Iterator[Demand]:
    """Yield the demands of every pair; LookupError without clips or without a screen."""
    if missing := sorted(name for name in SHOWN if not (media / name).is_file()):
        raise LookupError(f"{missing[0]} is not in {media}")
    with screen() as display:
        files: dict[str, Feed] = {}
        for name in SHOWN:
            opening = partial(open_source, str(media / name), SETTINGS, seconds=SESSION_S + 2.0)
            files[name] = shelf.feed(f"{name} screen", opening)
        for size, b in product(SIZES, SHOWN):
            seen = captured(display, media / b, size)
            rates = [(len(each.t_ns) - 1) / (each.t_s[-1] - each.t_s[0]) for each in (files[b], seen)]
            person = f"{b.removeprefix('reg_clm_').removesuffix('.mp4')} on the screen, {size}"
            yield Demand(f"{person}: pictures a second shown, caught", f"{rates[0]:.1f}, {rates[1]:.1f}")
            yield at_most(
                f"{person}: seen later than in the file",
                1e3 * delay_s(seen, files[b]), 40.0, "{:.0f} ms",
            )  # fmt: skip
            for a in SHOWN:
                of_file, of_screen = (
                    score(files[a].until(SESSION_S), each.until(SESSION_S), SETTINGS)
                    for each in (files[b], seen)
                )
                pair = f"{a.removeprefix('reg_clm_').removesuffix('.mp4')} and {person}"
                yield from compare(pair, of_file, of_screen, demanded=a != b)
        a, b = SHOWN[1], SHOWN[0]
        had = live(display, media / a, media / b)
        of_file = score(files[a].later(had.a_began_s), files[b], SETTINGS)
        yield from compare_live("strangers", had, of_file)
