"""The size of polynomial pieces: cut at their zeros, each with a sign of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.functions.chains.absolute import changes_sign, with_signs
from faltung.functions.polynomials.pieces import Pieces, refined
from faltung.functions.transform import FloatArray


def absolute(f: Pieces, places: FloatArray) -> Pieces:
    """Return abs(f), with breaks at those of its zeros at which it changes its sign.

    Sizes differ by no more than values do, so that what is misplaced stays as it is.
    """
    new = np.setdiff1d(places[(f.breaks[0] < places) & (places < f.breaks[-1])], f.breaks)
    fine = refined(f, np.union1d(f.breaks, new))
    at = np.searchsorted(fine.breaks, new)
    bending = changes_sign(fine.coefficients[at - 1], fine.coefficients[at])
    cut = refined(f, np.union1d(f.breaks, new[bending]))
    series, deviation = with_signs(cut.coefficients, cut.deviation)
    return replace(cut, coefficients=series, deviation=deviation).checked("the size")
