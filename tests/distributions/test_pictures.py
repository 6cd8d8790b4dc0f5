"""Plots and the pictures of notebooks."""

from __future__ import annotations

import sys
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import LineCollection

from faltung.distributions import Lattice, die, distribution, pairs
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
