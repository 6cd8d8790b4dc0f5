"""Over which distances functions change beside their knots, as their pieces tell."""

from __future__ import annotations

import numpy as np

from faltung.functions.chains.ceilings import heights
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.spans import Form


def finest(chain: Chain) -> float:
    """Return the least distance over which a function changes beside one of its knots, nearly.

    A piece that begins at a knot is as long as one polynomial can follow. Logarithms of the distance
    follow any scale: theirs is where most of the mass is.
    """
    alive = chain.coefficients.any(axis=1)
    curved = alive & (chain.forms == Form.LOGARITHMIC)
    lengths = chain.far[alive & ~curved & (chain.near == 0)]
    if curved.any():
        mass = np.where(curved, np.nan_to_num(heights(chain)[1], posinf=0.0), -1.0)
        lengths = np.append(lengths, chain.far[np.argmax(mass)])
    return float(lengths.min(initial=np.inf))
