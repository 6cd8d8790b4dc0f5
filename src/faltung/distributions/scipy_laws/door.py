"""SciPy's distributions as laws: frozen ones, and those of the newer infrastructure."""

from __future__ import annotations

from typing import Any

import numpy as np

from faltung.distributions.law.law import Law
from faltung.distributions.numbers.rational import written
from faltung.distributions.scipy_laws.continuous import density_of
from faltung.distributions.scipy_laws.discrete import atoms_of
from faltung.distributions.scipy_laws.infrastructure import is_new, law_of
from faltung.distributions.scipy_laws.named import named_of
from faltung.errors import DataError, DtypeError


def is_scipy(obj: object) -> bool:
    """Tell whether an object comes from scipy.stats, without importing it."""
    return any(base.__module__.startswith("scipy.stats") for base in type(obj).__mro__)


def from_scipy(obj: Any) -> Law:
    """Return the law of a SciPy distribution, frozen, without parameters, or of the newer kind.

    Raises
    ------
    DtypeError
        If it is a family that still needs its parameters, or no law of one number.
    """
    from scipy.stats import rv_continuous, rv_discrete

    if isinstance(obj, (rv_continuous, rv_discrete)):
        if obj.shapes:
            raise DtypeError(
                f"scipy.stats.{obj.name} is a family: give its parameters, "
                f"scipy.stats.{obj.name}({obj.shapes})"
            )
        obj = obj()
    if is_new(obj):
        return law_of(obj, from_frozen)
    if type(obj).__name__ == "gaussian_kde":
        raise DtypeError(
            "scipy.stats.gaussian_kde is the sum of a sample and normal noise: write "
            'empirical(samples) + distribution("normal(0, 1)") * width, with the width '
            "kde.covariance[0, 0]**0.5"
        )
    if not hasattr(obj, "dist"):
        raise DtypeError(
            f"scipy.stats.{type(obj).__name__} is not supported: write a frozen distribution such "
            "as scipy.stats.norm(0, 1)"
        )
    return from_frozen(obj)


def from_frozen(frozen: Any) -> Law:
    """Return the law of a frozen SciPy distribution.

    Raises
    ------
    DataError
        If its parameters are arrays or outside their domain, or SciPy's values make no law.
    OptionError
        If the law is one of the few that are not supported, or its density cannot be followed; says
        which and why.
    """
    from scipy.stats import rv_discrete

    name = name_of(frozen)
    try:
        with np.errstate(invalid="ignore"):  # of infinite locations and scales
            ends = np.asarray(frozen.support(), dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"{name} has parameters that SciPy cannot use: {error}") from error
    if ends.shape != (2,):
        raise DataError(f"{name} has arrays for parameters: write one law for each")
    if np.isnan(ends).any():
        raise DataError(f"{name} has parameters outside their domain")
    try:
        if isinstance(frozen.dist, rv_discrete):
            return atoms_of(frozen, name)
        return named_of(frozen) or density_of(frozen, name)
    except OverflowError as error:  # SciPy's own, with parameters of extreme size
        raise DataError(f"SciPy cannot evaluate {name}: {error}: use a smaller scale") from error


def name_of(frozen: Any) -> str:
    """Return a frozen distribution as one would write it."""
    given = [_shown(value) for value in frozen.args]
    given += [f"{key}={_shown(value)}" for key, value in frozen.kwds.items()]
    return f"scipy.stats.{frozen.dist.name or type(frozen.dist).__name__}({', '.join(given)})"


def _shown(value: object) -> str:
    return written(value) if isinstance(value, int) else repr(value)
