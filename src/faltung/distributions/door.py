"""Anything that names a law, made one: ``distribution(...)``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from faltung.distributions.continuous.density import Density
from faltung.distributions.discrete.points import from_mapping
from faltung.distributions.law.law import Law
from faltung.distributions.numbers.rational import is_number
from faltung.distributions.readers import from_histogram, from_series, is_histogram, is_series
from faltung.distributions.scipy_laws.door import from_scipy, is_scipy
from faltung.errors import DtypeError, OptionError
from faltung.functions import Function


def distribution(
    obj: Any, *, support: tuple[float, float] | None = None, normalize: bool = False
) -> Law:
    """Return the law that an object describes.

    Parameters
    ----------
    obj
        =============================  =====================================================
        a frozen SciPy distribution    discrete or continuous; see Notes
        ``{value: weight}``            a discrete law; the weights sum to 1
        a pandas Series                the same, its index the values
        ``np.histogram(samples)``      (counts, edges): a density, constant on each bin
        a text                         ``"2d6+3"``, ``"normal(0, 1)"``: see :func:`parse`
        a :class:`faltung.Function`    its density
        a function of one number       a density on `support`, as for :class:`faltung.Function`
        a :class:`Law`                 itself
        =============================  =====================================================
    support
        The ends (a, b) of the support of a function of one number, and of nothing else.
    normalize
        Divide the weights of a dict or a Series, or a density, by their sum or integral.

    Raises
    ------
    DtypeError
        For an array, which is ambiguous: write ``Lattice(weights)`` or ``empirical(samples)``;
        so is a Series with the default index that is to be normalized; and for anything else that
        describes no law.
    DataError
        If the contents describe no law.
    OptionError
        If SciPy's law cannot be held, such as a discrete one with too heavy a tail. If `normalize`
        or `support` is given for what has its own.

    Notes
    -----
    SciPy's probabilities and densities are taken as SciPy computes them; the laws with a closed form
    of their own, such as ``scipy.stats.norm``, become a :class:`NamedDensity`. The infinite support
    of a discrete law is cut where less than 1e-20 lies beyond, mostly 1e-300; a density keeps its
    tails. The mass left out is in `neglected_mass`, and in `error_bound` of a density.

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
    if support is not None or (callable(obj) and not _is_known(obj)):
        return _density(obj, support, normalize=normalize)
    if is_series(obj):
        return from_series(obj, normalize=normalize)
    if isinstance(obj, Mapping):
        return from_mapping(obj, normalize=normalize)
    if isinstance(obj, Function):
        return Density(obj, normalize=normalize)
    if normalize:
        raise OptionError(
            f"normalize=True is for a dict, a Series or a density, and a {type(obj).__name__} has its "
            "own total: leave it out"
        )
    if isinstance(obj, Law):
        return obj
    if isinstance(obj, str):
        from faltung.distributions.notation.reader import parse

        return parse(obj)
    if is_scipy(obj):
        return from_scipy(obj)
    if is_histogram(obj):
        return from_histogram(*obj)
    if (isinstance(obj, Iterable) and not isinstance(obj, (bytes, bytearray))) or hasattr(
        obj, "__array__"
    ):
        raise DtypeError(
            "an array is ambiguous as a distribution: write Lattice(weights) if it holds "
            "probabilities, empirical(samples) if it holds samples"
        )
    if is_number(obj):
        raise DtypeError(
            f"the number {obj} describes no law: write faltung.distributions.point({obj}) for the "
            "law of that constant"
        )
    raise DtypeError(
        f"{type(obj).__name__} describes no law: give a frozen SciPy distribution, a dict "
        "{value: weight}, a text such as '2d6+3', or a faltung.Function that is a density"
    )


def _is_known(obj: Any) -> bool:
    """Tell whether a thing that can be called is a law, a Function or SciPy's."""
    return isinstance(obj, Law | Function) or is_scipy(obj)


def _density(obj: Any, support: Any, *, normalize: bool) -> Law:
    if isinstance(obj, type):
        raise DtypeError(
            f"{obj.__name__} is a class: write the law of certain parameters, {obj.__name__}(...)"
        )
    if not callable(obj) or _is_known(obj):
        raise OptionError(
            f"support= is for a function of one number, and a {type(obj).__name__} has its own: leave "
            "it out"
        )
    if support is None:
        raise OptionError(
            "a function of one number is a density on an interval: write support=(a, b)"
        )
    return Density(Function(obj, support), normalize=normalize)
