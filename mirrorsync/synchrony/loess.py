"""The smoother of wcc's peak picking, as one matrix: R's `loess(degree = 2)`, then R's `spline`.

R fits local quadratics only at the vertices of a tree of cells and blends between them with cubics
(Cleveland & Grosse 1991, 10.1007/BF01890836), and draws splines with the end conditions of Forsythe, Malcolm
& Moler (1977). For evenly spaced points both are linear in the values, so that smoothing every row of a
grid is one product of matrices.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mirrorsync.types import FloatArray

__all__ = ["loess_then_spline"]

_CELL = 0.2  # R's loess.control(cell = 0.2): cells of fewer than span · cell · n points are not cut
_MARGIN = 0.005  # R widens the outer cell by this share of the range at either end


@lru_cache(maxsize=8)
def loess_then_spline(n: int, span: float) -> FloatArray:
    """Return the matrix (2n − 1, n) that smooths n evenly spaced values and halves their spacing."""
    matrix = _spline_matrix(n) @ _loess_matrix(n, span)
    matrix.flags.writeable = False
    return matrix


def _loess_matrix(n: int, span: float) -> FloatArray:
    """Return the matrix (n, n) from values at 1 … n to loess's fit at 1 … n."""
    x = np.arange(1.0, n + 1)
    vertices = _vertices(n, int(n * span * _CELL))
    fits = np.stack([_local_quadratic(x, vertex, span) for vertex in vertices])  # (n_vertices, 2, n)
    cell = np.clip(np.searchsorted(vertices, x, side="left") - 1, 0, len(vertices) - 2)
    width = (vertices[cell + 1] - vertices[cell])[:, None]
    h = ((x - vertices[cell])[:, None]) / width
    # Cubic Hermite blending of values and slopes at both ends of the cell
    blended: FloatArray = (
        (1 - h) ** 2 * (1 + 2 * h) * fits[cell, 0]
        + h**2 * (3 - 2 * h) * fits[cell + 1, 0]
        + width * h * (1 - h) ** 2 * fits[cell, 1]
        - width * h**2 * (1 - h) * fits[cell + 1, 1]
    )
    return blended


def _vertices(n: int, most: int) -> FloatArray:
    """Return the ends of the cells: halved at the middle point while one holds more than `most` points."""
    margin = _MARGIN * (n - 1)
    ends = {1.0 - margin, n + margin}
    cells = [(1, n, 1.0 - margin, n + margin)]
    while cells:
        low, high, left, right = cells.pop()
        middle = (low + high) // 2
        if high - low + 1 <= most or middle in (left, right):
            continue
        ends.add(float(middle))
        cells += [(low, middle, left, float(middle)), (middle + 1, high, float(middle), right)]
    return np.array(sorted(ends))


def _local_quadratic(x: FloatArray, at: float, span: float) -> FloatArray:
    """Return the rows (2, n) that give value and slope at `at` of the quadratic fitted around it."""
    near = int(x.size * span + 1e-5)
    distance = np.abs(x - at)
    chosen = np.argsort(distance, kind="stable")[:near]
    weight = np.sqrt((1 - np.minimum(distance[chosen] / distance[chosen].max(), 1.0) ** 3) ** 3)  # tricube
    design = weight[:, None] * (x[chosen] - at)[:, None] ** np.arange(3)
    rows = np.zeros((2, x.size))
    rows[:, chosen] = np.linalg.pinv(design)[:2] * weight
    return rows


def _spline_matrix(n: int) -> FloatArray:
    """Return the matrix (2n − 1, n) from n evenly spaced values to the spline at every half step."""
    # Unknown: second derivatives / 6 at the knots. Ends: the third derivative of the cubic through the
    # four outermost points.
    system = np.diag(np.full(n, 4.0)) + np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)
    right = np.zeros((n, n))
    inner = np.arange(1, n - 1)
    right[inner, inner - 1], right[inner, inner], right[inner, inner + 1] = 1.0, -2.0, 1.0
    third = np.array([-1.0, 3.0, -3.0, 1.0]) / 6
    system[0, :2], right[0, :4] = (-1.0, 1.0), third
    system[-1, -2:], right[-1, -4:] = (-1.0, 1.0), third
    bend = np.linalg.solve(system, right)
    matrix = np.zeros((2 * n - 1, n))
    matrix[::2] = np.eye(n)
    matrix[1::2] = (matrix[:-2:2] + matrix[2::2]) / 2 - (bend[:-1] + bend[1:]) * 6 / 16
    return matrix
