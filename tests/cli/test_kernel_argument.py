from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.io import wavfile

from faltung import files, kernels
from faltung.cli.kernel_argument import resolve
from faltung.cli.kernel_notation import NAMES, is_written_out, named, numbers
from faltung.errors import DataError, FileError, OptionError, ShapeError


@pytest.fixture
def content(tmp_path, monkeypatch):
    """Make an input with so many axes, or a picture or a sound."""
    monkeypatch.chdir(tmp_path)

    def make(kind):
        if kind == "picture":
            Image.fromarray(np.zeros((9, 8, 3), np.uint8)).save("in.png")
            return files.read("in.png")
        if kind == "sound":
            wavfile.write("in.wav", 8000, np.zeros((9, 2), np.int16))
            return files.read("in.wav")
        np.save("in.npy", np.zeros((9,) * int(kind)))
        return files.read("in.npy")

    return make


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.lists(finite, min_size=2, max_size=2), min_size=1, max_size=4))
def test_numbers_come_back_from_any_layout(matrix):
    for between, ending in ((" ", ";"), (",", ";"), (", ", " ; "), ("\t", ";\n")):
        text = ending.join(between.join(map(repr, row)) for row in matrix)
        assert is_written_out(text)
        assert np.array_equal(numbers(text), matrix)
        assert np.array_equal(numbers(text + ";"), matrix)


def test_fractions_are_divided_once():
    assert numbers("1/3 -2/7; 1e2/4 .5").tolist() == [[1 / 3, -2 / 7], [25.0, 0.5]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2; 3", "has rows of 2, 1 entries"),
        (";", "holds no number"),
        ("1 --2", "entry '--2' is not a finite number"),
        ("1 nan 1", "entry 'nan' is not a finite number"),
        ("1 -Inf; 0 1", "entry '-Inf' is not a finite number"),
        ("1/0", "entry '1/0'"),
        ("1/2/3", "entry '1/2/3'"),
        ("1/", "entry '1/'"),
        ("1e999", "entry '1e999' is not a finite number: write 0.25 or 1/4"),
    ],
)
def test_numbers_that_are_none(text, message):
    assert is_written_out(text)
    with pytest.raises(DataError, match=message):
        numbers(text)


@pytest.mark.parametrize(
    ("text", "dimensions", "kernel"),
    [
        ("gaussian:3", 2, kernels.gaussian(3)),
        ("gaussian:1,2", 2, kernels.gaussian((1, 2))),
        ("gaussian : 1.5", 3, kernels.gaussian(1.5, dimensions=3)),
        ("box:5", 1, kernels.box(5, dimensions=1)),
        ("box:3 4", 2, kernels.box((3, 4))),
        ("sobel:0", 2, kernels.sobel(0)),
        ("sobel:-1", 2, kernels.sobel(1)),
        ("laplacian", 3, kernels.laplacian(dimensions=3)),
        ("sharpen", 2, kernels.sharpen()),
        ("sharpen:1/2", 1, kernels.sharpen(0.5, dimensions=1)),
        ("emboss", 2, kernels.emboss()),
        ("binomial:5", 3, kernels.binomial(5, dimensions=3)),
        ("disk:2.5", 2, kernels.disk(2.5)),
        ("motion:9", 2, kernels.motion(9)),
        ("motion:9,30", 2, kernels.motion(9, 30)),
        ("scharr:0", 2, kernels.scharr(0)),
        ("prewitt:1", 3, kernels.prewitt(1, dimensions=3)),
        ("log:1,2", 2, kernels.log((1, 2))),
        ("dog:1,1.6", 1, kernels.dog(1, 1.6, dimensions=1)),
        ("gabor:8,45,3", 2, kernels.gabor(8, 45, 3)),
        ("identity", 1, kernels.identity(dimensions=1)),
    ],
)
def test_names(text, dimensions, kernel):
    assert np.array_equal(named(text, dimensions), kernel)
    assert text.partition(":")[0].strip() in NAMES


@pytest.mark.parametrize(
    ("text", "dimensions", "message"),
    [
        ("gaussian", 2, "gaussian takes one number or 2, not 0: write 'gaussian:3'"),
        ("box:1,2,3", 2, "box takes one number or 2, not 3: write 'box:5'"),
        ("box:1,2", 1, "box takes one number, not 2"),
        ("sobel", 2, r"write 'sobel:0' \(down the rows\) or 'sobel:1'"),
        ("sobel:0.5", 2, "sobel takes the axis"),
        ("sharpen:1,2", 2, "sharpen takes one number, not 2"),
        ("laplacian:3", 2, "laplacian takes no number, not 1: write 'laplacian'"),
        ("emboss", 1, "a relief has 2 axes"),
        ("scharr", 2, r"write 'scharr:0' \(down the rows\)"),
        ("dog:1", 2, "dog takes 2 numbers, not 1: write 'dog:1,1.6'"),
        ("disk", 2, "disk takes 1 number, not 0: write 'disk:4'"),
        ("motion:1,2,3", 2, "motion takes 1 to 2 numbers, not 3"),
        ("gabor:8", 1, "gabor is a kernel of pictures, with 2 axes, not 1"),
        ("lapacian", 2, "Did you mean 'laplacian'"),
    ],
)
def test_names_with_numbers_that_do_not_fit(text, dimensions, message):
    with pytest.raises(OptionError, match=message):
        named(text, dimensions)


@pytest.mark.parametrize(
    ("kind", "text", "shape", "axes"),
    [
        ("picture", "gaussian:1", (9, 9), (0, 1)),
        ("picture", "1 0 -1", (1, 3), (0, 1)),
        ("picture", "1; 0; -1", (3, 1), (0, 1)),
        ("sound", "gaussian:1", (9,), (0,)),
        ("sound", "1 0 -1", (3,), (0,)),
        ("sound", "1; 0; -1", (3,), (0,)),
        (1, "1 0 -1", (3,), (0,)),
        (2, "1 0 -1", (1, 3), (0, 1)),
        (3, "box:2", (2, 2, 2), (0, 1, 2)),
    ],
)
def test_a_kernel_gets_the_axes_of_its_input(content, kind, text, shape, axes):
    kernel = resolve(text, content(kind))
    assert (kernel.values.shape, kernel.axes) == (shape, axes)


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (
            "sound",
            "1 2; 3 4",
            "the kernel has 2 rows and 2 columns, the input 1 axis: write one row",
        ),
        (3, "1 2; 3 4", "the input 3 axes: give the kernel as .npy"),
        (
            "picture",
            "line.npy",
            r"reshape it to \(1, n\) to act along the rows, \(n, 1\) down them",
        ),
        (1, "square.npy", r"has shape \(2, 2\), but the input takes a kernel of 1 axis"),
        ("picture", "in.wav", "takes a kernel of 2 axes"),
    ],
)
def test_axes_that_do_not_fit(content, kind, text, message):
    content("sound")
    np.save("line.npy", np.ones(3))
    np.save("square.npy", np.ones((2, 2)))
    wavfile.write("in.wav", 8000, np.zeros(9, np.int16))
    with pytest.raises(ShapeError, match=message):
        resolve(text, content(kind))


def test_files(content):
    picture = content("picture")
    np.save("k.npy", [[1, 2], [3, 4]])
    assert np.array_equal(resolve("k.npy", picture).values, [[1, 2], [3, 4]])
    for text, shape in (("1,2,3", (1, 3)), ("1\n2\n3", (3, 1)), ("1,2\n3,4", (2, 2))):
        Path("k.csv").write_text(text)
        assert resolve("k.csv", picture).values.shape == shape
    Image.fromarray(np.array([[0, 1], [2, 1]], np.uint8)).save("k.png")
    kernel = resolve("k.png", picture)
    assert np.array_equal(kernel.values, [[0, 0.25], [0.5, 0.25]])
    assert kernel.notes == ("the picture k.png is scaled by 1/4, so that its weights sum to 1",)
    Image.fromarray(np.full((2, 2, 3), 7, np.uint8)).save("k.png")
    assert np.array_equal(resolve("k.png", picture).values, np.full((2, 2), 0.25))


def test_numbers_and_names_come_before_files(content):
    picture = content("picture")
    np.save("gaussian:1.npy", np.ones((2, 2)))
    np.save("1.npy", np.ones((2, 2)))
    assert resolve("./1.npy", picture).values.shape == (2, 2)
    with pytest.raises(DataError, match=r"entry '1\.npy'"):
        resolve("gaussian:1.npy", picture)
    assert resolve("./gaussian:1.npy", picture).values.shape == (2, 2)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            "gaussion:3",
            OptionError,
            r"kernel 'gaussion:3' is not known: .* Did you mean 'gaussian'\?",
        ),
        (
            "gaussian:1e9",
            OptionError,
            r"'gaussian:1e9': .* more than 100,000,000: write smaller numbers after the colon$",
        ),
        ("missing.npy", FileError, "there is no such file"),
        ("nan.npy", DataError, r"kernel nan.npy is nan at \(0, 1\): give finite numbers"),
        ("black.png", DataError, "a black picture: its weights cannot be scaled"),
        ("colour.png", DataError, "a picture in colour: give it in gray"),
        ("complex.npy", DataError, "holds complex128: give real numbers"),
        ("empty.npy", ShapeError, "is empty"),
    ],
)
def test_kernels_that_cannot_be(content, text, error, message):
    picture = content("picture")
    np.save("nan.npy", [[1, np.nan]])
    np.save("complex.npy", [[1j]])
    np.save("empty.npy", np.ones((0, 3)))
    Image.fromarray(np.zeros((2, 2), np.uint8)).save("black.png")
    Image.fromarray(np.array([[[1, 2, 3]]], np.uint8)).save("colour.png")
    with pytest.raises(error, match=message):
        resolve(text, picture)


def test_whole_weights_are_integers_for_an_array_of_integers(content):
    content(1)
    np.save("in.npy", np.arange(3))
    whole = files.read("in.npy")
    assert resolve("1 2 -1", whole).values.dtype == np.int64
    assert resolve("1 2.5", whole).values.dtype == np.float64
    assert resolve("1e300", whole).values.dtype == np.float64
