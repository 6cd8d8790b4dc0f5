"""The characters of a formula: what does not belong there, pointed at."""

from __future__ import annotations

import re

from faltung.errors import DataError

# Longer texts, and brackets deeper than these, are refused unread.
LONGEST, _DEEPEST = 4000, 40

# How much of a long text is shown on both sides of a mistake.
_SHOWN = 36

_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    | (?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:[jJ](?!\w))?)
    | (?P<name>delta'+(?=\s*\()|[^\W\d]\w*)
    | (?P<sign>\*\*|//|<=|>=|==|!=|[-+*/%(),<>&|~])""",
    re.VERBOSE,
)

_WORDS = {"if", "else", "and", "or", "not"}

_INSTEAD = {
    "^": "write ** for a power: x**2",
    "=": "write == to compare, or leave 'name =' out: the text is the right side alone",
    "[": "write round brackets",
    "]": "write round brackets",
    "{": "write round brackets",
    "}": "write round brackets",
    "!": "write gamma(n + 1) for a factorial",
    ".": "functions go by their plain names: exp(x), not np.exp(x)",
    "·": "write *",
    "×": "write *",
    "−": "write - (this is another character that looks like it)",
    "–": "write - (this is another character that looks like it)",
    "²": "write **2",
    "³": "write **3",
    "√": "write sqrt(...)",
    ";": "one formula at a time",
    ":": "write value if condition else other, without colons",
    "@": "write * to multiply",
}


def mistaken(text: str, place: int, why: str) -> DataError:
    """Return the error for a formula, with a caret under the character it is about."""
    place = max(0, min(place, len(text)))
    start = max(0, place - _SHOWN)
    stop = min(len(text), place + _SHOWN)
    before, after = "… " * (start > 0), " …" * (stop < len(text))
    shown = re.sub(r"\s", " ", text[start:stop])
    return DataError(
        f"the formula cannot be read at character {place + 1}: {why}\n"
        f"  {before}{shown}{after}\n  {' ' * (len(before) + place - start)}^"
    )


def checked(text: str) -> str:
    """Return a formula with plain blanks, whose characters, neighbours and brackets are in order.

    Raises
    ------
    DataError
        If something does not belong there, an operator is missing, or a bracket is alone.
    """
    if len(text) > LONGEST:
        raise DataError(
            f"the formula has {len(text)} characters, and at most {LONGEST} are read: write it as a "
            "Python function, Function(lambda x: ..., (a, b))"
        )
    if not text.strip():
        raise DataError(f"the formula {text!r} is empty: write, for instance, 'exp(-x**2)'")
    open_at: list[int] = []
    before: tuple[str, str, int] | None = None
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise mistaken(text, place, _what_instead(text[place]))
        kind, word = str(token.lastgroup), token.group()
        if kind == "name" and not word.rstrip("'").isidentifier():
            wrong = next(k for k, each in enumerate(word) if not f"x{each}".isidentifier())
            raise mistaken(text, place + wrong, _what_instead(word[wrong]))
        if kind != "blank":
            _require_operator(text, before, (kind, word, place))
            _count(text, open_at, word, place)
            before = kind, word, place
        place = token.end()
    if open_at:
        raise mistaken(text, open_at[-1], "this bracket is not closed")
    return re.sub(r"\s", " ", text)


def _what_instead(character: str) -> str:
    instead = _INSTEAD.get(character, "numbers, names, + - * / ** % and comparisons are read")
    return f"{character!r} does not belong here: {instead}"


def _count(text: str, open_at: list[int], word: str, place: int) -> None:
    """Follow the brackets, whose places are in `open_at`."""
    if word == "(":
        open_at.append(place)
        if len(open_at) > _DEEPEST:
            raise mistaken(text, place, f"brackets are nested more than {_DEEPEST} deep")
    elif word == ")":
        if not open_at:
            raise mistaken(text, place, "this bracket was not opened")
        open_at.pop()


def _require_operator(
    text: str, before: tuple[str, str, int] | None, now: tuple[str, str, int]
) -> None:
    """Refuse two neighbours that are meant as a product: 2x, 2(x + 1), (x + 1)(x - 1), sin x."""
    if before is None:
        return
    (kind, word, start), (next_kind, next_word, place) = before, now
    ends = word == ")" or kind == "number" or (kind == "name" and word not in _WORDS)
    begins = next_word == "(" or next_kind == "number"
    begins |= next_kind == "name" and next_word not in _WORDS
    if next_word in ("if", "else", "and", "or") and start + len(word) == place and kind == "number":
        raise mistaken(text, place, f"put a blank before {next_word!r}")
    if not (ends and begins) or (kind == "name" and next_word == "("):
        return
    if kind == "name" and next_kind != "sign":
        raise mistaken(
            text,
            place,
            f"write {word}({next_word}) for a function, {word}*{next_word} for a product",
        )
    raise mistaken(text, place, "a product is written with *: 2*x, (x + 1)*(x - 1)")
