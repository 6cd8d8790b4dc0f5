from __future__ import annotations

import io
import struct
import sys
import zlib

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from faltung import files
from faltung.errors import DataError, FileError, MissingExtraError, OptionError


def write(path, content, values, **options):
    with files.target(path, content, **options) as target:
        return target.write(values)


def pixels(shape, dtype=np.uint8):
    rng = np.random.default_rng(5)
    return rng.integers(0, np.iinfo(dtype).max, shape, dtype=dtype, endpoint=True)


def read_back(path):
    if path.suffix == ".tif":
        return tifffile.imread(path)
    return np.asarray(Image.open(path))


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp"])
@pytest.mark.parametrize("channels", [0, 3])
def test_eight_bits_come_back(tmp_path, suffix, channels):
    array = pixels((5, 7, 3) if channels else (5, 7))
    Image.fromarray(array).save(tmp_path / f"a{suffix}")
    content = files.read(tmp_path / f"a{suffix}")
    assert content.kind is files.Kind.PICTURE
    assert [content.dtype, content.data.dtype] == [np.uint8, np.float64]
    assert np.array_equal(content.data, array)
    report = write(tmp_path / f"b{suffix}", content, content.data)
    assert np.array_equal(read_back(tmp_path / f"b{suffix}"), array)
    assert (report.shape, report.dtype, report.notes) == (array.shape, np.uint8, ())


@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_alpha_is_left_untouched(tmp_path, channels, suffix):
    array = pixels((6, 4, channels))
    Image.fromarray(array).save(tmp_path / f"a{suffix}")
    content = files.read(tmp_path / f"a{suffix}")
    assert content.data.shape == ((6, 4) if channels == 2 else (6, 4, 3))
    write(tmp_path / f"b{suffix}", content, content.data / 2)
    back = np.asarray(Image.open(tmp_path / f"b{suffix}"))
    assert np.array_equal(back[..., -1], array[..., -1])
    assert np.array_equal(back[..., :-1], np.rint(array[..., :-1] / 2))
    with pytest.raises(OptionError, match=r"alpha channel, kept as it is, has shape \(6, 4\), the"):
        write(tmp_path / f"b{suffix}", content, np.zeros((8, 8, 3)[: content.data.ndim]))


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bit_gray_comes_back(tmp_path, suffix):
    array = pixels((5, 7), np.uint16)
    Image.fromarray(array).save(tmp_path / f"a{suffix}")
    content = files.read(tmp_path / f"a{suffix}")
    assert content.dtype == np.uint16
    assert np.array_equal(content.data, array)
    write(tmp_path / f"b{suffix}", content, content.data)
    assert np.array_equal(read_back(tmp_path / f"b{suffix}"), array)


@pytest.mark.parametrize(
    ("dtype", "shape"),
    [
        (np.uint16, (5, 7, 3)),
        (np.uint16, (5, 7, 4)),
        (np.uint16, (5, 7, 2)),
        (np.float32, (5, 7)),
        (np.float64, (5, 7, 3)),
        (np.uint32, (5, 7)),
        (np.int16, (5, 7)),
    ],
)
def test_deep_tiff_comes_back(tmp_path, dtype, shape):
    array = pixels(shape, np.uint16).astype(dtype)
    alpha = shape[2:] in ((2,), (4,))
    tifffile.imwrite(
        tmp_path / "a.tif",
        array,
        photometric="rgb" if shape[2:] in ((3,), (4,)) else "minisblack",
        planarconfig="contig" if len(shape) == 3 else None,
        extrasamples=["unassalpha"] if alpha else None,
        iccprofile=b"p" * 200,
        resolution=(300, 300),
        resolutionunit="INCH",
    )
    content = files.read(tmp_path / "a.tif")
    assert (content.dtype, content.alpha is not None) == (dtype, alpha)
    write(tmp_path / "b.tif", content, content.data)
    with tifffile.TiffFile(tmp_path / "b.tif") as file:
        page = file.pages.first
        assert page.dtype == dtype
        assert np.array_equal(page.asarray(), array)
        assert page.iccprofile == b"p" * 200
        assert page.get_resolution() == (300, 300)


@given(st.lists(st.floats(-600, 600), min_size=1, max_size=16))
def test_values_are_rounded_saturated_and_counted(tmp_path_factory, values):
    folder = tmp_path_factory.mktemp("picture")
    Image.fromarray(pixels((1, len(values)))).save(folder / "a.png")
    report = write(folder / "b.png", files.read(folder / "a.png"), np.array([values]))
    exact = [round(value) for value in values]
    assert report.below == sum(x < 0 for x in exact)
    assert report.above == sum(x > 255 for x in exact)
    assert read_back(folder / "b.png").tolist() == [[min(max(x, 0), 255) for x in exact]]


def test_normalized_values_reach_from_black_to_white(tmp_path):
    Image.fromarray(pixels((1, 3))).save(tmp_path / "a.png")
    content = files.read(tmp_path / "a.png")
    report = write(tmp_path / "b.png", content, np.array([[-1000.0, 0.0, 40.0]]), normalize=True)
    assert read_back(tmp_path / "b.png").tolist() == [[0, 245, 255]]
    assert (report.below, report.above) == (0, 0)
    assert -1000 * report.scale + report.offset == pytest.approx(0, abs=1e-12)
    flat = write(tmp_path / "b.png", content, np.full((1, 3), 9.0), normalize=True)
    assert (flat.scale, read_back(tmp_path / "b.png").tolist()) == (1.0, [[9, 9, 9]])


def test_palettes_and_bits_become_colours_with_a_word(tmp_path):
    array = pixels((6, 5, 3)) // 64 * 64
    image = Image.fromarray(array).quantize(64)
    image.save(tmp_path / "a.png")
    content = files.read(tmp_path / "a.png")
    assert np.array_equal(content.data, np.asarray(image.convert("RGB")))
    assert content.notes == ("mode P became RGB: written with 8 bits for each channel",)
    image.save(tmp_path / "t.png", transparency=3)
    transparent = files.read(tmp_path / "t.png")
    assert np.array_equal(transparent.alpha == 0, np.asarray(image) == 3)
    Image.fromarray(array[..., 0] > 100).save(tmp_path / "1.png")
    bits = files.read(tmp_path / "1.png")
    assert np.array_equal(bits.data, 255 * (array[..., 0] > 100))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_pictures_stand_upright(tmp_path, orientation, suffix):
    image = Image.fromarray(np.kron(pixels((2, 3)), np.ones((8, 8), np.uint8)))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "maker"
    image.save(tmp_path / f"a{suffix}", exif=exif)
    content = files.read(tmp_path / f"a{suffix}")
    expected = np.asarray(ImageOps.exif_transpose(Image.open(tmp_path / f"a{suffix}")))
    assert np.array_equal(content.data, expected)
    write(tmp_path / "b.png", content, content.data)
    with Image.open(tmp_path / "b.png") as back:
        assert np.array_equal(np.asarray(ImageOps.exif_transpose(back)), expected)
        assert back.getexif().get(0x010F) == (None if suffix == ".tif" else "maker")


def test_profile_resolution_and_exif_are_kept(tmp_path):
    exif = Image.Exif()
    exif[0x8298] = "someone"
    Image.fromarray(pixels((8, 8, 3))).save(
        tmp_path / "a.jpg", exif=exif, icc_profile=b"profile" * 30, dpi=(300, 300)
    )
    content = files.read(tmp_path / "a.jpg")
    for suffix in (".jpg", ".png"):
        assert write(tmp_path / f"b{suffix}", content, content.data).notes == ()
        with Image.open(tmp_path / f"b{suffix}") as back:
            assert back.info["icc_profile"] == b"profile" * 30
            assert back.getexif()[0x8298] == "someone"
            assert [round(x) for x in back.info["dpi"]] == [300, 300]
    assert write(tmp_path / "b.bmp", content, content.data).notes == (
        ".bmp does not keep exif, icc_profile",
    )
    assert write(tmp_path / "b.tif", content, content.data).notes == (".tif does not keep exif",)


def test_texts_that_are_not_kept_are_named(tmp_path):
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Title", "china")
    Image.fromarray(pixels((2, 2))).save(tmp_path / "a.png", pnginfo=info)
    assert files.read(tmp_path / "a.png").notes == ("the texts 'Title' are not kept",)
    tifffile.imwrite(tmp_path / "a.tif", pixels((2, 2)), description="china")
    assert files.read(tmp_path / "a.tif").notes == ("the texts 'description' are not kept",)


def test_jpeg_stays_close(tmp_path):
    smooth = np.add.outer(np.arange(64), np.arange(64)).astype(np.uint8)
    Image.fromarray(smooth).save(tmp_path / "a.png")
    content = files.read(tmp_path / "a.png")
    write(tmp_path / "b.jpg", content, content.data)
    assert np.abs(read_back(tmp_path / "b.jpg").astype(int) - smooth).max() <= 3


def png(depth, colour, raw=b"\0" * 200):
    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


NOISE = saved(Image.fromarray(pixels((40, 40, 3))), "PNG")


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.png", b"just a text", "is not a picture in any format that Pillow reads"),
        ("a.png", b"", "is not a picture in any format"),
        ("a.png", NOISE[:-1500], "cannot be read as a picture"),
        ("a.png", NOISE[:900] + b"\xff" * 40 + NOISE[940:], "cannot be read as a picture"),
        ("a.png", png(16, 2), "png with 16 bits for each of several channels"),
        ("a.png", png(16, 4), "png with 16 bits for each of several channels"),
        ("a.jpg", saved(Image.new("CMYK", (4, 4)), "JPEG"), "is a CMYK picture; read are gray"),
        (
            "a.tif",
            saved(Image.new("L", (4, 4)), "TIFF", save_all=True, append_images=[Image.new("L", (4, 4))]),
            "holds 2 pages or frames",
        ),
        ("a.tif", b"II*\0" + b"\xff" * 40, "cannot be read as a picture|is not a picture"),
    ],
    ids=["text", "empty", "cut", "corrupt", "rgb16", "la16", "cmyk", "pages", "broken tiff"],
)  # fmt: skip
def test_unreadable_pictures_are_named(tmp_path, name, raw, message):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(FileError, match=message) as caught:
        files.read(tmp_path / name)
    assert str(caught.value).startswith(str(tmp_path / name))


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    Image.fromarray(pixels((50, 50))).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(FileError, match=r"is too large a picture: .*exceeds limit of 2000 pixels"):
        files.read(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("array", "suffix", "message"),
    [
        (pixels((4, 4, 4)), ".jpg", "cannot hold an alpha channel: write .png"),
        (pixels((4, 4, 4)), ".bmp", "cannot hold an alpha channel"),
        (pixels((4, 4), np.uint16), ".jpg", "cannot hold uint16 pixels with 1 channel: write .png"),
        (pixels((4, 4, 3), np.uint16), ".png", "uint16 pixels with 3 channels: write .tif"),
        (np.ones((4, 4), np.float32), ".png", "float32 pixels with 1 channel: write .tif"),
    ],
)
def test_formats_that_cannot_hold_the_picture_are_refused(tmp_path, array, suffix, message):
    rgb = array.shape[2:] in ((3,), (4,))
    tifffile.imwrite(tmp_path / "a.tif", array, photometric="rgb" if rgb else "minisblack")
    content = files.read(tmp_path / "a.tif")
    with pytest.raises(OptionError, match=message):
        write(tmp_path / f"b{suffix}", content, content.data)
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]


def test_nan_has_no_pixel(tmp_path):
    Image.fromarray(pixels((1, 2))).save(tmp_path / "a.png")
    content = files.read(tmp_path / "a.png")
    with pytest.raises(DataError, match="holds 1 NaN, for which uint8 has no value"):
        write(tmp_path / "b.png", content, np.array([[np.nan, 1.0]]))
    with pytest.raises(DataError, match="cannot be normalised"):
        write(tmp_path / "b.png", content, np.array([[np.inf, 1.0]]), normalize=True)
    assert not (tmp_path / "b.png").exists()


def test_without_pillow_the_error_says_the_extra(tmp_path, monkeypatch):
    (tmp_path / "a.png").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'faltung\[images\]'"):
        files.read(tmp_path / "a.png")


def test_without_tifffile_deep_tiffs_say_the_extra(tmp_path, monkeypatch):
    tifffile.imwrite(tmp_path / "a.tif", np.ones((4, 4), np.float32))
    monkeypatch.setitem(sys.modules, "tifffile", None)
    with pytest.raises(MissingExtraError, match=r"needs tifffile.*faltung\[images\]"):
        files.read(tmp_path / "a.tif")


def test_a_picture_as_array_keeps_its_values_but_not_its_alpha(tmp_path):
    Image.fromarray(pixels((3, 3, 4))).save(tmp_path / "a.png")
    content = files.read(tmp_path / "a.png")
    report = write(tmp_path / "b.npy", content, content.data - 0.25)
    assert np.array_equal(np.load(tmp_path / "b.npy"), content.data - 0.25)
    assert report.notes == ("an array of the colours has no alpha channel: it is not kept",)
