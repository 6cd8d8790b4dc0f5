"""Loss, optimizer, network and the plan of a training, each against its formula."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.special import log_softmax

from faltung import nn
from faltung.errors import DataError, OptionError, ShapeError
from faltung.nn.training import TrainingOptions
from tests.nn import reference


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 1.0])
def test_cross_entropy_and_its_gradient(smoothing):
    rng = np.random.default_rng(0)
    logits, targets = 5 * rng.standard_normal((6, 4)), rng.integers(0, 4, 6)
    wanted = np.full((6, 4), smoothing / 4)
    wanted[np.arange(6), targets] += 1 - smoothing

    def loss():
        return nn.softmax_cross_entropy(logits, targets, label_smoothing=smoothing)[0]

    expected = -np.mean(np.sum(wanted * log_softmax(logits, axis=1), axis=1))
    assert loss() == pytest.approx(expected, rel=1e-14)
    gradient = nn.softmax_cross_entropy(logits, targets, label_smoothing=smoothing)[1]
    np.testing.assert_allclose(gradient, reference.slopes(loss, logits), atol=1e-8)
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-15)


def test_huge_logits_do_not_overflow():
    loss, gradient = nn.softmax_cross_entropy([[1e30, 0.0], [0.0, -1e30]], [0, 1])
    assert loss == 5e29
    np.testing.assert_array_equal(gradient, [[0, 0], [0.5, -0.5]])
    np.testing.assert_array_equal(nn.softmax([[1e30, 0.0]]), [[1, 0]])


@pytest.mark.parametrize(
    ("targets", "error"),
    [([0], ShapeError), ([0, 3], DataError), ([0, -1], DataError), ([0.0, 1.0], DataError)],
)
def test_targets_are_class_numbers(targets, error):
    with pytest.raises(error, match="targets"):
        nn.softmax_cross_entropy(np.zeros((2, 3)), targets)


def test_adam_takes_the_steps_of_its_formula():
    rng = np.random.default_rng(0)
    start = rng.standard_normal((2, 3))
    parameter, bias = nn.Parameter(start.copy()), nn.Parameter(np.ones(2))
    optimizer = nn.Adam([parameter, bias], 0.1, betas=(0.8, 0.9), epsilon=1e-3, weight_decay=0.5)
    x, y = start.copy(), np.ones(2)
    means = [np.zeros_like(a) for a in (x, x, y, y)]
    for t in range(1, 6):
        gradients = rng.standard_normal((2, 3)), rng.standard_normal(2)
        parameter.gradient, bias.gradient = gradients
        optimizer.step()
        for i, (value, g, decay) in enumerate(zip((x, y), gradients, (0.5, 0.0), strict=True)):
            means[2 * i] = 0.8 * means[2 * i] + 0.2 * g
            means[2 * i + 1] = 0.9 * means[2 * i + 1] + 0.1 * g**2
            first, second = means[2 * i] / (1 - 0.8**t), means[2 * i + 1] / (1 - 0.9**t)
            value -= 0.1 * (decay * value + first / (np.sqrt(second) + 1e-3))
    np.testing.assert_allclose(parameter.value, x, rtol=1e-12)
    np.testing.assert_allclose(bias.value, y, rtol=1e-12)


def test_adam_keeps_float32():
    parameter = nn.Parameter(np.ones((2, 2), np.float32))
    parameter.gradient = np.ones((2, 2), np.float32)
    nn.Adam([parameter], 0.1, weight_decay=0.1).step()
    assert parameter.value.dtype == np.float32


@pytest.mark.parametrize(
    "options",
    [{"learning_rate": -1}, {"betas": (1.0, 0.9)}, {"epsilon": math.nan}, {"weight_decay": "x"}],
)
def test_adam_checks_its_settings(options):
    with pytest.raises(OptionError, match=f"{next(iter(options))}"):
        nn.Adam([], **options)


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 8, 9), (1, 28, 28), (3, 48, 64), (1, 64, 17)])
def test_the_small_network_fits_any_picture(shape):
    network = nn.small_network(shape, 7, width=2, rng=0)
    assert network.output_shape(shape) == (7,)
    assert network.forward(np.ones((2, *shape))).shape == (2, 7)
    again = nn.Network.from_description(network.describe(), rng=0)
    assert again.describe() == network.describe()
    assert repr(again) == repr(network)
    for name, parameter in network.parameters.items():
        np.testing.assert_array_equal(again.parameters[name].value, parameter.value)


def test_parameters_are_named_by_their_layer():
    network = nn.Network(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Dense(2, 3))
    assert list(network.parameters) == ["0.weight", "0.bias", "3.weight", "3.bias"]
    assert network.parameter_count == 18 + 2 + 6 + 3


def test_an_unknown_layer_is_refused():
    with pytest.raises(OptionError, match="'Dropout' is not known"):
        nn.Network.from_description([{"kind": "Dropout"}])


def test_the_learning_rate_rises_once_and_falls():
    rates = [nn.one_cycle(done) for done in np.linspace(0, 1, 101)]
    assert all(a < b for a, b in itertools.pairwise(rates[:26]))
    assert all(a > b for a, b in itertools.pairwise(rates[25:]))
    assert max(rates) == rates[25] == 1


@pytest.mark.parametrize(
    ("pictures", "batches", "epochs"),
    [(2, 1, 100), (20, 8, 88), (1437, 22, 32), (60_000, 938, 10)],
)
def test_small_sets_have_more_epochs(pictures, batches, epochs):
    options = TrainingOptions()
    assert (options.batches(pictures), options.passes(pictures)) == (batches, epochs)
    assert TrainingOptions(epochs=3).passes(pictures) == 3


@pytest.mark.parametrize(
    "option",
    [
        {"epochs": 0}, {"batch_size": 1.5}, {"learning_rate": math.inf}, {"label_smoothing": 1.1},
        {"seed": -1}, {"threads": 0}, {"augmentation": True},
    ],
)  # fmt: skip
def test_training_options_are_checked(option):
    with pytest.raises(OptionError, match=next(iter(option))):
        TrainingOptions(**option)
