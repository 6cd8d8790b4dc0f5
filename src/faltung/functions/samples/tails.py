"""The area of a kernel beyond a point, where it is no closed form: by panels, from the far end on."""

from __future__ import annotations

import math

import numpy as np

from faltung.functions.samples.bells import Voigt
from faltung.functions.samples.panels import Rule, means_of
from faltung.functions.transform import FloatArray

# So many scales out, a Voigt function is gamma / (pi v^2) to one part in 10^18.
_FAR = 1e10


def integral_above(kernel: Voigt, v: FloatArray) -> FloatArray:
    """Return the integral of the density from v >= 0 on, at distances of any shape.

    Summed from the far end, all terms are positive: it is accurate relative to its own size.
    """
    places, where = np.unique(v, return_inverse=True)
    end = _FAR * max(kernel.sigma, kernel.gamma, float(places[-1]))
    edges = np.append(places, end)
    low, high = means_of(
        kernel, edges[None], np.diff(edges), Rule(16, kernel.scale, cut=True), gradient=False
    )
    parts = np.append((low + high)[0, 0] * np.diff(edges), kernel.gamma / (math.pi * end))
    beyond = np.cumsum(parts[::-1])[::-1][:-1]
    return beyond[where].reshape(v.shape)
