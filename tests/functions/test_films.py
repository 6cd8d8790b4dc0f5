"""Films of a convolution: what their pictures show, and the files they are written to."""

from __future__ import annotations

import itertools
import json
import re
import sys
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from faltung.errors import DtypeError, FileError, MissingExtraError, OptionError
from faltung.functions import Function, animate, box, convolve, delta, gaussian, hat, heaviside
from faltung.functions.pictures.films.slide import SlideFilm
from faltung.functions.pictures.films.stack import StackFilm
from faltung.functions.pictures.films.surface import SurfaceFilm
from faltung.functions.pictures.style import INKS, rgb

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

VIEWS = ["slide", "stack", "surface"]
F, G = box(0, 2), hat(0, 1, 2, height=1.0)
H = convolve(F, G)


def wave():
    return Function(lambda t: np.exp(np.cos(t)), (0, 2 * np.pi), periodic=True)


def film(view="slide", frames=10, **options):
    return animate(F, G, view=view, frames=frames, **options)


# What is on the pictures


def test_the_sliding_film_tells_the_four_steps_in_order():
    moments = SlideFilm(F, G, H, 96).moments
    assert len(moments) == 96
    steps = [step for step, _ in itertools.groupby(m.steps for m in moments)]
    assert steps == [(), (0,), (1,), (1, 2, 3)]
    turning = [m for m in moments if m.steps == (0,)]
    assert (np.diff([m.turn for m in turning]) < 0).all()
    assert turning[-1].turn == pytest.approx(-1)
    shifts = [m.t for m in moments if 2 in m.steps]
    assert (np.diff(shifts) >= 0).all()
    assert shifts[0] < 0.1
    assert shifts[-1] > H.domain[1]


@pytest.mark.parametrize("count", [8, 9, 17, 200])
@pytest.mark.parametrize("kind", [SlideFilm, StackFilm, SurfaceFilm])
def test_a_film_has_the_pictures_asked_for(kind, count):
    made = kind(F, G, H, count)
    told = [made.told(i) for i in range(count)]
    assert len(getattr(made, "moments", None) or made.shifts) == count
    assert all(told)


def areas(ax, role):
    """Areas of what is filled in the colour of a role, by the trapezoid rule over its outline."""
    for patch in ax.collections:
        (colour,) = patch.get_facecolor()
        if np.allclose(colour[:3], rgb(role), atol=1e-3):
            x, y = np.asarray(patch.get_paths()[0].vertices).T
            yield abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def test_the_drawn_area_is_the_value_of_the_result():
    made = SlideFilm(F, G, H, 96)
    shown = animate(F, G)
    for i in (40, 60, 80):
        above, below = shown.frame(i).axes
        (area,) = areas(above, "product")
        assert area == pytest.approx(H(made.moments[i].t), abs=1e-3)
        point = below.lines[-2]
        assert np.ravel(point.get_xdata()) == made.moments[i].t
        assert np.ravel(point.get_ydata()) == H(made.moments[i].t)


def test_the_finished_stack_fills_the_area_below_the_result():
    below = animate(F, G, view="stack").frame(-1).axes[1]
    assert sum(areas(below, "product")) == pytest.approx(H.integral(), abs=1e-3)


def test_the_cut_has_the_area_of_the_result():
    made, shown = SurfaceFilm(F, G, H, 40), animate(F, G, view="surface", frames=40)
    for i in (10, 30):
        plane, section, *_ = shown.frame(i).axes
        (area,) = areas(section, "product")
        assert area == pytest.approx(H(made.shifts[i]), abs=1e-3)
        line = plane.lines[-1]
        assert line.get_xdata() + np.array(line.get_ydata()) == pytest.approx(made.shifts[i])


def test_a_picture_does_not_depend_on_those_before():
    shown = film()

    def contents(i):
        figure = shown.frame(i)
        lines = [np.asarray(line.get_ydata()).tolist() for ax in figure.axes for line in ax.lines]
        return lines, [text.get_text() for text in figure.texts]

    first = contents(3)
    for i in (9, 0, -1):
        contents(i)
    np.testing.assert_equal(contents(3), first)


UNLIKE = {
    "tails": lambda: (Function(lambda t: 1 / (1 + t * t), (-np.inf, np.inf)), gaussian()),
    "pole": lambda: (Function(lambda t: t**-0.5 * np.exp(-t), (0, np.inf)), box(0, 1)),
    "deltas": lambda: (delta(0) - delta(1, 0.5), hat(0, 1, 2)),
    "periodic": lambda: (wave(), Function(np.sin, (0, 2 * np.pi), periodic=True)),
    "one periodic": lambda: (wave(), box(0, 1)),
    "sizes": lambda: (box(0, 1, 1e6), gaussian(0.001)),
    "two deltas": lambda: (delta(0), delta(1)),
    "steps": lambda: (heaviside(), heaviside()),
    "tiny": lambda: (box(0, 1, 1e-300), box(0, 1, 1e-300)),
    "zero": lambda: (Function(0.0, (0, 1)), box(0, 1)),
    "negative": lambda: (-box(0, 1), -hat(0, 1, 2)),
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", UNLIKE)
def test_functions_of_every_kind_can_be_filmed(name, view):
    if "periodic" in name and view == "surface":
        pytest.skip("this view refuses functions with a period")
    shown = animate(*UNLIKE[name](), view=view, frames=8)
    for i in (0, 3, 5, 7):
        figure = shown.frame(i)
        figure.canvas.draw()
        for ax in figure.axes:
            assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()


def test_a_swapped_film_has_another_f():
    shown = convolve(box(0, 1), hat(0, 1, 2))
    assert np.ptp(shown.animate().frame(0).axes[0].lines[0].get_xdata()) == 1
    assert np.ptp(shown.animate(swap=True).frame(0).axes[0].lines[0].get_xdata()) == 2


# Files


def frames_of(page):
    (text,) = re.findall(r'<script type="application/json" id="film">(.*?)</script>', page)
    data = json.loads(text)
    return ["".join(data["tags"][k] for k in frame) for frame in data["frames"]], data


@pytest.mark.parametrize("view", VIEWS)
def test_a_page_holds_every_picture_and_needs_no_network(tmp_path, view):
    path = tmp_path / "film.html"
    film(view, seconds=3).save(path)
    page = path.read_text(encoding="utf-8")
    drawings, data = frames_of(page)
    assert len(drawings) == 10
    assert data["seconds"] == 3
    for drawing in drawings:
        root = ET.fromstring(drawing)
        assert root.get("aria-label")
    assert not re.findall(r"(?:src|href)=[\"'](?!#|data:)", page)
    assert "http" not in page.replace("http://www.w3.org", "")
    assert not re.search(r"#[0-9a-f]{6}\b", "".join(drawings))
    assert INKS["f"] in page
    assert [p.name for p in tmp_path.iterdir()] == ["film.html"]


def test_a_notebook_shows_the_page():
    shown = film(frames=8)
    html = shown._repr_html_()
    root = ET.fromstring(html)
    assert root.tag == "iframe"
    # A reader of XML takes an end of line in an attribute for a space.
    page = root.get("srcdoc", "")
    assert page.split() == shown.to_html().split()
    assert len(frames_of(page)[0]) == 8


@pytest.mark.parametrize("view", VIEWS)
def test_a_gif_runs_as_long_as_the_film(tmp_path, view):
    PIL = pytest.importorskip("PIL.Image")
    path = tmp_path / "film.gif"
    film(view, frames=12, seconds=3).save(path, dpi=36)
    with PIL.open(path) as image:
        assert image.size[0] == 320
        assert image.n_frames > 5
        durations = []
        for k in range(image.n_frames):
            image.seek(k)
            durations.append(image.info["duration"])
        assert sum(durations) == 3000
        assert image.info["loop"] == 0


def test_a_video(tmp_path):
    from matplotlib.animation import FFMpegWriter

    if not FFMpegWriter.isAvailable():
        pytest.skip("needs ffmpeg")
    path = tmp_path / "film.mp4"
    film(seconds=1).save(path, dpi=36)
    assert path.read_bytes()[4:8] == b"ftyp"


def test_a_video_without_ffmpeg_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(matplotlib.rcParams, "animation.ffmpeg_path", "/no/such/ffmpeg")
    with pytest.raises(MissingExtraError, match=r"ffmpeg.*\.gif or \.html"):
        film().save(tmp_path / "film.mp4")
    assert not list(tmp_path.iterdir())


def test_a_gif_without_pillow_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(MissingExtraError, match=r"faltung\[images\]"):
        film().save(tmp_path / "film.gif")


@pytest.mark.parametrize("name", ["film.html", "film.gif"])
def test_nothing_is_written_by_halves(tmp_path, monkeypatch, name):
    path = tmp_path / name
    path.write_bytes(b"as before")
    draw = SlideFilm.draw

    def fails(self, figure, i):
        if i == 7:
            raise KeyboardInterrupt
        draw(self, figure, i)

    monkeypatch.setattr(SlideFilm, "draw", fails)
    with pytest.raises(KeyboardInterrupt):
        film().save(path)
    assert path.read_bytes() == b"as before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "options", "error", "match"),
    [
        ("film.avi", {}, OptionError, r"\.html, \.gif or \.mp4"),
        ("film", {}, OptionError, r"suffix"),
        ("film.html", {"dpi": 100}, OptionError, "without dots"),
        ("film.gif", {"dpi": 1e4}, OptionError, "36 to 600"),
        ("film.gif", {"dpi": np.nan}, OptionError, "nan"),
        ("none/film.html", {}, FileError, "does not exist"),
        ("none/film.gif", {}, FileError, "does not exist"),
    ],
)
def test_files_are_refused_before_any_drawing(tmp_path, monkeypatch, name, options, error, match):
    monkeypatch.setattr(SlideFilm, "set_up", lambda *_: pytest.fail("drawn"))
    with pytest.raises(error, match=match):
        film().save(tmp_path / name, **options)


def test_a_gif_that_is_too_fast_is_refused(tmp_path):
    with pytest.raises(OptionError, match="at most 50 a second"):
        film(frames=60, seconds=1).save(tmp_path / "film.gif")


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"view": "slid"}, "Did you mean 'slide'"),
        ({"view": 3}, "'slide', 'stack', 'surface'"),
        ({"frames": 7}, "8 to 2000"),
        ({"frames": 10**9}, "8 to 2000"),
        ({"frames": 9.5}, "whole number"),
        ({"seconds": 0}, "0.1 to 3600"),
        ({"seconds": np.inf}, "inf"),
    ],
)
def test_wrong_options(monkeypatch, options, match):
    with pytest.raises(OptionError, match=match):
        H.animate(**options)
    with pytest.raises(OptionError, match=match):
        animate(F, G, **options)


def test_wrong_operands():
    with pytest.raises(DtypeError, match="two Functions"):
        animate(F, np.exp)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="animate"):
        F.animate()
    with pytest.raises(OptionError, match="complex"):
        animate(F, Function(lambda t: np.exp(1j * t), (0, 1)))
    with pytest.raises(OptionError, match="period"):
        animate(F, wave(), view="surface")
    with pytest.raises(OptionError, match="0 to 9"):
        film().frame(10)


def test_a_bar_is_shown_to_who_is_looking(tmp_path, capsys):
    film(frames=8).save(tmp_path / "film.html")
    assert capsys.readouterr().err == ""
    pytest.importorskip("tqdm")
    film(frames=8).save(tmp_path / "film.html", progress=True)
    assert "/8 " in capsys.readouterr().err


def test_matplotlib_plays_it():
    from matplotlib import pyplot as plt

    shown = film(frames=8, seconds=4)
    played = shown.to_matplotlib()
    for _, i in zip(range(8), played.new_frame_seq(), strict=False):
        played._draw_frame(i)
    assert [ax.lines for ax in plt.gcf().axes]
    played._draw_was_started = True
    plt.close("all")


def test_our_look_is_left_behind():
    before = dict(matplotlib.rcParams)
    shown = film(frames=8)
    shown.frame(3)
    shown.to_html()
    assert dict(matplotlib.rcParams) == before
