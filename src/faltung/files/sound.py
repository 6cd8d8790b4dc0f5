"""Sound in wav files, and in flac and ogg files by soundfile."""

from __future__ import annotations

import struct
import warnings
import wave
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from faltung.errors import DataError, FileError, OptionError, missing_extra
from faltung.files.content import Content, Kind, Report, narrow, round_and_saturate
from faltung.files.whole import file_error

__all__ = ["check", "encode", "read_other", "read_wav", "save"]

_BITS = {"PCM_U8": 8, "PCM_S8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32}
_FLOATS: dict[str, np.dtype[Any]] = {"FLOAT": np.dtype(np.float32), "DOUBLE": np.dtype(np.float64)}
_LOSSY = ("VORBIS", "OPUS")
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_MOST_BYTES = 2**32 - 4096  # a wav file counts its bytes in 32 bits


def read_wav(path: Path, name: str) -> Content:
    """Read a wav file: PCM of 8, 16, 24 or 32 bits, or float32 or float64."""
    encoding, extra_chunks = _header(path, name)
    from scipy.io import wavfile

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", category=wavfile.WavFileWarning)
            warnings.filterwarnings("ignore", message="Chunk .non-data. not understood")
            rate, stored = wavfile.read(path)
    except (ValueError, struct.error, wavfile.WavFileWarning, EOFError) as error:
        raise file_error(name, "cannot be read as wav", error) from error
    if encoding == "PCM_U8":
        data = (stored.astype(np.float64) - 128.0) / 128.0
    elif encoding in _FLOATS:
        with np.errstate(invalid="ignore"):  # a NaN is found below
            data = stored.astype(np.float64)
    else:  # scipy puts 24 bits into the upper part of 32
        data = stored.astype(np.float64) / (-float(np.iinfo(stored.dtype).min))
    notes = (f"the chunks {', '.join(extra_chunks)} are not kept",) if extra_chunks else ()
    return _content(name, data, stored.dtype, rate=rate, encoding=encoding, notes=notes)


def _header(path: Path, name: str) -> tuple[str, list[str]]:
    """Return the encoding and the names of the chunks that hold neither format nor samples."""
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] not in (b"RIFF", b"RIFX", b"RF64") or head[8:] != b"WAVE":
            raise FileError(f"{name}: is not a wav file (it begins with {head[:12]!r})")
        order = ">" if head[:4] == b"RIFX" else "<"
        chunks = dict(_chunks(file, order))
    if "fmt " not in chunks or "data" not in chunks:
        raise FileError(f"{name}: is cut off: a wav file has a 'fmt ' and a 'data' chunk")
    known = {"fmt ", "data", "fact", "JUNK", "PAD ", "FLLR", "PEAK", "ds64"}
    return _encoding(chunks["fmt "], order, name), [key for key in chunks if key not in known]


def _chunks(file: IO[bytes], order: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and first bytes of each chunk of a RIFF file."""
    while len(head := file.read(8)) == 8:
        size = struct.unpack(order + "4xI", head)[0]
        start = file.tell()
        yield head[:4].decode("latin-1"), file.read(min(size, 40))
        file.seek(start + size + size % 2)


def _encoding(fmt: bytes, order: str, name: str) -> str:
    if len(fmt) < 16:
        raise FileError(f"{name}: is cut off inside its 'fmt ' chunk")
    tag, channels, _, _, frame_bytes, _ = struct.unpack(order + "HHIIHH", fmt[:16])
    if tag == _EXTENSIBLE and len(fmt) >= 26:
        tag = struct.unpack(order + "H", fmt[24:26])[0]
    width = frame_bytes // max(channels, 1)
    encodings = {_PCM: {1: "PCM_U8", 2: "PCM_16", 3: "PCM_24", 4: "PCM_32"}}
    encodings[_FLOAT] = {4: "FLOAT", 8: "DOUBLE"}
    if width not in encodings.get(tag, {}):
        raise FileError(
            f"{name}: holds samples of {8 * width} bits in wav format {tag}; read are PCM (1) of "
            "8 to 32 bits and floats (3) of 32 and 64: convert it first"
        )
    return encodings[tag][width]


def _content(
    name: str,
    data: NDArray[Any],
    dtype: Any,
    *,
    rate: int,
    encoding: str,
    notes: tuple[str, ...] = (),
) -> Content:
    if data.size == 0:
        raise FileError(f"{name}: holds no samples")
    if not np.isfinite(data).all():
        frame = int(np.argwhere(~np.isfinite(data))[0, 0])
        raise DataError(
            f"{name}: the sample of frame {frame} is {data[frame]}: a sound is made of finite "
            "numbers; repair it, or read it as an array in Python"
        )
    return Content(
        name=name, kind=Kind.SOUND, data=data, dtype=np.dtype(dtype), sample_rate=int(rate),
        encoding=encoding, notes=notes,
    )  # fmt: skip


def _soundfile(purpose: str) -> ModuleType:
    try:
        import soundfile
    except ImportError:
        raise missing_extra("soundfile", "audio", purpose) from None
    module: ModuleType = soundfile
    return module


def read_other(path: Path, name: str) -> Content:
    """Read a flac or ogg file."""
    soundfile = _soundfile(f"reading {path.suffix}")
    try:
        with soundfile.SoundFile(path) as file:
            data, rate, encoding = file.read(dtype="float64"), file.samplerate, file.subtype
            promised = file.frames
    except (soundfile.SoundFileError, ValueError, MemoryError) as error:
        raise file_error(name, f"cannot be read as {path.suffix}", error) from error
    if len(data) < promised:
        raise FileError(f"{name}: is cut off: it holds {len(data)} of {promised} frames")
    dtype = _FLOATS.get(encoding, np.dtype(np.float64))
    return _content(name, data, dtype, rate=rate, encoding=encoding)


def check(content: Content, suffix: str) -> None:
    """Raise OptionError if the format cannot hold samples of this encoding."""
    if suffix == ".wav":
        return
    _soundfile(f"writing {suffix}")
    if suffix == ".flac" and content.encoding in {"PCM_32", *_FLOATS}:
        raise OptionError(
            f"{content.name}: its samples ({content.encoding}) have more bits than the 24 that "
            "flac can hold: write .wav"
        )


def encoding_for(content: Content, suffix: str) -> str:
    """Return how the sound is stored in a file with this suffix."""
    encoding = content.encoding or "DOUBLE"
    if suffix == ".ogg":
        return encoding if encoding in _LOSSY else "VORBIS"
    if encoding in _LOSSY:
        return "PCM_16"
    if suffix == ".flac":
        return "PCM_S8" if encoding == "PCM_U8" else encoding
    return "PCM_U8" if encoding == "PCM_S8" else encoding


def encode(
    content: Content, values: NDArray[Any], suffix: str, *, normalize: bool
) -> tuple[NDArray[Any], Report]:
    """Return `values` as samples of the file's type: whole numbers for PCM, rounded, saturated.

    With `normalize` they are first scaled so that the largest is full scale.
    """
    encoding = encoding_for(content, suffix)
    peak = float(np.abs(values).max())
    if not np.isfinite(peak):
        raise DataError("the result is not finite: scale the kernel down")
    bits = _BITS.get(encoding)
    full: int = 2 ** (bits - 1) if bits else 1
    top = (full - 1) / full if bits else 1.0
    scale = top / peak if normalize and peak else 1.0
    below = above = 0
    if bits:
        dtype = np.dtype({8: np.int16, 16: np.int16}.get(bits, np.int32))
        samples, below, above = round_and_saturate(values * (scale * full), dtype, -full, full - 1)
    elif encoding in _FLOATS:
        samples = narrow(values * scale, _FLOATS[encoding])
    else:
        samples = np.clip(values * scale, -1.0, 1.0)
        below, above = (int(np.count_nonzero(values * sign * scale > 1.0)) for sign in (-1, 1))
    report = Report(
        shape=values.shape, dtype=samples.dtype, below=below, above=above, peak=peak, scale=scale
    )
    return samples, report


def save(path: Path, content: Content, samples: NDArray[Any]) -> None:
    """Write the samples that `encode` returned."""
    encoding, rate = encoding_for(content, path.suffix.lower()), content.sample_rate
    assert rate is not None
    if path.suffix.lower() != ".wav":
        _save_other(path, samples, rate, encoding)
    elif samples.size * (_BITS.get(encoding, 64) // 8) > _MOST_BYTES:
        raise FileError(f"{content.name}: more than 4 GiB of samples do not fit a wav file")
    elif encoding in _FLOATS:
        from scipy.io import wavfile

        wavfile.write(path, rate, samples)
    else:
        _save_pcm(path, samples, rate, _BITS[encoding] // 8)


def _save_pcm(path: Path, samples: NDArray[Any], rate: int, width: int) -> None:
    # 8 bits are unsigned around 128; the others are little-endian two's complement, of which
    # 24 bits keep the lower three bytes.
    if width == 1:
        raw = (samples + 128).astype(np.uint8).tobytes()
    else:
        little = np.ascontiguousarray(samples.astype("<i4"))
        raw = little.view(np.uint8).reshape(-1, 4)[:, :width].tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(raw)


def _save_other(path: Path, samples: NDArray[Any], rate: int, encoding: str) -> None:
    soundfile = _soundfile(f"writing {path.suffix}")
    bits = _BITS.get(encoding)
    if bits:  # libsndfile takes the uppermost bits of 32
        samples = samples.astype(np.int32) << (32 - bits)
    try:
        soundfile.write(path, samples, rate, subtype=encoding)
    except (soundfile.SoundFileError, ValueError) as error:
        raise FileError(f"cannot write {path.suffix}: {' '.join(str(error).split())}") from error
