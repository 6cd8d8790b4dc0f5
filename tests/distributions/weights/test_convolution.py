"""Scaled vectors convolved: against Fractions, with wild numbers, on every instruction set."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions.weights.numbers import ScaledNumbers
from tests.distributions.weights.scaled import (
    convolution,
    convolved,
    dyadics,
    fractions,
    numbers,
    relative_error,
    worst,
)

pytestmark = pytest.mark.usefixtures("instruction_set")

wild = st.one_of(
    st.just(0.0),
    st.floats(0, 1),
    st.floats(5e-324, 1.7e308),
    st.sampled_from([5e-324, 1e-300, 1e300, 1.0, 1.7e308]),
    st.tuples(st.floats(0.5, 1), st.integers(-5000, 5000)),
)
vectors = st.lists(wild, min_size=1, max_size=9)
# A few numbers, each repeated: blocks and their borders, gaps, exponents side by side.
runs = st.lists(st.tuples(wild, st.integers(1, 70)), min_size=1, max_size=4).map(
    lambda runs: [value for value, count in runs for _ in range(count)]
)


@pytest.mark.parametrize("precise", [False, True])
@settings(max_examples=60)
@given(vectors, vectors)
def test_wild_numbers(precise, x, y):
    a, b = numbers(x), numbers(y)
    result, bound, _ = convolved(a, b, precise=precise)
    assert worst(result, convolution(dyadics(a), dyadics(b))) <= bound


@pytest.mark.parametrize("precise", [False, True])
@settings(max_examples=10)
@given(runs, runs)
def test_wild_blocks(precise, x, y):
    a, b = numbers(x), numbers(y)
    result, bound, _ = convolved(a, b, precise=precise)
    assert worst(result, convolution(dyadics(a), dyadics(b))) <= bound


@pytest.mark.parametrize("precise", [False, True])
@settings(max_examples=10)
@given(runs)
def test_wild_squares(precise, x):
    a = numbers(x)
    result, bound, _ = convolved(a, a, precise=precise)
    assert worst(result, convolution(dyadics(a), dyadics(a))) <= bound


def steep(length, shape, seed):
    """Numbers whose exponents rise and fall: log-concave for a negative curve."""
    slope, curve = shape
    k = np.arange(length)
    mantissas = np.random.default_rng(seed).uniform(0.5, 1, length)
    exponents = np.rint(slope * k + curve * k * k).astype(int)
    return numbers(list(zip(mantissas.tolist(), exponents.tolist(), strict=True)))


SHAPES = [(0, 0), (3.3, 0), (-20, 0), (11, -0.04), (-30, 0.1), (100, -0.3), (1.5, -0.003)]


@pytest.mark.parametrize("precise", [False, True])
@pytest.mark.parametrize("x", SHAPES)
@pytest.mark.parametrize("y", SHAPES[1::3])
def test_steep_laws(precise, x, y):
    a, b = steep(300, x, 1), steep(163, y, 2)
    result, bound, _ = convolved(a, b, precise=precise)
    assert worst(result, convolution(dyadics(a), dyadics(b))) <= bound


@pytest.mark.parametrize("precise", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("length", [65, 200])
def test_steep_squares(precise, shape, length):
    a = steep(length, shape, 3)
    result, bound, _ = convolved(a, a, precise=precise)
    assert worst(result, convolution(dyadics(a), dyadics(a))) <= bound


@pytest.mark.parametrize("precise", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 63, 64, 65, 127, 128, 129, 200])
def test_every_length(precise, n):
    """Whole numbers that are exact in float64: every product is counted once."""
    rng = np.random.default_rng(n)
    x, y = rng.integers(0, 2**20, n), rng.integers(0, 2**20, 131)
    for a, b in ((x, y), (y, x), (x, x.copy())):
        result, _, _ = convolved(numbers(a.tolist()), numbers(b.tolist()), precise=precise)
        assert result.floats().tolist() == np.convolve(a, b).tolist()
    square, _, _ = convolved(*[numbers(x.tolist())] * 2, precise=precise)
    assert square.floats().tolist() == np.convolve(x, x).tolist()


@pytest.mark.parametrize("precise", [False, True])
def test_gaps_and_lonely_numbers(precise):
    sparse: list[float | tuple[float, int]] = [0.0] * 700
    sparse[0], sparse[131], sparse[699] = 0.25, (0.7, -4000), 1e-300
    a, b = numbers(sparse), numbers([0.0] * 100 + [0.1] * 3 + [0.0] * 150)
    result, bound, _ = convolved(a, b, precise=precise)
    assert worst(result, convolution(dyadics(a), dyadics(b))) <= bound
    nothing, _, _ = convolved(a, numbers([0.0] * 90), precise=precise)
    assert not nothing.high.any()


def test_the_error_of_double_double_is_far_below_a_unit():
    rng = np.random.default_rng(5)
    a, b = numbers(rng.random(150).tolist()), numbers(rng.random(90).tolist())
    square, first, _ = convolved(a, b, precise=True)
    assert len(square.low) == 239
    result, second, _ = convolved(square, b, precise=True)
    true = convolution(convolution(dyadics(a), dyadics(b)), dyadics(b))
    error = worst(result, true)
    assert 0 < error <= first + second
    assert error < 2.0**-100


@pytest.mark.parametrize("ends", [1e-300, 1e300])
def test_alternating_numbers_squared_again_and_again(ends):
    """Neighbours differ by 997 powers of two, and the ends by 997 * 2**6."""
    a = numbers([ends, 1.0, ends])
    true = dyadics(a)
    allowed = 0.0
    for _ in range(6):
        a, bound, _ = convolved(a, a, precise=True)
        true = convolution(true, true)
        allowed = (2 * allowed + bound) * (1 + 1e-9)
        assert worst(a, true) <= allowed
    assert max(abs(a.exponents)) > 60_000


def test_threads_do_not_change_a_bit():
    rng = np.random.default_rng(6)
    exponents = np.cumsum(rng.integers(-9, 10, 3000))
    pairs = list(zip(rng.uniform(0.5, 1, 3000).tolist(), exponents.tolist(), strict=True))
    a = numbers(pairs)
    results = [convolved(a, a, precise=False, threads=n)[0].parts for n in (1, 2, 5)]
    for other in results[1:]:
        assert all(np.array_equal(p, q) for p, q in zip(results[0], other, strict=True))


@pytest.mark.parametrize("precise", [False, True])
@given(vectors, vectors, vectors)
@settings(max_examples=40)
def test_commute_and_associate_within_the_bounds(precise, x, y, z):
    a, b, c = numbers(x), numbers(y), numbers(z)
    ab, e1, _ = convolved(a, b, precise=precise)
    ba, _, _ = convolved(b, a, precise=precise)
    left, e2, _ = convolved(ab, c, precise=precise)
    bc, e3, _ = convolved(b, c, precise=precise)
    right, e4, _ = convolved(a, bc, precise=precise)
    for p, q, allowed in ((ab, ba, 2 * e1), (left, right, e1 + e2 + e3 + e4)):
        for v, w in zip(fractions(p), fractions(q), strict=True):
            assert abs(v - w) <= Fraction(allowed) * max(v, w) * (1 + Fraction(1, 2**20))


def test_prefix_sums_of_wild_numbers():
    rng = np.random.default_rng(7)
    pairs = [(float(rng.uniform(0.5, 1)), int(e)) for e in rng.integers(-3000, 3000, 300)]
    a = numbers([*pairs, 0.0])
    true = [(m << (e + 4000), -4000) for m, e in dyadics(a)]
    for backwards in (False, True):
        sums = dyadics(a.sums(backwards=backwards))
        for k in range(302):
            exact = sum(m for m, _ in (true[k:] if backwards else true[:k]))
            assert relative_error(sums[k], (exact, -4000)) <= 301 * 2.0**-102


def test_exponentials():
    logs = [0.0, -1e-9, 0.3465, -0.3466, 700.0, -745.2, -1e5, 123456.789, -1e15, -np.inf]
    found = dyadics(ScaledNumbers.from_logs(np.array(logs)))
    assert found[-1][0] == 0
    with mpmath.workprec(300):
        for x, (m, e) in zip(logs[:-1], found, strict=False):
            ratio = mpmath.ldexp(m, e) / mpmath.exp(mpmath.mpf(x))
            assert abs(ratio - 1) <= 2.0**-96 + abs(x) * 2.0**-103
