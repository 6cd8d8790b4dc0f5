"""Anything that names a law, made one: ``distribution(...)``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from faltung.distributions.continuous.density import Density
from faltung.distributions.discrete.points import from_mapping
from faltung.distributions.law.law import Law
from faltung.distributions.scipy_laws.door import from_scipy, is_scipy
from faltung.errors import DtypeError, OptionError
from faltung.functions import Function


def distribution(obj: Any, *, normalize: bool = False) -> Law:
    """Return the law that an object describes.

    Parameters
    ----------
    obj
        =============================  =====================================================
        a frozen SciPy distribution    discrete or continuous; see Notes
        ``{value: weight}``            a discrete law; the weights sum to 1
        a text                         ``"2d6+3"``, ``"normal(0, 1)"``: see :func:`parse`
        a :class:`faltung.Function`    its density
        a :class:`Law`                 itself
        =============================  =====================================================
    normalize
        Divide the weights of a dict, or the density that a Function is, by their sum or integral.

    Raises
    ------
    DtypeError
        For an array, which is ambiguous: write ``Lattice(weights)`` or ``empirical(samples)``;
        and for anything else that describes no law.
    DataError
        If the contents describe no law.
    OptionError
        If SciPy's law cannot be held: a density with a pole, tails that are too heavy. If
        `normalize` is given for anything but a dict or a Function.

    Notes
    -----
    SciPy's probabilities and densities are taken as SciPy computes them. An infinite support is cut
    where next to nothing lies beyond: for discrete laws less than 1e-20 and mostly 1e-300, for
    densities about 1e-18 on each side. The mass left out is in `neglected_mass`, and in
    `error_bound` of a density.

    Examples
    --------
    >>> import scipy.stats
    >>> total = distribution(scipy.stats.norm(0, 1)) + distribution("uniform(0, 2)")
    >>> round(total.mean(), 12)
    1.0
    >>> distribution([0.5, 0.5])
    Traceback (most recent call last):
        ...
    faltung.errors.DtypeError: an array is ambiguous as a distribution: write Lattice(weights) if \
it holds probabilities, empirical(samples) if it holds samples
    """
    if isinstance(obj, Mapping):
        return from_mapping(obj, normalize=normalize)
    if isinstance(obj, Function):
        return Density(obj, normalize=normalize)
    if normalize:
        raise OptionError(
            f"normalize=True is for a dict or a Function, and a {type(obj).__name__} has its own "
            "total: leave it out"
        )
    if isinstance(obj, Law):
        return obj
    if isinstance(obj, str):
        from faltung.distributions.notation.reader import parse

        return parse(obj)
    if is_scipy(obj):
        return from_scipy(obj)
    if isinstance(obj, (np.ndarray, Iterable)) or hasattr(obj, "__array__"):
        raise DtypeError(
            "an array is ambiguous as a distribution: write Lattice(weights) if it holds "
            "probabilities, empirical(samples) if it holds samples"
        )
    raise DtypeError(
        f"{type(obj).__name__} describes no law: give a frozen SciPy distribution, a dict "
        "{value: weight}, a text such as '2d6+3', or a faltung.Function that is a density"
    )
