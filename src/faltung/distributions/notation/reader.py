"""Laws written as text: ``2d6+3``, ``normal(0, 1) + uniform(0, 2)``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, TypeVar

from faltung.distributions.discrete.lattice import die, point
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.mixture import mixture
from faltung.distributions.notation.families import FAMILIES
from faltung.distributions.notation.names import way_out, written
from faltung.distributions.numbers.rational import brief
from faltung.errors import DataError, DtypeError, FaltungError

_Value: TypeAlias = Law | Fraction
Weighted: TypeAlias = tuple[Fraction, Law]
_Result = TypeVar("_Result")

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<dice>\d*[dD]\d+\b) |
        (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?) |
        (?P<name>[A-Za-z_]\w*) |
        (?P<sign>[-+*/(),])
    )""",
    re.VERBOSE,
)
_OPERATORS = "write + or - between terms, and * between a number and a law"
_IN_ORDER = "numbers are given by their order, such as normal(0, 1)"
_DICE = "write dice such as 2d6"
_CHOSEN = re.compile(r"(d\d+)?(k[hl]?|d[hl]|keep|drop)\d*")  # as dice rollers write it
_NEARLY = Fraction(1, 50)
_MAX_DEPTH = 50
_MAX_EXPONENT = 400
_MAX_BITS = 2**14


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int


_Share: TypeAlias = tuple[Fraction, _Value]
_Term: TypeAlias = tuple[_Value, _Token, _Share | None]


def parse(text: str) -> Law:
    """Read a law from text.

    =====================  ==================================================================
    ``2d6``, ``d20``       the sum of two dice with six faces, one die with twenty
    ``+``, ``-``           the independent sum or difference; with a number, a shift
    ``2 * d6``, ``d6 / 2`` scaled (``2 * d6`` doubles one die, ``2d6`` adds two)
    ``1/3*d6 + 2/3*d8``    a mixture: weights in front of each term, positive and with the sum 1
    ``normal(mean, std)``  and ``uniform(low, high)``, ``expon(scale)``, ``gamma(shape, scale)``,
                           ``beta(a, b)``, ``triangular(low, mode, high)``,
                           ``lognormal(mu, sigma)`` with mean and deviation of the logarithm,
                           ``weibull(shape, scale)``, ``pareto(shape, scale)`` from `scale` on,
                           ``inverse_gaussian(mean, shape)``, ``erlang(k, scale)``, ``chi2(df)``,
                           ``student(df)``
    ``cauchy(loc, scale)`` and ``levy``, ``laplace``, ``logistic`` likewise
    ``binomial(n, p)``     and ``bernoulli(p)``, ``poisson(mu)``, ``geometric(p)`` (trials up to the
                           first success, from 1), ``point(x)``
    =====================  ==================================================================

    Numbers are read exactly: ``0.3`` is 3/10, and ``1/3`` is a third. A number alone is the law of
    that constant. What SciPy needs as a float is rounded to the nearest one, and the law is that
    with the rounded number: the shape of gamma, weibull and pareto, a and b of beta, sigma of
    lognormal, df of student and chi2, mu of poisson, p of geometric, and of binomial beyond 500
    trials.

    Parameters
    ----------
    text
        The notation; blanks are free.

    Raises
    ------
    DtypeError
        If `text` is no text.
    DataError
        If the text does not parse; the message points at the character.

    Examples
    --------
    >>> parse("2d6 + 3").support()
    (5.0, 15.0)
    >>> parse("binomial(3, 1/2)").pmf(2, exact=True)
    Fraction(3, 8)
    >>> parse("2d6 + x3")
    Traceback (most recent call last):
        ...
    faltung.errors.DataError: unknown name 'x3' at character 7: write dice such as 2d6, or one of \
bernoulli, beta, binomial, cauchy, chi2, erlang, expon, gamma, geometric, inverse_gaussian, laplace, \
levy, logistic, lognormal, normal, pareto, point, poisson, student, triangular, uniform, weibull, or give a law of SciPy's to faltung.distribution(scipy.stats.NAME(...))
      2d6 + x3
            ^
    """
    if not isinstance(text, str):
        raise DtypeError(
            f"parse reads a text, not a {type(text).__name__}: distribution(...) takes other things"
        )
    if not text.strip():
        raise DataError(f"{text!r} names no law: write, for instance, '2d6+3' or 'normal(0, 1)'")
    return _Reader(text).read()


class _Reader:
    """A recursive descent: sum, product, factor; one token of look-ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._next = 0
        self._depth = 0

    def read(self) -> Law:
        value = self._sum()
        token = self._peek()
        if token.kind != "end":
            raise self._error(token, f"{token.text!r} does not belong here", _remedy(token.text))
        return _as_law(value)

    def weighted(self) -> list[Weighted] | None:
        """Return weights and laws if the whole text is a mixture."""
        terms = self._terms()
        return _as_mixture(terms) if self._peek().kind == "end" else None

    def _sum(self) -> _Value:
        first = self._peek()
        terms = self._terms()
        mixture = _as_mixture(terms)
        if mixture is not None:
            return self._try(first, mixed, mixture)
        self._refuse_near_mixture(first, terms)
        value, _, _ = terms[0]
        for other, sign, _ in terms[1:]:
            value = self._try(sign, _add if sign.text == "+" else _subtract, value, other)
        return value

    def _refuse_near_mixture(self, first: _Token, terms: list[_Term]) -> None:
        """Refuse shares that nearly sum to one, or one of a constant: a slip in a mixture, it seems."""
        parts = [term for _, sign, term in terms if term is not None and sign.text == "+"]
        total = sum((share for share, _ in parts), Fraction(0))
        laws = [law for _, law in parts if isinstance(law, Law)]
        if len(parts) < max(len(terms), 2) or not all(0 < share < 1 for share, _ in parts):
            return
        brackets = "put brackets round each term, such as (0.5*d6) + (0.4*d8), for the sum of scaled variables"
        near = abs(total - 1) < _NEARLY
        if laws and near and len(laws) < len(parts):
            number = next(brief(other, 6) for _, other in parts if isinstance(other, Fraction))
            problem = f"the shares before the terms sum to {brief(total)}, and {number} is no law"
            raise self._error(first, problem, f"write point({number}) for a mixture, or {brackets}")
        if laws and (near or (len(laws) == len(parts) and any(law.var() == 0 for law in laws))):
            problem = f"the shares before the terms sum to {brief(total)}, not 1"
            raise self._error(first, problem, f"correct them for a mixture, or {brackets}")

    def _terms(self) -> list[_Term]:
        """Return the terms of a sum, each with the sign before it, and its weight and law if any."""
        value, weighted = self._product()
        terms = [(value, _Token("sign", "+", self._peek().place), weighted)]
        while (sign := self._peek()).text in ("+", "-"):
            self._next += 1
            value, weighted = self._product()
            terms.append((value, sign, weighted))
        return terms

    def _product(self) -> tuple[_Value, _Share | None]:
        """Return a product; and the number before the last factor and that, if it is written so."""
        value: _Value = self._factor()
        weighted: _Share | None = None
        while (token := self._peek()).text in ("*", "/"):
            self._next += 1
            other = self._factor()
            weighted = None
            if token.text == "*" and isinstance(value, Fraction):
                weighted = value, other
            value = self._try(token, _multiply if token.text == "*" else _divide, value, other)
        return value, weighted

    def _factor(self) -> _Value:
        token = self._take()
        if token.text in ("+", "-"):
            value = self._nested(self._factor)
            return -value if token.text == "-" else value
        if token.text == "(":
            value = self._nested(self._sum)
            self._expect(")")
            return value
        if token.kind == "number":
            return self._try(token, _number, token.text)
        if token.kind == "dice":
            return self._try(token, _dice, token.text)
        if token.kind == "name":
            return self._family(token)
        what = "the end" if token.kind == "end" else repr(token.text)
        raise self._error(token, f"{what} stands where a law or a number must")

    def _family(self, name: _Token) -> Law:
        family = FAMILIES.get(name.text.lower())
        if family is None:
            raise self._error(name, f"unknown name {name.text!r}", way_out(name.text.lower()))
        self._expect("(", f"write {written(name.text.lower())}")
        arguments = self._arguments()
        if len(arguments) != len(family.parameters):
            count = f"{len(arguments)} number{'' if len(arguments) == 1 else 's'}"
            raise self._error(name, f"{count} given", f"write {written(name.text.lower())}")
        try:
            return family.law(*(value for _, value in arguments))
        except FaltungError as error:
            given = zip(family.parameters, arguments, strict=True)
            wrong = [token for word, (token, _) in given if str(error).startswith(f"{word} ")]
            raise self._error((wrong or [name])[0], str(error)) from error

    def _arguments(self) -> list[tuple[_Token, Fraction]]:
        """Return the numbers between brackets, each with its first token."""
        arguments: list[tuple[_Token, Fraction]] = []
        while True:
            token = self._peek()
            value = self._nested(self._sum)
            if isinstance(value, Law):
                raise self._error(token, "a law stands where a number must")
            arguments.append((token, value))
            if self._peek().text != ",":
                self._expect(")")
                return arguments
            self._next += 1

    def _nested(self, rule: Callable[[], _Result]) -> _Result:
        if self._depth == _MAX_DEPTH:
            raise self._error(self._peek(), f"more than {_MAX_DEPTH} levels")
        self._depth += 1
        value = rule()
        self._depth -= 1
        return value

    def _try(self, token: _Token, make: Callable[..., _Result], *arguments: object) -> _Result:
        """Call `make` and let its error point at `token`."""
        try:
            return make(*arguments)
        except FaltungError as error:
            raise self._error(token, str(error)) from error

    def _split(self) -> list[_Token]:
        tokens, place, end = [], 0, len(self._text.rstrip())
        while place < end:
            match = _TOKEN.match(self._text, place)
            if match is None:
                place += len(self._text[place:]) - len(self._text[place:].lstrip())
                wrong = _Token("wrong", self._text[place], place)
                remedy = _IN_ORDER if wrong.text == "=" else _OPERATORS
                raise self._error(wrong, f"{wrong.text!r} is no part of the notation", remedy)
            kind = match.lastgroup or ""
            tokens.append(_Token(kind, match[kind], match.start(kind)))
            place = match.end()
        return [*tokens, _Token("end", "", end)]

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._peek()
        self._next += token.kind != "end"
        return token

    def _expect(self, text: str, remedy: str = "") -> None:
        token = self._take()
        if token.text != text:
            raise self._error(token, f"{text!r} is missing", remedy)

    def _error(self, token: _Token, problem: str, remedy: str = "") -> DataError:
        shown = self._text.replace("\n", " ").replace("\t", " ")
        way_out = f": {remedy}" if remedy else ""
        return DataError(
            f"{problem} at character {token.place + 1}{way_out}\n  {shown}\n  {' ' * token.place}^"
        )


def _as_mixture(terms: list[_Term]) -> list[Weighted] | None:
    """Return weights and laws of a sum whose terms are all ``weight * law``, weights of sum 1."""
    shares = [term for _, sign, term in terms if term is not None and sign.text == "+"]
    weighted = [(weight, law) for weight, law in shares if isinstance(law, Law)]
    if len(weighted) < max(len(terms), 2) or any(weight <= 0 for weight, _ in weighted):
        return None
    return weighted if sum(weight for weight, _ in weighted) == 1 else None


def mixture_terms(text: str) -> list[Weighted] | None:
    """Return the weights and the laws that a text mixes, None if it is anything else.

    A sum of at least two terms ``weight * law``, the weights in front, positive and with the sum 1,
    is a mixture: the variable has one of the laws, chosen by chance.

    Raises
    ------
    DataError
        If the text does not parse.

    Examples
    --------
    >>> [weight for weight, law in mixture_terms("0.2 * point(0) + 4/5 * expon(2)")]
    [Fraction(1, 5), Fraction(4, 5)]
    >>> mixture_terms("d6 * 0.5 + d6 * 0.5") is None
    True
    """
    return _Reader(text).weighted()


def mixed(terms: list[Weighted]) -> Law:
    """Return the law of a mixture."""
    return mixture([law for _, law in terms], [weight for weight, _ in terms])


def _as_law(value: _Value) -> Law:
    return value if isinstance(value, Law) else point(value)


def _remedy(text: str) -> str:
    """Return what to write in place of what does not belong behind a term."""
    if _CHOSEN.fullmatch(text.lower()):
        return f"{_DICE}, and in Python X.order_statistic(r, n) for the r-th smallest of n dice"
    return _DICE if text.lower().startswith("d") else _OPERATORS


def _number(text: str) -> Fraction:
    exponent = re.search(r"[eE](.*)", text)
    if len(text) > _MAX_EXPONENT or (exponent and abs(int(exponent[1])) > _MAX_EXPONENT):
        raise DataError("the number is beyond the range of float64 (1.8e308): write one within it")
    return Fraction(text)


def _dice(text: str) -> Law:
    count, faces = re.split("[dD]", text)
    if len(text) > _MAX_EXPONENT:
        raise DataError(f"{len(text)} characters are no number of dice: write fewer")
    return die(int(faces)).sum(int(count or 1))


def _add(a: _Value, b: _Value) -> _Value:
    return b + a if isinstance(a, Fraction) else a + b


def _subtract(a: _Value, b: _Value) -> _Value:
    return _add(a, -b)


def _multiply(a: _Value, b: _Value) -> _Value:
    return _sized(b * a if isinstance(a, Fraction) else a * b)


def _divide(a: _Value, b: _Value) -> _Value:
    if isinstance(b, Law):
        raise DataError("a law cannot divide: divide by a number")
    if b == 0:
        raise DataError("division by zero: write another number")
    return _sized(a / b)


def _sized(value: _Value) -> _Value:
    """Refuse a number whose digits would fill the memory after some more products."""
    if isinstance(value, Fraction):
        bits = max(value.numerator.bit_length(), value.denominator.bit_length())
        if bits > _MAX_BITS:
            raise DataError(
                f"the number has {bits} bits, more than {_MAX_BITS}: write one within the range of "
                "float64"
            )
    return value
