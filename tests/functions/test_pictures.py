"""Curves, pictures and the process of a convolution."""

from __future__ import annotations

import sys
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from faltung.errors import DtypeError, MissingExtraError, OptionError
from faltung.functions import Function, box, convolve, hat
from faltung.functions.draw import outline, process


@pytest.fixture
def pyplot():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    yield plt
    plt.close("all")


def test_process_is_f_and_g_turned_over_their_product_and_its_area():
    f, g = box(0, 1) + hat(1.5, 2, 3), Function(lambda s: np.exp(-s), (0, 3))
    scene = process(f, g, 2.2, points=500)
    inside = np.setdiff1d(scene.s, np.concatenate([f.breaks, 2.2 - g.breaks]))
    rows = np.isin(scene.s, inside)
    assert scene.f[rows] == pytest.approx(f(inside), abs=1e-12)
    assert scene.moved[rows] == pytest.approx(g(2.2 - inside), abs=1e-12)
    assert scene.product.tolist() == (scene.f * scene.moved).tolist()
    assert scene.area == pytest.approx(np.trapezoid(scene.product, scene.s), abs=1e-4)
    assert scene.shifts[0] == 0.0
    assert scene.shifts[-1] == 2.2
    assert scene.result[-1] == scene.area == convolve(f, g)(2.2)


def test_area_under_the_drawn_product_is_exact_for_boxes():
    """Every jump is upright in the drawing, so that even two points for each piece will do."""
    for t in (-1.5, -0.3, 0.0, 0.7, 1.9):
        scene = process(box(-1, 1), box(-1, 1), t, points=2)
        assert np.trapezoid(scene.product, scene.s) == pytest.approx(2 - abs(t), abs=1e-12)


def test_shifts_outside_the_result():
    scene = process(box(0, 1), box(0, 1), -5.0)
    assert scene.area == 0.0
    assert not scene.product.any()
    assert scene.shifts.tolist() == [0.0] * len(scene.shifts)
    assert process(box(0, 1), box(0, 1), 9.0).shifts[-1] == 9.0


def test_process_takes_functions_and_a_number():
    with pytest.raises(DtypeError, match="two Functions"):
        process(box(0, 1), np.exp, 0.0)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="the shift is nan"):
        process(box(0, 1), box(0, 1), np.nan)
    with pytest.raises(OptionError, match="at least 2"):
        process(box(0, 1), box(0, 1), 0.0, points=1)


def test_outline_starts_and_ends_at_zero_and_shows_both_sides_of_a_jump():
    s, values = outline(box(0, 1) - box(1, 3), points=7)
    assert (np.diff(s) >= 0).all()
    assert values[0] == values[-1] == 0.0
    assert values[s == 1].tolist() == [1.0, -1.0]
    assert values[s == 3].tolist() == [-1.0, 0.0]


def test_html_is_a_picture_and_a_table():
    html = convolve(box(0, 1), box(0, 1))._repr_html_()
    root = ET.fromstring(html)
    assert root.find("svg/path") is not None
    text = "".join(root.itertext())
    assert "a convolution" in text
    assert "2, of degree at most 1" in text
    assert "script" not in html


def test_html_of_zero():
    ET.fromstring(Function(0.0, (0, 1))._repr_html_())


def test_plot(pyplot):
    f = box(0, 1) - box(1, 2)
    ax = f.plot(color="red", label="f")
    (line,) = ax.get_lines()
    assert line.get_color() == "red"
    assert np.asarray(line.get_ydata()).min() == -1
    assert f.plot(ax=ax) is ax
    assert len(ax.get_lines()) == 2


def test_plot_process(pyplot):
    f, g = box(0, 1), hat(0, 1, 2)
    h = convolve(f, g)
    axes = h.plot_process()
    assert axes.shape == (2, 6)
    axes = h.plot_process(shifts=[0.5, 1.5])
    assert [ax.get_title() for ax in axes[0]] == ["t = 0.5", "t = 1.5"]
    for ax, t in zip(axes[1], (0.5, 1.5), strict=True):
        curve, point = ax.get_lines()
        assert curve.get_xdata()[-1] == t
        assert point.get_ydata()[0] == h(t)
    mine = pyplot.subplots(2, 3)[1]
    assert h.plot_process(shifts=range(3), axes=mine)[0, 0] is mine[0, 0]


@pytest.mark.usefixtures("pyplot")
def test_plot_process_refuses():
    with pytest.raises(OptionError, match="not the result of convolve"):
        box(0, 1).plot_process()
    h = convolve(box(0, 1), box(0, 1))
    assert h.plot_process(shifts=0.5).shape == (2, 1)
    with pytest.raises(OptionError, match="at least one shift"):
        h.plot_process(shifts=[])
    with pytest.raises(OptionError, match=r"need \(2, 1\)"):
        h.plot_process(shifts=[0.5], axes=np.empty((1, 1)))


def test_plots_without_matplotlib_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    h = convolve(box(0, 1), box(0, 1))
    for call in (h.plot, h.plot_process):
        with pytest.raises(MissingExtraError, match=r"pip install 'faltung\[plot\]'"):
            call()
