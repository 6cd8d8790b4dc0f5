"""Formulas that cannot be read: the mistake is pointed at, nothing is run, nothing takes long."""

from __future__ import annotations

import contextlib
import math
import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from faltung.errors import DataError, FaltungError, OptionError
from faltung.functions import Function
from faltung.functions.doors.expressions.expression import Expression
from faltung.functions.doors.expressions.sharp import sharp_places

MISTAKES = [
    ("2x", 1, "a product is written with *"),
    ("2*x^2", 3, "write ** for a powe"),
    ("sin x", 4, "sin(x)"),
    ("(x + 1)(x - 1)", 7, "a product is written with *"),
    ("x(x + 1)", 0, "x is no function"),
    ("exp(-t*s)", 7, "'s' is a second variable"),
    ("1 + gama(x)", 4, "did you mean gamma"),
    ("1 + cosh", 4, "cosh is a function"),
    ("9**9**9**9", 4, "this power is no double"),
    ("10**-400*x", 2, "this power is no double"),
    ("2 + 1/0", 5, "divides by zero"),
    ("x/(2 - 2)", 1, "divides by zero"),
    ("x +", 3, "missing or too much"),
    ("(x", 0, "not closed"),
    ("x)", 1, "not opened"),
    ("np.exp(x)", 2, "plain names"),
    ("x.real", 1, "does not belong"),
    ("y = x", 2, "name ="),
    ("1e999*x", 0, "largest double"),
    ("sin(x, 2)", 0, "sin takes 1 argument, and here are 2"),
    ("sin()", 0, "sin takes 1 argument, and here are none"),
    ("x and 1", 0, "a condition"),
    ("x²", 1, "write **2"),
    ("3·x", 1, "write *"),
    ("[x]", 0, "round brackets"),
    ("'x'", 0, "does not belong"),
    ("lambda: 1", 6, "does not belong"),
    ("where(x, 1, 2)", 6, "a condition"),
    ("where(x < 1, 2)", 0, "where"),
    ("sin(x=2)", 5, "does not belong"),
    ("sin(*x)", 0, "plain arguments"),
    ("x in 3", 2, "x*in"),
    ("é*x + $", 6, "does not belong"),
    ("inf*x", 0, "cannot be a variable"),
    ("x\x00", 1, "does not belong"),
    ("1 + delta_(t)", 4, "no function 'delta_'"),
    ("delta''(t) + foo(t)", 13, "no function 'foo'"),
    ("(" * 50 + "x" + ")" * 50, 40, "nested"),
]


@pytest.mark.parametrize(("text", "place", "why"), MISTAKES)
def test_a_mistake_is_pointed_at(text, place, why):
    with pytest.raises(DataError) as caught:
        Function(text, (1, 2))
    message = str(caught.value)
    *_, shown, caret = message.split("\n")
    assert why in message
    assert f"character {place + 1}:" in message
    assert caret.endswith("^")
    # What is shown is blank where the text ends, and where it has no printable character.
    assert shown[len(caret) - 1 : len(caret)] in (text[place : place + 1], " ")


def test_a_long_formula_is_shown_around_the_mistake():
    with pytest.raises(DataError) as caught:
        Function("x + " * 100 + "2x" + " + x" * 100, (0, 1))
    shown, caret = str(caught.value).split("\n")[-2:]
    assert len(shown) < 90
    assert shown[len(caret) - 1] == "x"


ALPHABET = "x0123456789.+-*/()<>=!&|~%^'\"_,jJe \n\té²λ" + "if else and or not sin cos log delta pi"


@given(st.one_of(st.text(max_size=60), st.text(ALPHABET, max_size=60)))
@settings(max_examples=600, deadline=None)
@example("\ud800")
@example("x" * 5000)
@example("1_")
@example("٣*x")
@example("1if x<1 else 2")
@example("-" * 3000 + "x")
@example("x" + "**x" * 900)
@example("not " * 900 + "x")
@example("1 if x<1 else " * 250 + "1")
def test_garbage_raises_nothing_but_our_errors(text):
    try:
        formula = Expression.read(text)
        sharp_places(formula.tree, -1.0, 1.0)
    except FaltungError:
        return
    assert np.shape(formula(np.linspace(-1, 1, 5))) == (5,)


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9**9",
        "2**(2**(2**(2**(2**2))))*x",
        "abs(" * 35 + "x" + " - 1)" * 35,
        "+".join(f"floor({1000 + k}*x)" for k in range(200)),
        "max(" + ", ".join(f"x*{k}" for k in range(1, 101)) + ")",
        "*".join(["1.1"] * 100),
        "x" + "*x" * 900,
        "+".join(["x**-0.5"] * 400),
    ],
)
def test_no_formula_takes_long_to_look_at(text):
    start = time.perf_counter()
    with contextlib.suppress(FaltungError):
        sharp_places(Expression.read(text).tree, 0.0, 1.0)
    assert time.perf_counter() - start < 5


def test_nothing_in_a_text_is_run():
    for text in ("__import__('os').getcwd()", "open(1)", "exec(1)", "x.__class__", "(lambda: 1)()"):
        with pytest.raises(DataError):
            Function(text, (0, 1))


def test_errors_about_intervals():
    with pytest.raises(OptionError, match="interval is missing"):
        Function("x")
    with pytest.raises(OptionError, match="steps without end"):
        Function("floor(x)", (0, math.inf))
    with pytest.raises(OptionError, match="at most 10000"):
        Function("floor(1e9*x)", (0, 1))
    with pytest.raises(DataError, match="no integral"):
        Function("1/x", (0, 1))
    with pytest.raises(DataError, match="no integral"):
        Function("1/(1 - x**2)", (0, 1))
    with pytest.raises(DataError, match="'sqrt\\(-1\\)' is nan"):
        Function("sqrt(-1)", (0, 1))
    assert Function("sin(x)/x", (-1, 1))(0.5) == pytest.approx(math.sin(0.5) / 0.5)
