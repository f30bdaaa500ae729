"""Rows of a long session in little memory, given back as they were."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["RepeatedRows", "Shares"]

_STEPS = 255.0  # of a visibility, as the session keeps it


class RepeatedRows:
    """Rows of float32, most of them like the one before, such as a neutral that has been learnt.

    Examples
    --------
    >>> rows = RepeatedRows(3)
    >>> for at, value in enumerate((1.0, 1.0, np.nan)):
    ...     rows.put(at, np.array([value]))
    >>> rows[np.array([2, 0])].ravel().tolist(), rows.different
    ([nan, 1.0], 2)
    """

    def __init__(self, n: int) -> None:
        self._which = np.zeros(n, dtype=np.int32)
        self._rows: list[NDArray[np.float32]] = []
        self._last = b""

    @property
    def different(self) -> int:
        """How many rows are kept."""
        return len(self._rows)

    def put(self, at: int, row: NDArray[np.floating]) -> None:
        """Keep the row of a place; places come in order."""
        narrow = row.astype(np.float32)
        if (now := narrow.tobytes()) != self._last:
            self._rows.append(narrow)
            self._last = now
        self._which[at] = len(self._rows) - 1

    def __getitem__(self, places: Any) -> NDArray[np.floating]:
        which = self._which[places]
        if isinstance(which, np.int32):
            return self._rows[which]
        numbers, back = np.unique(which, return_inverse=True)
        return np.stack([self._rows[number] for number in numbers])[back.reshape(which.shape)]


class Shares:
    """Rows of shares 0–1 that a session keeps as one byte each, such as visibilities.

    Examples
    --------
    >>> shares = Shares(2, 3)
    >>> shares.put(1, np.array([0.0, 51 / 255, 1.0]))
    >>> shares[1].tolist() == np.array([0.0, 51 / 255, 1.0], dtype=np.float32).tolist()
    True
    """

    def __init__(self, n: int, width: int) -> None:
        self._steps = np.zeros((n, width), dtype=np.uint8)

    def put(self, at: int, row: NDArray[np.floating]) -> None:
        """Keep the row of a place."""
        self._steps[at] = np.rint(row * _STEPS)

    def __getitem__(self, places: Any) -> NDArray[np.floating]:
        shares: NDArray[np.floating] = (self._steps[places] / _STEPS).astype(np.float32)
        return shares
