"""Each term of an error on its own: it is planted, or all there is, and must be counted."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from faltung.functions import Function, bounds
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.polynomials import calculus, limit, merge, pieces
from faltung.functions.polynomials.fit import Fit
from faltung.functions.polynomials.kinks import Kink, checked_at
from faltung.functions.polynomials.pairs import pairs_of
from faltung.functions.polynomials.patches import convolve_pairs
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.polynomials.total import Total
from faltung.functions.sampling import Sampler


def chain(breaks, rows, bound=0.0):
    """Pieces that are off by `bound`, one number or one for each."""
    wrong = np.broadcast_to(np.asarray(bound, dtype=float), len(rows)).copy()
    coefficients = np.asarray(rows, dtype=float)
    return Pieces(np.asarray(breaks, dtype=float), coefficients, Deviation(wrong, wrong.copy()))


def test_an_antiderivative_inherits_width_times_bound_from_all_pieces_to_the_left():
    whole = calculus.cumulative(chain([0, 1, 3, 7], [[1.0], [2.0], [3.0]], [0.5, 0.25, 0.125]))
    assert whole.deviation.bound.tolist() == pytest.approx([0.5, 1.0, 1.5])
    assert whole.deviation.estimate.tolist() == pytest.approx([0.5, 0.5**0.5, 0.75**0.5])


def test_an_antiderivative_is_rounded():
    breaks = np.cumsum(np.full(200, 0.1))
    f = chain(breaks, np.full((199, 1), 0.3))
    whole = calculus.cumulative(f)
    ends = [Fraction(b) for b in breaks.tolist()]
    last = sum(Fraction(c) for c in whole.coefficients[-1].tolist())
    error = abs(last - Fraction(0.3) * (ends[-1] - ends[0]))
    assert 0 < error <= whole.deviation.bound[-1]


def test_what_is_cut_beyond_degree_64_is_counted():
    """Too small to be worth a halving, and above what is trimmed later."""
    row = np.zeros(80)
    row[[0, 70]] = 1.0, 20 * UNIT
    made = limit.limited(chain([0, 1], [row]))
    assert made.count == 1
    assert made.coefficients.shape[1] <= 65
    assert made.deviation.bound[0] >= 20 * UNIT


def test_a_sum_is_rounded():
    total = pieces.added(chain([0, 1], [[0.1]]), chain([0, 1], [[0.2]]))
    error = abs(Fraction(total.coefficients[0, 0]) - Fraction(0.1) - Fraction(0.2))
    assert 0 < error <= total.deviation.bound[0]


def test_a_joint_series_is_as_far_off_as_it_is_from_its_parts():
    parts = chain([0, 1, 2], [[1.0], [2.0]], [0.25, 0.0])
    joint = np.zeros((1, 65))
    joint[0, 0] = 1.5
    deviation, change = merge._compared(parts, np.array([0]), joint, np.array([0.0]))
    assert change[0] >= 0.5
    assert deviation.bound[0] >= 0.5 + 0.25
    assert deviation.estimate[0] >= 0.5


def test_the_misfit_beside_a_kink_is_counted():
    misfit = 16 * UNIT
    sampler = Sampler(lambda t: 1.0 + misfit + 0 * t, 0.0, 1.0)
    made = checked_at(chain([0, 0.5, 1], [[1.0], [1.0]]), [Kink(0.5, 1e-6)], sampler)
    assert made is not None
    assert made.deviation.bound.min() >= misfit
    assert made.deviation.estimate.min() >= misfit


def test_the_restriction_of_the_wider_piece_is_counted():
    """T_60 on [0, 3] restricted to the width of a box: its evaluation outweighs all sums."""
    wave = chain([0, 3], [np.eye(61)[60]])
    one = chain([0, 1], [[1.0]])
    place, moved = np.array([[0, 2], [1, 3]]), np.zeros((2, 2))
    (pairs,) = pairs_of(one, wave, place, moved, equal=True)
    rounding = convolve_pairs(pairs).outer_rounding
    evaluation = bounds.evaluation(wave.coefficients)
    assert rounding.bound[0] >= evaluation.bound[0]
    assert rounding.estimate[0] >= 0.9 * evaluation.estimate[0]


def test_misfits_tails_and_noise_of_samples_are_counted():
    none, yes = np.zeros(1), np.ones(1, dtype=bool)
    quiet, tail = np.zeros((1, 17)), np.zeros((1, 17))
    tail[0, 16] = 1e-3
    for row, residual, noise in ((quiet, 1e-3, 0.0), (quiet, 0.0, 1e-3), (tail, 0.0, 0.0)):
        deviation = Fit(row, none + residual, none + noise, yes, 1.0).deviation()
        assert deviation.bound[0] >= 4e-3


def test_adding_many_series_is_rounded():
    total = Total(np.array([0.0, 1.0]), 1)
    rows = np.full((999, 1), 0.1)
    first, last = np.zeros(999, dtype=np.intp), np.ones(999, dtype=np.intp)
    total.add(rows, first, last, Deviation.zero(999))
    made = total.pieces()
    error = abs(Fraction(made.coefficients[0, 0]) - 999 * Fraction(0.1))
    assert 0 < error <= made.deviation.bound[0]


def test_deviations_of_summands_and_charges_add_up():
    total = Total(np.array([0.0, 1.0, 2.0, 3.0]), 2)
    index = np.array([0, 1])
    total.add(np.ones((2, 1)), index, index + 2, Deviation(np.full(2, 0.5), np.full(2, 0.5)))
    total.charge(np.array([-1.0, 1.5]), np.array([0.5, 1.5]), Deviation(*np.full((2, 2), 0.125)))
    bound = total.pieces().deviation.bound
    assert bound.tolist() == pytest.approx([0.625, 1.125, 0.5], abs=1e-12)
    assert (bound >= [0.625, 1.125, 0.5]).all()


def test_evaluation_reads_the_deviation():
    f = Function._of(chain([0, 1], [[1.0]], 0.25))
    assert 0.25 <= f.error_bound <= 0.2500001
    assert 0.25 <= f.error_estimate <= 0.2500001
