"""Complex numbers, long doubles and Python's own numbers, against exact sums."""

from __future__ import annotations

import decimal
import itertools
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import faltung as ft
from faltung.errors import DtypeError, ExactnessError, OptionError
from tests import reference
from tests.arrays import strategies

TYPES = ["float32", "float64", "complex64", "complex128", "longdouble", "clongdouble"]


def exact_parts(a, v, **options):
    """The real and the imaginary part of the convolution, in Fractions."""
    fill = options.pop("fill_value", 0)
    parts = {}
    for i, j in itertools.product(("real", "imag"), repeat=2):
        outside = {"fill_value": fraction(getattr(fill, i))}
        parts[i, j] = convolve_fractions(getattr(a, i), getattr(v, j), options | outside)
    real = parts["real", "real"] - parts["imag", "imag"]
    return real, parts["real", "imag"] + parts["imag", "real"]


def fraction(x):
    return Fraction(*x.as_integer_ratio())


def fractions(values):
    made = np.empty(values.shape, object)
    made.ravel()[:] = [fraction(x) for x in values.ravel()]
    return made


def convolve_fractions(a, v, options):
    """`reference.convolve` reads floats; Fractions of long doubles are scaled to Python's ints."""
    a, v = fractions(a), fractions(v)
    fill = options["fill_value"]
    common = 1
    for x in [*a.ravel(), *v.ravel(), fill]:
        common = max(common, x.denominator)  # powers of two
    whole = np.vectorize(lambda x: Exactly(int(x * common)), otypes=[object])
    total = reference.convolve(
        whole(a), whole(v), options["mode"], options.get("boundary", "zero"), int(fill * common)
    )
    return total / Fraction(common) ** 2


class Exactly(int):
    """An int that `reference.exact` takes for a number of NumPy."""

    def item(self):
        return int(self)


@st.composite
def calls(draw):
    """Operands of two types, in one of several layouts, and options that go together."""
    a, v = draw(strategies.operands(exponent=20))
    made = []
    for operand in (a, v):
        kind = draw(st.sampled_from(TYPES))
        other = operand[::-1] if kind.startswith("c") else None
        made.append(operand.astype(kind) if other is None else (operand + 1j * other).astype(kind))
    options = draw(strategies.options(a, v))
    if "constant" in options.get("boundary", ()):
        whole = np.result_type(*made).kind == "c"
        options["fill_value"] = draw(st.sampled_from([0.0, 3.0, *([2.0 - 0.5j] * whole)]))
    return made[0], made[1], options


@given(calls(), st.sampled_from(["auto", "direct", "fft"]))
def test_every_type_is_within_its_bound(call, method):
    a, v, options = call
    if np.result_type(a, v).itemsize in (np.dtype("g").itemsize, np.dtype("G").itemsize):
        method = (
            "direct" if np.result_type(a, v).type in (np.longdouble, np.clongdouble) else method
        )
    result = ft.convolve(a, v, method=method, **options)
    assert result.dtype == np.result_type(a, v)
    plan = ft.plan(v, a.shape, dtype=a.dtype, method=method, **options)
    bound = Fraction(float(plan.error_bound(a)))
    for part, expected in zip(
        (result.real, result.imag), exact_parts(a, v, **options), strict=True
    ):
        for x, y in zip(part.ravel(), expected.ravel(), strict=True):
            assert abs(fraction(x) - y) <= bound


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
@pytest.mark.parametrize("method", ["direct", "fft"])
@pytest.mark.parametrize("shapes", [((301,), (40,)), ((40, 41), (7, 6)), ((9, 10, 11), (3, 4, 5))])
def test_complex_on_every_instruction_set(instruction_set, dtype, method, shapes):
    rng = np.random.default_rng(3)
    a, v = ((rng.integers(-9, 9, s) + 1j * rng.integers(-9, 9, s)).astype(dtype) for s in shapes)
    whole = ft.convolve(a.real.astype(int), v.real.astype(int)) - ft.convolve(
        a.imag.astype(int), v.imag.astype(int)
    )
    result = ft.convolve(a, v, method=method)
    bound = ft.plan(v, a.shape, dtype=dtype, method=method).error_bound(a)
    assert np.abs(result.real - whole).max() <= bound


@pytest.mark.parametrize("method", ["direct", "fft"])
def test_nan_and_infinity_reach_what_the_real_sums_touch(method):
    rng = np.random.default_rng(0)
    a, v = (rng.normal(size=n) + 1j * rng.normal(size=n) for n in (60, 9))
    a[20], a[40], v[3] = complex(np.nan, 1), complex(2, np.inf), complex(0, -np.inf)

    def real(x, w):
        return ft.convolve(x.copy(), w.copy(), method="direct")

    with np.errstate(invalid="ignore"):
        expected = (
            real(a.real, v.real) - real(a.imag, v.imag),
            real(a.real, v.imag) + real(a.imag, v.real),
        )
    result = ft.convolve(a, v, method=method)
    for part, other in zip((result.real, result.imag), expected, strict=True):
        np.testing.assert_array_equal(np.isnan(part), np.isnan(other))
        np.testing.assert_array_equal(np.isposinf(part), np.isposinf(other))
        np.testing.assert_array_equal(np.isneginf(part), np.isneginf(other))
    # A real operand has no imaginary part: nothing infinite meets a zero there.
    mixed = ft.convolve(np.array([np.inf, 1.0]), np.array([1j]), method=method)
    assert np.isnan(mixed.real[0])
    assert np.isposinf(mixed.imag[0])


def test_axes_batches_and_out_take_complex_numbers():
    rng = np.random.default_rng(1)
    a = rng.integers(-5, 5, (4, 30)) + 1j * rng.integers(-5, 5, (4, 30))
    v = rng.integers(-5, 5, (4, 6)) * (1 - 2j)
    expected = np.array([np.convolve(x, w) for x, w in zip(a, v, strict=True)])
    np.testing.assert_allclose(ft.convolve(a, v, axes=1), expected, atol=1e-12)
    out = np.empty((35, 4), complex).T
    assert ft.convolve(a, v, axes=1, out=out) is out
    np.testing.assert_allclose(out, expected, atol=1e-12)
    square = a[:, :4].copy()
    wrapped = ft.convolve(square, v[:, :3], axes=1, mode="same", boundary="wrap", out=square)
    assert wrapped is square


def test_correlate_conjugates_its_second_operand():
    a, v = np.array([1 + 2j, 3j, 2.0, 1 - 1j]), np.array([1j, 2 - 1j])
    np.testing.assert_allclose(ft.correlate(a, v), np.correlate(a, v, "full"))
    objects = ft.correlate(a.astype(object), v.astype(object))
    np.testing.assert_allclose(objects.astype(complex), np.correlate(a, v, "full"))


def test_a_complex_value_outside_needs_complex_operands():
    options = {"mode": "same", "boundary": "constant", "fill_value": 2j}
    with pytest.raises(OptionError, match=r"complex, but the operands are real.*astype"):
        ft.convolve([1.0, 2.0], [1.0, 1.0], **options)
    np.testing.assert_allclose(ft.convolve([1.0, 2.0], [1, 1j], **options), [-1, 2 + 1j])


@given(st.data())
def test_python_numbers_are_exact(data):
    numbers = st.one_of(
        st.integers(-(10**40), 10**40), st.fractions(max_denominator=10**6), st.booleans()
    )
    rank = data.draw(st.integers(1, 2))
    shapes = st.tuples(*[st.integers(1, 6)] * rank)
    a, v = (np.empty(data.draw(shapes), object) for _ in range(2))
    for operand in (a, v):
        size = operand.size
        operand.ravel()[:] = data.draw(st.lists(numbers, min_size=size, max_size=size))
    options = data.draw(strategies.options(a, v))
    if "constant" in options.get("boundary", ()):
        options["fill_value"] = data.draw(st.sampled_from([0, 3, Fraction(1, 3), 10**25 + 1]))
    result = ft.convolve(a, v, **options)
    fill = options.pop("fill_value", 0)
    exact = reference.convolve(Boxed.all(a), Boxed.all(v), fill_value=fill, **options)
    assert (result == exact).all()
    assert not any(isinstance(x, float) for x in result.ravel())


class Boxed(Fraction):
    """A Fraction that `reference.exact` takes for a number of NumPy."""

    def item(self):
        return Fraction(self)

    @staticmethod
    def all(values):
        return np.vectorize(Boxed, otypes=[object])(values)


@pytest.mark.parametrize("flint", [True, False])
def test_long_integers_are_exact_with_and_without_flint(monkeypatch, flint):
    if flint:
        pytest.importorskip("flint")
    else:
        monkeypatch.setitem(sys.modules, "flint", None)
    a = np.array([(-3) ** i for i in range(200)], object)
    v = np.array([10**30 + i for i in range(70)] + [0] * 10, object)
    every = [{"mode": mode} for mode in ("full", "same", "valid")]
    every += [{"mode": "same", "boundary": name} for name in strategies.BOUNDARIES]
    for options in every:
        expected = reference.convolve(Boxed.all(a), Boxed.all(v), **options)
        assert (ft.convolve(a, v, **options) == expected).all()
        column = ft.convolve(a[:, None], v[:, None], **options)
        assert (column[:, 0] == expected).all()
    assert (ft.convolve(v * 0, a) == 0).all()


def test_objects_use_their_own_arithmetic():
    result = ft.convolve(
        np.array([decimal.Decimal("0.1"), decimal.Decimal(1)]),
        np.array([decimal.Decimal("0.3"), 2]),
    )
    assert list(result) == [decimal.Decimal(x) for x in ("0.03", "0.5", "2")]
    # NumPy's integers would wrap around.
    large = np.array([np.int64(2**62), np.int64(2**62)], object)
    assert ft.convolve(large, [4, 4]).tolist() == [2**64, 2**65, 2**64]


def test_objects_that_do_not_multiply_are_refused_by_their_type():
    for wrong, name in (("a", "str"), (None, "NoneType"), ([1], "list")):
        operand = np.empty(2, object)
        operand[:] = [1, 2]
        operand[1] = wrong
        with pytest.raises(DtypeError, match=name):
            ft.convolve(operand, [1.0])
    with pytest.raises(DtypeError, match=r"Fraction.*Decimal|Decimal.*Fraction"):
        ft.convolve(np.array([Fraction(1, 2)]), np.array([decimal.Decimal(2)]))


def test_types_without_a_transform_refuse_it():
    for operand in (np.ones(3, np.longdouble), np.array([1, 2], object)):
        with pytest.raises(OptionError, match="method='direct'"):
            ft.convolve(operand, operand, method="fft")


def test_bounds_of_objects():
    exact = ft.plan(np.array([Fraction(1, 3), 2]), 3, dtype=object)
    assert (
        exact.error_factor == exact.error_bound([1, 2, 3]) == exact.error_estimate([1, 2, 3]) == 0
    )
    with pytest.raises(DtypeError, match="ints and Fractions"):
        exact.error_bound(np.array([0.5, 1, 2], object))
    assert "fft" not in exact.explain()


def test_estimates_of_complex_numbers_are_near_the_error():
    rng = np.random.default_rng(0)
    a, v = (rng.normal(size=n) + 1j * rng.normal(size=n) for n in (3000, 400))
    for method in ("direct", "fft"):
        plan = ft.plan(v, a.shape, dtype=a.dtype, method=method)
        exact = ft.convolve(a.astype(np.clongdouble), v.astype(np.clongdouble))
        error = float(np.abs(plan(a) - exact).max())
        assert error / 100 <= plan.error_estimate(a) <= error * 100
        assert error <= plan.error_bound(a)


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128, np.longdouble, object])
def test_the_type_that_results_anyway_may_be_asked_for(dtype):
    a = np.array([1, 2, 3], dtype)
    result = ft.convolve(a, a, dtype=dtype)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, ft.convolve(a, a))
    with pytest.raises(DtypeError, match="leave it out"):
        ft.convolve(a, a, dtype=np.float32)


def test_integers_that_do_not_fit_name_both_ways_out():
    with pytest.raises(ExactnessError, match=r"dtype=object.*dtype=float"):
        ft.convolve([2**62, 2**62], [2, 2])


@pytest.mark.parametrize(
    ("fill", "dtype", "words"),
    [
        (10**400, "int64", "too large for int64"),
        (10**400, "float64", "too large for float64"),
        (2**53 + 1, "int64", "would be rounded"),
        ("x", "complex128", "write a real number"),
    ],
)
def test_values_outside_that_would_be_changed_are_refused(fill, dtype, words):
    options = {"mode": "same", "boundary": "constant", "fill_value": fill}
    with pytest.raises(OptionError, match=words):
        ft.convolve(np.ones(3, dtype), np.ones(3, dtype), **options)


@pytest.mark.parametrize("fill", [-7, -7.0, np.longdouble(-7), Fraction(-7)])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "complex64", "longdouble", "object"])
def test_a_value_outside_of_any_type(fill, dtype):
    a, v = np.array([1, 2]).astype(dtype), np.ones(3, int).astype(dtype)
    options = {"mode": "same", "boundary": "constant", "fill_value": fill}
    assert list(ft.convolve(a, v, **options)) == [-4, -4]
