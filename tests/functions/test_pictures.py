"""Curves, pictures and the process of a convolution."""

from __future__ import annotations

import importlib
import sys
from fractions import Fraction
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from faltung.errors import DtypeError, MissingExtraError, OptionError, ResolutionError
from faltung.functions import Function, box, convolve, delta, gaussian, hat, heaviside, process
from faltung.functions.pictures.curves import extent, outline, shown
from faltung.functions.pictures.stack import stack
from faltung.functions.pictures.surface import surface
from faltung.functions.whole.deltas import Delta
from faltung.functions.whole.whole import Whole


def lorentz():
    return Function(lambda t: 1 / (1 + t * t), (-np.inf, np.inf))


def wave():
    return Function(lambda t: np.exp(np.cos(t)), (0, 2 * np.pi), periodic=True)


def pole():
    return Function(lambda t: t**-0.5 * np.exp(-t), (0, np.inf))


def derived(place, weight):
    """Return the derivative of Dirac's delta."""
    return Function._from(Whole(None, deltas=(Delta(Fraction(place), weight, 1),)))


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


def test_a_pole_is_left_open_and_a_root_is_not():
    """Both are marked by the same kind of knot; only the pole grows."""
    s, values = outline(pole())
    assert np.isnan(values[s == 0]).tolist() == [False, True]
    steep = convolve(pole(), box(0, 1))
    s, values = outline(steep)
    assert not np.isnan(values).any()
    truth = (
        np.sqrt(np.pi) * 0.8427007929497149
    )  # the integral of the pole up to 1, by the error function
    assert values[s == 1] == pytest.approx([truth, truth], abs=1e-3)


def test_only_what_is_not_small_is_shown():
    assert shown(box(0, 1)) == (0, 1)
    low, high = shown(gaussian(2.0))
    assert -low == pytest.approx(high)
    assert 5 < high < 8
    low, high = shown(lorentz())
    assert lorentz()(high) == pytest.approx(0.01, rel=0.3)
    assert shown(Function(0.0, (0, 2))) == (0, 2)
    assert extent(pole())[1] < 10
    assert extent(box(0, 1) + delta(3, -2)) == (-2, 1)


def test_deltas_meet_what_the_other_function_is_there():
    f, g = delta(1, 0.5) + delta(2, -1) + derived(2.5, 1.0), hat(0, 1, 2)
    scene = process(f, g, 2.25)
    met = [(row.place, row.weight) for row in scene.product_deltas]
    assert met == [(1.0, 0.5 * g(1.25)), (2.0, -g(0.25))]
    assert not scene.product.any()
    # The derivative adds the slope of g at -0.25, which is left of where g starts.
    assert scene.area == pytest.approx(0.5 * 0.75 - 0.25)


@pytest.mark.parametrize("other", [wave, lambda: box(0, 1)], ids=["both", "one"])
def test_functions_with_a_period_are_multiplied_over_one(other):
    f, g = wave(), other()
    h = convolve(f, g)
    for t in (0.3, 2.0, 6.0):
        scene = process(f, g, t, h=h, points=4000)
        assert np.trapezoid(scene.product, scene.s) == pytest.approx(h(t), abs=1e-5)


PAIRS = {
    "smooth": lambda: (Function(lambda s: s**2 * (3 - s) / 4, (0, 3)), Function(np.exp, (-3, 0))),
    "jumps": lambda: (box(0, 1) - 2 * box(1, 3), hat(0, 1, 2) + box(2, 3)),
    "line": lambda: (lorentz(), Function(lambda t: np.exp(-t * t), (-np.inf, np.inf))),
    "pole": lambda: (pole(), box(0, 1)),
    "deltas": lambda: (delta(0) + delta(1, -0.5) + box(0, 2), hat(0, 1, 2)),
    "periodic": lambda: (wave(), Function(np.sin, (0, 2 * np.pi), periodic=True)),
    "one periodic": lambda: (wave(), box(0, 1)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_layers_add_up_to_the_result(name):
    f, g = PAIRS[name]()
    h = convolve(f, g)
    for strips in (1, 5, 12):
        scene = stack(f, g, h=h, strips=strips, points=60)
        assert scene.layers.shape == (strips, len(scene.t))
        # A value at a jump may be that of either side: layers break where the result does not.
        inside = (np.diff(scene.t, prepend=-np.inf) > 0) & (np.diff(scene.t, append=np.inf) > 0)
        apart = np.abs(scene.layers.sum(axis=0) - scene.result)[inside]
        assert np.isfinite(apart).all()
        assert apart.max() <= 1e-12 * max(1.0, np.abs(scene.result[inside]).max())
        if f.period is None:
            assert scene.areas.sum() == pytest.approx(f.integral(), rel=1e-12)


def test_strips_of_what_has_no_end_or_no_width():
    step = stack(heaviside(), box(0, 1), strips=3, points=20)
    assert np.isnan(step.areas[-1])
    assert step.layers.sum(axis=0) == pytest.approx(step.result, abs=1e-12)
    point = stack(delta(5, 2.0), box(0, 1), strips=4, points=20)
    assert sorted(point.areas) == [0, 0, 0, 2]
    assert point.layers.sum(axis=0).tolist() == point.result.tolist()


def test_a_strip_that_cannot_be_resolved_is_named(monkeypatch):
    def refuse(*_):
        raise ResolutionError("the convolution cannot be resolved")

    f = box(0, 3)
    h = convolve(f, f)
    monkeypatch.setattr(importlib.import_module("faltung.functions.convolve"), "convolve", refuse)
    with pytest.raises(ResolutionError, match=r"strip 1 of f.*resolved.*slide"):
        stack(f, f, h=h)


def test_a_narrow_strip_leaves_a_copy_as_high_as_its_area():
    f, g = hat(0, 1, 2), Function(np.cos, (-1, 1))
    scene = stack(f, g, strips=200, points=50)
    for k in (10, 100, 150):
        middle = (scene.edges[k] + scene.edges[k + 1]) / 2
        inside = np.abs(scene.t - middle) < 0.98
        copy = scene.areas[k] * np.cos(scene.t - middle)
        assert scene.layers[k][inside] == pytest.approx(copy[inside], abs=1e-6)


def test_diagonals_of_the_plane_add_up_to_the_result():
    """Cells of equal sides: those with one sum of places make a sum over x, not over the diagonal."""
    f, g = hat(0, 1, 2), Function(lambda t: np.exp(-t), (0, 2))
    h = convolve(f, g)
    scene = surface(f, g, points=400)
    step = scene.x[1] - scene.x[0]
    assert scene.heights[3, 7] == pytest.approx(f(scene.x[7]) * g(scene.y[3]))
    for total in (100, 399, 600):
        t = scene.x[0] + scene.y[0] + total * step
        diagonal = np.fliplr(scene.heights).diagonal(399 - total)
        assert diagonal.sum() * step == pytest.approx(h(t), abs=1e-4)
        ends = scene.diagonal(t)
        assert ends is not None
        assert ends[1] - ends[0] == pytest.approx(len(diagonal) * step, abs=1.01 * step)
    assert scene.box == pytest.approx((0, 2, 0, 2))
    assert scene.diagonal(-0.1) is None


def test_views_refuse():
    complex_one = Function(lambda t: np.exp(1j * t), (0, 1))
    with pytest.raises(OptionError, match="f.real"):
        process(complex_one, box(0, 1), 0.0)
    with pytest.raises(OptionError, match="1 to 200"):
        stack(box(0, 1), box(0, 1), strips=0)
    with pytest.raises(OptionError, match="restrict"):
        surface(wave(), box(0, 1))
    with pytest.raises(DtypeError, match="two Functions"):
        surface(box(0, 1), 3.0)  # type: ignore[arg-type]


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


def test_break_points_are_marked_on_the_axis(pyplot):
    f = box(0, 1) + hat(2, 3, 4)
    (marks,) = f.plot().collections
    assert np.asarray(marks.get_offsets()).tolist() == [[x, 0] for x in (0, 1, 2, 3, 4)]
    assert not f.plot(breaks=False).collections


def test_deltas_are_arrows_with_their_weights(pyplot):
    ax = (box(0, 1) + delta(2, -0.5) + derived(3, 2.0)).plot(breaks=False)
    stems = [c.get_segments()[0].tolist() for c in ax.collections if hasattr(c, "get_segments")]
    assert stems == [[[2, 0], [2, -0.5]], [[3, 0], [3, 2]]]
    assert [text.get_text() for text in ax.texts] == ["−0.5", "2 δ′"]
    (line,) = ax.get_lines()
    assert np.isfinite(line.get_ydata()).all()


def test_complex_functions_are_two_lines(pyplot):
    f = Function(lambda t: np.exp(1j * t), (0, 1))
    ax = f.plot(label="f")
    assert [line.get_label() for line in ax.get_lines()] == ["f, real", "f, imaginary"]
    assert ax.get_legend() is not None
    assert np.asarray(ax.get_lines()[1].get_ydata()).max() == pytest.approx(np.sin(1))


def test_plot_process(pyplot):
    f, g = box(0, 1), hat(0, 1, 2)
    h = convolve(f, g)
    axes = h.plot_process()
    assert axes.shape == (2, 6)
    axes = h.plot_process(shifts=[0.5, 1.5])
    assert [ax.get_title() for ax in axes[0]] == ["t = 0.5", "t = 1.5"]
    for ax, t in zip(axes[1], (0.5, 1.5), strict=True):
        curve, point = ax.get_lines()
        assert ax.get_ylim()[1] > 0.75
        assert curve.get_xdata()[-1] == t
        assert point.get_ydata()[0] == h(t)
    mine = pyplot.subplots(2, 3)[1]
    assert h.plot_process(shifts=range(3), axes=mine)[0, 0] is mine[0, 0]


@pytest.mark.parametrize("view", ["slide", "stack", "surface"])
def test_small_multiples_of_every_view(pyplot, view):
    f, g = Function(lambda t: np.exp(-t), (0, np.inf)), box(0, 1)
    axes = convolve(f, g).plot_process(view=view)
    assert axes.shape == (2, 6)
    assert all(ax.lines or ax.images or ax.collections for ax in axes.ravel())
    pyplot.gcf().canvas.draw()


@pytest.mark.usefixtures("pyplot")
def test_plot_process_refuses():
    with pytest.raises(OptionError, match="not the result of convolve"):
        box(0, 1).plot_process()
    h = convolve(box(0, 1), box(0, 1))
    assert h.plot_process(shifts=0.5).shape == (2, 1)
    with pytest.raises(OptionError, match="at least one shift"):
        h.plot_process(shifts=[])
    with pytest.raises(OptionError, match="strips, not shifts"):
        h.plot_process(view="stack", shifts=[1.0])
    with pytest.raises(OptionError, match="Did you mean 'slide'"):
        h.plot_process(view="slid")
    with pytest.raises(OptionError, match=r"need \(2, 1\)"):
        h.plot_process(shifts=[0.5], axes=np.empty((1, 1)))


def test_plots_without_matplotlib_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    h = convolve(box(0, 1), box(0, 1))
    for call in (h.plot, h.plot_process, h.animate):
        with pytest.raises(MissingExtraError, match=r"pip install 'faltung\[plot\]'"):
            call()
