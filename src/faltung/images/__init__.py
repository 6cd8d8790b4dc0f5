"""Filters of pictures and volumes by SciPy's names, one line of taps for each axis.

No kernel is formed: an axis is filtered after the other, in cache (see
``docs/mathematics/separable.md``). Common to all filters:

* ``axes=None`` takes all axes. A last axis of 3 or 4 beside two others looks like colours and is
  refused: write ``axes=(0, 1)``.
* float16, float32 and float64 stay what they are; integers and booleans give float64, or what
  ``dtype=`` says, and are neither rounded nor cut to a range.
* ``boundary="symmetric"`` (cba|abcd|dcb) is scipy.ndimage's default, which it calls ``reflect``.
* A NaN or an infinity reaches the entries within the lines' reach and no other.
"""

from __future__ import annotations

from faltung.images.gradients import gaussian_gradient_magnitude, gaussian_laplace, laplace
from faltung.images.slopes import prewitt, scharr, sobel
from faltung.images.smoothing import box_filter, gaussian_filter, uniform_filter

__all__ = [
    "box_filter",
    "gaussian_filter",
    "gaussian_gradient_magnitude",
    "gaussian_laplace",
    "laplace",
    "prewitt",
    "scharr",
    "sobel",
    "uniform_filter",
]


def __dir__() -> list[str]:
    return sorted(__all__)
