"""The report in a real browser: nothing asked of the network, no complaint, figures seen, printing works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from made_sessions import snapshots, store
from patience import patient_s

from mirrorsync.report.content import Figure, Note, gather, read_through
from mirrorsync.report.page import write_page
from mirrorsync.session.reader import SessionReader

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
RED = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="600" height="200"><rect width="600" height="200" '
    b'fill="#ff0000"/></svg>'
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    with SessionReader(store(folder / "s.mirrorsync", snapshots(400))) as reader:
        content = gather(
            reader,
            read_through(reader),
            figures=[Figure("Red", "image/svg+xml", RED, "A red field.")],
            notes=[Note("<script>console.error('ran')</script><img src='http://127.0.0.1:9/x'>")],
        )
    write_page(content, folder / "report.html")
    return folder / "report.html"


def _browse(report: Path, *more: str) -> str:
    assert BROWSER is not None
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update", "--disable-quic",
            f"--user-data-dir={report.parent / 'profile'}", "--enable-logging=stderr", "--hide-scrollbars",
            f"--log-net-log={report.parent / 'net.json'}", *more, report.as_uri(),
        ],
        capture_output=True, text=True, check=True, timeout=patient_s(120),
    )  # fmt: skip
    return done.stderr


def test_it_shows_and_asks_for_nothing(report: Path) -> None:
    picture = report.parent / "page.png"
    said = _browse(report, "--window-size=1100,6000", f"--screenshot={picture}")
    assert not re.findall(r"CONSOLE.*", said)
    log = json.loads((report.parent / "net.json").read_text("utf-8"))
    asked = {
        event["params"]["url"]
        for event in log["events"]
        if isinstance(event.get("params"), dict) and str(event["params"].get("url", "")).startswith("http")
    }
    # The browser's own errands (updates, accounts) are not the page's.
    assert not {url for url in asked if "127.0.0.1" in url or "localhost" in url}
    assert not re.search(
        r"https?://", re.sub(r"data:[^\"]*", "", report.read_text("utf-8")).split("<main>")[0]
    )
    shown = cv2.imread(str(picture))
    assert shown is not None
    red = np.all(np.abs(shown.astype(int) - (0, 0, 255)) < 30, axis=2)
    assert red.sum() > 50_000  # the figure is seen


def test_it_prints(report: Path) -> None:
    pdf = report.parent / "report.pdf"
    _browse(report, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    data = pdf.read_bytes()
    assert data.startswith(b"%PDF")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", data)) <= 12
