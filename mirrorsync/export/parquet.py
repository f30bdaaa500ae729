"""The tables as Parquet files: typed columns, with unit and meaning in each field's metadata."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from mirrorsync.export.dictionary import COLUMNS, TEXT, Column

__all__ = ["arrow_schema", "write_parquet"]

_BLOCK_BYTES = 4 * 2**20


def arrow_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Return Arrow's schema of a table of the data dictionary.

    Words are strings, 0/1 booleans, other whole numbers int64, the rest float64; `unit`, `range` and
    `meaning` stand in each field's metadata.
    """
    return pa.schema(
        [
            pa.field(
                column.name,
                _type(column),
                metadata={"unit": column.unit, "range": column.range, "meaning": column.meaning},
            )
            for column in columns
        ]
    )


def _type(column: Column) -> Any:
    if column.digits == TEXT:
        return pa.string()
    if column.unit == "0/1":
        return pa.bool_()
    return pa.int64() if column.digits == 0 else pa.float64()


def write_parquet(tables: Path, folder: Path) -> list[Path]:
    """Turn the CSV files of an analysis in `tables` into Parquet in `folder`; return the new paths.

    The numbers are those of the CSV files, digit for digit; an empty cell is null. summary.json, when there
    is one, goes into the metadata of every file as `mirrorsync`. Files are read in blocks, however long.

    Raises
    ------
    OSError
        A file cannot be read or written.
    """
    summary = tables / "summary.json"
    about = json.dumps(json.loads(summary.read_text("utf-8"))) if summary.is_file() else "{}"
    paths = []
    for name, columns in COLUMNS.items():
        schema = arrow_schema(columns).with_metadata({"mirrorsync": about})
        path = folder / Path(name).with_suffix(".parquet").name
        convert = pc.ConvertOptions(
            column_types=dict(zip(schema.names, schema.types, strict=True)),
            include_columns=schema.names,
            null_values=[""],
            strings_can_be_null=True,
            true_values=["1"],
            false_values=["0"],
        )
        reading = pc.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES)
        with (
            pc.open_csv(tables / name, read_options=reading, convert_options=convert) as batches,
            pq.ParquetWriter(path, schema, compression="zstd") as writer,
        ):
            for batch in batches:
                writer.write_table(pa.Table.from_batches([batch]).cast(schema))
        paths.append(path)
    return paths
