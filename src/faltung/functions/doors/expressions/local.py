"""What a formula is like beside a place: a power of the distance times a smooth function, or not so.

A statement is made only where the formula itself proves it; what is left open is found by samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from faltung.functions.doors.expressions.known import KNOWN
from faltung.functions.doors.expressions.nodes import Call, Node, Number, Opaque
from faltung.functions.doors.expressions.solve import polynomial

# Places are known to 60 digits: what is this much smaller than its terms is zero there.
_ZERO = Fraction(1, 10**50)


@dataclass(frozen=True, slots=True)
class Local:
    """On either side of a place, ``abs(x - place)**exponent`` times a smooth function.

    With `clear` that function is not zero at the place itself. With `mixed` it is smooth in the
    logarithm of the distance alone: ``1 + sqrt(x)`` and ``log(x)``, with the exponent 0.
    """

    exponent: Fraction
    clear: bool
    mixed: bool = False

    @property
    def is_smooth(self) -> bool:
        """Whether it is a smooth function up to the place."""
        return not self.mixed and self.exponent >= 0 and self.exponent.denominator == 1


_PLAIN = Local(Fraction(0), clear=False)


def local(node: Node, place: Fraction) -> Local | None:
    """Return what a formula is like beside a place, or None if that is not seen."""
    known = polynomial(node)
    if known is not None:
        return _of_polynomial(known, place)
    match node:
        case Opaque():
            return None
        case Call("i", ()):
            return Local(Fraction(0), clear=True)
        case Call("multiply", factors):
            return _of_product([local(factor, place) for factor in factors])
        case Call("divide", (above, below)):
            divisor = _of_power(local(below, place), Fraction(-1))
            return _of_product([local(above, place), divisor])
        case Call("add", terms):
            return _of_sum([local(term, place) for term in terms])
        case Call("power", (base, Number(exponent))):
            return _of_power(local(base, place), exponent)
        case Call("negative" | "abs", (inner,)):
            return local(inner, place)
        case Call(name, (inner, *_)) if name in _POWERS:
            return _of_power(local(inner, place), _POWERS[name])
        case Call(name, (inner, *_)):
            return _of_function(name, local(inner, place), place, inner)
    return None


_POWERS = {"sqrt": Fraction(1, 2), "cbrt": Fraction(1, 3), "square": Fraction(2)}

# These are constants on either side of wherever they jump.
_STEPS = {"sign", "heaviside", "floor", "ceil", "trunc", "round", "box", "less", "less_equal"}


_LOGARITHMS = {"log", "log2", "log10"}

# These have roots or logarithms at both ends of where they are real.
INVERSES = {"arcsin", "arccos", "arccosh", "arctanh"}

# What these do at a place is not seen from their argument alone.
_UNSEEN = {"gamma", "gammaln", "tan", "select", "power", "jv", "mod", "floor_divide", "clip"}
_UNSEEN |= {"minimum", "maximum", "real", "imag", "conj", "delta", "number"}


def _of_polynomial(known: tuple[Fraction, ...], place: Fraction) -> Local:
    """Return the order of a polynomial's zero at the place."""
    one, x, square = known
    terms = (one, x * place, square * place * place)
    slope = (x, 2 * square * place)
    if not any(known):
        return _PLAIN
    if not _vanishes(terms):
        return Local(Fraction(0), clear=True)
    return Local(Fraction(2 if _vanishes(slope) else 1), clear=True)


def _vanishes(terms: tuple[Fraction, ...]) -> bool:
    nothing = Fraction(0)
    return abs(sum(terms, nothing)) <= _ZERO * sum(map(abs, terms), nothing)


def _of_product(factors: list[Local | None]) -> Local | None:
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(factors):
        return None
    exponent = sum((factor.exponent for factor in known), Fraction(0))
    clear, mixed = all(one.clear for one in known), any(one.mixed for one in known)
    return Local(exponent, clear, mixed)


def _of_sum(terms: list[Local | None]) -> Local | None:
    """Return a sum of powers: one of them, if their exponents differ by whole numbers; else mixed."""
    known = sorted((term for term in terms if term is not None), key=lambda term: term.exponent)
    if len(known) < len(terms):
        return None
    least = known[0]
    mixed = any(term.mixed or (term.exponent - least.exponent).denominator != 1 for term in known)
    alone = len(known) == 1 or known[1].exponent > least.exponent
    return Local(least.exponent, least.clear and alone, mixed)


def _of_power(base: Local | None, exponent: Fraction) -> Local | None:
    if base is None:
        return None
    whole = exponent >= 0 and exponent.denominator == 1
    if not base.clear and not whole:
        return None
    return Local(base.exponent * exponent, base.clear, base.mixed)


def _of_function(name: str, inner: Local | None, place: Fraction, argument: Node) -> Local | None:
    """Return a function of a function: smooth where both are."""
    if inner is None:
        return None
    if name in _LOGARITHMS and inner.exponent and inner.clear:
        return Local(Fraction(0), clear=False, mixed=True)
    if inner.exponent < 0:
        return None
    if name in _STEPS:
        return _PLAIN
    known = KNOWN[name]
    if known.every is not None or name in _UNSEEN:
        return None
    if known.corners and not _is_far(argument, place, known.corners):
        # A root or a logarithm of the distance, and a constant.
        return Local(Fraction(0), clear=False, mixed=True) if name in INVERSES else None
    return Local(Fraction(0), known.clear, not inner.is_smooth)


def _is_far(argument: Node, place: Fraction, corners: tuple[Fraction, ...]) -> bool:
    """Whether an argument, a polynomial, has none of some values at a place."""
    known = polynomial(argument)
    if known is None:
        return False
    one, rest = known[0], (known[1] * place, known[2] * place * place)
    return not any(_vanishes((one, -corner, *rest)) for corner in corners)
