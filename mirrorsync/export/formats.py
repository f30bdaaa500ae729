"""The formats that a session can be written in; light, so that a command's help is quick."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Format"]


class Format(StrEnum):
    """What to write."""

    CSV = "csv"
    PARQUET = "parquet"
    RMEA = "rmea"
    ELAN = "elan"
    TEXTGRID = "textgrid"
    DATAPACKAGE = "datapackage"
    BIDS = "bids"
