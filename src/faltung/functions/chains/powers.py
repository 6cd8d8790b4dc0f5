"""Real powers of bodies, inverses among them: exponents of knots and tails are multiplied."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.errors import DataError
from faltung.functions.bounds import UNIT
from faltung.functions.chains.body import Body, resolved
from faltung.functions.chains.knots import LEAST, Edge, Knot, Reach, Tail
from faltung.functions.chains.pointwise import NOISE
from faltung.functions.chains.sources import ExactSource, Samples
from faltung.functions.chains.spans import Spans
from faltung.functions.polynomials.powers import spread
from faltung.functions.transform import FloatArray

# An algebraic tail is followed to where it is so small or so large.
_RANGE = 280.0


class _PowerSource(ExactSource):
    """The power of the size of a body."""

    def __init__(self, f: Body, exponent: float, least: float) -> None:
        super().__init__(least)
        self._f, self._exponent = f, exponent

    def sample(self, spans: Spans, distances: FloatArray) -> Samples:
        """Return the powers at exactly these distances."""
        base = np.broadcast_to(spans.anchor[:, None], distances.shape).ravel()
        offset = (spans.rest[:, None] + spans.side[:, None] * distances).ravel()
        values, errors = self._f.chain.evaluate(base, offset)
        with np.errstate(all="ignore"):
            size = np.abs(values)
            power = np.where(size > 0, size**self._exponent, 0.0)
            part = np.where(size > 0, errors / size, 1.0)
            bound = power * (spread(part, self._exponent) + 4 * UNIT)
        noise = NOISE * UNIT * (1 + abs(self._exponent)) * power
        return Samples(
            distances, *(each.reshape(distances.shape) for each in (power, bound, noise))
        )


def powered(f: Body, exponent: float) -> Body:
    """Return abs(f) ** exponent, for a function without a zero but at a knot or at infinity.

    Raises
    ------
    DataError
        If the power has no integral beside a knot, or grows without end where f falls to nothing.
    """
    knots = tuple(
        replace(
            knot, left=_edge(knot, knot.left, exponent), right=_edge(knot, knot.right, exponent)
        )
        for knot in f.knots
    )
    left, right = _reach(f.left, exponent), _reach(f.right, exponent)
    # A root brings what was cut off nearer to the rest.
    least = max(LEAST, f.cut**exponent) if exponent > 0 else LEAST
    return resolved(_PowerSource(f, exponent, least), knots, left, right, least)


def _edge(knot: Knot, edge: Edge | None, exponent: float) -> Edge | None:
    if edge is None or edge.is_plain or edge.mixed:
        return edge
    power = edge.exponent * exponent
    if power <= -1:
        raise DataError(
            f"the function goes like |x - {knot.at!r}|^{edge.exponent:.4g} beside x = {knot.at!r}, and "
            f"its power like |x - {knot.at!r}|^{power:.4g}: a pole of exponent -1 or below has no "
            "integral. Leave the place out, f.restrict(a, b)"
        )
    return Edge(power)


def _reach(reach: Reach, exponent: float) -> Reach:
    if reach.tail is Tail.NOTHING:
        return reach
    if reach.tail is Tail.FALLING:
        if exponent < 0:
            raise DataError(
                "the function falls to nothing towards infinity, faster than every power: what is "
                "divided by it grows without end. Restrict it, f.restrict(a, b)"
            )
        return replace(reach, least=reach.least**exponent)
    power = reach.exponent * exponent
    stop = min(reach.stop, 10.0 ** (_RANGE / abs(power))) if power else reach.stop
    return replace(reach, exponent=power, stop=max(stop, 2 * reach.start))
