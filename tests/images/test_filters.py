"""The filters against exact sums and against scipy.ndimage."""

from __future__ import annotations

import functools
import pickle
import re
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from faltung import images
from faltung.errors import DtypeError, OptionError, ShapeError
from faltung.kernels.bells import bell_derivative
from tests import reference

# What scipy.ndimage calls our boundaries.
MODES = {
    "symmetric": "reflect", "mirror": "mirror", "edge": "nearest", "wrap": "wrap",
    "constant": "constant", "zero": "constant",
}  # fmt: skip
SHAPES = [(20,), (3, 5), (40, 50), (9, 10, 11)]

FILTERS: dict[str, tuple[Any, Any]] = {
    "gaussian": (
        lambda x, **o: images.gaussian_filter(x, 1.7, **o),
        lambda x, **o: scipy.ndimage.gaussian_filter(x, 1.7, **o),
    ),
    "slope of gaussian": (
        lambda x, **o: images.gaussian_filter(x, 1.2, order=1, truncate=3, **o),
        lambda x, **o: scipy.ndimage.gaussian_filter(x, 1.2, order=1, truncate=3, **o),
    ),
    "uniform": (images.uniform_filter, scipy.ndimage.uniform_filter),
    "uniform of 4": (
        lambda x, **o: images.box_filter(x, 4, **o),
        lambda x, **o: scipy.ndimage.uniform_filter(x, 4, **o),
    ),
    "sobel": (images.sobel, scipy.ndimage.sobel),
    "sobel down": (
        lambda x, **o: images.sobel(x, 0, **o),
        lambda x, **o: scipy.ndimage.sobel(x, 0, **o),
    ),
    "prewitt": (images.prewitt, scipy.ndimage.prewitt),
    "laplace": (images.laplace, scipy.ndimage.laplace),
    "gaussian laplace": (
        lambda x, **o: images.gaussian_laplace(x, 1.5, **o),
        lambda x, **o: scipy.ndimage.gaussian_laplace(x, 1.5, **o),
    ),
    "gradient": (
        lambda x, **o: images.gaussian_gradient_magnitude(x, 1.5, **o),
        lambda x, **o: scipy.ndimage.gaussian_gradient_magnitude(x, 1.5, **o),
    ),
}


@pytest.mark.usefixtures("instruction_set")
@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("boundary", MODES)
def test_the_numbers_are_those_of_ndimage(name, boundary):
    ours, theirs = FILTERS[name]
    for shape in SHAPES:
        image = np.random.default_rng(0).normal(size=shape)
        expected = theirs(image, mode=MODES[boundary])
        result = ours(image, boundary=boundary)
        np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-12)


def gamma(terms, dtype):
    product = terms * float(np.finfo(dtype).eps) / 2
    return product / (1 - product)


@settings(max_examples=30)
@given(
    hnp.arrays(np.float32, st.tuples(st.integers(1, 7), st.integers(1, 9)),
               elements=st.floats(-100, 100, width=32)),
    st.sampled_from(list(MODES)), st.sampled_from([0, 1, 2]), st.sampled_from([np.float32, np.float64]),
)  # fmt: skip
def test_gaussian_is_within_its_bound(image, boundary, order, dtype):
    image = image.astype(dtype)
    lines = [bell_derivative(s, 2, n) for s, n in ((0.8, 0), (1.1, order))]
    # Lines in float64 and their product exactly, as a kernel of Fractions would be.
    kernel = functools.reduce(np.multiply.outer, [reference.exact(line) for line in lines])
    exact = convolve_fractions(reference.exact(image), kernel, boundary)
    sizes = convolve_fractions(np.abs(reference.exact(image)), np.abs(kernel), boundary)
    result = images.gaussian_filter(
        image, (0.8, 1.1), order=(0, order), truncate=2.0, boundary=boundary
    )
    assert result.dtype == dtype
    allowed = gamma(sum(map(len, lines)) + 2, dtype)
    for got, true, size in zip(result.ravel(), exact.ravel(), sizes.ravel(), strict=True):
        assert abs(float(got - true)) <= allowed * float(size) + 1e-40


def convolve_fractions(a, v, boundary):
    name = "constant" if boundary == "zero" else boundary
    result = np.zeros(a.shape, dtype=object)
    for i in np.ndindex(a.shape):
        for k in np.ndindex(v.shape):
            index = [
                reference.position_to_index(name, i[d] + (v.shape[d] - 1) // 2 - k[d], a.shape[d])
                for d in range(a.ndim)
            ]
            if None not in index:
                result[i] += a[tuple(index)] * v[k]
    return result


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_keep_their_type(dtype):
    image = np.random.default_rng(1).normal(size=(30, 20)).astype(dtype)
    wide = image.astype(np.float64)
    for ours, _ in FILTERS.values():
        result = ours(image)
        assert result.dtype == dtype
        # gradients of gaussians may hide that they are rounded: compare with a few units of the largest
        near = 40 * float(np.finfo(dtype).eps) * np.abs(ours(wide)).max()
        np.testing.assert_allclose(result, ours(wide), rtol=0, atol=near)


def test_integers_give_floats_and_differences_of_them_are_exact():
    image = np.random.default_rng(2).integers(0, 256, (40, 30)).astype(np.uint8)
    for filtered in (images.sobel, images.scharr, images.prewitt, images.laplace):
        exact = filtered(image)
        assert exact.dtype == np.float64
        assert np.array_equal(exact, np.rint(exact))
        assert np.array_equal(filtered(image, dtype="float32"), exact)
    sums = scipy.ndimage.convolve(image.astype(np.int64), np.ones((5, 7), int), mode="reflect")
    assert np.array_equal(images.uniform_filter(image, (5, 7)), sums / 35)
    assert images.gaussian_filter(image > 100, 1).dtype == np.float64


@pytest.mark.parametrize("largest", [255, 2**40, 2**50])
@pytest.mark.parametrize("size", [(9, 1), (1, 20), (31, 45), (100, 3)])
def test_means_of_integers_are_rounded_once_whatever_the_size(largest, size):
    """Up to 2**53 the sums are exact; beyond they are rounded, one after the other."""
    image = np.random.default_rng(3).integers(-largest, largest, (60, 50))
    exact = scipy.ndimage.convolve(
        image, np.ones(size, int), mode="reflect", origin=even_origin(size)
    )
    result = images.uniform_filter(image, size)
    if largest * np.prod(size) < 2**53:
        assert np.array_equal(result, exact / np.prod(size))
    else:
        np.testing.assert_allclose(result, exact / np.prod(size), rtol=0, atol=1e-13 * largest)


def even_origin(size):
    """SciPy's uniform filter reaches one further back; its convolution one further ahead."""
    return [0 if n % 2 else -1 for n in size]


def test_colours_are_filtered_one_by_one():
    picture = np.random.default_rng(3).normal(size=(21, 17, 3))
    result = images.gaussian_filter(picture, (1, 2), axes=(0, 1), boundary=("wrap", "mirror"))
    for colour in range(3):
        alone = images.gaussian_filter(picture[..., colour], (1, 2), boundary=("wrap", "mirror"))
        np.testing.assert_allclose(result[..., colour], alone, rtol=1e-14, atol=1e-14)
    # The axes in another order, with the sigmas that belong to them.
    turned = images.gaussian_filter(picture, (2, 1), axes=(1, 0), boundary=("mirror", "wrap"))
    assert np.array_equal(turned, result)
    assert np.array_equal(images.sobel(picture, axes=(0, 1)), images.sobel(picture, 1, axes=(0, 1)))
    one = images.uniform_filter(picture, 3, axes=1)
    np.testing.assert_allclose(one, scipy.ndimage.uniform_filter1d(picture, 3, 1), rtol=1e-12)


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_reaches_its_neighbours_alone(special):
    image = np.random.default_rng(4).normal(size=(40, 50))
    image[20, 30] = special
    result = images.gaussian_filter(image, 1.5)
    touched = np.zeros(image.shape, bool)
    touched[20 - 6 : 20 + 7, 30 - 6 : 30 + 7] = True
    assert np.array_equal(~np.isfinite(result), touched)
    assert np.array_equal(result[touched], np.full(13 * 13, special), equal_nan=True)
    outside = images.gaussian_filter(np.ones((9, 9)), 0.5, boundary="constant", fill_value=special)
    assert np.array_equal(np.isfinite(outside), np.pad(np.ones((5, 5), bool), 2))


def test_large_values_do_not_overflow_on_the_way():
    image = np.full((9, 9), 3e38, np.float32)
    np.testing.assert_allclose(images.gaussian_filter(image, 1.0), 3e38, rtol=1e-6)
    np.testing.assert_allclose(images.uniform_filter(image, 5), 3e38, rtol=1e-6)
    half = np.full((9, 9), 6e4, np.float16)
    assert np.array_equal(images.uniform_filter(half, 5), half)
    whole = np.full((9, 9), 60000, np.uint16)
    assert np.array_equal(images.uniform_filter(whole, 5, dtype="float16"), half)


def test_out_may_be_the_image():
    for ours, _ in FILTERS.values():
        image = np.random.default_rng(5).normal(size=(30, 20))
        expected = ours(image)
        result = ours(image, out=image)
        assert result is image
        assert np.array_equal(image, expected)


@pytest.mark.parametrize("radius", [0, 3, (1, 9)])
def test_a_radius_cuts_the_bell_as_in_ndimage(radius):
    image = np.random.default_rng(6).normal(size=(20, 30))
    for name in ("gaussian_filter", "gaussian_laplace", "gaussian_gradient_magnitude"):
        result = getattr(images, name)(image, (1.5, 2), radius=radius)
        expected = getattr(scipy.ndimage, name)(image, (1.5, 2), radius=radius)
        np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-12)
    left_alone = images.gaussian_filter(image, (0, 2), radius=3)
    expected = scipy.ndimage.gaussian_filter(image, (0, 2), radius=3)
    np.testing.assert_allclose(left_alone, expected, rtol=1e-12, atol=1e-12)


def test_filters_can_be_sent_to_other_processes():
    for name in images.__all__:
        filtered = getattr(images, name)
        assert pickle.loads(pickle.dumps(filtered)) is filtered


def wrong(value: Any) -> Any:
    """Let a value of a wrong type past the type checker."""
    return value


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: images.sobel(np.ones((4, 5, 3))), ShapeError, "write axes=(0, 1)"),
        (lambda: images.gaussian_filter(np.ones((4, 5)), -1), OptionError, "sigma=-1.0"),
        (lambda: images.gaussian_filter(np.ones((4, 5)), np.nan), OptionError, "sigma=nan"),
        (lambda: images.gaussian_filter(np.ones((4, 5)), (1, 2, 3)), OptionError, "for 2 axes"),
        (
            lambda: images.gaussian_filter(np.ones((4, 5)), wrong("wide")),
            OptionError,
            "sigma='wide'",
        ),
        (lambda: images.gaussian_filter(np.ones(4), 1, order=3), OptionError, "order=3"),
        (lambda: images.gaussian_filter(np.ones(4), 0, order=1), OptionError, "sigma=0"),
        (lambda: images.gaussian_filter(np.ones(4), 1e9), OptionError, "10**8"),
        (lambda: images.gaussian_filter(np.ones(4), 1, truncate=0), OptionError, "truncate=0"),
        (lambda: images.uniform_filter(np.ones(4), wrong(2.5)), OptionError, "size=2.5"),
        (lambda: images.uniform_filter(np.ones(4), 0), OptionError, "size=0"),
        (lambda: images.sobel(np.ones((4, 5)), 2), OptionError, "axis=2"),
        (lambda: images.sobel(np.ones((4, 5)), 0, axes=1), OptionError, "axis=0 is not one of"),
        (
            lambda: images.sobel(np.ones((4, 5)), **wrong({"mode": "wrap"})),
            OptionError,
            "'mode' is not known: write boundary=",
        ),
        (
            lambda: images.gaussian_filter(np.ones(4), 1, **wrong({"mode": "nearest"})),
            OptionError,
            "write boundary=, with 'symmetric' for SciPy's 'reflect' and 'edge' for its 'nearest'",
        ),
        (
            lambda: images.uniform_filter(np.ones(4), **wrong({"cval": 1})),
            OptionError,
            "option 'cval' is not known: write fill_value= with boundary='constant'",
        ),
        (
            lambda: images.gaussian_laplace(np.ones(4), 1, **wrong({"output": "f4"})),
            OptionError,
            "option 'output' is not known: write out=, or dtype= for a type",
        ),
        (
            lambda: images.box_filter(np.ones(4), **wrong({"nan_policy": "omit"})),
            OptionError,
            "write ft.convolve(image, kernel, mode='same', nan_policy=…) with a kernel of ft.kernels",
        ),
        (
            lambda: images.gaussian_filter(np.ones(4), 1, **wrong({"truncated": 3})),
            OptionError,
            "option 'truncated' is not known: write truncate=",
        ),
        (
            lambda: images.laplace(np.ones(4), **wrong({"what": 3})),
            OptionError,
            "write one of boundary, fill_value, axes, dtype, out, threads",
        ),
        (
            lambda: images.gaussian_filter(np.ones(4), 1, radius=wrong(2.5)),
            OptionError,
            "radius=2.5: write whole numbers of samples, 0 or more",
        ),
        (lambda: images.gaussian_filter(np.ones(4), 1e-200, order=2), OptionError, "no derivative"),
        (lambda: images.laplace(np.ones(4), dtype="floot"), OptionError, "dtype='floot' is not"),
        (lambda: images.laplace(np.ones(4), boundary="reflect"), OptionError, "ambiguous"),
        (lambda: images.laplace(np.ones(4), dtype=np.uint8), DtypeError, "dtype="),
        (lambda: images.laplace(np.ones(4), fill_value=1), OptionError, "fill_value=1"),
        (lambda: images.laplace(np.ones(4) * 1j), DtypeError, "complex128"),
        (lambda: images.laplace(np.ones(0)), ShapeError, "empty"),
        (lambda: images.laplace(np.ones(4), out=np.ones(3)), ShapeError, "out has shape"),
    ],
)
def test_errors_name_value_rule_and_way_out(call, error, words):
    with pytest.raises(error, match=re.escape(words)):
        call()
