"""A function in a notebook: a small drawing in SVG, which needs no package, and a table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from faltung.errors import DataError
from faltung.functions.pictures.curves import outline

if TYPE_CHECKING:
    from faltung.functions.function import Function

__all__ = ["sketch", "summary_html"]

_WIDTH, _HEIGHT, _MARGIN = 240.0, 60.0, 4.0
_INK = "#3b6ea8"


def sketch(function: Function) -> str:
    """Return the function as an SVG of 240 by 60 pixels: a line over a light area."""
    s, values = outline(function, points=160)
    s, values = s[np.isfinite(values)], values[np.isfinite(values)]
    low, high = min(0.0, values.min()), max(0.0, values.max())
    span = (high - low) or 1.0
    across = _MARGIN + (_WIDTH - 2 * _MARGIN) * (s - s[0]) / (s[-1] - s[0])
    down = _MARGIN + (_HEIGHT - 2 * _MARGIN) * ((high - values) / span)
    floor = _MARGIN + (_HEIGHT - 2 * _MARGIN) * (high / span)
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(across, down, strict=True))
    return (
        f'<svg width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(repr(function))}">'
        f'<path d="M0 {floor:.1f}H{_WIDTH:.0f}" stroke="#999" stroke-width="0.5"/>'
        f'<path d="M{path}" fill="{_INK}" fill-opacity="0.25" stroke="{_INK}"/></svg>'
    )


def summary_html(function: Function) -> str:
    """Return a sketch and a table: domain, pieces, area, error."""
    low, high = function.domain
    count = len(function.coefficients)
    rows = [
        ("domain", f"[{low:.6g}, {high:.6g}]"),
        ("pieces", f"{count}, of degree at most {function.degree}"),
        ("integral", _integral(function)),
        ("error", f"at most {function.error_bound:.1e}; expected {function.error_estimate:.1e}"),
    ]
    body = "".join(f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in rows)
    title = "Function" if function.operands is None else "Function (a convolution)"
    return f"<div><strong>{title}</strong><br/>{sketch(function)}<table>{body}</table></div>"


def _integral(function: Function) -> str:
    try:
        return f"{function.integral():.6g}"
    except DataError:
        return "diverges"
