"""Curves to draw: a function with its jumps upright, and the process of a convolution.

Nothing here needs matplotlib; :mod:`faltung.functions.plots` hands these curves to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from faltung.errors import DataError, DtypeError, OptionError
from faltung.functions.rounding import as_number
from faltung.functions.transform import FloatArray
from faltung.functions.whole import measures

if TYPE_CHECKING:
    from faltung.functions.function import Function

__all__ = ["Process", "outline", "process"]

_WIDTH, _HEIGHT, _MARGIN = 240.0, 60.0, 4.0
_INKS = "#3b6ea8", "#c2703d"


@dataclass(frozen=True, slots=True, eq=False)
class Process:
    """What happens at one shift of a convolution, as curves.

    Attributes
    ----------
    t
        The shift.
    s
        Places, rising; a place where something jumps comes twice, for its two sides.
    f, moved, product
        f(s), g(t - s) and their product at these places.
    area
        The area under the product: the value h(t) of the convolution.
    shifts, result
        All shifts from the start of the convolution to t, and its values there.
    """

    t: float
    s: FloatArray
    f: FloatArray
    moved: FloatArray
    product: FloatArray
    area: float
    shifts: FloatArray
    result: FloatArray


def process(
    f: Function, g: Function, t: float, *, h: Function | None = None, points: int = 400
) -> Process:
    """Return the curves that show how f * g comes about at the shift t.

    Parameters
    ----------
    f, g
        The two functions; g is the one that is reversed and shifted.
    t
        The shift.
    h
        Their convolution, if it is known already.
    points
        About how many places each curve gets, at least 2.

    Raises
    ------
    DtypeError
        If f or g is not a Function.
    OptionError
        If t is not finite, or there are fewer than 2 points.

    Examples
    --------
    >>> from faltung.functions import box
    >>> from faltung.functions.draw import process
    >>> scene = process(box(-1, 1), box(-1, 1), 0.5)
    >>> scene.area
    1.5
    >>> float(scene.s[scene.product > 0].min()), float(scene.s[scene.product > 0].max())
    (-0.5, 1.0)
    """
    from faltung.functions.convolve import convolve
    from faltung.functions.function import Function

    if not all(isinstance(operand, Function) for operand in (f, g)):
        raise DtypeError(
            f"process takes two Functions and a shift, not {type(f).__name__} and "
            f"{type(g).__name__}: write Function(callable, (a, b))"
        )
    t = as_number(t, "the shift")
    _check_points(points)
    if h is None:
        h = convolve(f, g)
    moved = g.reflect().shift(t)
    s = _places(np.union1d(_drawn_breaks(f), _drawn_breaks(moved)), points)
    left, right = _sides(f, s), _sides(moved, s)
    start = window(h)[0]
    shifts = np.linspace(start, max(t, start), points)
    return Process(t, s, left, right, left * right, h(t), shifts, h(shifts))


def outline(function: Function, *, points: int = 400) -> tuple[FloatArray, FloatArray]:
    """Return places and values that draw a function: jumps upright, zero at both ends.

    Each piece gets places in proportion to its width, at least its two ends.

    Examples
    --------
    >>> from faltung.functions import box
    >>> outline(box(0, 1), points=2)
    (array([0., 0., 1., 1.]), array([0., 1., 1., 0.]))
    """
    _check_points(points)
    s = _places(_drawn_breaks(function), points)
    return s, _sides(function, s)


def window(function: Function) -> tuple[float, float]:
    """Return the interval to be drawn: the domain, or where the function is not small."""
    return measures.window(function._whole)


def _drawn_breaks(function: Function) -> FloatArray:
    """Return the ends of the window and the breaks between them."""
    low, high = window(function)
    breaks = function.breaks
    inside = breaks[(breaks > low) & (breaks < high)]
    return np.concatenate([[low], inside, [high]])


def _check_points(points: int) -> None:
    if points < 2:
        raise OptionError(f"points={points!r}: a curve needs at least 2")


def _places(breaks: FloatArray, points: int) -> FloatArray:
    """Return places from end to end; each break comes twice, for its left and right side."""
    whole = breaks[-1] - breaks[0]
    shares = np.maximum(1, np.rint((points - 1) * np.diff(breaks) / whole)).astype(int)
    runs = [
        np.linspace(start, stop, share + 1)
        for start, stop, share in zip(breaks[:-1], breaks[1:], shares, strict=True)
    ]
    return np.concatenate([breaks[:1], *runs, breaks[-1:]])


def _sides(function: Function, places: FloatArray) -> FloatArray:
    """Return values at rising places; of two equal ones the first is the left side of a jump."""
    values: FloatArray = np.array(function(places))
    double = np.flatnonzero(places[1:] == places[:-1])
    # Just left of the place: the limit from there, up to a rounding of the place.
    values[double] = function(np.nextafter(places[double], -np.inf))
    ends = np.flatnonzero(places == function.domain[1])
    values[ends[1:]] = 0.0
    # A pole is drawn up to the next place beside it.
    values[~np.isfinite(values) | np.isin(places, measures.poles(function._whole))] = np.nan
    return values


def sketch(function: Function) -> str:
    """Return the function as an SVG of 240 by 60 pixels: a line over a light area for each part."""
    lines = [outline(part, points=160) for part in _parts(function)]
    lines = [(s[np.isfinite(v)], v[np.isfinite(v)]) for s, v in lines]
    values = np.concatenate([[0.0], *(v for _, v in lines)])
    low, high = values.min(), values.max()
    start, stop = window(function)
    scale = (_HEIGHT - 2 * _MARGIN) / ((high - low) or 1.0)
    floor = _MARGIN + scale * high
    drawn = [f'<path d="M0 {floor:.1f}H{_WIDTH:.0f}" stroke="#999" stroke-width="0.5"/>']
    for (s, v), ink in zip(lines, _INKS, strict=False):
        across = _MARGIN + (_WIDTH - 2 * _MARGIN) * (s - start) / (stop - start)
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, floor - scale * v, strict=True))
        drawn.append(f'<path d="M{path}" fill="{ink}" fill-opacity="0.25" stroke="{ink}"/>')
    return (
        f'<svg width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(repr(function))}">{"".join(drawn)}</svg>'
    )


def _parts(function: Function) -> list[Function]:
    """Return the function, or its real and imaginary part."""
    return [function.real, function.imag] if function._whole.is_complex else [function]


def told(function: Function) -> str:
    """Return in one line what a function is."""
    whole = function._whole
    low, high = function.domain
    count, degree = measures.counts(whole)
    kind = "complex function" if whole.is_complex else "Function"
    where = f"[{low:g}, {high:g}]"
    if whole.period is not None:
        where += f", repeated with period {float(whole.period):g}"
    told = [f"{count} piece{'s' * (count != 1)} of degree <= {degree}"] if count else []
    told += [f"{len(whole.deltas)} delta{'s' * (len(whole.deltas) > 1)}"] if whole.deltas else []
    told += [f"error <= {function.error_bound:.1e}"]
    return f"{kind.capitalize()} on {where}: {', '.join(told)}"


def summary_html(function: Function) -> str:
    """Return a sketch and a table: domain, pieces, area, error."""
    whole = function._whole
    low, high = function.domain
    count, degree = measures.counts(whole)
    rows = [
        ("domain", f"[{low:.6g}, {high:.6g}]"),
        ("pieces", f"{count}, of degree at most {degree}"),
        ("integral", _integral(function)),
        ("error", f"at most {function.error_bound:.1e}; expected {function.error_estimate:.1e}"),
    ]
    if whole.period is not None:
        rows.insert(1, ("period", f"{float(whole.period):.6g}"))
    if whole.deltas:
        rows.insert(
            2, ("deltas", " + ".join(map(str, whole.deltas[:4])) + " …" * (len(whole.deltas) > 4))
        )
    body = "".join(f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in rows)
    title = "Function" if function.operands is None else "Function (a convolution)"
    return f"<div><strong>{title}</strong><br/>{sketch(function)}<table>{body}</table></div>"


def _integral(function: Function) -> str:
    try:
        return f"{function.integral():.6g}"
    except DataError:
        return "diverges"
