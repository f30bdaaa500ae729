"""A hook of MkDocs: the pages that are made from the program itself, so that they cannot be out of date."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

__all__ = ["columns_page", "commands_page", "notebook_page", "on_files", "settings_page"]

DOCS = Path(__file__).resolve().parent


def on_files(files: Files, /, *, config: MkDocsConfig) -> Files:
    """Add the generated pages (called by MkDocs)."""
    for name, content in (
        ("columns.md", columns_page()),
        ("settings.md", settings_page()),
        ("commands.md", commands_page()),
        ("tutorial.md", notebook_page(DOCS / "tutorial.ipynb")),
    ):
        files.append(File.generated(config, name, content=content))
    return files


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _table(titles: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def columns_page() -> str:
    """Return the page of every column of every file of `mirrorsync analyze`."""
    from mirrorsync.export.dictionary import dictionary_rows

    text = [
        "# Columns of the files\n",
        "Made from the same table as the files and their `columns.csv`. Missing is an empty cell. A is you, "
        "the first feed; B is the partner. A positive lag means that B follows A.\n",
    ]
    by_file: dict[str, list[tuple[object, ...]]] = {}
    for file, name, *rest in dictionary_rows():
        by_file.setdefault(file, []).append((f"`{name}`", *rest))
    for file, rows in by_file.items():
        text += [f"## {file}\n", _table(("column", "unit", "range", "meaning"), rows)]
    return "\n".join(text)


def settings_page() -> str:
    """Return the page of every setting."""
    from mirrorsync.settings import SETTINGS

    text = [
        "# Settings\n",
        "Everything that can be set, in the settings dialog or as lines of a TOML file for `--config`, such "
        "as `window_s = 5.0`. Those that change scores are stored with every session.\n",
    ]
    groups: dict[str, list[tuple[object, ...]]] = {}
    for setting in SETTINGS.values():
        default = json.dumps(setting.default, ensure_ascii=False)
        groups.setdefault(setting.group, []).append(
            (
                f"`{setting.name}`", f"`{default}`", setting.describe(), setting.help,
                "yes" if setting.affects_scores else "no",
            )
        )  # fmt: skip
    for group, rows in groups.items():
        titles = ("name", "default", "takes", "what it is", "changes scores")
        text += [f"## {group.capitalize()}\n", _table(titles, rows)]
    return "\n".join(text)


def commands_page() -> str:
    """Return the page of every command with its help."""
    os.environ.setdefault("COLUMNS", "100")
    import typer

    from mirrorsync.cli.app import app

    whole: Any = typer.main.get_command(app)
    text = [
        "# Commands\n",
        "Exit codes: 0 done, 2 wrong usage, 1 anything else, with one plain sentence. `--debug` with any "
        "command shows the traceback.\n",
    ]
    pending = [("mirrorsync", whole)]
    while pending:
        path, command = pending.pop(0)
        inner = getattr(command, "commands", {})
        if path != "mirrorsync" and not getattr(command, "hidden", False):
            context = command.make_context(path, [], resilient_parsing=True)
            text += [f"## {path}\n", f"```text\n{command.get_help(context).strip()}\n```\n"]
        pending = [(f"{path} {name}", one) for name, one in sorted(inner.items())] + pending
    return "\n".join(text)


def notebook_page(path: Path) -> str:
    """Return a notebook as a page: its text, its code, and the texts that the code printed."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = []
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text.append(source)
        elif cell["cell_type"] == "code":
            text.append(f"```python\n{source}\n```")
    return "\n\n".join(text) + "\n"
