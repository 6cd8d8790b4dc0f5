"""How large a convolution can be: what no sample may be far below without a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from faltung.functions.chains.chain import Chain
from faltung.functions.chains.knots import Reach, Tail
from faltung.functions.chains.spans import Form, Spans
from faltung.functions.transform import FloatArray

# What is wider than this part of an interval is met by some of the samples there.
_SEEN = 6


@dataclass(frozen=True, eq=False)
class Ceilings:
    """Bounds on |f * g|, one for each pair of pieces: nearly at most `ceiling` on [low, high].

    There may be as many pairs at one place as there are pieces; that much is left out.
    """

    low: FloatArray
    high: FloatArray
    ceiling: FloatArray

    @staticmethod
    def of(f: Chain, g: Chain) -> Ceilings:
        """Return the ceilings of two chains: the mass of one piece times the height of the other."""
        top_f, mass_f = heights(f)
        top_g, mass_g = heights(g)
        with np.errstate(over="ignore", invalid="ignore"):
            ceiling = np.fmin(np.outer(top_f, mass_g), np.outer(mass_f, top_g))
        return Ceilings(
            np.add.outer(f.low, g.low).ravel(),
            np.add.outer(f.high, g.high).ravel(),
            np.nan_to_num(ceiling.ravel(), nan=0.0),
        )

    def over(self, spans: Spans) -> FloatArray:
        """Return the largest ceiling of what is so narrow that samples of the interval may miss it."""
        anchor = spans.anchor + spans.rest
        low = anchor + np.where(spans.side > 0, spans.near, -spans.far)
        high = anchor + np.where(spans.side > 0, spans.far, -spans.near)
        meets = (self.low < high[:, None]) & (self.high > low[:, None])
        meets &= np.isfinite(self.ceiling) & (self.high - self.low < (high - low)[:, None] / _SEEN)
        return np.asarray(np.where(meets, self.ceiling, 0.0).max(axis=1))

    def cut(self, reach: Reach, place: float, side: int, least: float) -> Reach:
        """Return a falling tail that ends where nothing is above the least."""
        if reach.tail is not Tail.FALLING:
            return reach
        alive = self.ceiling > least
        ends = self.high if side > 0 else -self.low
        stop = float((ends[alive] - side * place).max(initial=0.0))
        return replace(reach, stop=min(max(stop, 0.0), reach.stop))


def heights(chain: Chain) -> tuple[FloatArray, FloatArray]:
    """Return for each piece about its largest value and its integral: infinite at a pole."""
    size = np.abs(chain.coefficients).sum(axis=1)
    with np.errstate(all="ignore"):
        at_far = chain.weights(chain.far)
        top = size * np.maximum(chain.weights(chain.near), at_far)
        width = chain.far - chain.near
        # A pole's integral is that of its power; an exponential is as wide as it is high.
        pole = (chain.forms >= Form.POWER) & (chain.tilts < 0) & (chain.tilts > -1)
        of_pole = size * at_far * chain.far / (1 + chain.tilts)
        steep = np.where(chain.forms == Form.EXPONENTIAL, 1 / np.abs(chain.tilts), width)
        mass = np.where(pole, of_pole, top * np.minimum(width, steep))
        # That of an algebraic tail is where it begins.
        falling = (chain.forms >= Form.POWER) & (chain.tilts < -1.1)
        mass = np.where(falling, np.fmin(mass, top * chain.near / (-1 - chain.tilts)), mass)
    return top, mass
