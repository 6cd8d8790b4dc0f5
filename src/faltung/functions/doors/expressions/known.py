"""The functions that a formula may use: their values, and where they are not smooth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from typing import Any

import numpy as np

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Known:
    """A function of one real number, or of several.

    Attributes
    ----------
    call
        Takes arrays and numbers.
    least, most
        How many arguments it takes.
    corners
        Values of the first argument at which it jumps or bends, or has a root, a logarithm or a pole.
    every
        It has a corner at this number plus each whole number.
    clear
        It has no zero.
    """

    call: Callable[..., Any]
    least: int = 1
    most: int = 1
    corners: tuple[Fraction, ...] = ()
    every: Fraction | None = None
    clear: bool = False


def _special(name: str) -> Callable[..., Any]:
    """Return a function of scipy.special, which is imported when it is first called."""

    @cache
    def found() -> Callable[..., Any]:
        import scipy.special

        function: Callable[..., Any] = getattr(scipy.special, name)
        return function

    return lambda *values: found()(*values)


def _select(*parts: Any) -> Any:
    *pairs, value = parts
    for condition, chosen in zip(pairs[-2::-2], pairs[-1::-2], strict=True):
        value = np.where(condition, chosen, value)
    return value


def _box(x: Any) -> Any:
    return np.where(np.abs(x) < 0.5, 1.0, np.where(np.abs(x) == 0.5, 0.5, 0.0))


def _tri(x: Any) -> Any:
    return np.maximum(1.0 - np.abs(x), 0.0)


def _at(*corners: int | Fraction) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, corners))


def _clip(x: Any, low: Any, high: Any) -> Any:
    return np.minimum(np.maximum(x, low), high)


_ARITHMETIC = {
    "add": Known(lambda *terms: reduce(np.add, terms), 1, 10**6),
    "multiply": Known(lambda *factors: reduce(np.multiply, factors), 1, 10**6),
    "divide": Known(np.divide, 2, 2),
    "power": Known(np.power, 2, 2),
    "negative": Known(np.negative),
    "floor_divide": Known(np.floor_divide, 2, 2),
    "mod": Known(np.mod, 2, 2),
    # A condition as a number: 1 where it holds.
    "number": Known(lambda condition: np.asarray(condition, dtype=np.float64)),
    "less": Known(np.less, 2, 2),
    "less_equal": Known(np.less_equal, 2, 2),
    "equal": Known(np.equal, 2, 2),
    "not_equal": Known(np.not_equal, 2, 2),
    "and": Known(lambda *parts: reduce(np.logical_and, parts), 1, 10**6),
    "or": Known(lambda *parts: reduce(np.logical_or, parts), 1, 10**6),
    "not": Known(np.logical_not),
    "select": Known(_select, 3, 10**6),
    "nan": Known(lambda: np.nan, 0, 0),
    "i": Known(lambda: np.complex128(1j), 0, 0, clear=True),
}

_SMOOTH = {
    "exp": Known(np.exp, clear=True),
    "exp2": Known(np.exp2, clear=True),
    "expm1": Known(np.expm1),
    "square": Known(np.square),
    "sin": Known(np.sin),
    "cos": Known(np.cos),
    "tan": Known(np.tan),
    "sinh": Known(np.sinh),
    "cosh": Known(np.cosh, clear=True),
    "tanh": Known(np.tanh),
    "arctan": Known(np.arctan),
    "arcsinh": Known(np.arcsinh),
    "sinc": Known(np.sinc),
    "deg2rad": Known(np.deg2rad),
    "rad2deg": Known(np.rad2deg),
    "erf": Known(_special("erf")),
    "erfc": Known(_special("erfc"), clear=True),
    "erfcx": Known(_special("erfcx"), clear=True),
    "expit": Known(_special("expit"), clear=True),
    "ndtr": Known(_special("ndtr"), clear=True),
    "j0": Known(_special("j0")),
    "j1": Known(_special("j1")),
    "i0": Known(_special("i0"), clear=True),
    "gamma": Known(_special("gamma")),
    "gammaln": Known(_special("gammaln")),
    "jv": Known(lambda x, order: _special("jv")(order, x), 2, 2),
}

# Of complex numbers; and a delta, which has no values and is taken out before there are any.
_OTHERS = {
    "real": Known(np.real),
    "imag": Known(np.imag),
    "conj": Known(np.conj),
    "delta": Known(lambda x, _order=0: np.full(np.shape(x), np.nan), 1, 2),
}

_SHARP = {
    "sqrt": Known(np.sqrt, corners=_at(0)),
    "cbrt": Known(np.cbrt, corners=_at(0)),
    "log": Known(np.log, corners=_at(0)),
    "log2": Known(np.log2, corners=_at(0)),
    "log10": Known(np.log10, corners=_at(0)),
    "log1p": Known(np.log1p, corners=_at(-1)),
    "arcsin": Known(np.arcsin, corners=_at(-1, 1)),
    "arccos": Known(np.arccos, corners=_at(-1, 1)),
    "arccosh": Known(np.arccosh, corners=_at(-1, 1)),
    "arctanh": Known(np.arctanh, corners=_at(-1, 1)),
    "abs": Known(np.abs, corners=_at(0)),
    "sign": Known(np.sign, corners=_at(0)),
    "heaviside": Known(lambda x, half=0.5: np.heaviside(x, half), 1, 2, corners=_at(0)),
    "box": Known(_box, corners=_at(-_HALF, _HALF)),
    "tri": Known(_tri, corners=_at(-1, 0, 1)),
    "floor": Known(np.floor, every=Fraction(0)),
    "ceil": Known(np.ceil, every=Fraction(0)),
    "trunc": Known(np.trunc, every=Fraction(0)),
    "round": Known(np.rint, every=_HALF),
    "minimum": Known(lambda *values: reduce(np.minimum, values), 2, 100),
    "maximum": Known(lambda *values: reduce(np.maximum, values), 2, 100),
    "clip": Known(_clip, 3, 3),
}

# Every function by its one name, arithmetic included.
KNOWN = {**_ARITHMETIC, **_SMOOTH, **_SHARP, **_OTHERS}

# Other names that people write.
_ALSO = {
    "absolute": "abs",
    "fabs": "abs",
    "min": "minimum",
    "fmin": "minimum",
    "max": "maximum",
    "fmax": "maximum",
    "conjugate": "conj",
    "dirac": "delta",
    "rect": "box",
    "ln": "log",
    "rint": "round",
    "remainder": "mod",
    "where": "select",
    "piecewise": "select",
    **{f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}

# What a text may call, by the names in it.
NAMES = {
    **{name: name for name in [*_SMOOTH, *_SHARP, *_OTHERS, "power", "mod", "floor_divide"]},
    **_ALSO,
}
