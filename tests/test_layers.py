"""Heavy libraries stay behind their one door; import-linter (pyproject.toml) sees to layers and cycles."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from patience import patient_s

import mirrorsync

PACKAGE = Path(mirrorsync.__file__).parent


def part_of(path: Path) -> str:
    """Return the folder (or top module) of a module of the package; "" for the package's own __init__."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imported(tree: ast.AST, package: str) -> Iterator[str]:
    """Yield the full names that a module of `package` imports, at its top or inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base]) if base else ".".join(parents)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def modules() -> list[tuple[Path, str, ast.Module]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        package = ".".join(["mirrorsync", *path.relative_to(PACKAGE).parts[:-1]])
        found.append((path, package, ast.parse(path.read_text("utf-8"))))
    return found


def names_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_mediapipe_is_imported_in_one_place() -> None:
    places = {
        names_of(path)
        for path, package, tree in modules()
        if any(name.split(".")[0] == "mediapipe" for name in imported(tree, package))
    }
    assert places == {"landmarks/mediapipe_tasks.py"}


def test_video_capture_is_used_in_one_place() -> None:
    places = {
        names_of(path)
        for path, _, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "VideoCapture")
        or (isinstance(node, ast.alias) and node.name == "VideoCapture")
    }
    assert places == {"capture/opencv.py"}


def test_below_the_window_qt_is_imported_in_one_place() -> None:
    places = {
        (names_of(path), ".".join(name.split(".")[:2]))
        for path, _, tree in modules()
        if part_of(path) not in {"ui", "cli"}
        for name in imported(tree, "mirrorsync")
        if name.split(".")[0] in {"PyQt6", "pyqtgraph"}
    }
    modules_of_qt = ("PyQt6.QtCore", "PyQt6.QtGui", "PyQt6.QtMultimedia")
    assert places == {("capture/screen.py", name) for name in modules_of_qt}


def test_no_module_grows_past_500_lines() -> None:
    long = {names_of(path): len(path.read_text("utf-8").splitlines()) for path, _, _ in modules()}
    assert {name: lines for name, lines in long.items() if lines > 500} == {}


def loaded_by(code: str) -> set[str]:
    """Run `code` in a Python of its own; return the top-level packages it loaded."""
    report = "\nimport sys\nprint(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code + report],
        capture_output=True,
        text=True,
        timeout=patient_s(60),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("stage", ["synchrony", "features"])
def test_the_analysis_is_a_library_on_numpy(stage: str) -> None:
    code = (
        f"import importlib, pkgutil, mirrorsync.{stage} as stage\n"
        "for module in pkgutil.walk_packages(stage.__path__, stage.__name__ + '.'):\n"
        "    importlib.import_module(module.name)"
    )
    loaded = loaded_by(code)
    assert "numpy" in loaded
    assert loaded & {"PyQt6", "pyqtgraph", "cv2", "mediapipe"} == set()


def test_help_loads_nothing_heavy() -> None:
    loaded = loaded_by("from mirrorsync.__main__ import main\nassert main(['--help']) == 0")
    assert "typer" in loaded
    assert loaded & {"numpy", "scipy", "cv2", "mediapipe", "PyQt6", "pyqtgraph"} == set()
