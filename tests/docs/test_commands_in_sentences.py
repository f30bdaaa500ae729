"""Commands in sentences and in the README's indented lines: run where that can be, known where not."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer
from doc_pages import ROOT
from test_examples_run import _run, folder  # noqa: F401 - a fixture

from mirrorsync.cli.app import app

PAGES = ("README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))
NOT_RUN = {
    "scripts/demo.sh": "sets up this very checkout, as scripts/setup.sh did before these tests",
    "scripts/test.sh": "runs these tests",
    "py -3 -m venv .venv": "Windows",
    r".venv\Scripts\python -m pip install --require-hashes -r scripts\requirements.lock": "Windows",
    r".venv\Scripts\python -m pip install --no-deps --no-build-isolation -e .": "Windows",
    r".venv\Scripts\mirrorsync assets fetch": "Windows",
    r".venv\Scripts\mirrorsync demo": "Windows",
    "mirrorsync live camera:0 call.mp4#right": "needs a camera; tests/ui open the window with other feeds",
    "mirrorsync live camera:0 screen:640,120,960,540": "needs a camera and a display",
}
"""The README's indented lines that are not run, and why."""
OTHER_PROGRAMS = {"ffmpeg -i call.mp4 -g 25 -c:a copy jumps.mp4": "ffmpeg is no part of MirrorSync"}


def indented() -> list[str]:
    """Return the README's lines that stand as commands."""
    return [
        line.strip()
        for line in re.findall(r"^    \S.*$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    ]


def inline(page: str) -> list[str]:
    """Return the commands within a page's sentences and tables."""
    text = (ROOT / page).read_text("utf-8")
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"`((?:\.venv/bin/)?(?:mirrorsync|ffmpeg) [^`]+)`", text)


@pytest.mark.parametrize("line", [line for line in indented() if line not in NOT_RUN])
def test_what_the_readme_says_can_be_done(line: str, folder: Path) -> None:  # noqa: F811 - a fixture
    if not (folder / "session.mp4").exists():
        shutil.copyfile(folder / "call.mp4", folder / "session.mp4")
    words = shlex.split(line)
    assert words[0] == "mirrorsync", f"{line}: run it here, or say in NOT_RUN why not"
    _run(words, folder)


def test_what_is_not_run_is_still_there() -> None:
    assert set(NOT_RUN) <= set(indented())
    assert set(OTHER_PROGRAMS) <= {command for page in PAGES for command in inline(page)}


@pytest.mark.parametrize("page", [page for page in PAGES if inline(page)])
def test_a_command_in_a_sentence_exists_with_its_options(page: str) -> None:
    for line in inline(page):
        if line in OTHER_PROGRAMS:
            continue
        words = shlex.split(line)[1:]
        command: Any = typer.main.get_command(app)
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        bare = [word for word in words if not word.startswith("--")]
        assert not (bare and getattr(command, "commands", {})), f"{page}: {line}: no such command"
        known = {option for each in command.params for option in each.opts} | {"--help", "--debug"}
        unknown = [word for word in words if word.startswith("--") and word not in known]
        assert unknown == [], f"{page}: {line}"
