"""The moving picture at the head of the page: one function passes another, and the result grows.

SVG alone, animated without a script: the reader can stop it and set it going, and whoever has asked
their system for less motion sees a still picture.
"""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

from faltung.functions import Function, process
from faltung.functions.pictures.curves import outline
from faltung.tour.page import Markup

__all__ = ["hero"]

Array = NDArray[np.float64]

_WIDTH, _HEIGHT = 1008, 336
_LEFT, _UNIT = -3.45, 100.0
_UPPER, _LOWER = 196.0, 318.0
_TALL = 150.0
_FRAMES = 67
_FROM, _TO = -0.3, 6.3
_SECONDS = 15
_STILL = 2.2


def hero(f: Function, g: Function, h: Function) -> Markup:
    """Return the moving picture of `f` convolved with `g`, and the still one."""
    moving = _picture(f, g, h, moving=True)
    still = _picture(f, g, h, moving=False)
    return Markup(
        f'<figure class="hero"><div class="moving">{moving}</div>'
        f'<div class="still">{still}</div></figure>'
    )


def _picture(f: Function, g: Function, h: Function, *, moving: bool) -> str:
    shifts = np.linspace(_FROM, _TO, _FRAMES)
    name = "moving" if moving else "still"
    parts = [
        _baseline(_UPPER),
        _baseline(_LOWER),
        _plumb(shifts if moving else None),
        f'<path d="{_path(*outline(f, points=120), _UPPER)}" class="curve" stroke="var(--f)"/>',
        _product((f, g, h), shifts if moving else None),
        _passing(g, moving),
        _growing(h, shifts if moving else None, name),
    ]
    label = escape("One function passes another; the area of their product draws the result")
    controls = _CONTROLS if moving else ""
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}">{"".join(parts)}{controls}</svg>'
    )


_CONTROLS = (
    '<g class="controls"><text id="hero-stop" x="1004" y="16" text-anchor="end">stop</text>'
    '<text id="hero-play" x="956" y="16" text-anchor="end">play</text></g>'
)


def _x(s: Array | float) -> Array:
    return (np.asarray(s) - _LEFT) * _UNIT


def _path(s: Array, values: Array, base: float, *, closed: bool = False) -> str:
    xs, ys = np.rint(10 * _x(s)) / 10, np.rint(10 * (base - _TALL * values)) / 10
    points = "L".join(f"{x:g} {y:g}" for x, y in zip(xs, ys, strict=True))
    return f"M{points}{'Z' if closed else ''}"


def _baseline(y: float) -> str:
    return f'<path d="M0 {y:g}H{_WIDTH}" stroke="var(--hair)" stroke-width="1"/>'


def _animated(attribute: str, values: list[str]) -> str:
    """Animate an attribute from value to value, and hold the last for a moment."""
    times = ";".join(f"{i / (len(values) - 1) * 0.92:.4f}" for i in range(len(values)))
    return (
        f'<animate attributeName="{attribute}" values="{";".join(values)};{values[-1]}" '
        f'keyTimes="{times};1" {_TIMING}/>'
    )


_TIMING = (
    f'dur="{_SECONDS}s" repeatCount="indefinite" begin="0s;hero-play.click" end="hero-stop.click"'
)


def _product(process_of: tuple[Function, Function, Function], shifts: Array | None) -> str:
    """Draw the area under the product; its outline has as many points at every shift."""
    f, g, h = process_of

    def area(t: float) -> str:
        scene = process(f, g, t, h=h, points=60)
        under = np.flatnonzero(scene.product)
        if not len(under):
            return _path(np.full(36, t), np.zeros(36), _UPPER, closed=True)
        there = slice(under[0], under[-1] + 1)
        s = np.linspace(scene.s[under[0]], scene.s[under[-1]], 34)
        values = np.interp(s, scene.s[there], scene.product[there])
        return _path(np.r_[s[0], s, s[-1]], np.r_[0.0, values, 0.0], _UPPER, closed=True)

    frames = "" if shifts is None else _animated("d", [area(float(t)) for t in shifts])
    return (
        f'<path d="{area(_STILL)}" fill="var(--product)" fill-opacity="0.36" '
        f'stroke="var(--product)" stroke-width="1.4">{frames}</path>'
    )


def _passing(g: Function, moving: bool) -> str:
    """Draw g reversed; it moves along with the shift."""
    turned = _path(*outline(g.reflect(), points=120), _UPPER)
    stops = [f"{_UNIT * t:g} 0" for t in (_FROM, _TO, _TO)]
    motion = (
        f'<animateTransform attributeName="transform" type="translate" values="{";".join(stops)}" '
        f'keyTimes="0;0.92;1" {_TIMING}/>'
    )
    return (
        f'<g transform="translate({_UNIT * _STILL:g} 0)"><path d="{turned}" class="curve" '
        f'stroke="var(--g)"/>{motion if moving else ""}</g>'
    )


def _plumb(shifts: Array | None) -> str:
    """Draw the line from the front of g down to the dot."""
    x = float(_x(_STILL))
    motion = ""
    if shifts is not None:
        across = [f"{value:.1f}" for value in _x(shifts)]
        motion = _animated("x1", across) + _animated("x2", across)
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="36" y2="{_LOWER:g}" stroke="var(--hair)" '
        f'stroke-width="1">{motion}</line>'
    )


def _growing(h: Function, shifts: Array | None, name: str) -> str:
    """Draw the result up to the shift, and the dot that draws it."""
    whole = _path(*outline(h, points=160), _LOWER)
    x, y = float(_x(_STILL)), _LOWER - _TALL * h(_STILL)
    window = dots = ""
    if shifts is not None:
        across = [f"{value:.1f}" for value in _x(shifts)]
        up = [f"{_LOWER - _TALL * h(float(t)):.1f}" for t in shifts]
        window = _animated("width", across)
        dots = _animated("cx", across) + _animated("cy", up)
    return (
        f'<clipPath id="hero-{name}"><rect x="0" y="0" width="{x:.1f}" height="{_HEIGHT}">{window}'
        f"</rect></clipPath>"
        f'<path d="{whole}" class="curve result" stroke="var(--result)" '
        f'clip-path="url(#hero-{name})"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="var(--result)">{dots}</circle>'
    )
