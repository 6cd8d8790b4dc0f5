"""Laws from pandas, histograms and functions with a support."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

from faltung.distributions import Atoms, Density, distribution
from faltung.errors import DataError, DtypeError, OptionError


class Series:
    """What is used of a pandas Series."""

    __module__ = "pandas.core.series"

    def __init__(self, values, index):
        self.values = np.asarray(values)
        self.index: Any = np.asarray(index)

    def to_numpy(self):
        return self.values


class RangeIndex:
    """What is used of the index that pandas makes if none is given."""

    name = None

    def __init__(self, start, step):
        self.start, self.step = start, step

    def tolist(self):
        return list(range(4))


def test_series():
    law = distribution(Series([3, 1], [1.5, -2]), normalize=True)
    assert isinstance(law, Atoms)
    assert law.pmf(1.5, exact=True) == Fraction(3, 4)
    assert distribution(Series([0.25, 0.5, 0.25], [1, 2, 1])).pmf(1) == 0.5
    with pytest.raises(DataError, match="sum to 4"):
        distribution(Series([3, 1], [1, 2]))
    with pytest.raises(DtypeError, match="point 0 'a'"):
        distribution(Series([1], np.array(["a"], dtype=object)))


def test_a_real_series():
    pandas = pytest.importorskip("pandas")
    counts = pandas.Series([1, 2, 2, 5]).value_counts()
    law = distribution(counts, normalize=True)
    assert isinstance(law, Atoms)
    assert law.pmf(2, exact=True) == Fraction(1, 2)


def test_samples_in_a_series_are_not_taken_for_weights():
    samples = Series([3.0, 4.0, 4.0, 5.0], range(4))
    samples.index = RangeIndex(0, 1)
    with pytest.raises(DtypeError, match=r"ambiguous .* empirical\(series.to_numpy\(\)\) if it"):
        distribution(samples, normalize=True)
    with pytest.raises(DataError, match="sum to 16"):
        distribution(samples)
    probabilities = Series([0.25, 0.75], [0, 1])
    assert distribution(probabilities).pmf(1) == 0.75


def test_samples_in_a_real_series_are_not_taken_for_weights():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(DtypeError, match="ambiguous"):
        distribution(pandas.Series([3.0, 4.0, 4.0, 5.0]), normalize=True)


def test_histograms():
    samples = np.array([0.5, 1, 1.5, 3, 7])
    edges = [0, 1, 2, 4, 8]
    for heights in (
        np.histogram(samples, edges)[0],
        np.histogram(samples, edges, density=True)[0],
        np.array([0.2, 0.4, 0.2, 0.2]),
    ):
        law = distribution((heights, np.array(edges)))
        assert isinstance(law, Density)
        assert law.cdf([1, 2, 3, 8]) == pytest.approx([0.2, 0.6, 0.7, 1], rel=1e-14)
    other = distribution(stats.rv_histogram(np.histogram(samples, edges), density=False))
    assert other.cdf(3) == pytest.approx(0.7, rel=1e-14)
    for bad, match in (
        ((np.array([1, -1]), np.array([0, 1, 2])), "none negative"),
        ((np.array([1, 2]), np.array([0, 2, 1])), "ascend"),
        ((np.array([0.3, 0.3]), np.array([0.0, 1, 3])), "counts, probabilities or densities"),
        ((np.array([0, 0]), np.array([0, 1, 2])), "one positive"),
    ):
        with pytest.raises(DataError, match=match):
            distribution(bad)
    with pytest.raises(DtypeError, match="ambiguous"):
        distribution((np.array([1, 2]), np.array([0, 1])))


def test_functions_with_a_support():
    law = distribution(lambda x: 2 * x, support=(0, 1))
    assert law.cdf(0.5) == pytest.approx(0.25, rel=1e-14)
    assert distribution(np.exp, support=(0, 1), normalize=True).support() == (0.0, 1.0)
    with pytest.raises(OptionError, match=r"write support=\(a, b\)"):
        distribution(lambda x: x)
    with pytest.raises(OptionError, match="support= is for a function"):
        distribution("d6", support=(0, 1))
    with pytest.raises(OptionError, match="support= is for a function"):
        distribution(stats.norm(), support=(0, 1))
    with pytest.raises(DataError, match="integrates to"):
        distribution(np.exp, support=(0, 1))
