"""The command line's manners: exit codes, one sentence, help with an example."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from patience import patient_s

from mirrorsync import __version__
from mirrorsync.__main__ import main
from mirrorsync.cli import app as cli_app
from mirrorsync.errors import AssetError, UsageError


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command and group, with the words that call it."""
    waiting: list[tuple[str, Any]] = [("", typer.main.get_command(cli_app.app))]
    while waiting:
        words, command = waiting.pop()
        yield words, command
        waiting += [
            (f"{words} {name}".strip(), each) for name, each in getattr(command, "commands", {}).items()
        ]


@pytest.mark.parametrize("words", [words for words, _ in commands()])
def test_every_command_has_help_with_an_example(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words.split(), "--help"]) == 0
    shown = capsys.readouterr()
    assert "Usage: mirrorsync" in shown.out
    assert re.search(r"Examples?:\s+mirrorsync", shown.out)
    assert shown.err == ""


PROMISED = (
    "live", "demo", "analyze", "review", "export", "report", "series", "batch", "assets", "assets list",
    "assets fetch", "assets verify", "devices", "doctor", "bench",
)  # fmt: skip


def test_every_command_that_was_promised_is_there() -> None:
    """What people script against; more may be added, none may go."""
    assert set(PROMISED) <= {words for words, _ in commands()}


def test_the_readme_names_every_command() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    shown = [words.split()[0] for words, each in commands() if words and not each.hidden]
    missing = [words for words in shown if f"`mirrorsync {words}" not in readme]
    assert missing == []


def test_bare_assets_lists_as_data_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "--json"]) == 0
    bare = capsys.readouterr().out
    assert main(["assets", "list", "--json"]) == 0
    assert capsys.readouterr().out == bare


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"mirrorsync {__version__}"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["dance"], "No such command 'dance'"),
        (["--fast"], "No such option: --fast"),
        (["assets", "list", "--fast"], "No such option: --fast"),
        (["assets", "list", "--models-dir"], "requires an argument"),
        (["assets", "--json", "list"], "Put the options behind the word"),
        (["series", "x.csv", "--method", "foo"], "'--method': 'foo' is not one of 'rmea', 'susy'"),
    ],
)
def test_wrong_usage_is_code_2_and_one_line(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert complaint in shown.err
    assert "--help" in shown.err or "behind the word" in shown.err
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (AssetError("No model."), 1, "mirrorsync: No model.\n"),
        (UsageError("No such feed."), 2, "mirrorsync: No such feed.\n"),
        (KeyboardInterrupt(), 1, "mirrorsync: stopped.\n"),
    ],
)
def test_an_error_becomes_one_sentence(
    error: BaseException,
    code: int,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("mirrorsync.assets.asset_states", fail)
    assert main(["assets", "list"]) == code
    assert capsys.readouterr().err == sentence


def test_what_nobody_foresaw_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("mirrorsync.assets.asset_states", fail)
    assert main(["assets", "list"]) == 1
    shown = capsys.readouterr().err
    assert "--debug" in shown
    assert "Traceback" not in shown
    with pytest.raises(ZeroDivisionError):
        main(["assets", "list", "--debug"])


def test_a_reader_that_leaves_early_gets_no_traceback() -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "mirrorsync", "assets", "list", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    program.stdout.close()
    assert program.stderr is not None
    complaint = program.stderr.read()
    program.stderr.close()
    assert program.wait(timeout=patient_s(60)) == 1
    assert complaint == ""
