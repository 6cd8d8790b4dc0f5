"""Plots and the pictures of notebooks."""

from __future__ import annotations

import sys
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
import scipy.stats as st
from matplotlib.collections import LineCollection

from faltung.distributions import (
    Lattice,
    compound,
    die,
    distribution,
    mixture,
    pairs,
    point,
    tweedie,
)
from faltung.distributions.pictures import window_of
from faltung.errors import MissingExtraError

mpl.use("Agg")


@pytest.fixture
def axes():
    from matplotlib.figure import Figure

    return Figure().add_subplot()


def test_plot_draws_every_probability(axes):
    law = die(6) + die(6)
    assert law.plot(ax=axes, color="red", label="two dice") is axes
    (lines,) = axes.collections
    assert isinstance(lines, LineCollection)
    segments = lines.get_segments()
    assert [tuple(s[1]) for s in segments] == list(zip(law.points, law.weights, strict=True))
    assert axes.get_ylabel() == "probability"


def test_plot_draws_the_density(axes):
    law = distribution("normal(0, 1)")
    law.plot(ax=axes)
    x, y = axes.lines[0].get_data()
    np.testing.assert_allclose(y, law.pdf(x))
    assert axes.get_ylabel() == "density"


def test_plot_makes_its_own_axes():
    from matplotlib import pyplot as plt

    axes = (2 * die(6) + distribution("uniform(0, 1)")).plot()
    assert axes.lines
    plt.close("all")


def test_plot_without_matplotlib_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'faltung\[plot\]'"):
        die(6).plot()


@pytest.mark.parametrize(
    "law",
    [
        die(6).sum(3),
        distribution("normal(0, 1)"),
        distribution("d6 + normal(0, 0.1)"),
        distribution("point(3)"),
        Lattice(np.ones(5000), normalize=True),
    ],
    ids=["dice", "normal", "mixed", "point", "long"],
)
def test_html_is_small_and_well_formed(law):
    html = law._repr_html_()
    tree = ET.fromstring(html)
    assert tree.find("svg") is not None
    assert law.explain() in "".join(tree.itertext())
    assert "script" not in html
    assert len(html) < 8000


def test_pairs_html_is_well_formed():
    assert ET.fromstring(pairs(die(6), die(6), total=7)._repr_html_()) is not None


def test_repr_is_one_line_with_numbers():
    assert repr(die(6)) == "Lattice(6 points from 1 to 6, mean 3.5, std 1.70783, exact)"
    assert "error <=" in repr(distribution("normal(0, 1)"))


def test_a_window_holds_nearly_all_of_a_light_law_and_the_middle_of_a_heavy_one():
    low, high = window_of(die(6).sum(100))
    assert low == die(6).sum(100).ppf(5e-4)
    assert high == die(6).sum(100).isf(5e-4)
    heavy = distribution("cauchy(0, 1)")
    low, high = window_of(heavy)
    assert high == pytest.approx(2 * heavy.isf(0.025))
    assert low == pytest.approx(-high)


def test_a_window_is_not_closed_by_a_large_atom():
    law = distribution({0: 0.99, 1000: 0.01})
    assert window_of(law) == (0.0, 1000.0)


def test_a_long_law_is_drawn_by_the_highest_of_each_group(axes):
    law = distribution(st.geom(1e-3))
    law.plot(ax=axes)
    tops = np.array([segment[1] for segment in axes.collections[0].get_segments()])
    assert len(tops) == 800
    np.testing.assert_allclose(tops[:, 1], law.pmf(tops[:, 0]))
    even = Lattice(np.tile([0.0, 1.0], 5000), normalize=True)
    even.plot(ax=axes)  # the points without mass hide none of the others
    assert axes.lines[1].get_ydata().min() == 1 / 5000


@pytest.mark.parametrize("text", ["3d6", "50d6", "lognormal(0, 1)", "0.5*point(0) + 0.5*expon(1)"])
def test_a_picture_on_a_logarithmic_axis_shows_the_law(axes, text):
    distribution(text).plot(ax=axes)
    axes.set_yscale("log")
    bottom, top = axes.get_ylim()
    assert 1e-6 < bottom < top / 20 < 1


def test_a_second_law_has_a_colour_of_its_own_and_fits_in(axes):
    die(6).plot(ax=axes)
    point(3).plot(ax=axes)
    first, second = axes.collections
    assert not np.array_equal(first.get_colors(), second.get_colors())
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim()[1] > 1


def test_large_numbers_are_written_as_a_power_of_ten(axes):
    die(6).sum(10**9).plot(ax=axes)
    axes.figure.canvas.draw()
    assert max(len(label.get_text()) for label in axes.get_xticklabels()) <= 4


@pytest.mark.parametrize("law", [tweedie(1, 1, 1.5), mixture([point(0), distribution("expon(1)")])])
def test_an_atom_is_drawn_beside_the_density(axes, law):
    law.plot(ax=axes, label="claims")
    left, right = axes.figure.axes
    ((foot, top),) = right.collections[0].get_segments()
    assert tuple(foot) == (0, 0)
    assert top[1] == law.pmf(0)
    assert (left.get_ylabel(), right.get_ylabel()) == ("density", "probability")
    assert "stroke-width" in law._repr_html_()


def test_a_random_sum_is_not_drawn_as_far_as_its_rarest_part(axes):
    law = compound(st.poisson(3), distribution("gamma(2, 3)"))
    law.plot(ax=axes)
    assert law.sf(axes.get_xlim()[1]) > 1e-8
