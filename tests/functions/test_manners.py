"""Functions in the hands of Python and NumPy: copies, pickles, threads, arithmetic, what is refused."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

import faltung as ft
from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from faltung.functions import Function, box, convolve_samples, delta, hat, heaviside, resolution

KINDS = {
    "polynomial": lambda: hat(0, 1, 2),
    "convolution": lambda: ft.convolve(box(0, 1), hat(0, 1, 2)),
    "line": lambda: Function("exp(-t**2)", (-np.inf, np.inf)),
    "tail": lambda: Function("1/(1 + t**2)", (-np.inf, np.inf)),
    "pole": lambda: Function("t**-0.5", (0, 1)),
    "step": heaviside,
    "complex": lambda: Function("exp(1j*t)", (0, 1)),
    "deltas": lambda: delta(0) + box(0, 1) + delta(2, 1j),
    "periodic": lambda: Function("sin(t)", (0, 2 * np.pi), periodic=True),
}
X = np.linspace(-0.95, 3.05, 41)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))]
)
def test_copies_and_pickles_are_the_same_function(kind, again):
    f = KINDS[kind]()
    values = f(X)  # what the core keeps for it is made now, and must not stand in the way
    other = again(f)
    np.testing.assert_array_equal(other(X), values)
    assert repr(other) == repr(f)
    assert other.error_bound == f.error_bound
    assert (other.operands is None) == (f.operands is None)


@pytest.mark.parametrize("kernel", [resolution.voigt(0.2, 0.1), box(-0.1, 0.1)])
def test_convolved_samples_are_pickled(kernel):
    result = convolve_samples([0.0, 1.0, 0.0], kernel, dx=0.5)
    other = pickle.loads(pickle.dumps(result))
    np.testing.assert_array_equal(other.y, result.y)
    assert other.error_bound == result.error_bound


@pytest.mark.parametrize("kind", KINDS)
def test_threads_see_one_function(kind):
    f = KINDS[kind]()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: f(X), range(32)))
    assert all(np.array_equal(result, f(X)) for result in results)


def test_quadrature_takes_a_function():
    h = ft.convolve(box(-1, 1), hat(0, 1, 2))
    value, error = quad(h, -1, 3, points=h.breaks[1:-1])
    assert abs(value - h.integral()) <= error + h.integral_bound()


# --- points ------------------------------------------------------------------------------------


def test_a_function_is_called_with_any_real_numbers():
    f = hat(0, 1, 2)
    assert f(Fraction(1, 2)) == f(np.longdouble(0.5)) == f(np.float16(0.5)) == 0.5
    assert f([Fraction(1, 2), 1]).tolist() == [0.5, 1.0]
    assert f(np.array([[1, 2, 3], [0, 1, 5]], dtype=np.int8)).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert f(np.array([], dtype=object)).shape == (0,)
    assert f(10**400) == 0.0
    assert resolution.gaussian(1.0)(Fraction(1, 2)) == resolution.gaussian(1.0)(0.5)


def test_what_is_no_point_is_named():
    f: Any = hat(0, 1, 2)
    with pytest.raises(DtypeError, match=r"not Function: write f\(g\(t\)\)"):
        f(f)
    with pytest.raises(DtypeError, match="real numbers, not NoneType"):
        f(None)
    with pytest.raises(ShapeError, match="equal lengths"):
        f([[1], [1, 2]])


# --- NumPy -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [np.float64(2), np.float32(2), np.int8(2), np.array(2.0)])
def test_numbers_of_numpy_on_either_side(number):
    f = hat(0, 1, 2) + 1
    for made, value in [
        (number + f, 4.0),
        (f + number, 4.0),
        (number - f, 0.0),
        (f - number, 0.0),
        (number * f, 4.0),
        (f * number, 4.0),
        (number / f, 1.0),
        (f / number, 1.0),
    ]:
        assert isinstance(made, Function)
        assert abs(made(1.0) - value) <= made.error_bound
    assert (np.complex128(1j) * f)(1.0) == 2j
    both: Any = f
    assert np.add(both, both)(1.0) == 4.0


def test_other_functions_of_numpy_say_what_to_write():
    f: Any = hat(0, 1, 2)
    with pytest.raises(DtypeError, match=r"Function\(lambda t: numpy.exp\(f\(t\)\), f.domain\)"):
        np.exp(f)
    with pytest.raises(DtypeError, match=r"write abs\(f\)"):
        np.abs(f)
    with pytest.raises(DtypeError, match=r"write f\(t\)"):
        np.multiply.outer(f, f)
    values = np.ones(2)
    for wrong in (lambda: values * f, lambda: f * values, lambda: values.__iadd__(f)):
        with pytest.raises(DtypeError, match=r"write f\(t\)"):
            wrong()
    with pytest.raises(DtypeError, match="numpy.power of float64 and Function"):
        np.float64(2) ** f
    assert values.tolist() == [1.0, 1.0]


def test_equal_is_what_is_the_same():
    f = hat(0, 1, 2)
    assert f == f  # noqa: PLR0124
    assert f != hat(0, 1, 2)
    assert np.float64(1) != f
    assert f != np.float64(1)
    assert len({f, f, hat(0, 1, 2)}) == 2


# --- deltas left out, nothing at all -------------------------------------------------------------


def test_without_deltas():
    f = box(0, 1)
    assert f.without_deltas() is f
    slope = hat(0, 1, 2).diff(2)
    assert len(slope.deltas) == 3
    assert not slope.without_deltas().deltas
    rest = (f + delta(3) + delta(1, 1j)).without_deltas()
    assert rest.domain == f.domain
    assert rest(0.5) == 1.0
    with pytest.raises(OptionError, match=r"f\.without_deltas\(\)"):
        (f + delta(3)).roots()


def test_nothing_and_what_is_beyond_measure_say_so():
    assert repr(delta(0) - delta(0)) == "Function that is zero everywhere"
    assert repr(box(0, 1).imag) == "Function that is zero everywhere"
    assert "of values up to 1e+290" in repr(heaviside().cumulative())
    assert box(0, 1).reflect().domain == (-1.0, 0.0)
    assert str(box(0, 1).reflect().domain) == "(-1.0, 0.0)"


# --- the wrong thing in the wrong place ----------------------------------------------------------

Y: Any = np.zeros(11)
BELL: Any = resolution.gaussian(0.3)
FUNCTION: Any = box(0, 1)
CALLED: Any = resolution.voigt
WORD: Any = "a"
NUMBER: Any = 5
REFUSED = {
    "a bell with samples": (lambda: ft.convolve(Y, BELL), r"convolve_samples\(y, kernel, x=x\)"),
    "samples with a bell": (lambda: ft.correlate(BELL, Y), r"convolve_samples\(y, kernel, x=x\)"),
    "a bell in the wing": (lambda: ft.arrays.convolve(Y, BELL), r"convolve_samples\(y, kernel"),
    "a plan of a bell": (lambda: ft.plan(BELL, (3,)), "convolve_samples"),
    "two bells": (lambda: ft.convolve(BELL, BELL), r"resolution\.convolve\(f, g\)"),
    "a function": (lambda: ft.convolve(FUNCTION, BELL), r"ft\.Function\(kernel"),
    "a law": (lambda: ft.convolve(ft.distribution("normal(0, 1)"), BELL), r"scipy\.stats\.norm"),
    "a function as an array": (lambda: ft.arrays.correlate(Y, FUNCTION), r"faltung\.correlate\("),
    "no width": (lambda: convolve_samples(Y, CALLED, dx=1), r"resolution\.voigt\(0\.3\)"),
    "no samples": (lambda: convolve_samples(FUNCTION, BELL, dx=1), r"faltung\.convolve\(f, g\)"),
    "nowhere": (lambda: convolve_samples(Y, BELL, dx=1, at=np.nan), "at is nan"),
    "another derivative": (
        lambda: convolve_samples(Y, BELL, dx=1, gradient=True).jacobian("tau"),
        "write 'sigma' or 'center'",
    ),
    "no derivative": (lambda: convolve_samples(Y, BELL, dx=1).jacobian("tau"), "gradient=True"),
    "an endless period": (lambda: Function("t", (0, np.inf), periodic=True), "ends of one period"),
    "a step nowhere": (lambda: heaviside(np.inf), "the place is inf"),
    "a move of nothing": (lambda: FUNCTION.shift(WORD), "the distance must be"),
    "no rows": (lambda: Function.from_pieces([0, 1], NUMBER), "one row of them for each piece"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_the_way_out(what):
    wrong, way_out = REFUSED[what]
    with pytest.raises((DataError, DtypeError, OptionError, ShapeError), match=way_out):
        wrong()
