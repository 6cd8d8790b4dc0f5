"""SciPy's families that have tails of their own here."""

from __future__ import annotations

from typing import Any

import numpy as np

from faltung.distributions.families.makers import STANDARD, named
from faltung.distributions.law.law import Law
from faltung.distributions.numbers.rational import as_rational


def named_of(frozen: Any) -> Law | None:
    """Return a frozen SciPy distribution as a named law, None if its family is not known as one.

    Location and scale are read as exact rationals, 0.1 as 1/10; shapes are the floats they are.
    """
    from scipy import stats

    name = frozen.dist.name
    if name not in STANDARD or type(frozen.dist) is not type(getattr(stats, name)):
        return None
    shapes, location, scale = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    law = named(name, *(np.asarray(shape).item() for shape in shapes))
    if law is None:
        return None
    factor = as_rational(np.asarray(scale).item(), "scale")
    return factor * law + as_rational(np.asarray(location).item(), "loc")
