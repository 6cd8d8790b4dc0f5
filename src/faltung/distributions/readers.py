"""Laws from what other libraries make: a pandas Series, a histogram of NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from faltung.distributions.continuous.density import Density
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.points import Discrete, arranged
from faltung.errors import DataError, DtypeError
from faltung.functions import Function

_TOLERANCE = 1e-9


def is_series(obj: object) -> bool:
    """Tell whether an object is a pandas Series, without importing pandas."""
    return any(
        base.__module__.split(".")[0] == "pandas" and base.__name__ == "Series"
        for base in type(obj).__mro__
    )


def from_series(series: Any, *, normalize: bool = False) -> Atoms:
    """Return the discrete law whose values are the index of a Series, and whose weights it holds.

    Such as ``samples.value_counts(normalize=True)``. Values that occur twice are merged.

    Raises
    ------
    ShapeError
        If it is empty.
    DtypeError, DataError
        If the index holds no finite numbers, or the weights make no law. If the index is that of a
        Series without labels and the weights are to be normalized: samples look the same.
    """
    if normalize and _counts_rows(series.index):
        raise DtypeError(
            "a Series with the default index 0, 1, 2, … is ambiguous with normalize=True: write "
            "empirical(series.to_numpy()) if it holds samples, "
            "Lattice(series.to_numpy(), normalize=True) if it holds the weights of 0, 1, 2, …"
        )
    law = Discrete(series.index.tolist(), series.to_numpy(), normalize=normalize)
    return arranged(law._weights, law._start, law._step, law._indices)


def _counts_rows(index: Any) -> bool:
    """Tell whether the index of a Series is the one that pandas makes if none is given."""
    is_range = type(index).__name__ == "RangeIndex"
    return is_range and (index.start, index.step) == (0, 1) and index.name is None


def is_histogram(obj: object) -> bool:
    """Tell whether an object is a pair of arrays, the second longer by one: what np.histogram gives."""
    if not isinstance(obj, tuple) or len(obj) != 2:
        return False
    heights, edges = obj
    arrays = isinstance(heights, np.ndarray) and isinstance(edges, np.ndarray)
    return arrays and heights.ndim == edges.ndim == 1 and len(edges) == len(heights) + 1


def from_histogram(heights: Any, edges: Any) -> Density:
    """Return the density that is constant on each bin of a histogram.

    Whole numbers are counts. Other numbers are densities if with the widths of the bins they add up
    to 1 (``density=True``), and probabilities if they do without.

    Raises
    ------
    DataError
        If a height is negative, NaN or infinite, the edges do not ascend, or other numbers than
        counts are neither densities nor probabilities.

    Examples
    --------
    >>> import numpy as np
    >>> law = from_histogram(*np.histogram([1, 1, 2, 4], bins=[0, 2, 6]))
    >>> law.cdf([1, 2, 4]).tolist()
    [0.25, 0.5, 0.75]
    """
    values, places = np.asarray(heights, dtype=np.float64), np.asarray(edges, dtype=np.float64)
    widths = np.diff(places)
    if not (np.isfinite(places).all() and (widths > 0).all()):
        raise DataError("the edges of a histogram ascend and are finite: correct them")
    if not (np.isfinite(values) & (values >= 0)).all() or not values.any():
        raise DataError("the heights of a histogram are finite, none negative and one positive")
    if np.asarray(heights).dtype.kind in "iub" or abs(float(values.sum()) - 1) < _TOLERANCE:
        values = values / widths
    elif abs(float(values @ widths) - 1) > _TOLERANCE:
        raise DataError(
            f"the heights add up to {values.sum():.6g}, and with the widths to {values @ widths:.6g}: "
            "write counts, probabilities or densities, such as the probabilities heights / heights.sum()"
        )
    function = Function.from_pieces(places.tolist(), [[height] for height in values.tolist()])
    return Density(function, normalize=True)
