"""The documentation builds strictly, and the finished pages load nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "video": "src", "audio": "src"}
PAGE_LINKS = {"canonical", "prev", "next", "edit"}


class _Loads(HTMLParser):
    """Collects what a page loads when it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        address = values.get(LOADS.get(tag, ""))
        if address and values.get("rel") not in PAGE_LINKS:
            self.found.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_every_page_is_there(site: Path) -> None:
    names = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    wanted = {"index.html", "methods.html", "privacy.html", "columns.html", "settings.html", "commands.html"}
    assert wanted <= names
    assert {f"first-steps/{who}.html" for who in ("coach", "trainee", "researcher")} <= names


def test_the_generated_pages_hold_what_the_program_has(site: Path) -> None:
    from mirrorsync.export.dictionary import dictionary_rows
    from mirrorsync.settings import SETTINGS

    columns = (site / "columns.html").read_text("utf-8")
    assert all(f"<code>{name}</code>" in columns for _, name, *_ in dictionary_rows())
    settings = (site / "settings.html").read_text("utf-8")
    assert all(f"<code>{name}</code>" in settings for name in SETTINGS)
    commands = (site / "commands.html").read_text("utf-8")
    assert all(f"mirrorsync {name}" in commands for name in ("analyze", "demo", "series", "doctor"))


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        loads = _Loads()
        loads.feed(page.read_text("utf-8"))
        assert loads.found
        assert [one for one in loads.found if re.match(r"(https?:)?//", one)] == [], page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", sheet.read_text("utf-8")), sheet
