from __future__ import annotations

import contextlib
import io
import itertools
import math
from typing import Any

import numpy as np
import pytest
import scipy.integrate
import scipy.ndimage
import scipy.stats

import faltung as ft
from faltung.tour.chapters import borders, two_dimensions, what_it_is, what_it_means
from faltung.tour.page import page
from faltung.tour.settings import Settings, Story

from .html_check import PageReader


def told(chapter, **settings):
    story = Story()
    made = chapter.tell(Settings(**settings), story)
    return made, story.numbers[chapter.__name__.rpartition(".")[2]]


# What it is


@pytest.fixture(scope="module")
def is_numbers():
    return told(what_it_is)[1]


def test_the_result_agrees_with_quadrature(is_numbers):
    for shift, value in is_numbers["at_shifts"].items():
        t = float(shift)
        truth = scipy.integrate.quad(
            lambda s, t=t: s**2 * (3 - s) / 4 * math.exp(-1.3 * (t - s)), max(0, t - 3), min(3, t)
        )[0]
        assert abs(value - truth) < 1e-12
    assert 0 < is_numbers["error_bound"] < 1e-10


def test_areas_multiply(is_numbers):
    areas = is_numbers["areas"]
    assert areas["result"] == pytest.approx(areas["f"] * areas["g"], rel=1e-13)


def test_sums_come_nearer_with_the_step(is_numbers):
    errors = list(is_numbers["error_of_samples"].values())
    assert all(3.5 < before / after < 4.5 for before, after in itertools.pairwise(errors))


def test_the_discrete_result(is_numbers):
    assert is_numbers["discrete"] == [3, 8, 17, 19, 13, 5, 1]


# What it means


@pytest.fixture(scope="module")
def means():
    return told(what_it_means)


def test_three_in_all_pair_by_pair(means):
    three = means[1]["total_three"]
    assert three["probability"] == "27/128"
    assert {"a": 2, "b": 1, "probability": "3/32"} in three["pairs"]
    assert [pair["a"] + pair["b"] for pair in three["pairs"]] == [3, 3, 3, 3]
    assert three["value"] == pytest.approx(0.2109375)


def test_every_total_by_counting(means):
    counts = np.zeros(9)
    for a, p in enumerate(what_it_means.FIRST):
        for b, q in enumerate(what_it_means.SECOND):
            counts[a + b] += p * q / 256
    from fractions import Fraction

    assert [float(Fraction(p)) for p in means[1]["every_total"].values()] == counts.tolist()


def test_the_simulation_does_not_contradict_the_law(means):
    numbers = means[1]
    assert numbers["double_drops"] == 100_000
    assert numbers["ks_distance"] < numbers["ks_critical_1_percent"]
    assert numbers["ks_critical_1_percent"] == pytest.approx(1.6276 / math.sqrt(1e5), rel=0.01)
    assert numbers["ks_below_critical"] is True


def test_the_distance_is_scipys():
    drops = what_it_means._simulate(5_000, seed=7)
    law = ft.distribution("expon(1) + expon(0.4)")
    theirs = scipy.stats.kstest(drops, law.cdf).statistic
    assert what_it_means._compare(drops, law).distance == pytest.approx(theirs, rel=1e-12)


def test_a_wrong_law_is_found_out():
    wrong = ft.distribution("expon(1) + expon(0.45)")
    compared = what_it_means._compare(what_it_means._simulate(100_000, seed=0), wrong)
    assert compared.distance > compared.critical


def test_one_drop_is_exponential_with_the_mean_of_its_height():
    random = np.random.default_rng(5)
    drops = what_it_means._roll(random, 40_000, 0.4)
    mean = what_it_means.mean_distance(0.4)
    assert scipy.stats.kstest(drops, scipy.stats.expon(scale=mean).cdf).pvalue > 0.001


def test_the_bell_appears(means):
    away = list(means[1]["distance_to_normal"].values())
    assert away == sorted(away, reverse=True)
    assert away[-1] < 0.03
    assert means[1]["density_error_to_closed_form"] < 1e-12


# In two dimensions


@pytest.fixture(scope="module")
def small_photo():
    rows, columns = np.mgrid[0:60, 0:80]
    disc = (rows - 20) ** 2 + (columns - 30) ** 2 < 150
    return np.stack([40 + 180.0 * disc, 2.0 * columns, 255.0 - 3 * rows], axis=-1)


def test_the_photograph_as_scipy_filters_it(small_photo):
    gray = small_photo @ [0.299, 0.587, 0.114]
    done = two_dimensions._filter(small_photo, gray)
    truth = scipy.ndimage.gaussian_filter(
        small_photo, (done.sigma, done.sigma, 0), mode="reflect", truncate=4.0
    )
    np.testing.assert_allclose(done.blurred, truth, atol=1e-9)
    sobel = [scipy.ndimage.sobel(gray, axis, mode="reflect") for axis in (0, 1)]
    np.testing.assert_allclose(done.edges, np.hypot(*sobel), atol=1e-9)


def test_one_pixel_by_hand(small_photo):
    walk = two_dimensions._walk(small_photo @ [0.299, 0.587, 0.114])
    assert walk.products.sum() == walk.result
    assert walk.result > 0
    np.testing.assert_array_equal(walk.turned, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def test_each_border_reads_what_numpy_pads(small_photo):
    modes: dict[str, dict[str, Any]] = {
        "zero": {"mode": "constant"},
        "constant": {"mode": "constant", "constant_values": 255},
        "edge": {"mode": "edge"},
        "mirror": {"mode": "reflect"},
        "symmetric": {"mode": "symmetric"},
        "wrap": {"mode": "wrap"},
    }
    found = borders.borders_of(small_photo)
    assert [border.boundary.value for border in found] == list(modes)
    for border in found:
        down, across = border.way
        turned = small_photo[::down, ::across]
        outside = len(border.read) - len(border.blurred)
        pads = ((outside, 0), (outside, 0), (0, 0))
        # What NumPy pads on one side only must come from the whole picture.
        padded = np.pad(turned, pads, **modes[border.boundary.value])
        np.testing.assert_allclose(border.read, padded[: len(border.read), : len(border.read)])


def test_the_chapter_on_a_tiny_photograph():
    random = np.random.default_rng(0)
    chapter, numbers = told(two_dimensions, photo=random.uniform(0, 255, (32, 40, 3)))
    assert numbers["pixels"] == [32, 40]
    assert set(numbers["corner_brightness"]) == {
        "zero", "constant", "edge", "mirror", "symmetric", "wrap",
    }  # fmt: skip
    made = page([chapter], {"hero": "", "colophon": ""})
    assert PageReader(made).faults == []


# The commands under the figures are run


def test_the_python_lines_of_a_chapter_run_one_after_the_other(means, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for chapter, given in (
        (told(what_it_is)[0], {}),
        (means[0], {"totals": np.random.default_rng(1).exponential(size=50)}),
        (
            told(two_dimensions, photo=np.full((40, 40, 3), 9.0))[0],
            {"gray": np.eye(9), "ft": ft, "np": np},
        ),
    ):
        space = dict(given)
        import matplotlib as mpl

        mpl.use("agg")
        for code in PageReader(chapter.body).codes:
            if not code.startswith("faltung "):
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(code, space)
        from matplotlib import pyplot as plt

        plt.close("all")


def test_the_commands_of_the_chapters_run(means, tmp_path, monkeypatch):
    import shlex

    from click.testing import CliRunner
    from PIL import Image

    from faltung.cli.main import main

    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.eye(40, dtype=np.uint8) * 200).save("photo.jpg")
    bodies = (means[0].body, told(two_dimensions, photo=np.full((40, 40, 3), 9.0))[0].body)
    commands = [
        code for body in bodies for code in PageReader(body).codes if code.startswith("faltung ")
    ]
    assert len(commands) >= 5
    for command in commands:
        words = shlex.split(command.replace("\\\n", " "))
        done = CliRunner().invoke(main, words[1:])
        assert done.exit_code == 0, (command, done.output)
