"""Every term of a discrete law's bound and estimate, with a planted deviation that needs it."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy import stats

from faltung.distributions import Lattice, distribution
from faltung.distributions.numbers.rounding import gamma
from faltung.distributions.scipy_laws.discrete import _weights
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import as_weights
from faltung.distributions.weights.numbers import ScaledNumbers
from faltung.distributions.weights.scale import Scale
from faltung.distributions.weights.scaled import ScaledWeights
from tests.distributions import reference

GROUPS = np.array([0, 1, 0, 1])
GRID = (Fraction(0), Fraction(1), None)


def planted(true, relative, neglected):
    """Floats that are too large by all that the two numbers allow."""
    shares = [Fraction(neglected) / len(true)] * len(true)
    floats = [float(p * (1 + Fraction(relative)) + e) for p, e in zip(true, shares, strict=True)]
    return ScaledWeights.from_floats(
        np.array(floats), relative * (1 + 1e-12), 0.0, neglected * (1 + 1e-12)
    )


def overdrawn(weights, true):
    """By how much the errors beyond the relative bound exceed, all together, `neglected`."""
    errors = [
        max(abs(w - t) - Fraction(weights.relative) * t, Fraction(0))
        for w, t in zip(reference.kept(weights), true, strict=True)
    ]
    return sum(errors) - Fraction(weights.neglected)


def convolution(p, q):
    total = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, x in enumerate(p):
        for j, y in enumerate(q):
            total[i + j] += x * y
    return total


OPERATIONS = {
    "convolved": (lambda x, y: x.convolved(y), convolution),
    "convolved the other way": (lambda x, y: y.convolved(x), convolution),
    "products": (lambda x, y: x.products(y), lambda p, q: [a * b for a in p for b in q]),
    "power": (
        lambda x, _: x.power(5),
        lambda p, _: convolution(convolution(convolution(p, p), convolution(p, p)), p),
    ),
    "grouped": (
        lambda x, _: x.grouped(GROUPS, 2),
        lambda p, _: [p[0] + p[2], p[1] + p[3]],
    ),
    "reversed": (lambda x, _: x.reversed(), lambda p, _: p[::-1]),
    "chosen": (lambda x, _: x.chosen(np.array([1, 2])), lambda p, _: p[1:3]),
    "placed": (
        lambda x, _: x.placed(np.array([0, 2, 3, 5])),
        lambda p, _: [p[0], Fraction(0), p[1], p[2], Fraction(0), p[3]],
    ),
}


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("relative", [(0.0, 0.0), (0.01, 0.0), (0.0, 0.02), (0.03, 0.01)])
@pytest.mark.parametrize("neglected", [(0.0, 0.0), (0.04, 0.0), (0.0, 0.05), (0.2, 0.3)])
def test_deviations_of_operands_stay_within_the_bound(name, relative, neglected):
    compute, truly = OPERATIONS[name]
    p = [Fraction(k, 16) for k in (1, 4, 9, 2)]
    q = [Fraction(k, 8) for k in (5, 2, 1)]
    x, y = planted(p, relative[0], neglected[0]), planted(q, relative[1], neglected[1])
    assert overdrawn(compute(x, y), truly(p, q)) <= 0


def worst(weights, true):
    """The largest relative error, in units of the bound and of the estimate."""
    error = max(abs(w - t) / t for w, t in zip(reference.kept(weights), true, strict=True) if t)
    return error / Fraction(weights.relative), weights.estimate / float(error)


def full_floats(rng, count, bits=53):
    """Weights whose products and sums need more digits than a float has."""
    return rng.integers(2 ** (bits - 1), 2**bits, size=count) * 2.0 ** -(bits + 10)


def as_fractions(values):
    return [Fraction(float(value)) for value in values]


@pytest.mark.parametrize("seed", range(5))
def test_the_rounding_of_products_alone(seed):
    rng = np.random.default_rng(seed)
    a, b = full_floats(rng, 30), full_floats(rng, 40)
    both = ScaledWeights.from_floats(a).products(ScaledWeights.from_floats(b))
    true = [x * y for x in as_fractions(a) for y in as_fractions(b)]
    assert reference.kept(both) == true  # 106 bits hold the product of two floats
    thirds = ScaledWeights(both.chosen(np.arange(40)).numbers, Scale(3).reciprocal())
    again = thirds.products(thirds)
    kept = reference.kept(thirds)
    used, ratio = worst(again, [x * y for x in kept for y in kept])
    assert 0.1 < used <= 1
    assert again.relative < 2.0**-102
    assert 0.01 < ratio < 100


def test_the_rounding_of_a_convolution_alone():
    rng = np.random.default_rng(3)
    a, b = full_floats(rng, 60), full_floats(rng, 30)
    both = ScaledWeights.from_floats(a).convolved(ScaledWeights.from_floats(b))
    used, ratio = worst(both, convolution(as_fractions(a), as_fractions(b)))
    assert 0 < used <= 1
    assert 0.01 < ratio < 100


def test_the_rounding_of_groups_alone():
    rng = np.random.default_rng(4)
    floats = ScaledWeights.from_floats(full_floats(rng, 3000))
    values = ScaledWeights(floats.numbers.times(Scale(3).reciprocal()))  # all 106 bits
    groups = rng.integers(0, 10, size=3000)
    true = [Fraction(0)] * 10
    for value, group in zip(reference.kept(values), groups.tolist(), strict=True):
        true[group] += value
    grouped = values.grouped(groups, 10)
    used, ratio = worst(grouped, true)
    assert 0 < used <= 1
    assert grouped.relative < 2.0**-93
    assert 0.01 < ratio < 100


def test_estimates_of_operands_are_handed_on():
    x = ScaledWeights.from_floats(np.array([0.25, 0.25, 0.25, 0.25]), 1e-3, 1e-4)
    y = ScaledWeights.from_floats(np.array([0.5, 0.5]), 1e-3, 2e-4)
    assert x.grouped(GROUPS, 2).estimate == pytest.approx(1e-4)
    assert x.reversed().estimate == x.chosen(np.array([1])).estimate == 1e-4
    assert x.products(y).estimate == pytest.approx(5**0.5 * 1e-4)
    assert x.power(2).estimate == pytest.approx(2e-4)
    assert x.error_estimate == pytest.approx(1e-4)


def test_the_estimate_of_sums_from_the_ends():
    values = full_floats(np.random.default_rng(5), 2000) * 2.0**-12
    weights = ScaledWeights.from_floats(values)
    total = np.cumsum(np.array(as_fractions(values), dtype=object))
    errors = [
        float(abs(Fraction(float(w)) - t) / t)
        for w, t in zip(weights.below[1:-1], total[:-1], strict=True)
    ]
    assert 0.01 < weights.error_estimate / max(errors) < 100
    assert max(errors) <= weights.error_bound


def rounded_answers(weights, true):
    """By how much float64 answers exceed what their bound and `missing` allow, all together."""
    errors = [
        max(abs(Fraction(float(w)) - t) - Fraction(weights.error_bound) * t, Fraction(0))
        for w, t in zip(weights.floats, true, strict=True)
    ]
    return sum(errors) - Fraction(weights.missing)


@pytest.mark.parametrize("counts", [[1, 2, 4], [3**200, 7, 10**90 + 1], [2**60 - 1, 2**106 - 1, 1]])
def test_floats_of_exact_weights(counts):
    weights = ExactWeights(counts, sum(counts))
    scaled = weights.to_float()
    assert overdrawn(scaled, weights.fractions()) <= 0
    assert scaled.neglected == 0
    assert scaled.relative < 2.0**-100
    assert scaled.floats.tolist() == weights.floats.tolist()
    assert 0 < weights.error_bound == 2.0**-53


def test_floats_of_exact_weights_below_the_smallest_normal():
    """Seven equal parts at 2**-1074 are off by up to half of it, each, in float64 alone."""
    denominator = 3 * 2**1073
    weights = ExactWeights([1] * 7 + [denominator - 7], denominator)
    scaled = weights.to_float()
    assert overdrawn(scaled, weights.fractions()) <= 0
    assert scaled.neglected == 0
    lost = rounded_answers(scaled, weights.fractions()) + Fraction(scaled.missing)
    assert 0 < lost <= Fraction(scaled.missing)
    assert np.abs(scaled.log_floats - weights.log_floats).max() <= 1e-12


def test_reading_weights_rounds_the_sum_alone():
    for k in range(400):
        values = [1 + k * 2.0**-50, 2.0**-52, 2.0**-53, 0.75]
        weights = as_weights(values, normalize=True).to_float()
        total = sum(as_fractions(values))
        true = [value / total for value in as_fractions(values)]
        assert overdrawn(weights, true) <= 0
        assert weights.relative < 2.0**-98
        assert rounded_answers(weights, true) <= 0


TINY = [(k + 0.5) * 2.0 ** (60 - 1074) for k in range(0, 200, 10)]


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 5e-324],
        [3.0, 5e-324, 5e-324],
        [2.0**60, 2.0**-1010, 7.0],
        [2.0**60, 2.0**60, 5e-324],
        [1.7e308, 1.7e308, 5e-324],
        *([0.51 * 2.0**60, *[tiny] * 30] for tiny in TINY),
    ],
)
def test_reading_weights_loses_nothing(values):
    weights = as_weights(values, normalize=True).to_float()
    total = sum(as_fractions(values))
    true = [value / total for value in as_fractions(values)]
    assert overdrawn(weights, true) <= 0
    assert weights.neglected == 0
    assert rounded_answers(weights, true) <= 0
    assert (min(true) >= Fraction(2) ** -1022) or weights.missing > 0


@pytest.mark.parametrize("k", [0, 1, 2])
def test_products_below_the_smallest_float(k):
    tiny = (1 + k / 4) * 2.0**-540
    x = ScaledWeights.from_floats(np.array([0.5, tiny]))
    y = ScaledWeights.from_floats(np.array([tiny, 0.25, tiny]))
    p, q = as_fractions(x.floats), as_fractions(y.floats)
    for both in (x.convolved(y), y.convolved(x)):
        assert both.neglected == 0 < both.missing
        assert overdrawn(both, convolution(p, q)) <= 0
    assert overdrawn(x.products(y), [a * b for a in p for b in q]) <= 0
    deep = ScaledWeights.from_floats(np.array([1.5 * 2.0**-537] * 100))
    squares = [value * value for value in as_fractions(deep.floats)] * 100
    assert overdrawn(deep.products(deep), squares) <= 0


# --- sums from both ends -----------------------------------------------------------------------


def test_crumbs_are_not_lost_in_sums_from_the_ends():
    """Each is less than half a unit of the sum before it, all together are hundreds of units."""
    values = np.full(900, 0.49 * 2.0**-53)
    values[0] = 0.5
    weights = ScaledWeights.from_floats(values)
    true = sum(as_fractions(values[:-1]))
    assert weights.below[-2] == float(true) > 0.5  # the last entry is 1 by definition


def upwards(rng, count):
    """Floats whose running sum is rounded up at every step, by nearly half a unit."""
    entries, total = [0.25 + 2.0**-40], Fraction(0)
    total = Fraction(entries[0])
    for _ in range(count - 1):
        base = Fraction(int(rng.integers(1, 2**20)), 2**48)
        entry = float(base + Fraction(9, 16) / 2**54)
        assert Fraction(float(total + Fraction(entry))) > total + Fraction(entry)
        entries.append(entry)
        total = Fraction(float(total + Fraction(entry)))
    return np.array(entries), total


def test_sums_round_what_is_neglected_too():
    """The truth is half of every number, the other half is neglected: rho is 0, and eta is rounded.

    Of the sum's two parts the second one is rounded up each time, by nearly half a unit.
    """
    crumbs = 7
    numbers = ScaledNumbers(
        np.array([0.5] + [9 / 16] * crumbs),
        np.array([2.0**-55] + [0.0] * crumbs),
        np.array([0] + [-107] * crumbs),
    )
    lost = sum(numbers.fractions()) / 2
    whole = ScaledWeights(numbers, neglected=float(lost) * (1 + 2.0**-52))
    grouped = whole.grouped(np.zeros(1 + crumbs, dtype=np.int64), 1)
    (total,) = reference.kept(grouped)
    assert total > 2 * lost
    assert overdrawn(grouped, [lost]) <= 0
    assert grouped.neglected > whole.neglected


def test_cdf_and_neglected_mass():
    """All that the cdf has is neglected mass, and its sums are rounded up."""
    values, _ = upwards(np.random.default_rng(8), 5)
    rest = float(1 - sum(as_fractions(values)))
    lost = float(sum(as_fractions(values)))
    law = Lattice._create(
        ScaledWeights.from_floats(np.array([*values, rest]), 0.0, 0.0, lost), *GRID
    )
    computed = Fraction(law.cdf(4))
    assert law.neglected_mass > lost
    assert computed <= Fraction(law.neglected_mass)
    deep = ScaledWeights.from_floats(np.array([0.5, 0.5]), 0.0, 0.0, 5e-324)
    assert 5e-324 < deep.missing <= 1.5e-323
    assert (
        ExactWeights([1, 1], 2).missing
        == ScaledWeights.from_floats(np.array([0.5, 0.5])).missing
        == 0
    )


@pytest.mark.parametrize("n", [1, 10, 1000])
def test_gamma_holds_for_roundings_in_both_directions(n):
    unit = Fraction(1, 2**53)
    assert (1 + unit) ** n - 1 <= 1 / (1 - unit) ** n - 1 <= Fraction(gamma(n)) * (1 + unit)
    assert Fraction(gamma(n)) <= (1 + 2 * n * unit) * n * unit


# --- windows -----------------------------------------------------------------------------------


def test_dividing_scipys_values_by_their_sum():
    rng = np.random.default_rng(6)
    values = rng.random(200)
    values /= values.sum()
    values[0] += 2.0**-52 * 3
    weights = _weights(values, 0.0, "law")
    assert overdrawn(weights, as_fractions(values)) <= 0
    assert weights.neglected == 0


def test_dividing_scipys_values_below_the_smallest_normal():
    values = np.array([0.5, 0.5 + 1e-10, *((7e9 + np.arange(50)) * 2.0**-1074)])
    assert overdrawn(_weights(values, 0.0, "law"), as_fractions(values)) <= 0
    assert overdrawn(_weights(values, 1e-3, "law"), as_fractions(values)) <= -0.9e-3


class Halves(stats.rv_discrete):  # type: ignore[misc]  # SciPy has no types
    """P(X = k) = 2**-k for k >= 1; its sf is 1 - cdf, and so 0 from 54 on."""

    def _pmf(self, k):
        return 0.5**k

    def _cdf(self, k):
        return 1 - 0.5 ** np.floor(k)

    def _ppf(self, q):
        return np.ceil(-np.log2(1 - q))


class MirroredHalves(stats.rv_discrete):  # type: ignore[misc]  # SciPy has no types
    """P(X = -k) = 2**-k; its cdf is 1 - sf, and so 0 up to -54."""

    def _pmf(self, k):
        return 0.5**-k

    def _cdf(self, k):
        return 1 - (1 - 0.5 ** -(np.floor(k) + 1.0))

    def _ppf(self, q):
        return -np.ceil(-np.log2(q))


@pytest.mark.parametrize(
    "frozen",
    [Halves(a=1, b=np.inf, name="halves")(), MirroredHalves(a=-np.inf, b=-1, name="mirrored")()],
)
def test_tails_that_scipy_does_not_see(frozen):
    law = distribution(frozen)
    assert isinstance(law, Lattice)
    edge = max(map(abs, law.window()))
    assert 2.0**-edge <= law.neglected_mass <= 1e-299
    for k in (1, 2, 60, 200):
        side = np.sign(law.window()[1])
        assert law.pmf(side * k) == 2.0**-k


@pytest.mark.parametrize("p", [0.5, 0.9, 0.99])
def test_tails_whose_ratio_rises(p):
    law = distribution(stats.logser(p))
    assert isinstance(law, Lattice)
    k = law.window()[1]
    with mpmath.workdps(30):
        share = mpmath.mpf(p)
        terms = [share**i / i / -mpmath.log(1 - share) for i in range(int(k) + 1, int(k) + 8000)]
        tail = mpmath.fsum(terms)
        assert terms[0] < tail <= law.neglected_mass <= 4 * tail


@pytest.mark.parametrize(("up", "down"), [(5, 8), (8, 5), (1, 30), (300, 1)])
def test_both_tails_are_counted(up, down):
    law = distribution(stats.skellam(up, down))
    assert isinstance(law, Lattice)
    low, high = law.window()
    with mpmath.workdps(30):

        def mass(k):
            root = 2 * mpmath.sqrt(up * down)
            ratio = mpmath.sqrt(mpmath.mpf(up) / down)
            return mpmath.exp(-up - down) * ratio**k * mpmath.besseli(abs(k), root)

        tail = sum(mass(int(high) + i) + mass(int(low) - i) for i in range(1, 80))
        assert tail <= law.neglected_mass
