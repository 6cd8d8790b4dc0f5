from __future__ import annotations

import struct
import sys
import warnings
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.io import wavfile

from faltung import files
from faltung.errors import DataError, FileError, MissingExtraError, OptionError

ENCODINGS = {"PCM_U8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32}


def write(path, content, values, **options):
    with files.target(path, content, **options) as target:
        return target.write(values)


def write_pcm(path, bits, samples, rate=8000):
    """Write whole numbers of `bits` bits by the book, one at a time."""
    samples = np.asarray(samples)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(bits // 8)
        file.setframerate(rate)
        offset = 128 if bits == 8 else 0
        numbers = (int(x) + offset for x in samples.ravel())
        file.writeframes(
            b"".join(x.to_bytes(bits // 8, "little", signed=bits > 8) for x in numbers)
        )


@pytest.mark.parametrize(("encoding", "bits"), ENCODINGS.items())
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_pcm_comes_back_bit_for_bit(tmp_path, encoding, bits, channels):
    rng = np.random.default_rng(bits)
    full = 2 ** (bits - 1)
    samples = rng.integers(-full, full, (50, channels))
    samples[:2] = [[-full], [full - 1]]
    samples = samples[:, 0] if channels == 1 else samples
    write_pcm(tmp_path / "a.wav", bits, samples, rate=22050)
    content = files.read(tmp_path / "a.wav")
    assert (content.kind, content.sample_rate, content.encoding) == ("sound", 22050, encoding)
    assert np.array_equal(content.data, samples / full)
    report = write(tmp_path / "b.wav", content, content.data)
    assert (report.below, report.above) == (0, 0)
    assert (tmp_path / "b.wav").read_bytes() == (tmp_path / "a.wav").read_bytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floats_come_back_and_may_exceed_full_scale(tmp_path, dtype):
    samples = np.array([[0.5, -3.25], [1e-9, 1.0]], dtype)
    wavfile.write(tmp_path / "a.wav", 48000, samples)
    content = files.read(tmp_path / "a.wav")
    write(tmp_path / "b.wav", content, content.data)
    rate, back = wavfile.read(tmp_path / "b.wav")
    assert (rate, back.dtype) == (48000, dtype)
    assert np.array_equal(back, samples)


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=20), st.sampled_from(list(ENCODINGS)))
def test_saturation_and_rounding(tmp_path_factory, values, encoding):
    folder = tmp_path_factory.mktemp("sound")
    bits = ENCODINGS[encoding]
    full = 2 ** (bits - 1)
    write_pcm(folder / "a.wav", bits, [0])
    report = write(folder / "b.wav", files.read(folder / "a.wav"), np.array(values))
    exact = [round(value * full) for value in values]
    assert report.below == sum(x < -full for x in exact)
    assert report.above == sum(x > full - 1 for x in exact)
    assert report.peak == max(map(abs, values))
    back = files.read(folder / "b.wav").data * full
    assert np.array_equal(np.atleast_1d(back), np.clip(exact, -full, full - 1))


@pytest.mark.parametrize(("encoding", "bits"), ENCODINGS.items())
def test_normalized_the_peak_is_full_scale(tmp_path, encoding, bits):
    write_pcm(tmp_path / "a.wav", bits, [0])
    content = files.read(tmp_path / "a.wav")
    report = write(tmp_path / "b.wav", content, np.array([7.0, -14.0, 0.0]), normalize=True)
    top = 2 ** (bits - 1) - 1
    assert np.array_equal(
        files.read(tmp_path / "b.wav").data * (top + 1), [(top + 1) // 2, -top, 0]
    )
    assert (report.below, report.above, report.peak) == (0, 0, 14.0)
    assert report.scale == pytest.approx(top / (top + 1) / 14.0, rel=1e-15)
    assert content.encoding == encoding


def test_silence_stays_silence_when_normalized(tmp_path):
    write_pcm(tmp_path / "a.wav", 16, [0])
    content = files.read(tmp_path / "a.wav")
    assert write(tmp_path / "b.wav", content, np.zeros(3), normalize=True).scale == 1.0


def test_extensible_and_unknown_chunks(tmp_path):
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    fmt = struct.pack("<HHIIHHHHI", 0xFFFE, 1, 8000, 24000, 3, 24, 22, 24, 4) + guid
    data = bytes([1, 0, 0, 255, 255, 127])

    def chunk(name, contents):
        return name + struct.pack("<I", len(contents)) + contents + b"\0" * (len(contents) % 2)

    body = b"WAVE" + chunk(b"fmt ", fmt) + chunk(b"bext", b"abc") + chunk(b"data", data)
    (tmp_path / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    content = files.read(tmp_path / "a.wav")
    assert content.encoding == "PCM_24"
    assert np.array_equal(content.data * 2**23, [1, 2**23 - 1])
    report = write(tmp_path / "b.wav", content, content.data)
    assert report.notes == ("the chunks bext are not kept",)
    assert np.array_equal(files.read(tmp_path / "b.wav").data, content.data)


def damaged(tmp_path):
    write_pcm(tmp_path / "whole.wav", 16, range(100))
    return (tmp_path / "whole.wav").read_bytes()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda _: b"hello", "is not a wav file"),
        (lambda raw: raw[:30], "is cut off: a wav file has a 'fmt ' and a 'data' chunk"),
        (lambda raw: raw[:100], "cannot be read as wav"),
        (lambda raw: raw[:20] + b"\x11\x00" + raw[22:], "samples of 16 bits in wav format 17"),
    ],
    ids=["text", "no data", "truncated", "adpcm"],
)
def test_damaged_wav_files_are_named(tmp_path, damage, message):
    (tmp_path / "a.wav").write_bytes(damage(damaged(tmp_path)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(FileError, match=message) as caught:
            files.read(tmp_path / "a.wav")
    assert str(caught.value).startswith(str(tmp_path / "a.wav"))


def test_a_wav_file_without_samples_is_refused(tmp_path):
    write_pcm(tmp_path / "a.wav", 16, [])
    with pytest.raises(FileError, match=r"a\.wav: holds no samples"):
        files.read(tmp_path / "a.wav")


def test_a_sound_with_nan_names_the_frame(tmp_path):
    wavfile.write(tmp_path / "a.wav", 8000, np.array([[0, 0], [0, np.nan]], np.float32))
    with pytest.raises(DataError, match=r"the sample of frame 1 is \[ 0\. nan\]"):
        files.read(tmp_path / "a.wav")


@pytest.mark.parametrize("bits", [8, 16, 24])
def test_flac_comes_back_bit_for_bit(tmp_path, bits):
    full = 2 ** (bits - 1)
    samples = np.random.default_rng(1).integers(-full, full, (40, 2))
    write_pcm(tmp_path / "a.wav", bits, samples)
    content = files.read(tmp_path / "a.wav")
    write(tmp_path / "b.flac", content, content.data)
    flac = files.read(tmp_path / "b.flac")
    assert np.array_equal(flac.data, content.data)
    assert flac.sample_rate == 8000
    write(tmp_path / "c.flac", flac, flac.data)
    assert np.array_equal(files.read(tmp_path / "c.flac").data, content.data)
    write(tmp_path / "d.wav", flac, flac.data)
    assert (tmp_path / "d.wav").read_bytes() == (tmp_path / "a.wav").read_bytes()


def test_ogg_keeps_rate_and_saturates(tmp_path):
    tone = 0.5 * np.sin(np.arange(4000) / 9)
    write_pcm(tmp_path / "a.wav", 16, np.rint(tone * 2**15), rate=44100)
    content = files.read(tmp_path / "a.wav")
    write(tmp_path / "b.ogg", content, content.data)
    ogg = files.read(tmp_path / "b.ogg")
    assert (ogg.sample_rate, ogg.encoding) == (44100, "VORBIS")
    assert np.abs(ogg.data[:4000] - tone).mean() < 0.02
    report = write(tmp_path / "c.ogg", ogg, ogg.data * 4)
    assert report.below > 0
    assert report.above > 0


def test_flac_of_floats_is_refused(tmp_path):
    wavfile.write(tmp_path / "a.wav", 8000, np.array([0, 1], np.float32))
    content = files.read(tmp_path / "a.wav")
    with pytest.raises(OptionError, match=r"\(FLOAT\) have more bits than the 24"):
        write(tmp_path / "b.flac", content, content.data)


def test_without_soundfile_the_error_says_the_extra(tmp_path, monkeypatch):
    (tmp_path / "a.flac").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "soundfile", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'faltung\[audio\]'"):
        files.read(tmp_path / "a.flac")


def test_a_damaged_flac_is_named(tmp_path):
    (tmp_path / "a.flac").write_bytes(b"hello")
    with pytest.raises(FileError, match=r"a\.flac: cannot be read as \.flac"):
        files.read(tmp_path / "a.flac")


def test_sound_as_array_says_that_the_rate_is_lost(tmp_path):
    write_pcm(tmp_path / "a.wav", 16, [1, 2])
    content = files.read(tmp_path / "a.wav")
    report = write(tmp_path / "b.npy", content, content.data)
    assert report.notes == ("an array has no sample rate: 8000 Hz is not kept",)
    assert np.load(tmp_path / "b.npy").dtype == np.float64


def test_a_result_that_is_not_finite_is_refused(tmp_path):
    write_pcm(tmp_path / "a.wav", 16, [1, 2])
    content = files.read(tmp_path / "a.wav")
    with pytest.raises(DataError, match="the result is not finite"):
        write(tmp_path / "b.wav", content, np.array([np.inf]))
    assert not (tmp_path / "b.wav").exists()
