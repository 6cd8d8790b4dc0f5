"""What an unknown name in a text may have meant."""

from __future__ import annotations

import difflib
from typing import Any

from faltung.distributions.notation.families import FAMILIES

_ELSEWHERE = {
    "b": "binomial",
    "binom": "binomial",
    "exp": "expon",
    "exponential": "expon",
    "geom": "geometric",
    "invgauss": "inverse_gaussian",
    "lognorm": "lognormal",
    "n": "normal",
    "norm": "normal",
    "t": "student",
    "triang": "triangular",
    "u": "uniform",
    "weibull_min": "weibull",
}
_IN_SCIPY = {
    "frechet": "invweibull",
    "gev": "genextreme",
    "gumbel": "gumbel_r",
    "negative_binomial": "nbinom",
    "negbin": "nbinom",
}
_OF_LAWS = {
    "abs": "abs(X)",
    "kh": "X.order_statistic(r, n)",
    "log": "faltung.distributions.logarithm(X)",
    "max": "faltung.distributions.maximum(X, Y)",
    "maximum": "faltung.distributions.maximum(X, Y)",
    "min": "faltung.distributions.minimum(X, Y)",
    "minimum": "faltung.distributions.minimum(X, Y)",
    "sqrt": "faltung.distributions.power(X, 0.5)",
    "sum": "X.sum(n)",
}
_NO_NUMBERS = {"nan", "inf", "infinity"}


def written(family: str) -> str:
    """Return how a family is written, with its parameters.

    Examples
    --------
    >>> written("normal")
    'normal(mean, std)'
    """
    return f"{family}({', '.join(FAMILIES[family].parameters)})"


def way_out(name: str) -> str:
    """Return what to write in place of an unknown name in lower case, the likeliest first."""
    if name in _NO_NUMBERS:
        return "numbers are finite, write one"
    if name in _OF_LAWS:
        return f"that is no part of the notation, write {_OF_LAWS[name]} in Python"
    meant = _likely(name)
    likely = f"{meant} if you meant that, " if meant else ""
    return (
        f"write {likely}dice such as 2d6, or one of {', '.join(sorted(FAMILIES))}, or give a law of "
        "SciPy's to faltung.distribution(scipy.stats.NAME(...))"
    )


def _likely(name: str) -> str:
    """Return the law that was meant: one of ours by another name, one of SciPy's, or a near one."""
    if name in _ELSEWHERE:
        return written(_ELSEWHERE[name])
    known = _scipy_names()
    name = _IN_SCIPY.get(name, name)
    near = difflib.get_close_matches(name, [*FAMILIES, *known], 1, 0.7)
    found = name if name in known else near[0] if near else ""
    if found in FAMILIES or not found:
        return written(found) if found else ""
    return f"faltung.distribution(scipy.stats.{found}({known[found]}))"


def _scipy_names() -> dict[str, str]:
    """Return the names of SciPy's univariate laws and of their shapes."""
    from scipy import stats  # slow to import, and only errors need it

    laws: dict[str, Any] = {name: getattr(stats, name) for name in stats.__all__}
    return {
        name: law.shapes or ""
        for name, law in laws.items()
        if isinstance(law, stats.rv_continuous | stats.rv_discrete)
    }
