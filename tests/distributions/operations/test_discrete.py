"""Operations on discrete laws against brute force with Fractions."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import (
    Discrete,
    Lattice,
    die,
    distribution,
    maximum,
    minimum,
    mixture,
    point,
)
from faltung.errors import DataError, DtypeError, ExactnessError, OptionError, ShapeError
from tests.distributions import reference, strategies
from tests.distributions.mixed.test_mixture import table

places = st.integers(-30, 30)
ends = st.one_of(st.none(), st.integers(-60, 60), st.floats(-60, 60).map(lambda x: round(x, 4)))


def mapped(law, change):
    """The law of change(X), point by point."""
    result: dict[Fraction, Fraction] = {}
    for x, p in table(law).items():
        result[change(x)] = result.get(change(x), Fraction(0)) + p
    return result


def float_table(law):
    """{point: probability} of float weights, as the numbers that they hold, at any depth."""
    places = [law._start + law._step * int(k) for k in law._indices]
    return {x: p for x, p in zip(places, reference.kept(law._weights), strict=True) if p}


def close(law, true, *parents):
    """Whether a float law is within its bound of a table made of its parents' floats."""
    relative = Fraction(law.error_bound + sum(parent.error_bound for parent in parents))
    lost = Fraction(law.neglected_mass + sum(parent.neglected_mass for parent in parents))
    return all(abs(Fraction(law.pmf(x)) - p) <= relative * p + lost for x, p in true.items())


def rational(end):
    return Fraction(str(end)) if isinstance(end, float) else Fraction(end)


@given(strategies.exact_laws)
def test_absolute_value(x):
    assert table(abs(x)) == mapped(x, abs)


@given(strategies.exact_laws, ends, ends)
def test_clipping(x, a, b):
    low, high = (a, b) if None in (a, b) or a <= b else (b, a)

    def clipped(value):
        value = value if low is None else max(value, rational(low))
        return value if high is None else min(value, rational(high))

    assert table(x.clip(low, high)) == mapped(x, clipped)


@given(strategies.exact_laws, ends, ends)
def test_truncation_divides_by_what_is_kept(x, a, b):
    low, high = (a, b) if None in (a, b) or a <= b else (b, a)
    kept = {
        value: p
        for value, p in table(x).items()
        if (low is None or value >= rational(low)) and (high is None or value <= rational(high))
    }
    if not kept:
        with pytest.raises(DataError, match="X is never from"):
            x.truncate(low, high)
        return
    mass = sum(kept.values())
    assert table(x.truncate(low, high)) == {value: p / mass for value, p in kept.items()}


@given(strategies.exact_laws, strategies.exact_laws)
def test_maximum_and_minimum(x, y):
    for operation, pick in ((maximum, max), (minimum, min)):
        true: dict[Fraction, Fraction] = {}
        for (a, p), (b, q) in itertools.product(table(x).items(), table(y).items()):
            true[pick(a, b)] = true.get(pick(a, b), Fraction(0)) + p * q
        assert table(operation(x, y)) == true


@given(strategies.exact_laws, strategies.exact_laws)
def test_maximum_and_minimum_are_dual(x, y):
    assert table(minimum(x, y)) == table(-maximum(-x, -y))
    assert table(maximum(x, y)) == table(maximum(y, x))


@settings(max_examples=30)
@given(strategies.float_lattices(), strategies.float_lattices())
def test_float_extremes_are_within_their_bounds(x, y):
    law = maximum(x, y)
    true: dict[Fraction, Fraction] = {}
    for (a, p), (b, q) in itertools.product(float_table(x).items(), float_table(y).items()):
        true[max(a, b)] = true.get(max(a, b), Fraction(0)) + p * q
    assert close(law, true, x, y)
    assert (law.weights >= 0).all()


@settings(max_examples=30)
@given(strategies.float_lattices(), st.integers(-6, 9))
def test_float_truncation_is_within_its_bound(x, low):
    kept = {a: p for a, p in float_table(x).items() if a >= low}
    if not kept:
        return
    mass = sum(kept.values())
    law = x.truncate(low=low)
    assert close(law, {a: p / mass for a, p in kept.items()})


@settings(max_examples=25)
@given(strategies.exact_laws, st.integers(1, 4), st.integers(1, 4))
def test_order_statistics_by_enumeration(x, r, n):
    if r > n:
        r, n = n, r
    points = table(x)
    if len(points) ** n > 1500:
        return
    true: dict[Fraction, Fraction] = {}
    for draws in itertools.product(points.items(), repeat=n):
        value = sorted(draw[0] for draw in draws)[r - 1]
        true[value] = true.get(value, Fraction(0)) + math.prod(draw[1] for draw in draws)
    assert table(x.order_statistic(r, n)) == true


@settings(max_examples=25)
@given(strategies.float_lattices(), st.integers(1, 30), st.integers(1, 30))
def test_float_order_statistics_are_within_their_bounds(x, r, n):
    r, n = min(r, n), max(r, n)
    law = x.order_statistic(r, n)
    points = sorted(float_table(x).items())
    whole = sum(p for _, p in points)
    points = [(a, p / whole) for a, p in points]
    true, below = {}, Fraction(0)
    for a, p in points:
        levels = [
            sum(math.comb(n, j) * f**j * (1 - f) ** (n - j) for j in range(r, n + 1))
            for f in (below, below + p)
        ]
        true[a], below = levels[1] - levels[0], below + p
    assert close(law, true, *[x] * n)


@given(strategies.exact_laws, strategies.exact_laws, places)
def test_the_law_is_the_mixture_of_its_truncations(x, y, t):
    """By the law of total probability; for a sum as for any other."""
    total = x + y
    below = total.cdf(t, exact=True)
    parts = [(below, lambda: total.truncate(high=t))]
    above = total.truncate(low=t + Fraction(1, 10**9)) if below < 1 else None
    assert above is None or not any(value <= t for value in table(above))
    laws = [make() for chance, make in parts if chance] + ([above] if above is not None else [])
    weights = [chance for chance in (below, 1 - below) if chance]
    assert table(mixture(laws, weights)) == table(total)


@given(strategies.exact_laws, places, st.sampled_from([7, Fraction(1, 3), -0.5]))
def test_truncation_moves_with_a_shift(x, t, c):
    shift = rational(c)
    if x.cdf(t, exact=True) == 0:
        return
    assert table((x + c).truncate(high=t + shift)) == table(x.truncate(high=t) + c)


def test_order_statistics_far_in_a_tail():
    law = die(6).sum(40).to_float()
    best = law.order_statistic(1, 40)
    assert best.pmf(240) == 0.0
    exact = die(6).sum(40)
    true = exact.sf(199, exact=True) ** 40 - exact.sf(200, exact=True) ** 40
    assert best.pmf(200) == pytest.approx(float(true), rel=1e-12)
    keep = die(6).order_statistic(4, 4) + die(6).order_statistic(1, 1)
    assert keep.mean(exact=True) == Fraction(6797, 1296) + Fraction(7, 2)


def test_laws_with_infinite_supports_keep_them():
    law = distribution("poisson(3)")
    assert law.clip(low=2).support() == (2.0, math.inf)
    assert law.clip(high=5).support() == (0.0, 5.0)
    assert law.truncate(low=2).support() == (2.0, math.inf)
    assert law.truncate(2, 4).support() == (2.0, 4.0)
    assert abs(law - 4).support() == (0.0, math.inf)
    assert maximum(law, 2).support() == (2.0, math.inf)
    assert minimum(law, 2).support() == (0.0, 2.0)
    assert law.truncate(low=2).pmf(2) == pytest.approx(4.5 / (math.exp(3) - 4), rel=1e-12)


def test_constants_and_grids():
    assert table(maximum(die(6), 3.5)) == {
        Fraction(7, 2): Fraction(1, 2),
        4: Fraction(1, 6),
        5: Fraction(1, 6),
        6: Fraction(1, 6),
    }
    assert table(maximum(3, point(4))) == {4: 1}
    assert table(maximum(die(2))) == table(die(2))
    assert table(abs(point(-3))) == {3: 1}
    law = Discrete([0.1, 10**15, -(10**15)], [1, 1, 2], normalize=True)
    assert table(abs(law)) == {Fraction(1, 10): Fraction(1, 4), 10**15: Fraction(3, 4)}
    assert table(law.clip(0, 1)) == {
        0: Fraction(1, 2),
        Fraction(1, 10): Fraction(1, 4),
        1: Fraction(1, 4),
    }


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: die(6).truncate(5, 2), OptionError, "low=5, high=2: write low <= high"),
        (lambda: die(6).truncate("a"), OptionError, "low='a'"),
        (lambda: die(6).clip(math.nan, 2), DataError, "nan"),
        (lambda: die(6).truncate(7), DataError, "never from 7 to inf"),
        (lambda: die(6).order_statistic(0, 3), OptionError, "1 <= r <= n"),
        (lambda: die(6).order_statistic(4, 3), OptionError, "r=4, n=3: write 1 <= r"),
        (lambda: die(6).order_statistic(1.5, 3), OptionError, "r=1.5"),  # type: ignore[arg-type]
        (lambda: die(6).order_statistic(1, True), OptionError, "n=True"),
        (lambda: maximum(), ShapeError, "no laws"),
        (lambda: maximum(die(6), None), DtypeError, "NoneType"),
        (lambda: maximum(die(6), "d6"), DtypeError, "distribution"),
        (lambda: die(6).sum(3000).order_statistic(5000, 9999), ExactnessError, "to_float"),
        (
            lambda: Lattice([0.5, 0.5]).order_statistic(5, 5000),
            OptionError,
            "at most 1000 copies",
        ),
    ],
)
def test_what_is_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()
