"""Quantiles of laws whose cdf and sf are functions of every float."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from faltung.distributions.numbers.inversion import first_between
from faltung.distributions.numbers.rounding import Floats


def quantiles(
    share: Callable[[Floats], Floats], q: Floats, support: tuple[float, float], *, falls: bool
) -> Floats:
    """Return an x with ``share(x) >= q``, or ``<= q`` if it falls, not met at the float below.

    Parameters
    ----------
    share
        A cdf, or with `falls` an sf.
    q
        Probabilities; NaN comes back for what is none.
    support
        The ends, of which the nearest floats may lie inside; the answers to 0 and 1.
    """
    low, high = math.nextafter(support[0], -math.inf), math.nextafter(support[1], math.inf)
    inside = (q > 0) & (q < 1)
    result = first_between(share, np.where(inside, q, np.nan), (low, high), falls=falls)
    first, last = support[::-1] if falls else support
    return np.where(q == 0, first, np.where(q == 1, last, result))
