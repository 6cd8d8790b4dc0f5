"""accuracy="elementwise": the error of every entry is within rtol of its products' magnitudes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung.arrays import elementwise, tilt
from faltung.arrays.methods import METHODS
from faltung.options import Method
from tests import reference
from tests.arrays import strategies as draws
from tests.arrays.test_bounds import exact_entries
from tests.arrays.test_nonfinite import SPECIAL, plain_sum

TINY = Fraction(2) ** -1074


def assert_within(result, exact, magnitudes, rtol, taps):
    """Every entry, exactly; the smallest numbers of the type are lost by underflow alone."""
    kind = np.asarray(result).dtype
    lost = (taps + 1) * TINY + Fraction(float(np.finfo(kind).smallest_subnormal))
    for got, true, size in zip(
        np.asarray(result).ravel(), exact.ravel(), magnitudes.ravel(), strict=True
    ):
        assert abs(Fraction(float(got)) - true) <= Fraction(rtol) * size + lost


def check(a, v, rtol, **options):
    result = ft.convolve(a, v, accuracy="elementwise", rtol=rtol, **options)
    names = ("mode", "boundary", "fill_value", "stride", "dilation")
    shown = {name: options[name] for name in names if name in options}
    exact = reference.convolve(a, v, **shown)
    if "fill_value" in shown:
        shown["fill_value"] = abs(shown["fill_value"])
    magnitudes = reference.convolve(np.abs(a), np.abs(v), **shown)
    assert_within(result, exact, magnitudes, rtol, v.size)


@pytest.fixture
def transforms_first(monkeypatch):
    """Direct sums are predicted to be slow, so that transforms are tried on small arrays too."""
    slow = replace(METHODS[Method.DIRECT], seconds=lambda problem: 1e-3 * problem.tap_count)
    monkeypatch.setitem(METHODS, Method.DIRECT, slow)


@settings(max_examples=150)
@given(st.data())
def test_every_entry_on_wild_data(transforms_first, data):
    a, v = data.draw(draws.operands(exponent=data.draw(st.sampled_from([4, 30, 300]))))
    options = data.draw(draws.options(a, v))
    if "constant" in options.get("boundary", ()):
        options["fill_value"] = data.draw(draws.floats(a.dtype, 20))
    options["method"] = data.draw(st.sampled_from(["auto", "direct", "fft"]))
    rtols = [4e-15, 1e-13, 1e-9, 1e-3] if a.dtype == np.float64 else [2e-7, 1e-5]
    check(a, v, data.draw(st.sampled_from(rtols)), **options)


@settings(max_examples=40)
@given(st.data())
def test_non_negative_data_that_transforms_certify(transforms_first, data):
    """Uniform sizes, so that certificates, digits and repairs all have their turn."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    decades = data.draw(st.sampled_from([0.1, 1, 3, 8, 15]))
    n, k = data.draw(st.integers(1, 150)), data.draw(st.integers(1, 150))
    signs = data.draw(st.sampled_from([[1], [-1], [-1, 1], [0, 1]]))
    a, v = (10 ** rng.uniform(0, decades, size) * rng.choice(signs, size) for size in (n, k))
    modes = {"mode": data.draw(st.sampled_from(["full", "same", "valid"]))}
    check(a, v, data.draw(st.sampled_from([4e-15, 1e-12, 1e-6])), **modes)


@settings(max_examples=25)
@given(st.data())
def test_decay_that_is_tilted(transforms_first, data):
    """Exponential, Gaussian and one-sided decay, down to subnormal numbers."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    n, k = data.draw(st.integers(100, 260)), data.draw(st.integers(100, 200))
    steep = data.draw(st.sampled_from([0.3, 1.0, 2.9, 6.0]))
    laws = [
        lambda x: np.exp(-steep * x),
        lambda x: np.exp(-((x - x[len(x) // 2]) ** 2) * steep / 60),
        lambda x: np.exp(-steep * abs(x - x[len(x) // 3])) * rng.choice([-1, 0, 1], len(x)),
    ]
    scale = data.draw(st.sampled_from([1.0, 1e-200, 1e200]))
    a = data.draw(st.sampled_from(laws))(np.arange(float(n)))
    v = data.draw(st.sampled_from(laws))(np.arange(float(k)))
    a, rtol = scale * a, data.draw(st.sampled_from([4e-15, 1e-12, 1e-6]))
    result = ft.convolve(a, v, accuracy="elementwise", rtol=rtol)
    at = np.unique(rng.integers(0, n + k - 1, 16))
    exact, magnitudes = exact_entries(a, v, at), exact_entries(abs(a), abs(v), at)
    assert_within(result[at], exact, magnitudes, rtol, k)


def test_a_fill_value_beside_an_axis_without_taps(transforms_first):
    """The second axis has nothing outside, and a tilt along it would have to tilt the fill value."""
    a = np.exp(-3.0 * np.arange(12.0))[:, None] * np.exp(-2.0 * np.arange(200.0))
    options = {"mode": "same", "boundary": "constant", "fill_value": 5.0}
    result = ft.convolve(a, [1.0, 2.0, 3.0], axes=0, accuracy="elementwise", **options)
    for column, made in zip(a.T, result.T, strict=True):
        exact = reference.convolve(column, [1.0, 2.0, 3.0], **options)
        assert_within(made, exact, exact, 1e-12, 3)


def test_a_tail_of_three_hundred_decades_takes_few_transforms(monkeypatch):
    """A tilt makes an exponential flat: one transform is right along all of it."""
    found = []
    certify = elementwise._certify

    def noted(scaled, *rest):
        certified = certify(scaled, *rest)
        assert certified is not None
        found.append((scaled.relative > 0, certified.mean()))
        return certified

    monkeypatch.setattr(elementwise, "_certify", noted)
    a = np.exp(-np.arange(20_000.0) / 30)
    ft.convolve(a, a, accuracy="elementwise", mode="same", method="fft")
    assert found[0][0]
    assert found[0][1] > 0.95


def test_powers_of_two_are_within_their_roundings():
    steps = np.concatenate([np.arange(-5000, 5000, 37), np.arange(0, 2**20, 9973)])
    mantissa, exponent = tilt.powers_of_two(steps)
    with mpmath.workprec(200):
        for step, m, e in zip(steps.tolist(), mantissa.tolist(), exponent.tolist(), strict=True):
            true = mpmath.power(2, mpmath.mpf(step) / 2**20)
            assert abs(mpmath.ldexp(m, e) / true - 1) <= 3.0001 * 2.0**-53
    assert (mantissa >= 1).all()
    assert (mantissa < 2).all()


@pytest.mark.parametrize("decades", [3, 15])
@pytest.mark.parametrize("signed", [False, True])
def test_long_operands(decades, signed, instruction_set):
    rng = np.random.default_rng(decades)
    a, v = (10 ** rng.uniform(0, decades, n) for n in (6000, 5000))
    if signed:
        a, v = a * rng.choice([-1, 1], 6000), v * rng.choice([-1, 1], 5000)
    result = ft.convolve(a, v, accuracy="elementwise", method="fft")
    ends = np.r_[0:25, 60, 300, 2000, 5400, 8000, 10_000, 10_700, 10_960:10_999]
    exact = exact_entries(a, v, ends)
    assert_within(result[ends], exact, exact_entries(abs(a), abs(v), ends), 1e-12, 5000)


def test_a_plain_transform_fails_where_elementwise_is_right():
    """The data of the test above do need the care that is taken."""
    rng = np.random.default_rng(15)
    a, v = (10 ** rng.uniform(0, 15, n) for n in (6000, 5000))
    exact = exact_entries(a, v, range(5))
    plain = ft.convolve(a, v, method="fft")[:5]
    assert any(abs(Fraction(x) - y) > Fraction(1e-9) * y for x, y in zip(plain, exact, strict=True))


def test_scipy_22390():
    """https://github.com/scipy/scipy/issues/22390: SciPy returns 2.4e145 for a true 1.0."""
    a = np.array([0] * 10_000 + [10 ** (9 * i) for i in range(10)], dtype=float)
    result = ft.convolve(a, a, accuracy="elementwise")
    exact = exact_entries(a[-10:], a[-10:], range(19))
    assert (result[:-19] == 0).all()
    assert_within(result[-19:], exact, exact, 1e-12, 10)
    assert result[20_000] == 1.0
    # The bound of the plain transform says that it knows nothing of these entries, and holds.
    plan = ft.plan(a, len(a), method="fft")
    error = reference.largest_error(plan(a)[-19:], exact)
    assert 1e100 < error <= plan.error_bound(a)


@pytest.mark.parametrize("scale", [1e-320, 1e-160, 1e-100, 1e100, 1e150])
def test_the_ends_of_the_number_range(scale, transforms_first):
    rng = np.random.default_rng(0)
    a = scale * 10 ** rng.uniform(0, 3, 60)
    v = 10 ** rng.uniform(0, 3, 50) * (1e140 if scale < 1e-200 else 1)
    check(a, v, 1e-12, method="fft")
    check(a, v, 1e-12, method="direct")


@pytest.mark.parametrize("method", ["direct", "fft"])
def test_sums_that_overflow_are_infinite(method, transforms_first):
    large = np.array([1e200, 1.0] * 40)
    result = ft.convolve(large, large, accuracy="elementwise", method=method)
    expected = ft.convolve(large, large, method="direct")
    np.testing.assert_array_equal(np.isinf(result), np.isinf(expected))
    kept = np.isfinite(expected)
    np.testing.assert_allclose(result[kept], expected[kept], rtol=1e-12)
    assert np.isinf(result).any()


@pytest.mark.parametrize("options", [{}, {"mode": "same", "boundary": "edge", "stride": 2}])
def test_powers_of_two_that_vanish_beside_others(transforms_first, options):
    a, v = np.zeros(200), np.zeros(5)
    a[[0, -1]], a[1:100] = 2.0**1000, 2.0**-1000
    v[3] = 1
    check(a, v, 1e-12, method="fft", **options)


@pytest.mark.parametrize("shape", [(8,), (5, 3)])
@pytest.mark.parametrize("dilation", [3, 7])
def test_outputs_between_taps_that_lie_apart(transforms_first, shape, dilation):
    rng = np.random.default_rng(12)
    for taps in range(1, 6):
        a, v = rng.normal(size=shape), rng.normal(size=[taps] * len(shape))
        check(a, v, 1e-12, method="fft", dilation=dilation)


def test_three_hundred_decades_and_exact_zeros(transforms_first):
    rng = np.random.default_rng(1)
    a = 10 ** rng.uniform(-150, 150, 120) * rng.choice([0, 0, 0, 1], 120)
    v = np.exp(-np.arange(100.0) * 6)
    check(a, v, 1e-12, method="fft")
    assert (ft.convolve(np.zeros(500), v, accuracy="elementwise", method="fft") == 0).all()


@given(
    hnp.arrays(np.float64, st.integers(1, 12), elements=SPECIAL),
    hnp.arrays(np.float64, st.integers(1, 12), elements=SPECIAL),
)
def test_nan_and_infinity_stay_where_they_belong(transforms_first, a, v):
    expected = plain_sum(a, v, "full", "zero", 0.0)
    for method in draws.METHODS:
        result = ft.convolve(a, v, accuracy="elementwise", method=method)
        np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_each_type_has_its_default(dtype):
    rng = np.random.default_rng(0)
    a, v = (rng.uniform(0.1, 1, n).astype(dtype) for n in (300, 200))
    rtol = {np.float16: 2 * 2.0**-10, np.float32: 64 * 2.0**-23, np.float64: 1e-12}[dtype]
    for method in ("auto", "direct", "fft"):
        result = ft.convolve(a, v, accuracy="elementwise", method=method)
        assert result.dtype == dtype
        positions = np.arange(0, 499, 7)
        exact = exact_entries(a, v, positions)
        assert_within(result[positions], exact, exact, rtol, 200)


def test_the_bits_do_not_depend_on_threads():
    rng = np.random.default_rng(0)
    a, v = (10 ** rng.uniform(0, 15, 8000) for _ in range(2))
    one = ft.convolve(a, v, accuracy="elementwise", method="fft", threads=1)
    two = ft.convolve(a, v, accuracy="elementwise", method="fft", threads=2)
    np.testing.assert_array_equal(one, two)
    out = np.empty_like(one)
    assert ft.convolve(a, v, accuracy="elementwise", method="fft", out=out) is out
    np.testing.assert_array_equal(out, one)


def test_few_transforms_do_for_few_decades(monkeypatch):
    """Data of three decades take one transform and those of two short intervals at its ends."""
    sizes = []
    certify = elementwise._certify

    def counted(scaled, *rest):
        sizes.append(scaled.problem.output_shape[0])
        return certify(scaled, *rest)

    monkeypatch.setattr(elementwise, "_certify", counted)
    rng = np.random.default_rng(0)
    a, v = (10 ** rng.uniform(0, 3, 30_000) for _ in range(2))
    ft.convolve(a, v, accuracy="elementwise")
    assert sizes[0] == 59_999
    assert sum(sizes[1:]) < 12_000


def test_a_picture_batches_and_channels(transforms_first):
    rng = np.random.default_rng(3)
    a = 10 ** rng.uniform(-8, 8, (9, 10, 3))
    v = 10 ** rng.uniform(-4, 4, (4, 3))
    result = ft.convolve(a, v, axes=(0, 1), accuracy="elementwise", method="fft")
    for channel in range(3):
        exact = reference.convolve(a[..., channel], v)
        assert_within(result[..., channel], exact, exact, 1e-12, 12)
    lines = ft.convolve(a[..., 0], a[:, :5, 1], axes=1, accuracy="elementwise", method="fft")
    for line, kernel, made in zip(a[..., 0], a[:, :5, 1], lines, strict=True):
        exact = reference.convolve(line, kernel)
        assert_within(made, exact, exact, 1e-12, 5)


def test_integers_are_exact_whatever_is_asked():
    np.testing.assert_array_equal(
        ft.convolve([1, 2, 3], [1, 1], accuracy="elementwise", rtol=1e-3), [1, 3, 5, 3]
    )
    assert ft.plan([1, 2], 5, dtype=int, accuracy="elementwise").error_bound([1] * 5) == 0


WRONG = [
    ({"rtol": 1e-12}, "rtol=1e-12 goes with accuracy='elementwise' alone"),
    ({"accuracy": "best"}, "accuracy 'best' is not known: write one of 'normwise', 'elementwise'"),
    ({"accuracy": "elementwise", "rtol": 0.0}, "write a positive number"),
    ({"accuracy": "elementwise", "rtol": np.nan}, "write a positive number"),
    ({"accuracy": "elementwise", "rtol": "1e-3"}, "write a positive number"),
    ({"accuracy": "elementwise", "rtol": True}, "write a positive number"),
    ({"accuracy": "elementwise", "rtol": 1e-15}, "less than float64 can hold: write rtol=3.55e-15"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_what_cannot_be_had_is_refused(options, message):
    with pytest.raises(ft.errors.OptionError, match=message):
        ft.convolve([1.0, 2.0], [1.0], **options)
    with pytest.raises(ft.errors.OptionError, match=message):
        ft.plan([1.0], 2, **options)


def test_a_narrow_type_says_how_to_have_more():
    narrow = np.ones(3, np.float32)
    with pytest.raises(ft.errors.OptionError, match=r"convert the operands with \.astype\(float\)"):
        ft.convolve(narrow, narrow, accuracy="elementwise", rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("method", ["direct", "fft"])
def test_a_plan_bounds_and_estimates(dtype, method):
    rng = np.random.default_rng(0)
    ratios = []
    for n, k in [(50, 5), (400, 30), (1000, 300), (3000, 1500)]:
        a, v = (10 ** rng.uniform(0, 5, size) for size in (n, k))
        a, v = a.astype(dtype), v.astype(dtype) * rng.choice([-1, 1], k).astype(dtype)
        plan = ft.plan(v, n, dtype=dtype, method=method, accuracy="elementwise")
        positions = np.unique(np.linspace(0, n + k - 2, 40).astype(int))
        exact = exact_entries(a, v, positions)
        bound, result = plan.error_bound(a), plan(a)
        assert isinstance(bound, np.ndarray)
        assert bound.shape == result.shape
        for got, true, most in zip(result[positions], exact, bound[positions], strict=True):
            assert abs(Fraction(float(got)) - true) <= Fraction(float(most))
        sizes = exact_entries(abs(a), abs(v), positions)
        rtol = plan.error_factor
        np.testing.assert_allclose(bound[positions], rtol * sizes.astype(float), rtol=1e-6)
        ratios.append(plan.error_estimate(a) / reference.largest_error(result[positions], exact))
    assert 0.01 <= np.median(ratios) <= 100, ratios


def test_explain_says_what_is_done():
    plan = ft.plan(np.ones(50_000), 100_000, accuracy="elementwise", rtol=1e-10)
    assert "every entry to rtol=1e-10: outputs that the transform does not" in plan.explain()
    assert "summed directly" in ft.plan(np.ones(3), 9, accuracy="elementwise").explain()
