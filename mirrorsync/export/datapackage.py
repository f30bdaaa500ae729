"""A session as a Data Package: the CSV files, and datapackage.json with a table schema of each.

https://specs.frictionlessdata.io/tabular-data-package/ (version 1). The schemas come from the same data
dictionary as the columns.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from mirrorsync.checksums import file_sha256
from mirrorsync.export.dictionary import COLUMNS, DICTIONARY_HEADER, TEXT, Column
from mirrorsync.export.summary import LEADERS, MEANINGS

__all__ = ["table_schema", "write_datapackage"]

_TITLES = {
    "frames.csv": "Scores of every tick of the common clock",
    "features_a.csv": "What was measured of A at every tick",
    "features_b.csv": "What was measured of B at every tick",
    "windows.csv": "Lagged correlations of each window",
    "turns.csv": "Who spoke when, and how",
    "columns.csv": "What every column means",
}
_KEYS = {
    "frames.csv": ["tick"],
    "features_a.csv": ["time_s"],
    "features_b.csv": ["time_s"],
    "windows.csv": ["channel", "window"],
    "turns.csv": ["person", "start_s"],
    "columns.csv": ["file", "column"],
}
_SPAN = re.compile(r"(-?[\d.]+) (?:to (-?[\d.]+)|upward)")


def table_schema(columns: tuple[Column, ...], key: list[str]) -> dict[str, Any]:
    """Return the Table Schema of a table of the data dictionary."""
    return {"fields": [_field(column) for column in columns], "missingValues": [""], "primaryKey": key}


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": "number", "description": column.meaning}
    if column.digits == TEXT:
        field["type"] = "string"
        field["constraints"] = {"enum": column.range.split(", ")}
    elif column.unit == "0/1":
        field |= {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]}
    elif column.digits == 0:
        field["type"] = "integer"
    found = _SPAN.fullmatch(column.range)
    if found is not None and field["type"] in {"number", "integer"}:
        low, high = found.groups()
        field["constraints"] = {"minimum": float(low)} | ({"maximum": float(high)} if high else {})
    return field | {"unit": column.unit}


def write_datapackage(tables: Path, folder: Path, *, name: str = "session") -> list[Path]:
    """Copy the CSV files and summary.json of an analysis into `folder` and describe them.

    Parameters
    ----------
    tables : Path
        Folder with the files of an analysis.
    folder : Path
        Where the package goes; `datapackage.json` is its description.
    name : str
        What the package is called; becomes lower case with hyphens, as the standard asks.

    Raises
    ------
    OSError
        A file cannot be read or written.
    """
    resources: list[dict[str, Any]] = []
    paths = []
    schemas = {file: table_schema(columns, _KEYS[file]) for file, columns in COLUMNS.items()}
    schemas["columns.csv"] = {
        "fields": [{"name": column, "type": "string"} for column in DICTIONARY_HEADER],
        "primaryKey": _KEYS["columns.csv"],
    }
    for file, schema in schemas.items():
        path = folder / file
        shutil.copyfile(tables / file, path)
        dialect = {"delimiter": ",", "lineTerminator": "\n", "header": True}
        more = {"profile": "tabular-data-resource", "dialect": dialect, "schema": schema}
        resources.append(_resource(path, "csv", "text/csv", _TITLES[file]) | more)
        paths.append(path)
    if (tables / "summary.json").is_file():
        path = folder / "summary.json"
        shutil.copyfile(tables / "summary.json", path)
        title = "Means, chance, effect sizes, parameters, versions and inputs"
        told = "; ".join(f"{name}: {meaning}" for name, meaning in MEANINGS.items())
        null = "Null where there was too little to say."
        about = {"description": f"Of every channel {told}. Of the session {LEADERS}. {null}"}
        resources.append(_resource(path, "json", "application/json", title) | about)
        paths.append(path)
    package = {
        "profile": "data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-.") or "session",
        "title": "Interpersonal synchrony of two people, measured by MirrorSync",
        "description": "A positive lag means that B follows A. Missing is an empty cell.",
        "resources": resources,
    }
    path = folder / "datapackage.json"
    path.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return [*paths, path]


def _resource(path: Path, kind: str, media_type: str, title: str) -> dict[str, Any]:
    return {
        "name": path.stem.replace("_", "-"),
        "path": path.name,
        "title": title,
        "format": kind,
        "mediatype": media_type,
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_sha256(path)}",
    }
