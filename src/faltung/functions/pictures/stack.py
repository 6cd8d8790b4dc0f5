"""The second view: one function cut into strips, and what each strip makes of the other, stacked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from faltung.errors import DataError, OptionError, ResolutionError
from faltung.functions.pictures.curves import once, outline, places, shown, sides
from faltung.functions.pictures.process import require_functions
from faltung.functions.transform import FloatArray
from faltung.functions.whole.deltas import Deltas
from faltung.functions.whole.whole import Whole

if TYPE_CHECKING:
    from faltung.functions.function import Function

__all__ = ["Stack", "stack"]

_MOST, _BENT = 200, 60


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """A convolution as the sum of what strips of f make of g.

    A narrow strip at u of area a makes a g(t - u) of it: a copy of g, moved by u, as high as the
    strip's area. The strips here have a width, and what they make of g is computed as a convolution
    of its own, so that the layers add up to the result within the error bounds, for any number of
    strips.

    Attributes
    ----------
    edges
        The ends of n strips, shape (n + 1,).
    areas
        The integral of f over each strip, shape (n,); NaN where it diverges.
    s, f
        f as a curve, jumps upright.
    t
        Shifts, rising, shape (m,); where something jumps they come twice.
    layers
        What each strip makes of g, shape (n, m).
    result
        The convolution at these shifts, shape (m,): the sum of the layers.
    deltas
        The deltas of f; the values of f leave them out, the areas do not.
    """

    edges: FloatArray
    areas: FloatArray
    s: FloatArray
    f: FloatArray
    t: FloatArray
    layers: FloatArray
    result: FloatArray
    deltas: Deltas = ()


def stack(
    f: Function, g: Function, *, h: Function | None = None, strips: int = 12, points: int = 400
) -> Stack:
    """Return f cut into strips, and what each makes of g.

    Parameters
    ----------
    f, g
        The two functions; f is the one that is cut.
    h
        Their convolution, if it is known already.
    strips
        How many there are, from 1 to 200; equally wide where f is not small, the first and the last
        with all that f is beyond.
    points
        About how many shifts there are, at least 2.

    Raises
    ------
    DtypeError
        If f or g is not a Function.
    OptionError
        If there are no strips or too many, or fewer than 2 points.
    ResolutionError
        If a strip or its convolution cannot be resolved, though the whole can.

    Examples
    --------
    >>> from faltung.functions import box
    >>> from faltung.functions.pictures.stack import stack
    >>> scene = stack(box(0, 2), box(0, 1), strips=2)
    >>> scene.edges, scene.areas
    (array([0., 1., 2.]), array([1., 1.]))
    >>> bool(abs(scene.layers.sum(axis=0) - scene.result).max() < 1e-14)
    True
    """
    from faltung.functions.convolve import convolve

    require_functions("stack", f, g)
    if not 1 <= strips <= _MOST:
        raise OptionError(f"strips={strips!r}: write a whole number from 1 to {_MOST}")
    h = convolve(f, g) if h is None else h
    edges = _edges(f, strips)
    cut = [_layer(f, g, edges, k) for k in range(strips)]
    parts, made = [part for part, _ in cut], [layer for _, layer in cut]
    s = outline(f, points=points)[0]
    s = np.sort(np.concatenate([s, np.setdiff1d(edges[1:-1], s)]))
    # Every layer has bends of its own; those of very many are nearer to each other than points.
    bent = [_within(layer, h) for layer in made] if strips <= _BENT else []
    t = places([once(h)], points, bent)
    return Stack(
        edges,
        np.array([_area(part) for part in parts]),
        s,
        sides(once(f), s),
        t,
        np.array([sides(layer, t) for layer in made]),
        sides(h, t),
        f.deltas,
    )


def _edges(f: Function, strips: int) -> FloatArray:
    """Return where f is cut: at breaks that are very near, and never through a delta."""
    edges = np.linspace(*shown(f), strips + 1)
    width = edges[1] - edges[0]
    for place in f.breaks:
        # Between an edge and a break beside it a piece would be too narrow to be moved.
        edges[np.abs(edges - place) < 1e-6 * width] = place
    taken = np.isin(edges, [delta.place for delta in f.deltas])
    taken[[0, -1]] = False
    edges[taken] -= 0.01 * width
    return edges


def _layer(f: Function, g: Function, edges: FloatArray, k: int) -> tuple[Function, Function]:
    """Return one strip of f, and what it makes of g."""
    from faltung.functions.convolve import convolve

    try:
        part = _strip(f, edges, k)
        return part, convolve(_repeated(part, f, g), g)
    except ResolutionError as error:
        raise ResolutionError(
            f"strip {k + 1} of f: {error}. The view 'slide' needs no strips"
        ) from None


def _strip(f: Function, edges: FloatArray, k: int) -> Function:
    """Return f between two edges; the outermost strips reach to the ends of its domain."""
    low, high = f.domain
    start = min(low, edges[0]) if k == 0 else edges[k]
    stop = max(high, edges[-1]) if k == len(edges) - 2 else edges[k + 1]
    if stop < low or start > high:
        return f._from(Whole(None))
    return f.restrict(float(start), float(stop))


def _area(part: Function) -> float:
    try:
        return float(part.integral())
    except DataError:
        return np.nan


def _repeated(part: Function, f: Function, g: Function) -> Function:
    """Return a strip of a function with a period as often as that is repeated, if g is not."""
    return part if f.period is None or g.period is not None else part.periodize(f.period)


def _within(layer: Function, h: Function) -> Function:
    """Return a layer where the result is drawn, if it is repeated as that is."""
    return layer if layer.period is None else layer.restrict(*h.domain)
