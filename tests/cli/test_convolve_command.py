from __future__ import annotations

import io

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from PIL import Image
from scipy.io import wavfile

import faltung as ft


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_picture_is_blurred_in_kind(faltung, picture, tmp_path):
    outcome = faltung("convolve", "picture.png", "gaussian:1.5", "-o", "out.png")
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == (
        "out.png: picture 17 × 12, 3 channels, uint8; kernel gaussian:1.5 (13 x 13, sum 1), same, symmetric\n"
    )
    exact = np.stack(
        [
            scipy.ndimage.gaussian_filter(picture[..., channel].astype(float), 1.5)
            for channel in range(3)
        ],
        axis=2,
    )
    assert np.abs(exact - np.rint(exact)).min() > 0  # nowhere whole: rounding is well defined
    result = np.asarray(Image.open(tmp_path / "out.png"))
    assert result.dtype == np.uint8
    assert np.array_equal(result, np.rint(exact))
    assert names(tmp_path) == ["out.png", "picture.png"]


@pytest.mark.parametrize(
    ("boundary", "name"),
    [("mirror", "mirror"), ("edge", "nearest"), ("wrap", "grid-wrap"), ("zero", "constant")],
)
def test_every_boundary_of_a_gray_picture(faltung, picture, tmp_path, boundary, name):
    Image.fromarray(picture[..., 0]).save(tmp_path / "gray.png")
    kernel = "1/3 1/5 0; 0 1/5 1/7; 0 0 1/9"
    outcome = faltung(
        "convolve",
        "gray.png",
        kernel,
        "-o",
        "out.npy",
        "--boundary",
        boundary,
        "--method",
        "direct",
    )
    assert outcome.code == 0
    weights = np.array([[1 / 3, 1 / 5, 0], [0, 1 / 5, 1 / 7], [0, 0, 1 / 9]])
    exact = scipy.ndimage.convolve(picture[..., 0].astype(float), weights, mode=name)
    np.testing.assert_allclose(np.load(tmp_path / "out.npy"), exact, rtol=1e-13)


def test_a_constant_boundary_with_its_value(faltung, tmp_path):
    np.save(tmp_path / "a.npy", np.ones(3))
    arguments = ["convolve", "a.npy", "1 1 1", "-o", "out.npy", "--mode", "same"]
    assert faltung(*arguments, "--boundary", "constant", "--fill-value", "-2.5").code == 0
    assert np.load(tmp_path / "out.npy").tolist() == [-0.5, 3.0, -0.5]
    wrong = faltung(*arguments, "--fill-value", "-2.5")
    assert wrong.code == 2
    assert "--fill-value goes with --boundary constant, not zero." in wrong.err


def test_saturated_values_are_counted_and_normalize_avoids_them(faltung, picture, tmp_path):
    outcome = faltung("convolve", "picture.png", "sobel:1", "-o", "out.png", "--json")
    exact = np.stack(
        [scipy.ndimage.sobel(picture[..., c].astype(float), axis=1) for c in range(3)], axis=2
    )
    report = outcome.json
    assert report["saturated"] == {
        "below": int((exact < 0).sum()),
        "above": int((exact > 255).sum()),
    }
    assert report["peak"] == np.abs(exact).max()
    assert np.array_equal(np.asarray(Image.open(tmp_path / "out.png")), np.clip(exact, 0, 255))
    assert f"{int((exact < 0).sum())} below" in outcome.err
    assert outcome.err.endswith("; --normalize scales the result into it\n")

    stretched = faltung("convolve", "picture.png", "sobel:1", "-o", "out.png", "--normalize")
    assert "warning" not in stretched.err
    result = np.asarray(Image.open(tmp_path / "out.png")).astype(float)
    scaled = 255 * (exact - exact.min()) / (exact.max() - exact.min())
    assert np.abs(result - scaled).max() <= 0.5 + 1e-9


def premultiplied(colours, alpha, weights, boundary):
    """Every output as a loop over the kernel: opaque means, times the weight that lies inside."""
    height, width = alpha.shape
    reach = len(weights) // 2
    result = np.zeros((height, width, 3))
    for y, x in np.ndindex(height, width):
        above, below, inside = np.zeros(3), 0.0, 0.0
        for (i, j), weight in np.ndenumerate(weights):
            v, u = y + reach - i, x + reach - j
            if boundary == "edge":
                v, u = np.clip(v, 0, height - 1), np.clip(u, 0, width - 1)
            if 0 <= v < height and 0 <= u < width:
                above += weight * float(alpha[v, u]) * colours[v, u]
                below += weight * float(alpha[v, u])
                inside += weight
        result[y, x] = above / below * inside
    return result


@pytest.mark.parametrize("boundary", ["edge", "zero"])
@pytest.mark.parametrize("method", ["direct", "fft"])
def test_colours_count_in_proportion_to_alpha(faltung, picture, tmp_path, boundary, method):
    alpha = np.random.default_rng(3).integers(1, 256, (12, 17), dtype=np.uint8)
    Image.fromarray(np.dstack([picture, alpha])).save(tmp_path / "a.png")
    options = ["--boundary", boundary, "--method", method, "-q"]
    kernel = "1 2 0; 3 1/2 2; 0 1 1/3"
    assert faltung("convolve", "a.png", kernel, "-o", "a.npy", *options).code == 0
    weights = np.array([[1, 2, 0], [3, 0.5, 2], [0, 1, 1 / 3]])
    exact = premultiplied(picture, alpha, weights, boundary)
    np.testing.assert_allclose(np.load(tmp_path / "a.npy"), exact, rtol=1e-10)


@pytest.mark.parametrize("method", ["direct", "fft"])
def test_transparent_pixels_leave_no_fringe(faltung, tmp_path, method):
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[:, :30] = 200, 0, 0, 255
    pixels[:, 30:] = 0, 255, 0, 0
    Image.fromarray(pixels).save(tmp_path / "a.png")
    options = ["-o", "b.png", "--method", method]
    outcome = faltung("convolve", "a.png", "gaussian:2", *options)
    assert (outcome.code, "warning" in outcome.err) == (0, False)
    result = np.asarray(Image.open(tmp_path / "b.png"))
    assert (result[:, :30] == [200, 0, 0, 255]).all()
    assert (result[:, 50:] == [0, 255, 0, 0]).all()  # nothing is seen: the colours are kept
    sharp = faltung("convolve", "a.png", "sharpen", *options)
    assert "a kernel with negative weights cannot weight colours by it" in sharp.err
    constant = faltung("convolve", "a.png", "9", "-o", "c.npy", "--boundary", "constant",
                       "--fill-value", "7", "--method", method)  # fmt: skip
    assert constant.code == 0
    np.testing.assert_allclose(np.load(tmp_path / "c.npy"), 9.0 * pixels[..., :3], atol=1e-9)


def test_what_is_outside_keeps_its_weight(faltung, tmp_path):
    pixels = np.array([[[100, 100], [50, 0], [30, 200]]], np.uint8)
    Image.fromarray(pixels, "LA").save(tmp_path / "a.png")
    options = ["--boundary", "constant", "--fill-value", "10", "-o", "a.npy"]
    assert faltung("convolve", "a.png", "1 1 1", *options).code == 0
    exact = [[10 + 2 * 100, 3 * (100 * 100 + 200 * 30) / 300, 2 * 30 + 10]]
    np.testing.assert_allclose(np.load(tmp_path / "a.npy"), exact, rtol=1e-13)


@pytest.mark.parametrize(("size", "method"), [(3, "direct"), (400, "fft")])
def test_json_tells_the_method_that_was_used(faltung, tmp_path, size, method):
    generator = np.random.default_rng(0)
    np.save(tmp_path / "a.npy", generator.random((400, 400)))
    np.save(tmp_path / "k.npy", generator.random((size, size)))
    outcome = faltung("convolve", "a.npy", "k.npy", "-o", "b.npy", "--json")
    assert outcome.json["method"] == method


@pytest.mark.parametrize(
    ("kernel", "message"),
    [("", "the kernel is empty: write a name"), ("1 nan 1", "entry 'nan' is not a finite number")],
)
def test_kernels_that_are_none(faltung, picture, kernel, message):
    outcome = faltung("convolve", "picture.png", kernel, "-o", "out.png")
    assert (outcome.code, message in outcome.err) == (1, True)


def test_alpha_is_left_untouched(faltung, picture, tmp_path):
    alpha = (np.arange(12 * 17).reshape(12, 17, 1) % 256).astype(np.uint8)
    Image.fromarray(np.concatenate([picture, alpha], axis=2)).save(tmp_path / "a.png")
    assert faltung("convolve", "a.png", "box:3", "-o", "b.png").code == 0
    result = np.asarray(Image.open(tmp_path / "b.png"))
    assert np.array_equal(result[..., 3], alpha[..., 0])
    failed = faltung("convolve", "a.png", "box:3", "-o", "c.png", "--mode", "full")
    assert failed.code == 1
    assert "its alpha channel, kept as it is, has shape (12, 17), the result (14, 19)" in failed.err
    assert not (tmp_path / "c.png").exists()


def test_sound_keeps_its_rate_and_type(faltung, sound, tmp_path):
    outcome = faltung("convolve", "sound.wav", "0.5 0.25 -0.125", "-o", "out.wav")
    assert outcome.err == (
        "out.wav: sound 4002 int16, 8000 Hz; kernel 0.5 0.25 -0.125 (3, sum 0.625), full, zero\n"
    )
    rate, result = wavfile.read(tmp_path / "out.wav")
    assert (rate, result.dtype) == (8000, np.int16)
    assert np.array_equal(result, np.rint(np.convolve(sound, [0.5, 0.25, -0.125])))


def test_a_loud_sound_saturates_with_its_peak_and_normalizes(faltung, sound, tmp_path):
    outcome = faltung("convolve", "sound.wav", "2 2", "-o", "out.wav")
    exact = np.convolve(sound.astype(int), [2, 2])
    lost = int(((exact > 32767) | (exact < -32768)).sum())
    peak = np.abs(exact).max() / 32768
    assert lost > 0
    assert outcome.err.endswith(
        f"faltung: warning: the peak is {peak:.4g} of full scale: {lost} of 4001 samples were "
        "clipped; --normalize scales the result into it\n"
    )
    assert np.array_equal(wavfile.read(tmp_path / "out.wav")[1], np.clip(exact, -32768, 32767))
    quiet = faltung("convolve", "sound.wav", "2 2", "-o", "out.wav", "--normalize", "-q")
    assert (quiet.code, quiet.err) == (0, "")
    assert np.abs(wavfile.read(tmp_path / "out.wav")[1].astype(int)).max() == 32767


@pytest.mark.parametrize("channels", [(1, 2), (2, 1), (2, 2)])
def test_sound_in_a_hall_channel_by_channel(faltung, tmp_path, channels):
    rng = np.random.default_rng(3)
    dry, hall = (
        rng.integers(-1000, 1000, (n, c)).astype(np.int16)
        for n, c in zip((50, 9), channels, strict=True)
    )
    for name, samples in (("dry", dry), ("hall", hall)):
        wavfile.write(tmp_path / f"{name}.wav", 44100, samples.squeeze())
    assert faltung("convolve", "dry.wav", "hall.wav", "-o", "wet.wav").code == 0
    rate, wet = wavfile.read(tmp_path / "wet.wav")
    assert (rate, wet.shape) == (44100, (58, 2))
    for channel in range(2):
        left, right = (part[:, min(channel, part.shape[1] - 1)].astype(int) for part in (dry, hall))
        assert np.array_equal(wet[:, channel], np.rint(np.convolve(left, right) / 32768))


def test_mismatched_channels_and_rates(faltung, sound, tmp_path):
    wavfile.write(tmp_path / "other.wav", 44100, sound)
    failed = faltung("convolve", "sound.wav", "other.wav", "-o", "out.wav")
    assert failed.code == 1
    assert failed.err == (
        "faltung: error: sound.wav has 8000 samples in a second, the kernel other.wav 44100: "
        "resample one of them, or their times do not match\n"
    )
    wavfile.write(tmp_path / "two.wav", 8000, np.zeros((9, 2), np.int16))
    wavfile.write(tmp_path / "three.wav", 8000, np.zeros((9, 3), np.int16))
    failed = faltung("convolve", "two.wav", "three.wav", "-o", "out.wav")
    assert failed.code == 1
    assert "two.wav has 2 channels, the kernel three.wav 3: give it as many" in failed.err
    assert not (tmp_path / "out.wav").exists()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_arrays_keep_their_dtype(faltung, tmp_path, dtype):
    array = np.random.default_rng(0).normal(size=(5, 6)).astype(dtype)
    np.save(tmp_path / "a.npy", array)
    assert faltung("convolve", "a.npy", "gaussian:0.8", "-o", "b.npy").code == 0
    result = np.load(tmp_path / "b.npy")
    expected = scipy.signal.convolve2d(array.astype(float), ft.kernels.gaussian(0.8))
    assert result.dtype == dtype
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=4 * np.finfo(dtype).eps)


def test_whole_numbers_stay_exact(faltung, tmp_path):
    array = np.array([2**40 + 1, -3, 2**41 + 7])
    np.save(tmp_path / "a.npy", array)
    assert faltung("convolve", "a.npy", "1000003 -1 2", "-o", "b.npy").code == 0
    result = np.load(tmp_path / "b.npy")
    assert result.dtype == np.int64
    assert result.tolist() == np.convolve(array, [1000003, -1, 2]).tolist()
    np.save(tmp_path / "a.npy", array.astype(np.int16))
    outcome = faltung("convolve", "a.npy", "1/2 1/2", "-o", "b.npy")
    assert np.load(tmp_path / "b.npy").dtype == np.float64
    assert "warning: the input is int16, the result does not fit it: written as float64" in (
        outcome.err
    )


def test_text_files(faltung, tmp_path):
    (tmp_path / "a.csv").write_text("1\n2\n4\n")
    outcome = faltung("convolve", "a.csv", "1 1", "-o", "b.csv", "--mode", "valid")
    assert (outcome.code, (tmp_path / "b.csv").read_text()) == (0, "3\n6\n")
    (tmp_path / "kernel.txt").write_text("# weights\n0.5 0.5\n")
    assert faltung("convolve", "a.csv", "kernel.txt", "-o", "b.tsv").code == 0
    assert (tmp_path / "b.tsv").read_text() == "0.5\n1.5\n3.0\n2.0\n"


def test_standard_input_and_output(faltung, tmp_path):
    buffer = io.BytesIO()
    np.save(buffer, np.array([1.0, 2.0]))
    outcome = faltung("convolve", "-", "1 1", "-o", "-", "-q", stdin=buffer.getvalue())
    assert np.load(io.BytesIO(outcome.bytes)).tolist() == [1.0, 3.0, 2.0]
    assert outcome.err == ""
    for option in ("--json", "--show-kernel"):
        np.save(tmp_path / "a.npy", np.ones(2))
        assert faltung("convolve", "a.npy", "1 1", "-o", "-", option).code == 2


def test_json_says_everything(faltung, sound):
    report = faltung(
        "convolve", "sound.wav", "1 1", "-o", "out.wav", "--json", "--show-kernel", "--threads", "1"
    ).json
    assert report["kernel"] == {"name": "1 1", "shape": [2], "sum": 2.0, "values": [1.0, 1.0]}
    assert report["sample_rate"] == 8000
    assert report["shape"] == [4001]
    assert (report["mode"], report["boundary"], report["encoding"]) == ("full", "zero", "PCM_16")
    assert report["seconds"] >= 0
    assert len(sound) == 4000


def test_show_kernel_prints_what_kernel_takes(faltung, picture):
    first = faltung("convolve", "picture.png", "sharpen:0.5", "--show-kernel")
    assert first.out.splitlines() == [
        "# sharpen:0.5: shape (3, 3), sum 1",
        "0.0 -0.5 0.0;",
        "-0.5 3.0 -0.5;",
        "0.0 -0.5 0.0;",
    ]
    printed = " ".join(first.out.splitlines()[1:])
    again = faltung("convolve", "picture.png", printed, "--show-kernel")
    assert again.out.splitlines()[1:] == first.out.splitlines()[1:]
    assert picture.shape == (12, 17, 3)


def test_nan_reaches_what_it_touches_with_a_word(faltung, tmp_path):
    np.save(tmp_path / "a.npy", np.array([1.0, np.nan, 1.0, 1.0]))
    outcome = faltung("convolve", "a.npy", "1 1", "-o", "b.npy")
    assert "warning: a.npy holds 1 NaN or infinite values; so is every output they touch" in (
        outcome.err
    )
    assert np.isnan(np.load(tmp_path / "b.npy")).tolist() == [False, True, True, False, False]


def test_a_kernel_larger_than_the_picture(faltung, picture, tmp_path):
    assert faltung("convolve", "picture.png", "box:15", "-o", "out.png").code == 0
    assert np.asarray(Image.open(tmp_path / "out.png")).shape == picture.shape
    failed = faltung("convolve", "picture.png", "box:15", "-o", "valid.png", "--mode", "valid")
    assert failed.code == 1
    assert failed.err == (
        "faltung: error: kernel box:15 of shape (15, 15) is larger than picture.png of shape "
        "(12, 17, 3): nowhere does it lie within; write mode='same'\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.png", "box:3", "-o", "o.png"], 1, "missing.png: there is no such file"),
        (["text.png", "box:3", "-o", "o.png"], 1, "text.png: is not a picture in any format"),
        (["cut.png", "box:3", "-o", "o.png"], 1, "cut.png: cannot be read as a picture: "),
        (["picture.png", "box:3", "-o", "no/o.png"], 1, "no/o.png: the folder "),
        (["picture.png", "box:3", "-o", "folder"], 1, "folder: has no suffix, which names"),
        (["picture.png", "box:3", "-o", "o.pnq"], 1, "Did you mean '.png'?"),
        (["picture.png", "box:3", "-o", "o.wav"], 1, "holds a picture, which is no sound"),
        (["picture.png", "gaussion:3", "-o", "o.png"], 1, "Did you mean 'gaussian'?"),
        (["picture.png", "gaussian:-3", "-o", "o.png"], 1, "sigma=-3.0: write a number of samples"),
        (["picture.png", "box:3", "-o", "o.npy", "--normalize"], 1, "no range to fill"),
        (["picture.png", "1 0 -1", "-o", "o.png", "--mode", "full", "--boundary", "wrap"], 1,
         "boundary 'wrap' goes with mode='same' alone"),
        (["picture.png", "box:3", "-o", "o.png", "--boundary", "reflect"], 2,
         "boundary 'reflect' is ambiguous: write 'mirror'"),
        (["picture.png", "box:3", "-o", "o.png", "--mode", "ful"], 2, "Did you mean 'full'?"),
        (["picture.png", "box:3", "-o", "o.png", "--moed", "full"], 2, "No such option '--moed'"),
        (["picture.png", "box:3", "-o", "o.png", "--threads", "0"], 2, "0 is not in the range"),
        (["picture.png", "box:3"], 2, "Missing option '-o' / '--output': name the file to write."),
        (["picture.png"], 2, "Missing argument 'KERNEL'"),
    ],
)  # fmt: skip
def test_errors_leave_nothing_behind(faltung, picture, tmp_path, arguments, code, message):
    (tmp_path / "text.png").write_text("a text")
    (tmp_path / "cut.png").write_bytes((tmp_path / "picture.png").read_bytes()[:300])
    (tmp_path / "folder").mkdir()
    before = names(tmp_path)
    outcome = faltung("convolve", *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err
    assert code == 2 or outcome.err.startswith("faltung: error: ")
    assert code == 2 or outcome.err.count("\n") == 1
    assert names(tmp_path) == before
    assert picture.dtype == np.uint8


def test_a_failure_in_the_middle_keeps_the_old_result(faltung, tmp_path):
    np.save(tmp_path / "a.npy", np.full(3, 3e38, np.float32))
    (tmp_path / "out.npy").write_bytes(b"old")
    outcome = faltung("convolve", "a.npy", "1 1", "-o", "out.npy")
    assert outcome.code == 1
    assert "more than float32 can hold" in outcome.err
    assert (tmp_path / "out.npy").read_bytes() == b"old"
    assert names(tmp_path) == ["a.npy", "out.npy"]
