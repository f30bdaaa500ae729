"""The examples in the documentation's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Block:
    page: str
    language: str
    text: str


def blocks(page: str) -> Iterator[Block]:
    text = (ROOT / page).read_text("utf-8")
    for language, body in re.findall(r"^```(\w*)[^\n]*\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        yield Block(page, language, body)


def needs_cluster(block: Block) -> bool:
    """Whether an example speaks to a cluster; these are run by a test of their own."""
    return "--cluster" in block.text or "SLURMCluster" in block.text
