"""Series that other programs measured: motion energy, OpenFace, Py-feat, our own features, plain columns."""

from mirrorsync.readers.reading import KINDS, exists, kind_of, read, split_part
from mirrorsync.readers.series_table import SeriesTable

__all__ = ["KINDS", "SeriesTable", "exists", "kind_of", "read", "split_part"]
