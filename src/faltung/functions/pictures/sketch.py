"""A function in words and in a notebook: a small drawing in SVG, which needs no package, and a table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from faltung.errors import DataError
from faltung.functions.pictures.curves import outline, parts, window
from faltung.functions.whole import measures

if TYPE_CHECKING:
    from faltung.functions.function import Function

__all__ = ["sketch", "summary_html", "told"]

_WIDTH, _HEIGHT, _MARGIN = 240.0, 60.0, 4.0
# Of larger values an error bound alone tells nothing.
_HUGE = 1e100
_INKS = "#3b6ea8", "#c2703d"


def sketch(function: Function) -> str:
    """Return the function as an SVG of 240 by 60 pixels: a line over a light area for each part."""
    lines = [outline(part, points=160) for part in parts(function)]
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
