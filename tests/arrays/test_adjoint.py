"""The adjoint of a plan: exact for integers, within its bound for floats."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung.errors import DtypeError, ExactnessError, OptionError, ShapeError
from tests.arrays import strategies as draws

whole = st.integers(-50, 50)


@st.composite
def problems(draw):
    rank = draw(st.integers(1, 3))
    shapes = draws.shapes(rank)
    a, v = (draw(hnp.arrays(np.int64, draw(shapes), elements=whole)) for _ in range(2))
    return a, v, draw(draws.options(a, v))


@given(problems(), st.data())
def test_inner_products_agree_exactly(problem, data):
    x, v, options = problem
    plan = ft.plan(v, x.shape, dtype=np.int64, **options)
    forward, adjoint = plan(x), plan.adjoint()
    assert adjoint.shape == forward.shape
    y = data.draw(hnp.arrays(np.int64, forward.shape, elements=whole))
    back = adjoint(y)
    assert back.shape == x.shape
    assert (forward * y).sum() == (x * back).sum()


@given(problems(), st.sampled_from(["float32", "float64", "complex128"]), st.data())
def test_floats_are_within_the_bound(problem, dtype, data):
    x, v, options = problem
    exact = ft.plan(v, x.shape, dtype=np.int64, **options).adjoint()
    y = data.draw(hnp.arrays(np.int64, exact.shape, elements=whole))
    adjoint = ft.plan(v.astype(dtype) / 7, x.shape, dtype=dtype, **options).adjoint()
    weights = (v.astype(dtype) / 7).real
    got = adjoint(y.astype(dtype)).real
    scale = adjoint.error_factor * np.linalg.norm(weights) * np.linalg.norm(y) * 1.001
    slack = 2 * np.finfo(dtype).eps * np.abs(exact(np.abs(y)) if (v >= 0).all() else 0).max()
    for entry, whole_entry in zip(got.ravel(), exact(y).ravel(), strict=True):
        rounded_weights = np.finfo(dtype).eps * np.abs(v).sum() * np.abs(y).sum()
        error = abs(Fraction(float(entry)) - Fraction(int(whole_entry), 7))
        assert error <= scale + slack + rounded_weights


def test_channels_and_kernels_of_their_own():
    rng = np.random.default_rng(0)
    x = rng.integers(-9, 9, (6, 7, 3))
    for v in (rng.integers(-9, 9, (3, 2)), rng.integers(-9, 9, (3, 2, 3))):
        plan = ft.plan(v, x.shape, axes=(0, 1), dtype=np.int64, mode="same", boundary="mirror")
        y = rng.integers(-9, 9, x.shape)
        assert (plan(x) * y).sum() == (x * plan.adjoint()(y)).sum()
    one = x[:, :, :1]
    plan = ft.plan(v, one.shape, axes=(0, 1), dtype=np.int64)
    y = rng.integers(-9, 9, plan(one).shape)
    assert (plan(one) * y).sum() == (one * plan.adjoint()(y)).sum()


def test_complex_numbers_are_conjugated():
    rng = np.random.default_rng(1)
    x, v = (rng.normal(size=(n, 2)) @ [1, 1j] for n in (30, 7))
    plan = ft.plan(v, 30, dtype=complex, mode="same", boundary="wrap")
    y = rng.normal(size=(30, 2)) @ [1, 1j]
    np.testing.assert_allclose(np.vdot(y, plan(x)), np.vdot(plan.adjoint()(y), x), rtol=1e-12)


def test_scipy_solves_with_it():
    from scipy.sparse.linalg import lsqr

    rng = np.random.default_rng(2)
    x = rng.normal(size=(8, 9))
    plan = ft.plan([[4.0, 1.0], [1.0, 0.5]], x.shape, mode="same", boundary="edge")
    operator = plan.as_linear_operator()
    assert operator.shape == (72, 72)
    solved = lsqr(operator, plan(x).ravel(), atol=1e-13, btol=1e-13, iter_lim=2000)[0]
    np.testing.assert_allclose(solved.reshape(x.shape), x, atol=1e-8)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mode": "same", "boundary": "constant", "fill_value": 2.0}, "fill_value=2.0 adds"),
        ({"nan_policy": "omit"}, "nan_policy='omit' is no linear"),
        ({"overflow": "saturate", "result_dtype": np.uint8}, "result_dtype="),
    ],
)
def test_what_is_no_linear_map_has_no_adjoint(options, words):
    with pytest.raises(OptionError, match=words):
        ft.plan([1.0, 2.0], 5, **options).adjoint()


def test_errors_of_the_array():
    adjoint = ft.plan([1, 2], 5, dtype=int, mode="same", boundary="edge").adjoint()
    with pytest.raises(ShapeError, match=r"shape \(4,\), the plan's results have \(5,\)"):
        adjoint(np.ones(4, int))
    with pytest.raises(ExactnessError, match="may not fit int64"):
        adjoint(np.full(5, 2**61))


@pytest.mark.parametrize(
    ("dtype", "vector"),
    [(int, np.full(3, 0.5)), (float, np.full(3, 1j)), (np.float32, np.full(3, 1j))],
)
def test_a_linear_operator_cuts_nothing_off_a_vector(dtype, vector):
    operator = ft.plan(np.ones(3, dtype), 3, dtype=dtype, mode="same").as_linear_operator()
    for map_ in (operator, operator.H):
        with pytest.raises(DtypeError, match=f"make another with .*{vector.dtype}"):
            map_ @ vector
    wider = ft.plan(np.ones(3, np.float32), 3, dtype=np.float32).as_linear_operator()
    assert (wider @ np.ones(3)).tolist() == [1, 2, 3, 2, 1]


def test_a_notebook_shows_the_candidates():
    assert "<pre>" in ft.plan(np.ones(5), 100)._repr_html_()
