"""The convolution layer and its two gradients, on every instruction set."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faltung import nn
from faltung.nn.engines import native
from tests.nn import reference

# batch, in, out channels; height, width; kernel; stride; padding
CASES = [
    (2, 1, 3, (5, 5), (3, 3), (1, 1), (0, 0)),
    (1, 2, 5, (6, 4), (3, 2), (1, 1), (1, 1)),
    (3, 3, 2, (7, 9), (2, 3), (2, 3), (0, 1)),
    (1, 2, 1, (4, 4), (4, 4), (1, 1), (0, 0)),
    (1, 1, 1, (1, 1), (3, 3), (1, 1), (1, 1)),
    (2, 2, 17, (6, 5), (1, 1), (1, 1), (0, 0)),
    (1, 2, 2, (9, 9), (2, 2), (3, 4), (0, 0)),  # strides beyond the kernel
    (2, 1, 2, (3, 4), (2, 2), (1, 1), (3, 2)),  # padding beyond the kernel
    (1, 3, 33, (5, 6), (5, 1), (1, 2), (4, 0)),
]


def operands(case, dtype=np.float64, seed=0):
    batch, inputs, outputs, size, kernel, stride, padding = case
    rng = np.random.default_rng(seed)
    pictures = rng.standard_normal((batch, inputs, *size)).astype(dtype)
    weight = rng.standard_normal((outputs, inputs, *kernel)).astype(dtype)
    bias = rng.standard_normal(outputs).astype(dtype)
    return pictures, weight, bias, {"stride": stride, "padding": padding}


def forward(pictures, weight, bias, options, threads=1):
    return native.convolve2d(pictures, weight, bias, threads=threads, **options)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_forward_is_the_sum_of_products(case, dtype, instruction_set):
    pictures, weight, bias, options = operands(case, dtype)
    expected = reference.convolve2d(pictures, weight, bias, **options)
    found = forward(pictures, weight, bias, options)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, expected, rtol=0, atol=100 * np.finfo(dtype).eps)
    without = forward(pictures, weight, None, options)
    expected -= bias.astype(float)[:, None, None]
    np.testing.assert_allclose(without, expected, rtol=0, atol=100 * np.finfo(dtype).eps)


@pytest.mark.parametrize("case", CASES)
def test_gradients_are_adjoint_to_forward(case, instruction_set):
    """<K x, g> = <x, K^T g> = <w, (d/dw)^T g>: forward is linear in the input and the weights."""
    pictures, weight, _, options = operands(case)
    output = forward(pictures, weight, None, options)
    gradient = np.random.default_rng(1).standard_normal(output.shape)
    of_input = native.convolve2d_input_gradient(
        gradient, weight, pictures.shape, threads=1, **options
    )
    of_weight = native.convolve2d_weight_gradient(
        pictures, gradient, weight.shape, threads=1, **options
    )
    scale = np.sum(np.abs(forward(np.abs(pictures), np.abs(weight), None, options) * gradient))
    assert np.sum(output * gradient) == pytest.approx(
        np.sum(of_input * pictures), abs=1e-13 * scale
    )
    assert np.sum(output * gradient) == pytest.approx(np.sum(of_weight * weight), abs=1e-13 * scale)


@pytest.mark.parametrize("case", CASES)
def test_gradients_are_the_slopes(case):
    pictures, weight, _, options = operands(case)
    gradient = np.random.default_rng(1).standard_normal(
        forward(pictures, weight, None, options).shape
    )

    def loss():
        return float(np.sum(forward(pictures, weight, None, options) * gradient))

    of_input = native.convolve2d_input_gradient(
        gradient, weight, pictures.shape, threads=1, **options
    )
    of_weight = native.convolve2d_weight_gradient(
        pictures, gradient, weight.shape, threads=1, **options
    )
    np.testing.assert_allclose(of_input, reference.slopes(loss, pictures), atol=1e-7)
    np.testing.assert_allclose(of_weight, reference.slopes(loss, weight), atol=1e-7)


@given(
    case=st.tuples(
        st.integers(1, 3), st.integers(1, 4), st.integers(1, 20),
        st.tuples(st.integers(1, 12), st.integers(1, 12)),
        st.tuples(st.integers(1, 4), st.integers(1, 4)),
        st.tuples(st.integers(1, 5), st.integers(1, 5)),
        st.tuples(st.integers(0, 4), st.integers(0, 4)),
    ).filter(lambda c: all(n + 2 * p >= k for n, k, p in zip(c[3], c[4], c[6], strict=True))),
)  # fmt: skip
def test_any_shape_keeps_the_adjoint_identity(case):
    pictures, weight, _, options = operands(case)
    output = forward(pictures, weight, None, options)
    gradient = np.random.default_rng(1).integers(-3, 4, output.shape).astype(float)
    of_input = native.convolve2d_input_gradient(
        gradient, weight, pictures.shape, threads=2, **options
    )
    of_weight = native.convolve2d_weight_gradient(
        pictures, gradient, weight.shape, threads=2, **options
    )
    product = np.sum(output * gradient)
    scale = 1 + np.sum(np.abs(output * gradient)) + np.sum(np.abs(of_weight * weight))
    assert product == pytest.approx(np.sum(of_input * pictures), abs=1e-12 * scale)
    assert product == pytest.approx(np.sum(of_weight * weight), abs=1e-12 * scale)


def test_whole_numbers_are_exact_through_many_channels(instruction_set):
    """Several blocks of steps, several panels, several bands and groups."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(-8, 9, (19, 33, 11, 13)).astype(np.float32)
    weight = rng.integers(-8, 9, (70, 33, 3, 3)).astype(np.float32)
    wide = pictures.astype(np.int64)
    padded = np.pad(wide, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (2, 3))
    expected = np.tensordot(windows, weight.astype(np.int64), ([1, 4, 5], [1, 2, 3]))
    found = native.convolve2d(pictures, weight, None, stride=(1, 1), padding=(1, 1), threads=2)
    np.testing.assert_array_equal(found, np.moveaxis(expected, 3, 1))

    gradient = rng.integers(-2, 3, found.shape).astype(np.float32)
    of_weight = native.convolve2d_weight_gradient(
        pictures, gradient, weight.shape, stride=(1, 1), padding=(1, 1), threads=2
    )
    expected = np.tensordot(gradient.astype(np.int64), windows, ([0, 2, 3], [0, 2, 3]))
    np.testing.assert_array_equal(of_weight, expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_bits_do_not_depend_on_threads(dtype, instruction_set):
    case = (9, 5, 40, (40, 37), (3, 3), (1, 1), (1, 1))
    pictures, weight, bias, options = operands(case, dtype)
    gradient = forward(pictures, weight, bias, options)
    for threads in (2, 3, 7):
        again = forward(pictures, weight, bias, options, threads)
        assert again.tobytes() == gradient.tobytes()
    for function, first, shape in (
        (native.convolve2d_input_gradient, (gradient, weight), pictures.shape),
        (native.convolve2d_weight_gradient, (pictures, gradient), weight.shape),
    ):
        one, *more = (function(*first, shape, threads=t, **options) for t in (1, 2, 5))
        assert all(one.tobytes() == other.tobytes() for other in more)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 30, 70])
def test_the_error_bound_holds(channels, dtype, instruction_set):
    rng = np.random.default_rng(0)
    layer = nn.Conv2d(channels, 4, 3, dtype=dtype, rng=0)
    layer.parameters["bias"].value[:] = rng.standard_normal(4)
    pictures = (
        rng.standard_normal((1, channels, 4, 4)) * 10.0 ** rng.integers(-6, 7, (channels, 4, 4))
    ).astype(dtype)
    found, bound = layer.forward(pictures), layer.error_bound(pictures)
    exact = reference.convolve2d(
        pictures, layer.value("weight"), layer.value("bias"), (1, 1), (0, 0), Fraction
    )
    for index in np.ndindex(found.shape):
        assert abs(Fraction(found[index].item()) - exact[index]) <= Fraction(bound[index].item())
    # Not idle either: a few units in the last place of the terms.
    assert np.all(bound <= 600 * np.finfo(dtype).eps * (np.abs(pictures).sum() * 10))


def gamma(terms, groups=0):
    roundings = min(terms, 256) + -(-terms // 256) + groups
    unit = 2.0**-24
    return roundings * unit / (1 - roundings * unit)


@pytest.mark.parametrize("batch", [1, 3, 40])
def test_the_error_bounds_of_the_gradients_hold(batch, instruction_set):
    """In float32 against float64, whose own error is a billionth of the bound."""
    case = (batch, 3, 50, (9, 8), (3, 3), (1, 1), (1, 1))
    pictures, weight, _, options = operands(case, np.float32)
    gradient = np.random.default_rng(1).standard_normal((batch, 50, 9, 8)).astype(np.float32)

    def of_input(g, w):
        return native.convolve2d_input_gradient(g, w, pictures.shape, threads=1, **options)

    def of_weight(x, g):
        return native.convolve2d_weight_gradient(x, g, weight.shape, threads=1, **options)

    wide = [a.astype(np.float64) for a in (pictures, weight, gradient)]
    error = np.abs(of_input(gradient, weight) - of_input(wide[2], wide[1]))
    assert np.all(error <= gamma(50 * 9) * of_input(np.abs(wide[2]), np.abs(wide[1])))
    error = np.abs(of_weight(pictures, gradient) - of_weight(wide[0], wide[2]))
    bound = gamma(batch * 72, 16) * of_weight(np.abs(wide[0]), np.abs(wide[2]))
    assert np.all(error <= bound)
    assert np.median(bound / np.maximum(error, 1e-12)) < 1e4


def test_a_nan_touches_only_the_windows_that_hold_it():
    case = (2, 3, 20, (9, 8), (3, 3), (1, 1), (1, 1))
    pictures, weight, bias, options = operands(case)
    pictures[1, 2, 4, 5] = np.nan
    touched = np.isnan(forward(pictures, weight, bias, options))
    expected = np.zeros_like(touched)
    expected[1, :, 3:6, 4:7] = True
    np.testing.assert_array_equal(touched, expected)


def test_an_empty_batch_is_an_empty_batch():
    layer = nn.Conv2d(2, 3, 3, rng=0)
    empty = np.zeros((0, 2, 5, 5), np.float32)
    assert layer.forward(empty, training=True).shape == (0, 3, 3, 3)
    assert layer.backward(np.zeros((0, 3, 3, 3))).shape == empty.shape
    assert not layer.parameters["weight"].gradient.any()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"pictures": np.zeros((1, 3, 5, 5))}, "weights are"),
        ({"weight": np.zeros((4, 2, 9, 3))}, "kernel fits"),
        ({"stride": (0, 1)}, "stride >= 1"),
        ({"padding": (-1, 0)}, "padding >= 0"),
        ({"bias": np.zeros(3)}, "one initial number"),
        ({"output": np.zeros((1, 4, 3, 4))}, "the output is"),
    ],
)
def test_the_core_itself_refuses_what_does_not_fit(change, rule):
    from faltung import _core

    given: dict[str, Any] = {
        "pictures": np.zeros((1, 2, 5, 5)), "weight": np.zeros((4, 2, 3, 3)),
        "bias": np.zeros(4), "output": np.zeros((1, 4, 3, 3)), "stride": (1, 1), "padding": (0, 0),
    } | change  # fmt: skip
    with pytest.raises(ValueError, match=rule):
        _core.convolve2d(
            given["pictures"], given["weight"], given["bias"], given["output"],
            given["stride"], given["padding"], 1,
        )  # fmt: skip
