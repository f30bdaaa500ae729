"""Long arrays as Parquet: written row by row, read block by block, however long they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

__all__ = ["ParquetWriter", "read_blocks", "read_metadata"]

_ROWS = 2000  # in a row group: what is held in memory
_METADATA = b"mirrorsync"


class ParquetWriter:
    """Writes rows of named arrays into one Parquet file; use as a context manager.

    The same rows and metadata give the same bytes with the same pyarrow.

    Parameters
    ----------
    path : Path
        The file; replaced if it exists.
    columns : mapping of str to (dtype, width)
        NumPy type of each column, and how many numbers a cell holds: 0 for a plain number, else a list of
        that length.
    metadata : mapping, optional
        What JSON can hold; stored with the file.
    """

    def __init__(
        self, path: Path, columns: Mapping[str, tuple[str, int]], metadata: Mapping[str, Any] | None = None
    ) -> None:
        self._columns = dict(columns)
        fields = [pa.field(name, _type(dtype, width)) for name, (dtype, width) in self._columns.items()]
        schema = pa.schema(fields, {_METADATA: json.dumps(dict(metadata or {}))})
        self._writer = pq.ParquetWriter(str(path), schema, compression="zstd", write_statistics=False)
        self._schema = schema
        self._rows: list[tuple[Any, ...]] = []

    def add(self, *row: object) -> None:
        """Add one row: a number or an array of the column's width for each column, in their order."""
        self._rows.append(row)
        if len(self._rows) >= _ROWS:
            self._flush()

    def note(self, metadata: Mapping[str, Any]) -> None:
        """Store what is known only at the end; it takes the place of the metadata given at the start."""
        self._writer.add_key_value_metadata({_METADATA.decode(): json.dumps(dict(metadata))})

    def close(self) -> None:
        """Write what is left and finish the file."""
        if self._rows:
            self._flush()
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._writer.close()

    def _flush(self) -> None:
        cells = []
        for values, (dtype, width) in zip(zip(*self._rows, strict=True), self._columns.values(), strict=True):
            flat = np.asarray(values, dtype=dtype).reshape(-1)
            array = pa.array(flat, type=pa.from_numpy_dtype(np.dtype(dtype)))
            cells.append(pa.FixedSizeListArray.from_arrays(array, width) if width else array)
        self._writer.write_table(pa.Table.from_arrays(cells, schema=self._schema), row_group_size=_ROWS)
        self._rows = []


def read_blocks(path: Path) -> Iterator[dict[str, NDArray[Any]]]:
    """Yield the rows of a file that `ParquetWriter` wrote, block by block: by column (n,) or (n, width).

    Raises
    ------
    OSError
        The file cannot be read.
    ValueError
        It is no Parquet file, or a damaged one.
    """
    with pq.ParquetFile(str(path)) as file:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, use_threads=False)
            yield {name: _numbers(table.column(name)) for name in table.column_names}


def read_metadata(path: Path) -> dict[str, Any]:
    """Return the metadata that the file was written with; raises as `read_blocks` does."""
    stored = pq.read_metadata(str(path)).metadata or {}
    found: dict[str, Any] = json.loads(stored.get(_METADATA, b"{}"))
    return found


def _type(dtype: str, width: int) -> pa.DataType:
    number = pa.from_numpy_dtype(np.dtype(dtype))
    return pa.list_(number, width) if width else number


def _numbers(column: pa.ChunkedArray[Any]) -> NDArray[Any]:
    whole: Any = column.combine_chunks()
    if pa.types.is_fixed_size_list(column.type):
        flat: NDArray[Any] = whole.flatten().to_numpy(zero_copy_only=False)
        return flat.reshape(len(whole), -1)
    numbers: NDArray[Any] = whole.to_numpy(zero_copy_only=False)
    return numbers
