"""Every example in a docstring of the package is run."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import mirrorsync

PACKAGE = Path(mirrorsync.__file__).parent
WITH_EXAMPLES = sorted(
    ".".join(("mirrorsync", *path.relative_to(PACKAGE).with_suffix("").parts))
    for path in PACKAGE.rglob("*.py")
    if ">>> " in path.read_text("utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    module = importlib.import_module(name.removesuffix(".__init__"))
    found = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert found.attempted
    assert not found.failed


def test_there_are_examples() -> None:
    assert {"mirrorsync.library", "mirrorsync.batches.groups"} <= set(WITH_EXAMPLES)
