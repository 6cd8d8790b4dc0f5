from __future__ import annotations

import re

import numpy as np
import pytest

from faltung.errors import FileError
from faltung.functions import box, hat
from faltung.functions.pictures import style
from faltung.functions.pictures.curves import outline
from faltung.tour import hero, media, page

from .html_check import PageReader


def test_a_slot_is_escaped_unless_it_is_markup():
    made = page.fill("<p>$a $b</p>", {"a": "<b>&", "b": page.Markup("<i>x</i>")})
    assert made == "<p>&lt;b&gt;&amp; <i>x</i></p>"


@pytest.mark.parametrize("slots", [{}, {"a": 1, "c": 2}])
def test_missing_and_unused_slots_are_errors(slots):
    with pytest.raises(KeyError):
        page.fill("$a", slots)


def test_panels_pair_drawings_with_labels():
    made = page.panels([page.Markup("<svg aria-label='x'></svg>")], "two", labels=["a < b"])
    assert PageReader(made).faults == []
    assert "a &lt; b" in made


def test_a_figure_becomes_inline_svg_in_the_colours_of_the_page():
    with style.figure(200, 100) as drawing:
        ax = style.axes(drawing, (10, 10, 180, 80))
        ax.plot([0, 1], [0, 1], color=style.INKS["f"])
        ax.text(0.5, 0.123, "0.123 h", family="serif")
        text = style.svg(drawing, 'a "line" & more')
    assert PageReader(text).faults == []
    assert 'viewBox="0 0 200 100"' in text
    assert "var(--f)" in text
    assert "var(--serif)" in text
    assert "0.123 h" in text
    assert not re.search(r"#[0-9a-f]{6}\b", text.replace("#000000", ""))


def test_figures_leave_matplotlibs_settings_alone():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with style.figure(50, 50) as drawing:
        style.svg(drawing, "empty")
    assert dict(mpl.rcParams) == before


def test_the_style_sheet_defines_every_colour_in_both_lights():
    css = page.read_text("page.css")
    light, dark = css.split("prefers-color-scheme: dark", 1)
    for role, colour in style.INKS.items():
        assert f"--{role}: {colour}" in light
        assert f"--{role}: {style.DARK[role]}" in dark


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_paper(scheme):
    # WCAG 2.2, criterion 1.4.3: a contrast of 4.5 for text, 3 for graphs.
    css = page.read_text("page.css")
    light, dark = css.split("prefers-color-scheme: dark", 1)
    part = light if scheme == "light" else dark
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part))
    paper = _luminance(colours["paper"])
    for role, least in (
        ("ink", 7), ("soft", 4.5), ("f", 4.5), ("g-text", 4.5), ("product", 4.5), ("result", 4.5),
        ("g", 3),
    ):  # fmt: skip
        other = _luminance(colours[role])
        contrast = (max(paper, other) + 0.05) / (min(paper, other) + 0.05)
        assert contrast >= least, (role, contrast)


def test_an_outline_draws_jumps_upright():
    t, values = outline(box(0, 1) + hat(2, 3, 4), points=20)
    assert (np.diff(t) >= 0).all()
    assert values[0] == values[-1] == 0
    assert values[t == 1.0].tolist() == pytest.approx([1.0, 0.0])


def test_the_moving_picture_stands_still_for_who_asks():
    f = box(0, 3)
    import faltung as ft

    made = hero.hero(f, f, ft.convolve(f, f))
    assert PageReader(made).faults == []
    moving, still = made.split('class="still"')
    assert "<animate" in moving
    assert "<animate" not in still
    assert "prefers-reduced-motion" in page.read_text("page.css")


def test_signed_colours_fade_with_size():
    colours = style.signed_colours(np.array([[2.0, 0.0], [-1.0, 2.0]]))
    assert colours[..., 3].tolist() == [[1.0, 0.0], [0.5, 1.0]]
    assert not np.array_equal(colours[0, 0, :3], colours[1, 0, :3])
    assert (style.signed_colours(np.zeros((2, 2)))[..., 3] == 0).all()


# Photographs


def _saved(tmp_path, pixels, name="picture.png"):
    from PIL import Image

    Image.fromarray(pixels).save(tmp_path / name)
    return tmp_path / name


def test_gray_and_16_bit_photographs_become_rgb(tmp_path):
    deep = np.linspace(0, 65535, 40 * 50).reshape(40, 50).astype(np.uint16)
    read = media.read_photo(_saved(tmp_path, deep))
    assert read.pixels.shape == (40, 50, 3)
    assert read.pixels.min() == 0
    assert read.pixels.max() == pytest.approx(255)
    assert read.note == ""


def test_a_large_photograph_is_made_smaller_with_a_word(tmp_path):
    read = media.read_photo(_saved(tmp_path, np.zeros((500, 2000, 3), np.uint8)))
    assert read.pixels.shape == (240, 960, 3)
    assert (
        "reduced from the 2000\u00a0×\u00a0500 of the file to 960\u00a0×\u00a0240, so that"
        in read.note
    )
    assert "transparency" not in read.note


def test_transparency_is_left_out_with_a_word(tmp_path):
    read = media.read_photo(_saved(tmp_path, np.zeros((50, 40, 4), np.uint8)))
    assert read.pixels.shape == (50, 40, 3)
    assert read.note == "The transparency of the file is left out."


def test_a_tiny_photograph_is_refused(tmp_path):
    with pytest.raises(FileError, match="20 by 40 pixels"):
        media.read_photo(_saved(tmp_path, np.zeros((40, 20, 3), np.uint8)))


def test_an_image_has_a_description_and_its_size():
    made = media.image(np.zeros((3, 5)), 'say "hello"', lossless=True)
    assert PageReader(made).faults == []
    assert 'width="5" height="3"' in made
    assert "say &quot;hello&quot;" in made
