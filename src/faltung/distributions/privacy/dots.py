"""A privacy loss on a lattice, twice: at least as private, and at most.

For a pair P, Q let ``H(t) = sup over sets S of P(S) - t Q(S)``, which is convex; δ at ε is ``H(e^ε)``. A
pair with a larger H everywhere *dominates*: composed with anything, it gives larger δ (Zhu, Dong & Wang,
AISTATS 2022, after Blackwell). A loss on the lattice ``k h`` has an H that is linear between the knots
``t[k] = e^(k h)``, so that

- the chord of H over the knots dominates ("connect the dots", Doroshenko, Ghazi, Kamath, Kumar &
  Manurangsi, PETS 2022), and among all laws on the lattice it is the smallest;
- the chord less a piecewise linear g, which is nowhere less than the gap between chord and H, is
  dominated, if it is convex.

Both are off by the order of h². For what an interval of losses (k h, (k+1) h) holds, with s = e^loss, the
chord puts on its ends the shares that keep the probabilities of P and Q,

    P at (k + 1) h:  ∫ p (1 - e^(k h - loss)) / (1 - e^-h),     P at k h:  the rest,

and the gap is at most ``∫ q (s - t[k]) (t[k+1] - s) / (t[k+1] - t[k])``. All terms are non-negative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.distributions.privacy.losses import Atom, Losses

Places: TypeAlias = NDArray[np.int64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_NARROW = 0.2  # in scales of the losses: the longest piece of one Gauss rule
_SMALL_GAP = 0.25
_WIDE = 0.5
_LARGEST = 600.0  # of the exponents in a run
_MARGIN = 1e-12  # exponentials of arguments up to 1000; 12 nodes leave 1e-13 parts


@dataclass(frozen=True)
class Dots:
    """Losses on a lattice: probabilities under P of ``places * step``, and of infinity.

    The losses that were put on it may be off by ``error``: that is for who adds them.
    """

    places: Places
    step: Fraction
    weights: Floats
    infinite: float
    error: float


@dataclass(frozen=True)
class _Bins:
    """What the knots and the bins between them hold, under P.

    ``losses`` are the knots, ``held`` is what they hold; ``down`` and ``up`` are the shares of each bin on
    its ends, ``gap`` the bound on the gap in H.
    """

    losses: Floats
    held: Floats
    down: Floats
    up: Floats
    gap: Floats
    below: float
    above: float

    def chord(self) -> Floats:
        """Return P's probabilities for the chords of H."""
        chord = self.held.copy()
        chord[:-1] += self.down
        chord[1:] += self.up
        return chord

    def put(self, atom: Atom, place: Fraction, places: Places) -> None:
        """Put an atom into its bin; the knots cover the atoms."""
        k = int(np.searchsorted(places, math.floor(place), side="right")) - 1
        if places[k] == place:
            self.held[k] += atom.probability
            return
        low, high = self.losses[k : k + 2].tolist()
        up, down = (float(part) for part in _shares(np.array(float(atom.loss)), low, high))
        self.down[k] += atom.probability * down
        self.up[k] += atom.probability * up
        self.gap[k] += atom.probability * up * down * math.expm1(high - low)

    def round_down(self) -> None:
        """Put on the lower end what wide bins hold, those whose gap is not small beside H behind them.

        A smaller loss with the same probability under P is dominated. It is off by the order of h, not
        h², but the bins are wide where nothing depends on them, and their gaps would make the bound
        of all that lies behind them 0. The last bin that holds anything has a ceiling that ends at 0,
        if it is not too wide itself.
        """
        wide = self.gap > _SMALL_GAP * heights(self.chord(), self.losses)[1:]
        wide[np.flatnonzero(self.gap)[-1:]] = False
        wide |= np.diff(self.losses) > _WIDE
        self.held[:-1][wide] += self.down[wide] + self.up[wide]
        self.down[wide] = self.up[wide] = self.gap[wide] = 0.0


def dominating(losses: Losses, places: Places, step: Fraction) -> Dots:
    """Return the smallest loss on the knots ``step * places`` that dominates.

    What lies below goes to the lowest knot, what lies above to infinity.
    """
    bins = _binned(losses, places, step)
    weights = bins.chord()
    weights[0] += bins.below
    margin, error = _rounding(losses, bins, step)
    more = 1 + margin
    return Dots(places, step, weights * more, bins.above * more, error)


def dominated(losses: Losses, places: Places, step: Fraction) -> Dots:
    """Return a loss on the same knots that is dominated; what lies below or above is dropped."""
    bins = _binned(losses, places, step)
    bins.round_down()
    ceiling = _ceiling(bins)
    rounding, error = _rounding(losses, bins, step)
    lower = _convex(*_cut(bins.chord() * (1 - rounding), ceiling * (1 + rounding), bins.losses))
    weights = np.zeros(len(places))
    weights[: len(lower)] = lower * (1 - rounding)
    return Dots(places, step, weights, 0.0, error)


def _ceiling(bins: _Bins) -> Floats:
    """Return heights at the knots, over which lines are nowhere below the gap.

    At a knot the larger of the gaps of its two bins; a line over that is over both. Behind the last
    bin with a gap it may be 0, for in that bin the gap is at most the line to 0 that begins at
    ``up (1 - t[k] / t[k+1])``: Green's function is at most ``(s - t[k]) (t[k+1] - t) / (t[k+1] - t[k])``.
    Before the first bin it may be 0 just so, if nothing is there, and must be: no convex function that is
    lower there ends at the total probability.
    """
    ceiling: Floats = np.maximum(np.append(bins.gap, 0.0), np.insert(bins.gap, 0, 0.0))
    filled = np.flatnonzero(bins.gap)
    if len(filled):
        last = int(filled[-1])
        before = float(bins.gap[last - 1]) if last else 0.0
        width = float(bins.losses[last + 1] - bins.losses[last])
        ceiling[last] = max(before, float(bins.up[last]) * -math.expm1(-width))
        ceiling[last + 1] = 0.0
        first = int(filled[0])
        if first < last and not any(part[:first].any() for part in (bins.held, bins.down, bins.up)):
            ceiling[first] = 0.0
            rise = float(bins.down[first]) * math.expm1(bins.losses[first + 1] - bins.losses[first])
            ceiling[first + 1] = max(float(ceiling[first + 1]), rise)
    return ceiling


def _rounding(losses: Losses, bins: _Bins, step: Fraction) -> tuple[float, float]:
    """Bound what rounding does to a probability, relatively, and to a loss.

    Shares are made from losses as they are rounded: the lattice is that of these, exactly. Losses with
    atoms on the lattice are exact there, and must not be moved, for the largest loss counts; the
    rest of them fills its bins, whose shares are off by the error of a loss in parts of the step.
    """
    x = losses.output(np.clip(bins.losses[[0, -1]], losses.lowest, losses.highest))
    low, high = losses.reach
    error = losses.error(*np.clip(x, low, high).tolist())
    error += 4 * ROUNDOFF * float(np.abs(bins.losses).max())
    margin = _MARGIN + 64 * ROUNDOFF / losses.scale
    if losses.atoms and all(_is_whole(atom.loss / step) for atom in losses.atoms):
        return margin + 4 * error / float(step), 0.0
    return margin, error


def _is_whole(number: Fraction) -> bool:
    return number.denominator == 1


def _cut(chord: Floats, ceiling: Floats, losses: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the knots up to where the chord less the ceiling is to end at 0.

    It must not be negative. The last knot at which it is not, with none before that is, is put to 0,
    and so is all beyond: a line to a lower point is lower. There the ceiling is the chord, whose slope
    before, times -t, is the sum of ``t p[i] / t[i]`` from there on.
    """
    height = heights(chord, losses)
    negative = np.flatnonzero(height < ceiling)
    last = max(int(negative[0]) - 1, 0) if len(negative) else len(chord) - 1
    rest = float(chord[last:] @ np.exp(losses[last] - losses[last:]))
    kept = np.append(chord[:last], rest)
    return kept, np.append(ceiling[:last], height[last]), losses[: last + 1]


def heights(weights: Floats, losses: Floats) -> Floats:
    """Return H at the knots: the sums of ``p[i] (1 - t[k] / t[i])`` over i > k, terms >= 0.

    With Q[k] the sum of ``p[i] t[k] / t[i]`` over i >= k, H falls by ``Q[k+1] (1 - t[k] / t[k+1])``
    from k to k + 1.
    """
    below = np.zeros(len(weights))
    runs = np.floor((losses - losses[0]) / _LARGEST)
    rest = 0.0, float(losses[-1])  # Q at the first knot of the run behind, and the loss there
    for run in np.unique(runs)[::-1]:
        # Within a run the factors t[k] / t[i] are no smaller than e^-600.
        inside = np.flatnonzero(runs == run)
        decay = np.exp(losses[inside[0]] - losses[inside])
        sums = np.cumsum((weights[inside] * decay)[::-1])[::-1] / decay
        below[inside] = sums + rest[0] * np.exp(losses[inside] - rest[1])
        rest = float(below[inside[0]]), float(losses[inside[0]])
    falls = below[1:] * -np.expm1(-np.diff(losses))
    return np.append(np.cumsum(falls[::-1])[::-1], 0.0)


def _convex(chord: Floats, ceiling: Floats, losses: Floats) -> Floats:
    """Return P's probabilities for the chord less the ceiling, made convex where it is not.

    The slope of H jumps at t[k] by Q's probability there, which is P's divided by t[k]. Where a jump
    would be negative the knot is left out: what it had is split between its neighbours, and the
    ceiling goes straight from one to the other. A convex minorant on fewer knots is dominated too.
    """
    weights = chord - _jumps(ceiling, losses)
    if (weights >= 0).all():
        return weights
    # The knot t = 0, a loss of -inf, is left of all others; P has nothing there.
    first = np.array([-np.inf]), np.array([0.0]), ceiling[:1]
    rows = zip(first, (losses, chord, ceiling), strict=True)
    return _without_knots(*(np.concatenate(row) for row in rows))[1:]


def _jumps(ceiling: Floats, losses: Floats) -> Floats:
    """Return by how much the slope of a piecewise linear function of t jumps at each t[k], times t[k]."""
    growth = np.diff(losses)
    slopes = np.diff(ceiling) / np.expm1(growth)  # times t[k]
    jumps = np.append(slopes, 0.0)
    jumps[1:] -= slopes * np.exp(growth)
    return jumps


def _without_knots(losses: Floats, chord: Floats, ceiling: Floats) -> Floats:
    """Leave knots out, one after the other from the left, going back where that makes it needed."""
    kept: list[int] = []
    has = chord.copy()
    for k in range(len(chord)):
        kept.append(k)
        while len(kept) > 2 and _jump(has, ceiling, losses, (kept[-3], kept[-2], kept[-1])) < 0:
            left, middle, right = kept[-3:]
            up = -math.expm1(losses[left] - losses[middle]) / -math.expm1(
                losses[left] - losses[right]
            )
            has[right] += has[middle] * up
            has[left] += has[middle] * (1 - up)
            has[middle] = 0.0
            del kept[-2]
    weights = np.zeros(len(chord))
    for near in zip(kept, kept[1:], [*kept[2:], kept[-1]], strict=False):
        weights[near[1]] = _jump(has, ceiling, losses, near)
    return weights


def _jump(has: Floats, ceiling: Floats, losses: Floats, knots: tuple[int, int, int]) -> float:
    """Return P's probability at the middle of three knots, the chord's less that of the ceiling."""
    left, middle, right = knots
    here = losses[middle]
    after = 0.0 if right == middle else _slope(ceiling, losses, middle, right, here)
    before = _slope(ceiling, losses, left, middle, here)
    return float(has[middle] - after + before)


def _slope(ceiling: Floats, losses: Floats, left: int, right: int, unit: float) -> float:
    rise = math.exp(losses[right] - unit) - math.exp(losses[left] - unit)
    return float((ceiling[right] - ceiling[left]) / rise)


def _binned(losses: Losses, knots: Places, step: Fraction) -> _Bins:
    """Return what each bin holds: Gauss rules over pieces in x, and atoms.

    What lies outside the reach of the outputs, a probability below the smallest double, goes up, and
    is in no bin.
    """
    edges, count = knots * np.float64(float(step)), len(knots) - 1
    x = losses.output(np.clip(edges, losses.lowest, losses.highest))
    low, high = losses.reach
    pieces = np.unique(np.concatenate([x, np.arange(low, high, _NARROW * losses.scale), [high]]))
    pieces = pieces[(pieces >= max(low, x[0])) & (pieces <= min(high, x[-1]))]
    down, up, gap = np.zeros((3, count))
    if len(pieces) > 1:
        bins = np.clip(np.searchsorted(x, pieces[:-1], side="right") - 1, 0, count - 1)
        shares = _by_gauss(losses, pieces, edges[bins], edges[bins + 1])
        for array, values in zip((down, up, gap), shares, strict=True):
            np.add.at(array, bins, values)
    below = float(losses.mass(np.array([-np.inf]), x[:1])[0])
    above = float(losses.mass(x[-1:], np.array([np.inf]))[0])
    if losses.highest == np.inf:
        above += math.ulp(0.0)  # it may underflow, and is not 0
    bins_ = _Bins(edges, np.zeros(count + 1), down, up, gap, below, above)
    for atom in losses.atoms:
        bins_.put(atom, atom.loss / step, knots)
    return bins_


def _by_gauss(
    losses: Losses, pieces: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats, Floats]:
    """Integrate over each piece of x with 12 nodes: what goes down, what goes up, the gap."""
    half = 0.5 * np.diff(pieces)[:, np.newaxis]
    points = pieces[:-1, np.newaxis] + half * (1 + _NODES)
    probability = losses.density(points) * half * _WEIGHTS
    up, down = _shares(losses.loss(points), low[:, np.newaxis], high[:, np.newaxis])
    # q (s - t[k]) (t[k+1] - s) / (t[k+1] - t[k]), with p / q = s <= t[k+1]
    gap = (probability * up * down).sum(axis=1) * np.expm1(high - low)
    return (probability * down).sum(axis=1), (probability * up).sum(axis=1), gap


def _shares(loss: Floats, low: Floats | float, high: Floats | float) -> tuple[Floats, Floats]:
    """Return which part of P's probability of a loss goes up, which down."""
    inside = np.clip(loss, low, high)
    up = np.expm1(low - inside) / np.expm1(low - high)
    # (e^(high - loss) - 1) / (e^(high - low) - 1), without large exponentials
    down = np.exp(low - inside) * np.expm1(inside - high) / np.expm1(low - high)
    return up, down
