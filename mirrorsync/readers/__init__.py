"""Series that other programs measured: motion energy, OpenFace, Py-feat, our own features, plain columns."""

from mirrorsync.readers.reading import KINDS, kind_of, read
from mirrorsync.readers.series_table import SeriesTable

__all__ = ["KINDS", "SeriesTable", "kind_of", "read"]
