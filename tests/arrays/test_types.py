"""Types are kept; integers are exact or refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung.errors import DtypeError, ExactnessError, OptionError
from tests import reference


@pytest.mark.parametrize(
    ("a", "v", "result"),
    [
        ("float32", "float32", "float32"),
        ("float32", "float64", "float64"),
        ("float16", "float16", "float16"),
        ("float32", "int8", "float32"),
        ("complex64", "float16", "complex64"),
        ("complex64", "int64", "complex128"),
        ("float64", "complex64", "complex128"),
        (">c16", "<c8", "complex128"),
        ("int64", "float32", "float64"),
        ("bool", "bool", "int64"),
        ("uint8", "uint8", "uint64"),
        ("uint8", "int8", "int64"),
        ("uint64", "int64", "int64"),
        ("int8", "uint64", "int64"),
        ("int16", "bool", "int64"),
        (">f8", "<f4", "float64"),
        (">i4", "int32", "int64"),
    ],
)
@pytest.mark.parametrize("method", ["auto", "direct", "fft"])
def test_result_types_follow_numpy_and_sums_have_64_bits(a, v, result, method):
    got = ft.convolve(np.ones(9, a), np.ones(4, v), method=method)
    assert got.dtype == np.dtype(result)
    expected = [1, 2, 3, 4, 4, 4, 4, 4, 4, 3, 2, 1]
    np.testing.assert_allclose(got, expected, rtol=0 if got.dtype.kind in "iu" else 1e-6)


@given(st.data())
def test_integers_are_exact_by_every_method(data):
    dtype = data.draw(st.sampled_from(["int8", "uint8", "int16", "uint16", "int32", "bool"]))
    shapes = st.tuples(st.integers(1, 12), st.integers(1, 12))
    a = data.draw(hnp.arrays(dtype, data.draw(shapes)))
    v = data.draw(hnp.arrays(dtype, data.draw(shapes)))
    expected = reference.convolve(a, v)
    fits = all(-(2**63) <= x < 2**63 for x in expected.ravel())
    for method in ("auto", "direct", *(["fft"] if dtype in ("int8", "uint8", "bool") else [])):
        if fits:
            assert (ft.convolve(a, v, method=method).astype(object) == expected).all()
        else:
            with pytest.raises(ExactnessError, match="does not hold"):
                ft.convolve(a, v, method=method)


def test_sums_of_62_bits_are_exact(instruction_set):
    rng = np.random.default_rng(0)
    a = rng.integers(-(2**30), 2**30, size=300)
    v = rng.integers(-(2**23), 2**23, size=100)
    exact = np.convolve(a.astype(object), v.astype(object))
    for method in ("auto", "direct"):
        assert (ft.convolve(a, v, method=method).astype(object) == exact).all()


def test_the_most_negative_integer_is_not_mistaken_for_a_small_one():
    a = np.array([-(2**63), 1, -(2**63), 1])
    np.testing.assert_array_equal(ft.convolve(a, [1]), a)
    np.testing.assert_array_equal(ft.convolve(np.array([2**64 - 1], np.uint64), [True]), 2**64 - 1)


def test_long_integer_convolutions_are_transformed_and_exact():
    rng = np.random.default_rng(0)
    a, v = rng.integers(0, 256, size=(2, 40_000))
    assert ft.plan(v, a.shape, dtype=a.dtype).error_bound(a) == 0
    result = ft.convolve(a, v)
    for i in (0, 39_999, 40_000, 79_998):
        low, high = max(0, i - 39_999), min(i, 39_999)
        assert result[i] == sum(int(a[j]) * int(v[i - j]) for j in range(low, high + 1))


def test_a_sum_that_does_not_fit_is_refused_with_the_way_out():
    a = np.full(4, 2**31)
    with pytest.raises(
        ExactnessError,
        match="is 9223372036854775808, which int64 .*dtype=object.*dtype=float.*overflow='wrap'",
    ):
        ft.convolve(a, a)
    with pytest.raises(OverflowError):
        ft.convolve(a, a)


def test_zeros_of_unsigned_results_are_not_in_doubt():
    a = np.zeros(5000, np.uint64)
    a[0] = 2**63
    np.testing.assert_array_equal(ft.convolve(a, np.array([1, 1], np.uint64))[:2], 2**63)


def test_a_negative_value_outside_makes_the_result_signed():
    result = ft.convolve(
        np.array([1, 2], "u1"), np.ones(3, "u1"), mode="same", boundary="constant", fill_value=-7
    )
    assert result.dtype == np.int64
    np.testing.assert_array_equal(result, [-4, -4])


def test_a_plan_for_integers_falls_back_where_the_transform_is_not_exact():
    rng = np.random.default_rng(0)
    kernel = rng.integers(1, 40_000, size=20_000)
    plan = ft.plan(kernel, 20_000, dtype=np.int64)
    for largest in (100, 10**7):
        a = rng.integers(0, largest, size=20_000)
        assert plan(a)[19_999] == int(a.astype(object) @ kernel[::-1].astype(object))


def test_a_transform_that_cannot_be_exact_is_refused():
    a = np.full(2000, 2**62, np.uint64)
    v = np.zeros(2000, np.uint64)
    v[5] = 1
    with pytest.raises(ExactnessError, match="cannot be proved exact.*method='direct'"):
        ft.convolve(a, v, method="fft")


def test_a_fill_value_among_integers_is_whole():
    with pytest.raises(OptionError, match=r"fill_value=0\.5 is not whole"):
        ft.convolve([1, 2], [1, 1], mode="same", boundary="constant", fill_value=0.5)
    result = ft.convolve([1, 2], [1, 1, 1], mode="same", boundary="constant", fill_value=-7)
    np.testing.assert_array_equal(result, [-4, -4])


@pytest.mark.parametrize(
    ("operand", "words"),
    [
        (np.array([1, "a"], object), "str.*asarray"),
        (None, "is a NoneType"),
        (np.array(["a", "b"]), "numbers first"),
        (np.array(["2020-01-01"], "M8[D]"), "numbers first"),
        (np.ma.masked_array([1.0, 2.0], [False, True]), "masked"),
    ],
)
def test_types_that_are_not_taken_are_refused(operand, words):
    with pytest.raises(DtypeError, match=words):
        ft.convolve(operand, [1.0])
    with pytest.raises(TypeError):
        ft.convolve([1.0], operand)


@pytest.mark.parametrize("package", ["dask.array", "xarray", "torch", "pandas.core"])
def test_arrays_of_other_libraries_are_refused_with_the_line_that_does_it(package):
    foreign = type("Array", (), {"__module__": package})()
    with pytest.raises(DtypeError, match=f"{package}.*unasked: x"):
        ft.convolve(foreign, [1.0])
