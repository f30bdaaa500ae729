"""A report as one HTML file that needs nothing else: no network, no script, no other file."""

from __future__ import annotations

import base64
import math
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from mirrorsync.errors import ExportError
from mirrorsync.report.content import ReportContent
from mirrorsync.report.words import clock, coverage_words, signed
from mirrorsync.version import __version__

__all__ = ["render", "write_page"]

_WIDEST = 30.0  # spreads of chance at either end of the scale

_ENVIRONMENT = Environment(
    loader=PackageLoader("mirrorsync.report"),
    autoescape=True,  # what people wrote is text and never becomes part of the page
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(content: ReportContent) -> str:
    """Return the page; the same content gives the same text."""
    template = _ENVIRONMENT.get_template("report.html.j2")
    return template.render(
        report=content,
        version=__version__,
        when=_date(content.created),
        clock=clock,
        coverage=coverage_words,
        data_address=_data_address,
        signed=_signed,
        number=_number,
        along=_along,
        kept=_kept,
    )


def write_page(content: ReportContent, path: Path) -> None:
    """Write the report to `path`, whole or not at all, readable by its owner only.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    text = render(content)
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".partial-", suffix=".html", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
        raise ExportError(
            f"The report cannot be written to {path} ({error.strerror or error}); "
            "choose a place you may write to, with room on the disk."
        ) from error


def _data_address(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"


def _kept(text: str) -> str:
    """Return a sentence in which no line ends between a number and its percent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _date(created: str | None) -> str:
    if created is None:
        return "date not recorded"
    try:
        return datetime.fromisoformat(created).strftime("%d %B %Y, %H:%M").lstrip("0")
    except ValueError:
        return created


def _number(value: float, digits: int = 2) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _signed(value: float) -> str:
    return "–" if math.isnan(value) else signed(value)


def _along(effect_size: float) -> float:
    """Return where an effect size stands on the scale of the page, 0–1: the middle is chance.

    Linear near chance and narrower farther out, so that one spread can be seen and twenty still fit.
    """
    return 0.5 + 0.5 * math.asinh(max(-_WIDEST, min(_WIDEST, effect_size))) / math.asinh(_WIDEST)
