"""``dtype=`` and ``overflow=``: the exact sum, rounded once, raised, saturated or wrapped."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung.errors import DataError, DtypeError, ExactnessError, OptionError
from tests import reference
from tests.arrays import strategies

INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]


@st.composite
def whole_problems(draw):
    """Two arrays of integers of any types, in any layout, and options that go together."""
    rank = draw(st.integers(1, 3))
    arrays = []
    for _ in range(2):
        dtype = draw(st.sampled_from([*INTEGERS, "bool"]))
        shape = draw(strategies.shapes(rank).map(lambda sizes: tuple(min(n, 20) for n in sizes)))
        limits = None if dtype == "bool" else np.iinfo(dtype)
        small = draw(st.booleans())
        elements = (
            st.booleans()
            if limits is None
            else st.integers(max(limits.min, -40), 40)
            if small
            else st.integers(limits.min, limits.max)
        )
        array = draw(hnp.arrays(dtype, shape, elements=elements, fill=st.nothing()))
        arrays.append(draw(strategies.layouts(array)))
    options = draw(strategies.options(*arrays))
    if "constant" in options.get("boundary", ()):
        options["fill_value"] = draw(st.integers(-300, 300))
    return *arrays, options


def whole_reference(a, v, options):
    """The exact sums as Python's integers."""
    sums = reference.convolve(a, v, **options)
    return np.vectorize(int, otypes=[object])(sums)


@given(whole_problems())
def test_python_integers_are_exact(instruction_set, problem):
    a, v, options = problem
    got = ft.convolve(a, v, dtype=object, **options)
    assert got.dtype == object
    assert all(type(x) is int for x in got.ravel())
    assert (got == whole_reference(a, v, options)).all()


@given(whole_problems(), st.sampled_from(INTEGERS))
def test_whole_numbers_wrap_saturate_and_raise(instruction_set, problem, dtype):
    a, v, options = problem
    sums, limits = whole_reference(a, v, options), np.iinfo(dtype)
    wrapped = ft.convolve(a, v, dtype=dtype, overflow="wrap", **options)
    saturated = ft.convolve(a, v, dtype=dtype, overflow="saturate", **options)
    assert wrapped.dtype == saturated.dtype == np.dtype(dtype)
    assert ((wrapped.astype(object) - sums) % 2**limits.bits == 0).all()
    assert (saturated.astype(object) == np.clip(sums, limits.min, limits.max)).all()
    if ((sums >= limits.min) & (sums <= limits.max)).all():
        assert (ft.convolve(a, v, dtype=dtype, **options).astype(object) == sums).all()
    else:
        with pytest.raises(ExactnessError, match="does not hold"):
            ft.convolve(a, v, dtype=dtype, **options)


@given(whole_problems())
def test_wrap_without_a_dtype_is_modulo_64_bits(problem):
    a, v, options = problem
    got = ft.convolve(a, v, overflow="wrap", **options).astype(object)
    assert ((got - whole_reference(a, v, options)) % 2**64 == 0).all()


@given(whole_problems(), st.sampled_from(["float16", "float32", "float64"]))
def test_sums_of_integers_in_floats_keep_their_bound(problem, dtype):
    a, v, options = problem
    got = ft.convolve(a, v, dtype=dtype, **options)
    assert got.dtype == np.dtype(dtype)
    plan = ft.plan(v, a.shape, dtype=a.dtype, result_dtype=dtype, **options)
    bound = float(plan.error_bound(a))
    if math.isfinite(bound):
        assert reference.largest_error(got, whole_reference(a, v, options)) <= bound


def clipped(value, limits):
    return min(max(value, Fraction(limits.min)), Fraction(limits.max))


@st.composite
def rounded_problems(draw):
    """Integers of few bits with float taps, or floats with floats, and a type of few bits."""
    rank = draw(st.integers(1, 3))
    kind = draw(st.sampled_from(["int8", "uint8", "int16", "uint16", "float32", "float64"]))
    shapes = strategies.shapes(rank)
    elements = None if kind[0] != "f" else st.floats(-300, 300, width=32)
    a = draw(hnp.arrays(kind, draw(shapes), elements=elements))
    taps = st.floats(-2, 2, width=16).map(float)
    kind = "float64" if kind == "float64" else "float32"
    v = draw(hnp.arrays(kind, draw(shapes), elements=taps))
    a, v = draw(strategies.layouts(a)), draw(strategies.layouts(v))
    return a, v, draw(strategies.options(a, v))


@given(rounded_problems(), st.sampled_from(["int8", "uint8", "int16", "uint16", "int32", "int64"]))
def test_sums_of_floats_are_rounded_within_the_bound_and_saturated(instruction_set, problem, dtype):
    a, v, options = problem
    limits, sums = np.iinfo(dtype), reference.convolve(a, v, **options)
    got = ft.convolve(a, v, dtype=dtype, overflow="saturate", **options)
    plan = ft.plan(v, a.shape, dtype=a.dtype, result_dtype=dtype, overflow="saturate", **options)
    assert np.array_equal(plan(a), got)
    bound = float(plan.error_bound(a))
    for entry, exact in zip(got.ravel(), sums.ravel(), strict=True):
        assert abs(int(entry) - clipped(exact, limits)) <= Fraction(bound)
    # Away from the halves the rounding is the exact one.
    slack = Fraction(bound) - Fraction(1, 2)
    for entry, exact in zip(got.ravel(), sums.ravel(), strict=True):
        if abs(exact - math.floor(exact) - Fraction(1, 2)) > slack:
            assert int(entry) == round(clipped(exact, limits))


@pytest.mark.parametrize("weights", [np.float32, np.float64])
@pytest.mark.parametrize("numbers", [1, 7, 15, 16, 31, 63, 64, 65, 130, 256])
def test_ties_go_to_the_even_neighbour(instruction_set, numbers, weights):
    a = np.arange(numbers, dtype=np.uint8)
    got = ft.convolve(a, np.array([0.5], weights), dtype=np.uint8)
    np.testing.assert_array_equal(got, [round(x / 2) for x in range(numbers)])


@pytest.mark.parametrize("weights", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16])
def test_results_of_every_length_are_saturated_on_both_sides(instruction_set, weights, dtype):
    for numbers in (*range(1, 20), 31, 33, 63, 65, 127, 129):
        a = np.arange(-numbers, numbers, dtype=np.int16) * 300
        got = ft.convolve(a, np.array([3], weights), dtype=dtype, overflow="saturate")
        limits = np.iinfo(dtype)
        expected = (3 * a.astype(np.int64)).clip(limits.min, limits.max)
        np.testing.assert_array_equal(got, expected)
        # Sums that float64 alone holds.
        large = ft.convolve(a, np.array([2**31 - 1]), dtype=dtype, overflow="saturate")
        wide = a.astype(np.int64) * (2**31 - 1)
        np.testing.assert_array_equal(large, wide.clip(limits.min, limits.max))


@pytest.mark.parametrize("shape", [(70, 1100), (35, 9, 530), (8300,), (40, 600, 3)])
def test_blocks_meet_without_seams(instruction_set, shape):
    """Larger than a block on every axis, every boundary, in float, in pairs and in double."""
    rng = np.random.default_rng(0)
    axes = (0, 1) if shape[-1] == 3 else None
    for largest, taps in ((255, 15), (3000, 2000), (2**30, 5000)):
        a = rng.integers(-largest, largest + 1, shape).astype(np.int32)
        v = rng.integers(-taps, taps + 1, (3, 5) if axes else (4, 3, 2)[: len(shape)])
        for boundary in ("zero", "edge", "mirror", "symmetric", "wrap"):
            options = {"mode": "same", "boundary": boundary, "axes": axes}
            got = ft.convolve(a, v, **options)
            expected = ft.convolve(a.astype(float), v.astype(float), method="direct", **options)
            np.testing.assert_array_equal(got, expected)


def test_every_position_of_a_batch_has_its_own_taps(instruction_set):
    rng = np.random.default_rng(0)
    a = rng.integers(0, 256, (3, 20, 30), dtype=np.uint8)
    for v in (rng.integers(-9, 10, (3, 4, 5)), rng.uniform(0, 0.1, (3, 4, 5)).astype(np.float32)):
        options = {"dtype": np.uint8, "overflow": "saturate", "mode": "same", "boundary": "mirror"}
        got = ft.convolve(a, v, axes=(1, 2), **options)
        for i in range(3):
            np.testing.assert_array_equal(got[i], ft.convolve(a[i], v[i], **options))
        again = ft.convolve(a.transpose(1, 2, 0), v.transpose(1, 2, 0), axes=(0, 1), **options)
        np.testing.assert_array_equal(again.transpose(2, 0, 1), got)


def test_the_largest_magnitudes_are_not_mistaken_for_small_ones(instruction_set):
    for value in (-(2**15), 2**15 - 1):
        a = np.full(40, value, np.int16)
        for v in (np.full(2, -(2**15), np.int16), np.full(3, 2**15 - 1, np.int16)):
            expected = np.convolve(a.astype(object), v.astype(object))
            assert (ft.convolve(a, v).astype(object) == expected).all()


def test_out_takes_the_type_of_the_result():
    a, out = np.array([100, 250], np.uint8), np.zeros(2, np.uint8)
    got = ft.convolve(a, [1.5], dtype=np.uint8, overflow="saturate", out=out)
    assert got is out
    np.testing.assert_array_equal(out, [150, 255])
    with pytest.raises(OptionError, match="the result has uint8"):
        ft.convolve(a, [1.5], dtype=np.uint8, out=np.zeros(2))
    same = a.copy()
    ft.convolve(same, np.array([0, 1], np.uint8), mode="same", dtype=np.uint8, out=same)
    np.testing.assert_array_equal(same, ft.convolve(a, [0, 1], mode="same"))


def test_an_error_leaves_out_as_it_was():
    out = np.full(2, 7, np.uint8)
    with pytest.raises(
        ExactnessError, match=r"entry \(1,\) of the result is 500.*'saturate'.*'wrap'"
    ):
        ft.convolve(np.array([100, 250], np.uint8), [2], dtype=np.uint8, out=out)
    np.testing.assert_array_equal(out, [7, 7])


def test_correlate_takes_both_options():
    got = ft.correlate(np.array([1, 2], "u1"), [3, 200], dtype=np.uint8, overflow="saturate")
    np.testing.assert_array_equal(got, [200, 255, 6])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"overflow": "clip"}, "overflow 'clip' is not known.*saturate"),
        ({"overflow": "saturate"}, "needs the type.*dtype=numpy.uint8"),
        ({"overflow": "wrap"}, "whole numbers.*overflow='saturate'"),
        ({"overflow": "wrap", "dtype": "uint8"}, "whole numbers.*overflow='saturate'"),
        ({"overflow": "saturate", "dtype": float}, "integer dtype alone.*leave it out"),
        ({"dtype": "no type"}, "is not a type: write"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, words):
    with pytest.raises(OptionError, match=words):
        ft.convolve([1.0, 2.0], [1.5], **options)


@pytest.mark.parametrize("dtype", [complex, bool, "U3", "M8[D]", np.longdouble])
def test_types_that_no_result_has_are_refused(dtype):
    with pytest.raises(DtypeError, match="cannot have dtype"):
        ft.convolve([1, 2], [1], dtype=dtype)


def test_floats_are_not_summed_as_python_integers():
    with pytest.raises(DtypeError, match=r"operands are floats.*dtype=float.*astype\(int\)"):
        ft.convolve([1.0], [1.0], dtype=object)


def test_what_has_no_integer_is_refused_and_infinity_saturates():
    a = np.array([1.0, np.nan, np.inf])
    with pytest.raises(DataError, match=r"entry \(1,\) of the sums is NaN.*nan_to_num"):
        ft.convolve(a, [1.0], dtype=np.uint8, overflow="saturate")
    with pytest.raises(ExactnessError, match="is inf, which uint8"):
        ft.convolve(a[2:], [1.0], dtype=np.uint8)
    got = ft.convolve(a[::2], [-1.0], dtype=np.int8, overflow="saturate")
    np.testing.assert_array_equal(got, [-1, -128])


def test_an_infinite_tap_takes_the_careful_way():
    image = np.array([[0, 3], [4, 5]], np.uint8)
    taps = np.array([[np.inf]], np.float32)
    with pytest.raises(DataError):
        ft.convolve(image, taps, dtype=np.uint8, overflow="saturate")
    got = ft.convolve(image[1:], taps, dtype=np.uint8, overflow="saturate")
    np.testing.assert_array_equal(got, [[255, 255]])


def test_sums_far_beyond_64_bits_saturate_and_are_exact_in_python():
    a = np.array([2**63 - 1, -(2**63), 3], np.int64)
    v = np.array([2**62, 1], np.int64)
    exact = np.convolve(a.astype(object), v.astype(object))
    got = ft.convolve(a, v, dtype=np.int64, overflow="saturate")
    assert (got.astype(object) == np.clip(exact, -(2**63), 2**63 - 1)).all()
    got = ft.convolve(a, v, dtype=np.uint64, overflow="saturate")
    assert (got.astype(object) == np.clip(exact, 0, 2**64 - 1)).all()
    assert (ft.convolve(a, v, dtype=object) == exact).all()


def test_a_plan_pickles_with_its_result_type():
    import pickle

    plan = ft.plan([[0.25] * 4], (3, 9), dtype="u1", result_dtype="u1", overflow="saturate")
    again = pickle.loads(pickle.dumps(plan))
    picture = np.full((3, 9), 200, np.uint8)
    np.testing.assert_array_equal(again(picture), plan(picture))
    assert again.error_bound(picture) >= 0.5


@pytest.mark.parametrize("taps", [[2, -1], [2, -1, *[0] * 400]])
def test_many_sums_at_the_very_end_of_64_bits(taps):
    a = np.full(5000, 2**63 - 1)
    assert (ft.convolve(a, taps, mode="valid") == 2**63 - 1).all()
    a[2000] = 2**63 - 3
    with pytest.raises(ExactnessError, match=str(2**63 + 1)):
        ft.convolve(a, taps, mode="valid")
    saturated = ft.convolve(a, taps, mode="valid", dtype=np.int64, overflow="saturate")
    position = 2000 - (len(taps) - 1)
    assert saturated[position] == 2**63 - 5
    assert (np.delete(saturated, position) == 2**63 - 1).all()
