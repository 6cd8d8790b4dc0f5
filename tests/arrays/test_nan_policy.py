"""What is not finite, or masked, is left out with its weight, or refused."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from tests import reference
from tests.arrays import strategies as draws

MISSING = st.sampled_from([np.nan, np.nan, np.inf, -np.inf])
NUMBERS = st.integers(-50, 50).map(float)


def over_what_is_there(a, v, mode, boundary, fill_value):
    """One sum of products and one of weights for each output, as a plain loop over Fractions."""
    start, size = reference.range_of_mode(mode, len(a), len(v))
    whole = sum(map(Fraction, map(float, v)))
    result = []
    for i in range(size):
        products, weights = Fraction(0), Fraction(0)
        for k, weight in enumerate(map(Fraction, map(float, v))):
            index = reference.position_to_index(boundary, i + start - k, len(a))
            outside = fill_value if boundary == "constant" else 0.0
            value = outside if index is None else a[index]
            if np.isfinite(value):
                products += weight * Fraction(float(value))
                weights += weight
        result.append(np.nan if weights == 0 else float(products * whole / weights))
    return np.array(result)


@settings(max_examples=200)
@given(st.data())
def test_omit_is_a_sum_over_what_is_there(data):
    a = data.draw(hnp.arrays(np.float64, st.integers(1, 14), elements=NUMBERS | MISSING))
    v = data.draw(hnp.arrays(np.float64, st.integers(1, 9), elements=st.integers(0, 9).map(float)))
    v[data.draw(st.integers(0, len(v) - 1))] += 1
    mode = data.draw(st.sampled_from(["full", "same", "valid"]))
    boundary = data.draw(st.sampled_from(draws.BOUNDARIES)) if mode == "same" else "zero"
    fill_value = data.draw(st.sampled_from([0.0, 3.0, np.nan])) if boundary == "constant" else 0.0
    options = {"mode": mode, "boundary": boundary, "fill_value": fill_value}
    expected = over_what_is_there(a, v, mode, boundary, fill_value)
    for method in draws.METHODS:
        result = ft.convolve(a, v, nan_policy="omit", method=method, **options)
        np.testing.assert_allclose(result, expected, rtol=1e-11, atol=1e-11)
    # A mask that covers the same entries does the same, whatever they hold.
    if np.isfinite(fill_value):
        hidden = np.where(np.isfinite(a), a, 1e6)
        masked = ft.convolve(hidden, v, mask=~np.isfinite(a), **options)
        np.testing.assert_allclose(masked, expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("method", draws.METHODS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_formula_of_astropy(method, dtype):
    """top / bot * sum(kernel), as nan_treatment='interpolate' of astropy.convolution documents."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=(40, 50)).astype(dtype)
    a[rng.random(a.shape) < 0.2] = np.nan
    v = np.array(ft.kernels.gaussian(1.0, dimensions=2), dtype=dtype)
    result = ft.convolve(a, v, mode="same", boundary="wrap", nan_policy="omit", method=method)
    assert result.dtype == dtype
    there = np.isfinite(a)
    wrapped = {"mode": "same", "boundary": "wrap", "method": "direct"}
    wide, zeroed = v.astype(float), np.where(there, a, 0).astype(float)
    top = ft.convolve(zeroed, wide, **wrapped)
    bot = ft.convolve(there.astype(float), wide, **wrapped)
    expected = top / bot * wide.sum()
    np.testing.assert_allclose(result, expected, rtol=0, atol=8 * np.finfo(dtype).eps)


def test_what_nothing_missing_touches_is_as_ever():
    rng = np.random.default_rng(1)
    a, v = rng.normal(size=500), rng.uniform(size=9)
    plain = ft.convolve(a, v)
    np.testing.assert_array_equal(ft.convolve(a, v, nan_policy="omit"), plain)
    a[250] = np.nan
    result = ft.convolve(a, v, nan_policy="omit")
    untouched = np.r_[0:250, 259:508]
    np.testing.assert_array_equal(result[untouched], plain[untouched])
    assert np.isfinite(result).all()


def test_a_constant_stays_a_constant_under_weights_of_many_decades():
    a = np.full(200, 7.0)
    a[3:150] = np.nan
    v = np.exp(-0.5 * np.linspace(-20, 20, 81) ** 2)
    result = ft.convolve(a, v / v.sum(), mode="same", boundary="edge", nan_policy="omit")
    reached = np.convolve(np.isfinite(np.pad(a, 40, "edge")), np.ones(81), "valid") > 0
    np.testing.assert_allclose(result[reached], 7.0, rtol=1e-11)
    assert np.isnan(result[~reached]).all()
    assert np.count_nonzero(~reached) > 0


def test_weights_that_cancel_leave_nothing():
    a = np.array([1.0, 2.0, np.nan, 3.0])
    result = ft.convolve(a, [1.0, -1.0, 2.0], mode="valid", nan_policy="omit")
    # 2·1 - 1·2 of weights 1; then 1·3 + 2·2 of weights 3.
    np.testing.assert_allclose(result, [0.0, 7 * 2 / 3], rtol=1e-12, atol=1e-12)
    cancelled = ft.convolve(a, [3.0, 1.0, -1.0], mode="valid", nan_policy="omit")
    assert np.isnan(cancelled[0])


def test_an_accurate_call_stays_accurate():
    rng = np.random.default_rng(0)
    a = 10 ** rng.uniform(-100, 100, 400)
    a[::7] = np.nan
    v = rng.uniform(1, 2, 30)
    result = ft.convolve(a, v, accuracy="elementwise", nan_policy="omit", method="fft")
    expected = over_what_is_there(a, v, "full", "zero", 0.0)
    np.testing.assert_allclose(result, expected, rtol=3e-12)


def test_batches_share_weights_each_for_itself():
    rng = np.random.default_rng(0)
    a, v = rng.normal(size=(3, 20)), rng.uniform(1, 2, (3, 4))
    a[1, 5] = a[2, 0] = np.nan
    result = ft.convolve(a, v, axes=1, nan_policy="omit")
    for line, kernel, made in zip(a, v, result, strict=True):
        expected = over_what_is_there(line, kernel, "full", "zero", 0.0)
        np.testing.assert_allclose(made, expected, rtol=1e-12, atol=1e-12)


def test_a_kernel_longer_than_the_array_may_change_places():
    a, v = np.array([1.0, np.nan, 3.0]), np.arange(1.0, 8.0)
    for mode in ("full", "same", "valid"):
        np.testing.assert_allclose(
            ft.convolve(a, v, mode=mode, nan_policy="omit"),
            over_what_is_there(a, v, mode, "zero", 0.0),
        )


def test_raise_names_the_first():
    a = np.ones((4, 5))
    ft.convolve(a, np.ones((2, 2)), nan_policy="raise")
    a[2, 3] = np.inf
    a[3, 0] = np.nan
    message = r"the first operand is inf at \(2, 3\): write nan_policy='omit' to leave it out"
    with pytest.raises(ft.errors.DataError, match=message):
        ft.convolve(a, np.ones((2, 2)), nan_policy="raise")
    with pytest.raises(ft.errors.DataError, match=r"the kernel is nan at 1: replace it first"):
        ft.convolve([1.0, 2.0], [1.0, np.nan], nan_policy="raise")
    mask = ~np.isfinite(a)
    assert np.isfinite(ft.convolve(a, np.ones((2, 2)), nan_policy="raise", mask=mask)).all()


def test_a_masked_call_lets_other_nan_through():
    a = np.array([1.0, np.nan, 3.0, 4.0, 5.0, 6.0])
    mask = np.array([False, False, False, False, True, False])
    result = ft.convolve(a, [1.0, 1.0], mode="valid", mask=mask)
    np.testing.assert_allclose(result, [np.nan, np.nan, 7.0, 8.0, 12.0])


def test_integers_with_a_mask_are_summed_in_floats():
    picture = np.array([[1, 2], [3, 255]], np.uint8)
    result = ft.convolve(picture, np.ones((2, 2), int), mode="valid", mask=picture == 255)
    assert result.dtype == np.float64
    np.testing.assert_allclose(result, [[8.0]])
    assert ft.convolve([1, 2], [1, 1], nan_policy="omit").dtype == np.int64


def test_a_masked_array_is_told_how():
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    with pytest.raises(ft.errors.DtypeError, match=r"mask=numpy.ma.getmaskarray\(x\)"):
        ft.convolve(masked, [1.0])


def test_a_plan_and_a_correlation_leave_out_as_well():
    a, v = np.array([1.0, np.nan, 3.0, 5.0]), np.array([1.0, 2.0])
    expected = ft.convolve(a, v, nan_policy="omit")
    plan = pickle.loads(pickle.dumps(ft.plan(v, 4, nan_policy="omit")))
    np.testing.assert_array_equal(plan(a), expected)
    np.testing.assert_array_equal(ft.correlate(a, v[::-1], nan_policy="omit"), expected)
    out = np.empty(5)
    assert ft.convolve(a, v, nan_policy="omit", out=out) is out
    np.testing.assert_array_equal(out, expected)


@settings(max_examples=60)
@given(st.data())
def test_the_bound_of_a_plan_holds(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    n, k = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 20))
    dtype = data.draw(st.sampled_from([np.float32, np.float64]))
    a, v = rng.normal(size=n).astype(dtype), rng.uniform(-0.3, 1, k).astype(dtype)
    a[rng.random(n) < 0.3] = np.nan
    v[0] += k
    options = {"method": data.draw(st.sampled_from(draws.METHODS)), "nan_policy": "omit"}
    options["accuracy"] = data.draw(st.sampled_from(["normwise", "elementwise"]))
    plan = ft.plan(v, n, dtype=dtype, **options)
    bounds = np.broadcast_to(plan.error_bound(a), n + k - 1)
    expected = over_what_is_there(a, v, "full", "zero", 0.0)
    for got, true, most in zip(plan(a), expected, bounds, strict=True):
        assert np.isnan(got) or abs(float(got) - true) <= most + 1e-15 * abs(true)
    assert plan.error_estimate(a) >= 0


def test_a_plan_keeps_its_own_mask():
    mask = np.array([False, True, False])
    plan = ft.plan([1.0, 1.0], 3, mask=mask, mode="valid")
    mask[:] = False
    np.testing.assert_allclose(plan([1.0, 50.0, 3.0]), [2.0, 6.0])


def test_a_fill_value_needs_its_boundary_here_too():
    with pytest.raises(ft.errors.OptionError, match="goes with boundary='constant' alone"):
        ft.convolve([1.0, 2.0], [1.0, 1.0], nan_policy="omit", fill_value=np.nan)


WRONG = [
    ({"nan_policy": "ignore"}, ft.errors.OptionError, "write one of 'propagate', 'omit', 'raise'"),
    ({"mask": [0, 1, 0]}, ft.errors.OptionError, "mask has dtype int64: write booleans"),
    ({"mask": [True]}, ft.errors.ShapeError, r"mask has shape \(1,\), the first operand has \(3,"),
]


@pytest.mark.parametrize(("options", "error", "message"), WRONG)
def test_what_makes_no_sense_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        ft.convolve([1.0, 2.0, 3.0], [1.0, 1.0], **options)
    with pytest.raises(error, match=message):
        ft.plan([1.0, 1.0], 3, **options)


def test_kernels_whose_weights_cannot_be_shared_are_refused():
    a = [1.0, np.nan, 3.0]
    with pytest.raises(ft.errors.DataError, match="the kernel sums to zero"):
        ft.convolve(a, [1.0, -2.0, 1.0], nan_policy="omit")
    with pytest.raises(ft.errors.DataError, match="the kernel is inf at 0"):
        ft.convolve(a, [np.inf, 1.0], nan_policy="omit")
    with pytest.raises(ft.errors.DataError, match="the kernel is not finite"):
        ft.convolve(a, [np.inf, 1.0], mask=[True, False, False])


def test_a_mask_drops_no_imaginary_part():
    with pytest.raises(ft.errors.OptionError, match="convolve .real and .imag"):
        ft.plan([1j, 2], 3, dtype=int, mask=[True, False, False])
