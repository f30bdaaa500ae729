"""The page: whole, harmless whatever was written, and with nothing in it that was not asked for."""

from __future__ import annotations

import dataclasses
import re
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest
from made_sessions import META, snapshots, store

from mirrorsync.errors import ExportError
from mirrorsync.report.content import (
    ChannelPart,
    Figure,
    Moment,
    Note,
    Picture,
    ReportContent,
    _gist,
    gather,
    read_through,
)
from mirrorsync.report.page import render, write_page
from mirrorsync.report.words import ChannelNumbers, lead_words, verdict
from mirrorsync.session.meta import InputInfo
from mirrorsync.session.reader import SessionReader
from mirrorsync.session.store import SessionWriter

NASTY = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} {% raw %}",
    "=cmd()|' /C calc'!A0",
    "🙂 שלום עולם مرحبا \u202eabc",
    "x" * 100_000,
    "</div></section>\n\tsecond line  with  spaces",
)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> ReportContent:
    path = store(tmp_path_factory.mktemp("report") / "s.mirrorsync", snapshots(400))
    with SessionReader(path) as reader:
        return gather(
            reader,
            read_through(reader),
            figures=[Figure("Timeline", "image/svg+xml", b"<svg/>", "Head rises, then falls.")],
            moments=[Moment(3.0, "Later", "b"), Moment(1.0, "Earlier", "a")],
            excluded=[(2.0, 3.5)],
        )


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.notes: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[str] = []
        self._in: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append((tag, values))
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if values.get("class") == "note":
            self._in.append(tag)
            self.notes.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._in and self._in[-1] == tag:
            self._in.pop()

    def handle_data(self, data: str) -> None:
        if self._in:
            self.notes[-1] += data


def _parsed(content: ReportContent) -> _Page:
    page = _Page()
    page.feed(render(content))
    return page


def test_notes_come_back_unchanged_and_harmless(content: ReportContent) -> None:
    notes = tuple(Note(text, float(at)) for at, text in enumerate(NASTY))
    page = _parsed(dataclasses.replace(content, notes=notes, label_a="<b>Ann</b>"))
    assert page.notes == list(NASTY)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "b", "iframe", "object", "form"}
    assert not [key for _, values in page.tags for key in values if key.startswith("on")]


def test_the_page_needs_nothing_else(content: ReportContent) -> None:
    text = render(content)
    assert "default-src 'none'" in text
    addresses = re.findall(r"(?:src|href)=\"([^\"]*)\"", text) + re.findall(r"url\(([^)]*)\)", text)
    assert addresses
    assert all(address.startswith("data:") for address in addresses)
    assert "@import" not in text


def test_there_are_no_pictures_or_notes_unless_asked_for(content: ReportContent) -> None:
    assert '<h2 id="pictures">' not in render(content)
    assert '<h2 id="notes">' not in render(content)
    shown = dataclasses.replace(content, pictures=(Picture(2.0, "image/jpeg", b"\xff\xd8", "Both laugh"),))
    assert '<h2 id="pictures">' in render(shown)


def test_a_screen_reader_finds_its_way(content: ReportContent) -> None:
    page = _parsed(content)
    assert page.headings[0] == "h1"
    assert page.headings.count("h1") == 1
    assert all(values.get("alt") for tag, values in page.tags if tag == "img")
    assert ("html", {"lang": "en"}) in page.tags
    headers = [values for tag, values in page.tags if tag == "th"]
    assert headers
    assert all(values.get("scope") in ("col", "row") for values in headers)
    identities = [values["id"] for _, values in page.tags if "id" in values]
    assert len(identities) == len(set(identities))
    assert all(
        values["aria-labelledby"] in identities for _, values in page.tags if "aria-labelledby" in values
    )


def test_moments_stand_in_order_and_nothing_missing_is_a_number(content: ReportContent) -> None:
    text = render(content)
    assert text.index("Earlier") < text.index("Later")
    assert "Left out of this report: 0:02–0:03." in text
    assert not re.search(r"\bnan\b", text)
    assert "None" not in text


def test_folders_stay_at_home(tmp_path: Path) -> None:
    """A page for a supervisor names files, and nothing else of where they lie."""
    folder = "/home/ann/clients/Jane Doe"
    meta = dataclasses.replace(META, feed_a=f"{folder}/a.mp4", feed_b=f"{folder}/b.mp4#left",
        inputs=(InputInfo(f"{folder}/a.mp4", "ef" * 32, 10, 25.0, 1.0),))  # fmt: skip
    with SessionWriter(tmp_path / "s.mirrorsync", meta) as writer:
        for one in snapshots(20):
            writer.add(one)
    with SessionReader(tmp_path / "s.mirrorsync") as reader:
        text = render(gather(reader, read_through(reader)))
    assert f"a.mp4 · SHA-256 {'ef' * 32}" in text
    assert "b.mp4 (left part)" in text
    assert "Jane Doe" not in text
    assert "/home" not in text


def test_what_one_of_many_measures_shows_by_accident_is_not_claimed() -> None:
    one = {
        "mean": 0.6,
        "effect_size": 2.0,
        "coverage": 0.9,
        "peak_lag_s": 1.8,
        "a_leads_share": 0.3,
        "b_leads_share": 0.2,
    }

    def gist(*p_values: float) -> str:
        parts = []
        for name, p in zip(("posture_alignment", "head_synchrony", "body_synchrony"), p_values, strict=True):
            numbers = ChannelNumbers(name, p_value=p, **one)
            parts.append(ChannelPart(numbers, "", verdict(numbers), lead_words(numbers, a="Ann", b="Ben")))
        return " ".join(_gist(60.0, parts, "Ann", "Ben"))

    assert "Nothing here differs" in gist(0.5, 0.6, 0.74)
    assert "More than chance would give: head." in gist(0.5, 0.005, 0.74)
    numbers = ChannelNumbers("head_synchrony", p_value=0.03, p_family=0.09, **one)
    assert verdict(numbers).startswith("Not told apart from chance")
    assert lead_words(numbers, a="Ann", b="Ben") == ""


def test_the_same_session_gives_the_same_page(content: ReportContent) -> None:
    assert render(content) == render(content)


def test_the_file_is_the_owners_and_whole_or_not_there(content: ReportContent, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "report.html"
    write_page(content, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text("utf-8") == render(content)
    assert [one.name for one in path.parent.iterdir()] == ["report.html"]
    with pytest.raises(ExportError, match="cannot be written"):
        write_page(content, path / "below a file" / "report.html")
