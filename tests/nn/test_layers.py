"""Every layer's gradient against small steps in float64, and what the layers refuse."""

from __future__ import annotations

import numpy as np
import pytest

from faltung import nn
from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from tests.nn import reference


def layers():
    return {
        "Conv2d": (nn.Conv2d(2, 3, 3, dtype=np.float64, rng=0), (2, 2, 6, 5)),
        "Conv2d, stride and padding": (
            nn.Conv2d(2, 3, (2, 3), (2, 1), (1, 2), dtype=np.float64, rng=0),
            (2, 2, 6, 5),
        ),
        "Conv2d without bias": (
            nn.Conv2d(1, 2, 2, bias=False, dtype=np.float64, rng=0),
            (3, 1, 4, 4),
        ),
        "Dense": (nn.Dense(7, 4, dtype=np.float64, rng=0), (3, 7)),
        "Dense without bias": (nn.Dense(5, 2, bias=False, dtype=np.float64, rng=0), (3, 5)),
        "MaxPool2d": (nn.MaxPool2d(2), (2, 3, 5, 4)),
        "MaxPool2d of unequal sides": (nn.MaxPool2d((3, 2)), (2, 1, 7, 7)),
        "ReLU": (nn.ReLU(), (4, 3, 2)),
        "Flatten": (nn.Flatten(), (3, 2, 2, 2)),
        "Network": (
            nn.Network(
                nn.Conv2d(1, 3, 3, 1, 1, dtype=np.float64, rng=0),
                nn.ReLU(),
                nn.MaxPool2d(2),
                nn.Conv2d(3, 2, 3, dtype=np.float64, rng=1),
                nn.ReLU(),
                nn.Flatten(),
                nn.Dense(8, 3, dtype=np.float64, rng=2),
            ),
            (2, 1, 8, 8),
        ),
    }


@pytest.mark.parametrize("name", layers())
def test_gradients_are_the_slopes(name, instruction_set):
    layer, shape = layers()[name]
    rng = np.random.default_rng(5)
    x = rng.standard_normal(shape)
    gradient = rng.standard_normal(layer.forward(x).shape)

    def loss():
        return float(np.sum(layer.forward(x) * gradient))

    layer.forward(x, training=True)
    of_input = layer.backward(gradient)
    np.testing.assert_allclose(of_input, reference.slopes(loss, x), atol=1e-7)
    for parameter in layer.parameters.values():
        slopes = reference.slopes(loss, parameter.value)
        np.testing.assert_allclose(parameter.gradient, slopes, atol=1e-7)
        parameter.gradient = np.zeros_like(parameter.value)
    layer.backward_to_parameters(gradient)
    for parameter in layer.parameters.values():
        np.testing.assert_allclose(
            parameter.gradient, reference.slopes(loss, parameter.value), atol=1e-7
        )


@pytest.mark.parametrize("name", [name for name in layers() if name != "Network"])
def test_output_shape_is_that_of_the_output(name):
    layer, shape = layers()[name]
    assert layer.output_shape(shape[1:]) == layer.forward(np.ones(shape)).shape[1:]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sizes", [(1, 1, 1), (3, 5, 2), (50, 300, 17), (130, 64, 600)])
def test_dense_is_the_product_of_matrices(sizes, dtype, instruction_set):
    batch, inputs, outputs = sizes
    rng = np.random.default_rng(0)
    layer = nn.Dense(inputs, outputs, dtype=dtype)
    layer.parameters["weight"].value[:] = rng.integers(-9, 10, (outputs, inputs))
    layer.parameters["bias"].value[:] = rng.integers(-9, 10, outputs)
    x, gradient = rng.integers(-9, 10, (batch, inputs)), rng.integers(-9, 10, (batch, outputs))
    weight, bias = layer.value("weight").astype(int), layer.value("bias").astype(int)
    np.testing.assert_array_equal(layer.forward(x, training=True), x @ weight.T + bias)
    np.testing.assert_array_equal(layer.backward(gradient), gradient @ weight)
    np.testing.assert_array_equal(layer.parameters["weight"].gradient, gradient.T @ x)
    np.testing.assert_array_equal(layer.parameters["bias"].gradient, gradient.sum(axis=0))
    one, two = (layer.forward(x / 7, threads=n).tobytes() for n in (1, 3))
    assert one == two


@pytest.mark.parametrize("window", [(1, 1), (2, 2), (3, 1), (2, 5)])
def test_pooling_keeps_the_maximum(window):
    x = np.random.default_rng(0).integers(0, 5, (3, 4, 8, 11)).astype(float)
    for dtype in (np.float32, np.float64):
        found = nn.MaxPool2d(window).forward(x.astype(dtype))
        np.testing.assert_array_equal(found, reference.pool_maximum(x, window))


def test_pooling_gives_the_gradient_to_the_first_of_equals():
    layer = nn.MaxPool2d(2)
    layer.forward(np.zeros((1, 1, 5, 4)), training=True)
    gradient = layer.backward([[[[1.0, 2.0], [3.0, 4.0]]]])
    expected = np.zeros((5, 4))
    expected[0, 0], expected[0, 2], expected[2, 0], expected[2, 2] = 1, 2, 3, 4
    np.testing.assert_array_equal(gradient[0, 0], expected)


def test_pooling_passes_nan_on():
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    x[0, 0, 0, 1] = x[0, 0, 1, 0] = np.nan
    layer = nn.MaxPool2d(2)
    found = layer.forward(x, training=True)
    assert np.isnan(found[0, 0, 0, 0])
    assert np.isfinite(found[0, 0].ravel()[1:]).all()
    assert layer.backward(np.ones((1, 1, 2, 2)))[0, 0, 0, 1] == 1


def test_the_core_refuses_places_outside_the_plane():
    from faltung import _core

    places = np.full((1, 1, 2, 2), 16, np.int32)
    with pytest.raises(ValueError, match="lies in its plane"):
        _core.pool_maximum_gradient(
            np.ones((1, 1, 2, 2)), places, np.empty((1, 1, 4, 4)), (2, 2), 1
        )


def test_forward_without_training_keeps_nothing():
    layer = nn.Conv2d(1, 1, 3, rng=0)
    layer.forward(np.ones((1, 1, 4, 4)))
    with pytest.raises(DataError, match="forward\\(x, training=True\\) first"):
        layer.backward(np.ones((1, 1, 2, 2)))


def test_float32_in_float32_out():
    x = np.ones((2, 1, 8, 8), np.float32)
    for layer in (nn.Conv2d(1, 2, 3, rng=0), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()):
        output = layer.forward(x, training=True)
        assert output.dtype == np.float32
        assert layer.backward(output).dtype == np.float32
    assert nn.Conv2d(1, 2, 3, dtype="float64", rng=0).forward(x).dtype == np.float64
    assert nn.ReLU().forward(np.array([[1, -2]])).dtype == np.float64


def test_the_same_rng_gives_the_same_weights():
    one, two, three = (nn.Conv2d(3, 4, 3, rng=seed).value("weight") for seed in (0, 0, 1))
    assert one.tobytes() == two.tobytes() != three.tobytes()
    assert one.std() == pytest.approx((2 / 27) ** 0.5, rel=0.15)


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: nn.Conv2d(0, 1, 3), "in_channels=0"),
        (
            lambda: nn.Conv2d(1, 2.5, 3),  # type: ignore[arg-type]
            "out_channels=2.5",
        ),
        (lambda: nn.Conv2d(1, 1, (3, 3, 3)), r"kernel_size=\(3, 3, 3\)"),
        (lambda: nn.Conv2d(1, 1, 3, stride=0), "stride=0"),
        (lambda: nn.Conv2d(1, 1, 3, padding=-1), "padding=-1"),
        (lambda: nn.Conv2d(1, 1, 3, dtype=np.float16), "float32"),
        (lambda: nn.Dense(True, 1), "in_features=True"),
        (lambda: nn.Dense(1, 1, dtype="nonsense"), "dtype='nonsense'"),
        (lambda: nn.MaxPool2d("2"), "kernel_size='2'"),
        (lambda: nn.Network(), "one layer or more"),
        (
            lambda: nn.Network(3),  # type: ignore[arg-type]
            r"Network\(\(3,\)\)",
        ),
    ],
)
def test_settings_are_checked(make, rule):
    with pytest.raises(OptionError, match=rule):
        make()


@pytest.mark.parametrize(
    ("layer", "x", "error", "rule"),
    [
        (nn.Conv2d(1, 1, 3), np.ones((8, 8)), ShapeError, "batch, channels, height, width"),
        (nn.Conv2d(1, 1, 3), np.ones((1, 3, 8, 8)), ShapeError, "1 channels, not"),
        (nn.Conv2d(1, 1, 3), np.ones((1, 1, 2, 8)), ShapeError, "more padding"),
        (nn.Conv2d(1, 1, 3), np.ones((1, 1, 8, 8)) * 1j, DtypeError, "complex128"),
        (nn.Conv2d(1, 1, 3), np.array([["a"]]), DtypeError, "real numbers"),
        (nn.Dense(3, 1), np.ones((2, 4)), ShapeError, "rows of 3 features"),
        (nn.Dense(3, 1), np.ones((2, 3, 1)), ShapeError, "batch, features"),
        (nn.MaxPool2d(3), np.ones((1, 1, 2, 8)), ShapeError, "smaller window"),
        (nn.ReLU(), 3.0, ShapeError, "batch"),
        (nn.ReLU(), [[1.0], [1.0, 2.0]], ShapeError, "unequal length"),
        (nn.ReLU(), np.ma.masked_array([1.0], [True]), DtypeError, "masked"),
    ],
)
def test_inputs_are_checked(layer, x, error, rule):
    with pytest.raises(error, match=rule):
        layer.forward(x)


def test_a_gradient_has_the_shape_of_the_output():
    layer = nn.Dense(3, 2, rng=0)
    layer.forward(np.ones((4, 3)), training=True)
    with pytest.raises(ShapeError, match=r"the output had \(4, 2\)"):
        layer.backward(np.ones((4, 3)))


def test_a_layer_says_what_it_is():
    assert repr(nn.MaxPool2d(2)) == "MaxPool2d(kernel_size=(2, 2))"
    assert repr(nn.Dense(3, 2, bias=False)) == "Dense(in_features=3, out_features=2, bias=False)"
