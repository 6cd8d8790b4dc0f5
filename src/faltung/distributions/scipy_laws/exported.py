"""A law as a distribution of SciPy, all of whose probabilities are the law's own."""

from __future__ import annotations

from typing import Any

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.mixed import Mixed
from faltung.distributions.numbers.rounding import Floats
from faltung.distributions.operations.pointwise import Pointwise
from faltung.errors import DtypeError, OptionError


def exported(law: Law) -> Any:
    """Return a law as an object of scipy.stats; see ``X.to_scipy``.

    Raises
    ------
    DtypeError
        If it has both atoms and a density, which no distribution of SciPy has.
    OptionError
        If SciPy is older than 1.16 and the law has a density.
    """
    if isinstance(law, Atoms):
        return _discrete(law)
    mixed = isinstance(law, Mixed) and law.atoms is not None
    if mixed or (isinstance(law, Pointwise) and len(law._atom_points())):
        raise DtypeError(
            "SciPy has no distribution with atoms and a density: export the parts of the mixture, "
            "X.components(), one by one"
        )
    return _continuous(law)


# --- densities: the new infrastructure ------------------------------------------------------------


class _Described:
    """What `scipy.stats.make_distribution` asks of a distribution.

    It cannot do without any parameter, so there is one that nothing depends on.
    """

    __make_distribution_version__ = "1.16.0"

    def __init__(self, law: Law) -> None:
        self._law = law
        self.parameters = {"unused": {"endpoints": (-1, 1), "inclusive": (True, True)}}
        self.support = {"endpoints": law.support(), "inclusive": (True, True)}

    def pdf(self, x: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        return self._asked("pdf", x)

    def logpdf(self, x: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        return self._asked("logpdf", x)

    def cdf(self, x: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        return self._asked("cdf", x)

    def logcdf(self, x: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        return self._asked("logcdf", x)

    def ccdf(self, x: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        return self._asked("sf", x)

    def logccdf(self, x: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        return self._asked("logsf", x)

    def _asked(self, method: str, x: Floats) -> Any:
        """Return what the law answers, as NumPy's scalars, of which SciPy takes copies."""
        return np.asarray(getattr(self._law, method)(x))[()]

    def cdf2(self, x: Floats, y: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        """Return P(x < X <= y), as a difference in the tail that is smaller."""
        law = self._law
        right, left = law.sf(x) - law.sf(y), law.cdf(y) - law.cdf(x)
        return np.maximum(np.where(np.less(law.sf(x), law.cdf(y)), right, left), 0.0)

    def ccdf2(self, x: Floats, y: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        """Return P(X <= x or X > y)."""
        return np.minimum(self._law.cdf(x) + np.asarray(self._law.sf(y)), 1.0)

    def icdf(self, q: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        return self._asked("ppf", q)

    def iccdf(self, q: Floats, *, unused: Any) -> Any:  # noqa: ARG002
        return self._asked("isf", q)

    def median(self, *, unused: Any) -> Any:
        return self._filled(self._law.median(), unused)

    def mode(self, *, unused: Any) -> Any:
        return self._filled(self._law.mode(), unused)

    def entropy(self, *, unused: Any) -> Any:
        return self._filled(self._law.entropy(), unused)

    def moment(self, order: int, kind: str, *, unused: Any) -> Any:
        """Return a moment of SciPy's three kinds, of an order up to 4 or about 0."""
        law, count = self._law, int(order)
        if kind == "raw":
            return self._filled(float(law.mean()) if count == 1 else law.moment(count), unused)
        known = {"central": {0: 1.0, 1: 0.0}, "standardized": {0: 1.0, 1: 0.0, 2: 1.0}}[kind]
        if count in known:
            return self._filled(known[count], unused)
        if kind == "central":
            value = float(law.var()) if count == 2 else law._central(float(law.mean()), count)
        elif count in (3, 4):
            value = law.skew() if count == 3 else law.kurtosis() + 3
        else:
            value = law._standardized(count, float(law.var()))
        return self._filled(value, unused)

    def sample(self, shape: Any = (), *, rng: Any = None, unused: Any) -> Any:  # noqa: ARG002
        return self._law.rvs(shape, rng)

    def _filled(self, value: float, unused: Any) -> Any:
        """Return a number in the shape that SciPy expects, that of the parameter."""
        return np.full(np.shape(unused), value)[()]


def _continuous(law: Law) -> Any:
    from scipy import stats

    make = getattr(stats, "make_distribution", None)
    if make is None:
        raise OptionError(
            "to_scipy() of a law with a density needs SciPy 1.16 or later: update it, or use the "
            "law itself, which has SciPy's method names"
        )
    described = type("FaltungDensity", (_Described,), {})(law)
    return make(described)(unused=0.0)


# --- discrete laws: rv_discrete -------------------------------------------------------------------


class _OwnProbabilities:
    """What a subclass of `rv_discrete` overrides: its own sums run over whole numbers only."""

    _law: Atoms

    def _nonzero(self, k: Any) -> Any:
        return np.isfinite(k)  # points need be no whole numbers

    def _pmf(self, k: Any) -> Any:
        return self._law.pmf(k)

    def _logpmf(self, k: Any) -> Any:
        return self._law.logpmf(k)

    def _cdf(self, k: Any) -> Any:
        return self._law.cdf(k)

    def _logcdf(self, k: Any) -> Any:
        return self._law.logcdf(k)

    def _sf(self, k: Any) -> Any:
        return self._law.sf(k)

    def _logsf(self, k: Any) -> Any:
        return self._law.logsf(k)

    def _ppf(self, q: Any) -> Any:
        return self._law.ppf(q)

    def _isf(self, q: Any) -> Any:
        return self._law.isf(q)

    def rvs(self, *, loc: float = 0, size: Any = None, random_state: Any = None) -> Any:
        return loc + self._law.rvs(None if size == 1 else size, random_state)

    def expect(self, func: Any = None, args: Any = (), loc: Any = 0, *ends: Any) -> Any:  # noqa: ARG002
        """Return the expected value; `ends` are lb, ub and conditional, as SciPy hands them on."""
        own = func or (lambda x: x)
        lb, ub, conditional = (*ends, None, None, False)[:3]
        low, high = (None if end is None else end - loc for end in (lb, ub))
        return self._law.expect(lambda x: own(x + loc), low, high, conditional=bool(conditional))

    def _stats(self) -> Any:
        return self._law.stats("mvsk")

    def _munp(self, n: Any) -> Any:
        return self._law.moment(int(n))

    def _entropy(self) -> Any:
        return self._law.entropy()


def _discrete(law: Atoms) -> Any:
    """Return a frozen `rv_discrete` with the law's own probabilities."""
    from scipy.stats import rv_discrete

    family = type("FaltungAtoms", (_OwnProbabilities, rv_discrete), {"_law": law})
    low, high = law.support()
    return family(a=low, b=high, name="faltung")()
