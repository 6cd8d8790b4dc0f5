"""Integrals of a kernel times a straight line over each segment between two samples, by Gauss quadrature.

Every weight is positive, so nothing cancels however fine or coarse the samples are. Where the samples
are fine, a few nodes for each segment suffice; else segments are cut at the places of :func:`cuts`,
which close in on the kernel's center. docs/mathematics/samples.md proves both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from faltung.functions.bounds import UNIT
from faltung.functions.polynomials.gauss import gauss
from faltung.functions.samples.norms import Norms
from faltung.functions.samples.shape import Resolution
from faltung.functions.transform import FloatArray, IndexArray

# Cuts: how far one is from the center against the one before, and the quadrature's error on all panels
# between cuts, as a part of the area.
_GROWTH, _CUT_ERROR = 1.5, 1e-18

# The nodes of a panel that is at most such a part of what lies between two cuts.
_CUT_NODES = ((5, 1 / 66), (6, 1 / 22), (8, 1 / 6), (16, np.inf))

# Panels that are whole segments have as many nodes.
_FEWEST, _MOST = 3, 10

# The ellipses that are tried: the sum of the semiaxes of each, for a panel from -1 to 1.
_ELLIPSES = np.geomspace(1.5, 1000.0, 40)


@dataclass(frozen=True)
class Rule:
    """How many nodes a panel has, how wide the widest is at the kernel's center, and if it is cut."""

    nodes: int
    width: float
    cut: bool

    def error(self, norms: Norms) -> float:
        """Return a bound on the quadrature's error for samples of size 1."""
        own = float(_errors(norms, self.width / 2, self.nodes, self.nodes)[0])
        return own + _CUT_ERROR * norms.area if self.cut else own

    def error_at_a_point(self, norms: Norms) -> float:
        """Return a bound on that error over the width of the panels."""
        return self.error(norms) / self.width


def rule_for(kernel: Resolution, widest: float, *, gradient: bool) -> Rule:
    """Return the rule for samples at most `widest` apart."""
    if not kernel.jumps and widest <= 4 * kernel.scale:
        norms = kernel.norms[: None if gradient else 1]
        errors = [_errors(n, widest / 2, _FEWEST, _MOST) / n.area for n in norms]
        enough = np.flatnonzero(np.maximum.reduce(errors) <= UNIT / 2)
        if len(enough):
            return Rule(_FEWEST + int(enough[0]), widest, cut=False)
    return Rule(_CUT_NODES[-1][0], kernel.scale, cut=True)


def _errors(norms: Norms, half: float, fewest: int, most: int) -> FloatArray:
    """Return the least bound over all ellipses for each number of nodes.

    A rule of m nodes errs by at most twice its width times the distance from polynomials of degree
    2 m - 1, one of which the line takes: 2 M rho^-n / (rho - 1), n = 2 m - 2, where abs(k) <= M inside
    the ellipse (L. N. Trefethen, "Approximation Theory and Approximation Practice", 2013, theorem 8.2).
    """
    rho = _ELLIPSES
    wide, high = half * (rho + 1 / rho) / 2, half * (rho - 1 / rho) / 2
    with np.errstate(over="ignore"):
        strips = norms.strip(wide + half, high)
    degrees = 2.0 * np.arange(fewest, most + 1)[:, None] - 2
    bounds = np.exp(np.log(strips) - degrees * np.log(rho)) * 4 / (rho - 1)
    return np.asarray(bounds.min(axis=1))


def cuts(kernel: Resolution, low: float, high: float) -> FloatArray:
    """Return where segments from `low` to `high` are cut: the center, jumps, and out from it."""
    left, right = max(low, kernel.reach[0]), min(high, kernel.reach[1])
    far = max(abs(left), abs(right), kernel.scale)
    count = math.ceil(math.log(far / kernel.scale) / math.log(_GROWTH)) + 1
    steps = kernel.scale * _GROWTH ** np.arange(count, dtype=np.float64)
    return np.unique(np.concatenate([-steps, [0.0], kernel.jumps, steps]))


@lru_cache(maxsize=32)
def _unit_rule(count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the nodes from 0 to 1, and the weights times the node and times what it is from 1."""
    nodes, weights = gauss(count)
    return (1 + nodes) / 2, weights * (1 + nodes) / 4, weights * (1 - nodes) / 4


def means_of(
    kernel: Resolution, edges: FloatArray, widths: FloatArray, rule: Rule, *, gradient: bool
) -> tuple[FloatArray, FloatArray]:
    """Return what the samples at both ends of each segment count, for each unit of its width.

    Parameters
    ----------
    kernel
        The resolution function.
    edges
        Shape (rows, segments + 1): distances from the kernel's center, rising in each row.
    widths
        Shape (segments,): the segments' widths, more exactly than as differences of edges.
    rule
        What :func:`rule_for` said.
    gradient
        Whether to do the same for the derivatives with respect to all parameters but the center.

    Returns
    -------
    low, high
        Shape (functions, rows, segments): the means over the segment of the density, and of its
        derivatives, times a line that falls from 1 to 0, and times one that rises. Times the width
        they are integrals, and times a difference of samples they need none, however narrow it is.
    """
    if rule.cut:
        return _of_cut_segments(kernel, edges, widths, gradient)
    nodes, rising, falling = _unit_rule(rule.nodes)
    values = _values(kernel, edges[:, :-1, None] + widths[:, None] * nodes, gradient)
    return values @ falling, values @ rising


def _values(kernel: Resolution, v: FloatArray, gradient: bool) -> FloatArray:
    return np.stack(kernel.with_derivatives(v)) if gradient else kernel.density(v)[None]


def _of_cut_segments(
    kernel: Resolution, edges: FloatArray, widths: FloatArray, gradient: bool
) -> tuple[FloatArray, FloatArray]:
    # 1. Edges and cuts in one order, the cuts outside at the outermost edges.
    places = cuts(kernel, float(edges[:, 0].min()), float(edges[:, -1].max()))
    inside = np.clip(places, edges[:, :1], edges[:, -1:])
    merged = np.concatenate([edges, inside], axis=1)
    order = np.argsort(merged, axis=1, kind="stable")
    ends = np.take_along_axis(merged, order, axis=1)
    # 2. The panels that are not empty. As many edges as lie left of one, less one, is its segment's
    #    number; counted on through all rows.
    rows, panels = np.nonzero(ends[:, 1:] > ends[:, :-1])
    before = (np.cumsum(order < edges.shape[1], axis=1) - 1)[rows, panels]
    segment = np.minimum(before, len(widths) - 1)
    start, wide = ends[rows, panels], ends[rows, panels + 1] - ends[rows, panels]
    offset = start - edges[rows, segment]
    # 3. The integrals over panels, added up for each segment and divided by the width they add up to.
    low, high = _over_panels(kernel, start, wide, (offset, widths[segment]), gradient)
    shape = (len(edges), len(widths))
    flat = segment + len(widths) * rows
    total = _gathered(wide[None], flat, shape)[0]
    safe = np.where(total > 0, total, 1.0)
    means = [_gathered(sums, flat, shape) / safe for sums in (low, high)]
    # A segment may be too narrow to have a width after the rounding of its distance.
    points = np.nonzero(total == 0)
    if len(points[0]):
        for mean in means:
            mean[:, points[0], points[1]] = _values(kernel, edges[:, :-1][points], gradient) / 2
    return means[0], means[1]


def _over_panels(
    kernel: Resolution,
    start: FloatArray,
    wide: FloatArray,
    line: tuple[FloatArray, FloatArray],
    gradient: bool,
) -> tuple[FloatArray, FloatArray]:
    """Return the integrals times the falling and the rising line, (functions, panels).

    `line` holds how far from its segment's lower end each panel starts, and the segment's width.
    """
    # What lies between two cuts is as wide as the scale, or half as wide as it is far out.
    middle = np.abs(start + wide / 2)
    part = wide / np.maximum(kernel.scale, middle * (1 - 1 / _GROWTH))
    functions = len(kernel.norms) if gradient else 1
    low, high = (np.empty((functions, len(start))) for _ in range(2))
    least = 0.0
    for count, most in _CUT_NODES:
        some = np.flatnonzero((part > least) & (part <= most))
        least = most
        if not len(some):
            continue
        nodes, rising, falling = _unit_rule(count)
        panel, offset, width = wide[some, None], line[0][some, None], line[1][some, None]
        share = np.clip((offset + panel * nodes) / width, 0, 1)
        values = _values(kernel, start[some, None] + panel * nodes, gradient)
        values *= (rising + falling) * panel
        high[:, some] = (values * share).sum(axis=-1)
        low[:, some] = (values * (1 - share)).sum(axis=-1)
    return low, high


def _gathered(values: FloatArray, flat: IndexArray, shape: tuple[int, int]) -> FloatArray:
    """Return the sums over the panels of each segment, (functions, rows, segments)."""
    gathered = np.zeros((len(values), shape[0] * shape[1]))
    for sums, row in zip(gathered, values, strict=True):
        sums[:] = np.bincount(flat, row, minlength=len(sums))
    return gathered.reshape(len(values), *shape)
