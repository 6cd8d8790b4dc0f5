from __future__ import annotations

import contextlib
import io
import logging

import numpy as np
import pytest
import soundfile
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.io import wavfile

from faltung import files
from faltung.errors import FaltungError, FileError

NOISE = np.random.default_rng(0).integers(0, 256, (20, 20, 3), dtype=np.uint8)


def picture(kind, **options):
    return lambda file: Image.fromarray(NOISE).save(file, kind, **options)


def deep_tiff(file):
    tifffile.imwrite(file, NOISE.astype(np.uint16), photometric="rgb", compression="zlib")


def flac(file):
    soundfile.write(file, NOISE[..., 0].ravel() / 300, 8000, format="FLAC")


MAKERS = {
    "a.png": picture("PNG"),
    "a.jpg": picture("JPEG"),
    "lzw.tif": picture("TIFF", compression="tiff_lzw"),
    "deep.tif": deep_tiff,
    "a.bmp": picture("BMP"),
    "a.wav": lambda file: wavfile.write(file, 8000, NOISE[..., 0].astype(np.int16)),
    "float.wav": lambda file: wavfile.write(file, 8000, NOISE[..., 0].astype(np.float32)),
    "a.flac": flac,
    "a.npy": lambda file: np.save(file, NOISE),
    "a.csv": lambda file: np.savetxt(file, NOISE[..., 0], delimiter=",", header="a"),
}


def whole(name):
    buffer = io.BytesIO()
    MAKERS[name](buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", MAKERS)
@settings(max_examples=60)
@given(data=st.data())
def test_damage_is_a_file_error_or_unseen_but_never_another(tmp_path_factory, name, data):
    raw = bytearray(whole(name))
    for _ in range(data.draw(st.integers(1, 8))):
        near = data.draw(st.sampled_from([40, 400, len(raw)]))
        raw[data.draw(st.integers(0, min(near, len(raw)) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damage") / name
    path.write_bytes(raw[: data.draw(st.sampled_from([len(raw), len(raw) // 2, len(raw) - 9]))])
    logging.disable(logging.CRITICAL)
    with contextlib.suppress(FaltungError, MemoryError):
        assert files.read(path).data.size > 0
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", sorted(set(MAKERS) - {"a.csv"}))
def test_half_a_file_is_never_taken_for_a_whole_one(tmp_path, name):
    raw = whole(name)
    (tmp_path / name).write_bytes(raw)
    assert files.read(tmp_path / name).data.size >= 400
    (tmp_path / name).write_bytes(raw[: len(raw) // 2])
    with pytest.raises(FileError) as caught:
        files.read(tmp_path / name)
    assert str(caught.value).startswith(str(tmp_path / name))
