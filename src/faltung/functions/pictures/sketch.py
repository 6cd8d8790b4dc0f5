"""A function in words and in a notebook: a small drawing in SVG, which needs no package, and a table."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.errors import DataError
from faltung.functions.pictures.curves import extent, outline, parts, window
from faltung.functions.transform import FloatArray
from faltung.functions.whole import measures
from faltung.functions.whole.deltas import Delta

if TYPE_CHECKING:
    from faltung.functions.function import Function

__all__ = ["sketch", "summary_html", "told"]

_WIDTH, _HEIGHT, _MARGIN = 240.0, 60.0, 4.0
# So many deltas are drawn.
_ARROWS = 60
# Of larger values an error bound alone tells nothing.
_HUGE = 1e100
_INKS = "#3b6ea8", "#c2703d"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where places and values are on the drawing."""

    start: float
    stop: float
    low: float
    high: float

    def across(self, s: FloatArray | float) -> Any:
        return _MARGIN + (_WIDTH - 2 * _MARGIN) * (s - self.start) / (self.stop - self.start)

    def down(self, v: FloatArray | float) -> Any:
        scale = (_HEIGHT - 2 * _MARGIN) / ((self.high - self.low) or 1.0)
        return _MARGIN + scale * (self.high - np.clip(v, self.low, self.high))


def sketch(function: Function) -> str:
    """Return the function as an SVG of 240 by 60 pixels.

    A line over a light area for each part, cut off at poles, and an arrow for each delta.
    """
    lines = parts(function)
    lows, highs = zip(*(extent(part) for part in lines), strict=True)
    frame = _Frame(*window(function), min(lows), max(highs))
    floor = f"M0 {frame.down(0.0):.1f}H{_WIDTH:.0f}"
    drawn = [f'<path d="{floor}" stroke="#999" stroke-width="0.5"/>']
    for part, ink in zip(lines, _INKS, strict=False):
        drawn.append(_curve(part, frame, ink))
        drawn += [_arrow(delta, frame, ink) for delta in part.deltas[:_ARROWS]]
    return (
        f'<svg width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(repr(function))}">{"".join(drawn)}</svg>'
    )


def _curve(part: Function, frame: _Frame, ink: str) -> str:
    s, v = outline(part, points=160)
    shown = np.isfinite(v) & (s >= frame.start) & (s <= frame.stop)
    places = zip(frame.across(s[shown]), frame.down(v[shown]), strict=True)
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    return f'<path d="M{path}" fill="{ink}" fill-opacity="0.25" stroke="{ink}"/>' if path else ""


def _arrow(delta: Delta, frame: _Frame, ink: str) -> str:
    """Return an arrow from zero to the weight of a delta; the stem is dashed for derivatives."""
    weight = delta.weight.real
    x, zero, tip = frame.across(delta.place), frame.down(0.0), frame.down(weight)
    back = tip + (5 if weight > 0 else -5)
    dashes = ' stroke-dasharray="3 2"' if delta.order else ""
    return (
        f'<path d="M{x:.1f} {zero:.1f}V{tip:.1f}" stroke="{ink}"{dashes}/>'
        f'<path d="M{x - 3:.1f} {back:.1f}L{x:.1f} {tip:.1f}L{x + 3:.1f} {back:.1f}" fill="none" '
        f'stroke="{ink}"/>'
    )


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
    if not told:
        return "Function that is zero everywhere"
    largest = measures.largest_value(whole)
    of = f" of values up to {largest:.0e}" if largest > _HUGE else ""
    told += [f"error <= {function.error_bound:.1e}{of}"]
    return f"{kind.capitalize()} on {where}: {', '.join(told)}"


def summary_html(function: Function) -> str:
    """Return a sketch and a table: domain, pieces, area, error."""
    whole = function._whole
    low, high = function.domain
    count, degree = measures.counts(whole)
    rows = [
        ("domain", f"[{low:.6g}, {high:.6g}]"),
        *([("pieces", f"{count}, of degree at most {degree}")] if count else []),
        ("integral", _integral(function)),
        ("error", f"at most {function.error_bound:.1e}; expected {function.error_estimate:.1e}"),
    ]
    if whole.period is not None:
        rows.insert(1, ("period", f"{float(whole.period):.6g}"))
    if whole.deltas:
        told = " + ".join(map(str, whole.deltas[:4])).replace("+ -", "- ")
        told += " …" * (len(whole.deltas) > 4)
        rows.insert(-2, ("deltas", told))
    body = "".join(f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in rows)
    title = "Complex function" if whole.is_complex else "Function"
    title += "" if function.operands is None else " (a convolution)"
    return f"<div><strong>{title}</strong><br/>{sketch(function)}<table>{body}</table></div>"


def _integral(function: Function) -> str:
    try:
        return f"{function.integral():.6g}"
    except DataError:
        return "diverges"
