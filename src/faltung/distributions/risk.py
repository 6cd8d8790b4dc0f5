"""Words of insurance and finance: value at risk, expected shortfall, stop loss, layers.

All are of a *loss*: large values are bad. A level is a probability near one; its complement can
be given as ``tail=`` instead, for ``1 - 1e-20`` is 1.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, overload

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.law.law import Law
from faltung.distributions.law.operands import as_operand, is_law
from faltung.distributions.law.vectors import Numbers, Values, as_floats
from faltung.distributions.numbers.rational import as_rational, is_number, written
from faltung.distributions.operations import excess
from faltung.errors import DtypeError, OptionError

__all__ = [
    "expected_shortfall",
    "layer",
    "layer_premium",
    "limited_expected_value",
    "stop_loss",
    "value_at_risk",
]


def value_at_risk(
    loss: Law, level: Numbers | None = None, *, tail: Numbers | None = None
) -> Values:
    """Return the smallest x that the loss exceeds with a probability of at most ``1 - level``.

    Parameters
    ----------
    loss
        The law of the loss.
    level
        A probability between 0 and 1, such as 0.995, or an array of them.
    tail
        Its complement, such as 0.005, in place of it.

    Returns
    -------
    float or array of float64
        ``loss.ppf(level)`` or ``loss.isf(tail)``.

    Raises
    ------
    DtypeError
        If `loss` is no law.
    OptionError
        Unless one of `level` and `tail` is given, and is between 0 and 1.

    Examples
    --------
    >>> from faltung.distributions import die
    >>> value_at_risk(die(6), 0.5), value_at_risk(die(6), [0.5, 0.9]).tolist()
    (3.0, [3.0, 6.0])
    """
    law = _as_loss(loss)
    if tail is None:
        return _shaped(law.ppf([float(1 - rest) for rest in _as_tails(level, tail)]), level)
    return _shaped(law.isf([float(rest) for rest in _as_tails(level, tail)]), tail)


def expected_shortfall(
    loss: Law, level: Numbers | None = None, *, tail: Numbers | None = None, exact: bool = False
) -> Any:
    """Return the mean of the worst ``1 - level`` of all losses, also called conditional tail mean.

    Parameters
    ----------
    loss
        The law of the loss.
    level, tail
        A probability or an array of them, or its complement; see :func:`value_at_risk`.
    exact
        Return a Fraction, for one level and a discrete law with exact weights.

    Returns
    -------
    float, array of float64 or Fraction
        Infinite if the mean of the loss is.

    Raises
    ------
    DtypeError
        If `loss` is no law.
    OptionError
        Unless one of `level` and `tail` is given, and is between 0 and 1; if `exact` is asked for
        and the law is not.

    Notes
    -----
    With v the value at risk and t the tail, this is ``v + E (X - v)+ / t``: where v is an atom,
    just so much of it counts that the worst cases have the probability t (Acerbi & Tasche,
    *Journal of Banking & Finance* 26, 2002; in this form Rockafellar & Uryasev, ibid.). The excess
    is summed or integrated from the far end and has the relative accuracy that `sf` has.

    Examples
    --------
    >>> from faltung.distributions import die
    >>> expected_shortfall(die(6), 0.75, exact=True)
    Fraction(17, 3)
    """
    law, rests = _as_loss(loss), _as_tails(level, tail)
    given = level if tail is None else tail
    if exact:
        return _exact_shortfall(_as_exact(law), rests, given)
    places = np.ravel(value_at_risk(law, level, tail=tail))
    beyond = excess.excesses_over(law, [Fraction(place) for place in places.tolist()])
    means = [x + b / float(r) for x, b, r in zip(places, beyond, rests, strict=True)]
    return _shaped(means, given)


def stop_loss(loss: Law, retention: Numbers, *, exact: bool = False) -> Values:
    """Return the stop-loss premium, the mean of what a loss exceeds the `retention` by.

    Parameters
    ----------
    loss
        The law of the loss.
    retention
        A number d or an array of them.
    exact
        Return a Fraction, for one number and a law with exact weights.

    Returns
    -------
    float, array of float64 or Fraction
        ``E (X - d)+``, never negative; infinite if the mean of the loss is.

    Raises
    ------
    DtypeError
        If `loss` is no law.
    DataError, OptionError
        If a retention is NaN or infinite; if `exact` is asked for and the law is not.

    Notes
    -----
    The integral of `sf` above d, of non-negative terms: far out it keeps the relative accuracy of
    `sf`, plus a rounding for each term of a sum (discrete laws), or the error of an adaptive
    quadrature, for which 1e-13 is aimed for and above 1e-8 refused (densities).

    Examples
    --------
    >>> from faltung.distributions import die
    >>> stop_loss(die(6), 4, exact=True), stop_loss(die(6), [4, 5.5]).tolist()
    (Fraction(1, 2), [0.5, 0.08333333333333333])
    """
    law = _as_loss(loss)
    if exact:
        return excess.exact_excess(_as_exact(law), as_rational(retention, "retention"))
    return _for_each(lambda places: excess.excesses_over(law, places), retention, "retention")


def limited_expected_value(loss: Law, limit: Numbers, *, exact: bool = False) -> Values:
    """Return the mean of a loss that is paid up to a limit, ``E min(X, limit)``.

    Parameters
    ----------
    loss
        The law of the loss.
    limit
        A number or an array of them.
    exact
        Return a Fraction, for one number and a law with exact weights.

    Raises
    ------
    DtypeError
        If `loss` is no law.
    DataError, OptionError
        If a limit is NaN or infinite; if `exact` is asked for and the law is not.

    Notes
    -----
    From the lower end of the support `sf` is added up: non-negative terms. Without a finite lower
    end it is the limit less ``E (limit - X)+``.

    Examples
    --------
    >>> from faltung.distributions import die
    >>> limited_expected_value(die(6), 2, exact=True)
    Fraction(11, 6)
    """
    law = _as_loss(loss)
    if exact:
        return excess.exact_limited(_as_exact(law), as_rational(limit, "limit"))
    return _for_each(lambda places: [excess.limited(law, x) for x in places], limit, "limit")


@overload
def layer(loss: Atoms, attachment: float, limit: float) -> Atoms: ...
@overload
def layer(loss: Law, attachment: float, limit: float) -> Law: ...
def layer(loss: Law, attachment: float, limit: float) -> Law:
    """Return the law of what a layer pays: the loss above `attachment`, up to `limit`.

    Parameters
    ----------
    loss
        The law of the loss.
    attachment
        Where the layer begins.
    limit
        How much it pays at most, positive; the infinite one is allowed.

    Returns
    -------
    Law
        That of ``min(max(X - attachment, 0), limit)``; a :class:`Mixed` with atoms at both ends if
        the loss has a density.

    Raises
    ------
    DtypeError
        If `loss` is no law.
    OptionError
        If `limit` is not positive.

    Examples
    --------
    >>> from faltung.distributions import distribution
    >>> paid = layer(distribution("expon(1)"), 2, 3)
    >>> round(paid.pmf(0), 12), round(paid.mean(), 12)
    (0.864664716763, 0.128597336238)
    """
    law = _as_loss(loss)
    if not is_number(limit) or not limit > 0:
        raise OptionError(f"limit={written(limit)}: write a positive number")
    return (law - as_rational(attachment, "attachment")).clip(0, limit)


def layer_premium(loss: Law, attachment: float, limit: float) -> float:
    """Return the mean of what a layer pays, the integral of `sf` over the layer.

    Parameters
    ----------
    loss, attachment, limit
        As for :func:`layer`; `limit` finite.

    Notes
    -----
    With the relative accuracy of `sf`, however far out the layer is; see :func:`stop_loss`.

    Examples
    --------
    >>> from faltung.distributions import die
    >>> layer_premium(die(6), 3, 2)
    0.8333333333333333
    """
    law = _as_loss(loss)
    if not is_number(limit) or not limit > 0:
        raise OptionError(f"limit={written(limit)}: write a positive number")
    start = as_rational(attachment, "attachment")
    return excess.within(law, start, start + as_rational(limit, "limit"))


def _for_each(
    measure: Callable[[list[Fraction]], list[float]], places: Numbers, name: str
) -> Values:
    if is_number(places):
        return measure([as_rational(places, name)])[0]
    values = as_floats(places)
    results = measure([as_rational(place, name) for place in values.ravel().tolist()])
    return np.array(results, dtype=np.float64).reshape(values.shape)


def _as_loss(loss: Any) -> Law:
    law = as_operand(loss)
    if not is_law(law):
        raise DtypeError(
            f"loss is a {type(loss).__name__}: make it a law with faltung.distribution(...)"
        )
    return law


def _exact_shortfall(law: Atoms, tails: list[Fraction], given: Any) -> Fraction:
    if not is_number(given):
        raise OptionError("exact=True is for one level: ask for one after the other")
    start = excess.exact_quantile(law, tails[0])
    return start + excess.exact_excess(law, start) / tails[0]


def _as_tails(level: Any, tail: Any) -> list[Fraction]:
    """Return the tail probabilities, of an array in its order."""
    if (level is None) == (tail is None):
        raise OptionError("write level=0.99 or tail=0.01, one of the two")
    name, given = ("tail", tail) if level is None else ("level", level)
    values = [given] if is_number(given) or isinstance(given, str) else as_floats(given).ravel()
    for value in values:
        if not is_number(value) or not 0 < value < 1:
            raise OptionError(f"{name}={written(value)}: write a probability between 0 and 1")
    rationals = [as_rational(value, name) for value in values]
    return rationals if level is None else [1 - rational for rational in rationals]


def _shaped(values: Any, given: Any) -> Values:
    """Return values in the shape of what was given; a float for a number."""
    if is_number(given):
        return float(values[0])
    return np.asarray(values, dtype=np.float64).reshape(np.shape(given))


def _as_exact(law: Law) -> Atoms:
    if not isinstance(law, Atoms):
        raise OptionError(
            f"exact=True needs a discrete law with exact weights, and this is a {type(law).__name__}"
        )
    law._exact()
    return law
