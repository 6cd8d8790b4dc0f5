"""A convolution by FFTW (pyFFTW), its plans measured and kept.

What FFTW learns is kept between runs in ``build/benchmarks/fftw-wisdom.json``.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pyfftw

from benchmarks.peers.contract import Array, Peer, Solve, Task, transform_seconds
from benchmarks.peers.kept_transform import Buffers, convolve_with, takes

__all__ = ["peers"]

#: FFTW measures for so long at most, then takes the best plan it has seen or, if it has seen
#: none, the one it estimates to be best.
MEASURING_SECONDS = 2.0

WISDOM = Path(__file__).parents[2] / "build" / "benchmarks" / "fftw-wisdom.json"


def peers(threads: int) -> list[Peer]:
    """Return the one peer; a task says on how many threads it runs."""
    del threads
    if WISDOM.exists():
        pyfftw.import_wisdom(tuple(text.encode() for text in json.loads(WISDOM.read_text())))
    return [Peer("fftw", takes, transform_seconds, _build)]


def _keep_wisdom() -> None:
    WISDOM.parent.mkdir(parents=True, exist_ok=True)
    wisdom = [part.decode() for part in pyfftw.export_wisdom()]
    WISDOM.write_text(json.dumps(wisdom))


def _build(task: Task) -> Solve:
    buffers = Buffers(task, pyfftw.empty_aligned)
    spectra = pyfftw.empty_aligned((2, *buffers.spectra_shape), buffers.spectra_dtype)
    shape, dtype = buffers.sizes, buffers.pair.dtype
    started = time.perf_counter()
    forward = pyfftw.FFTW(
        buffers.pair, spectra, axes=buffers.axes, direction="FFTW_FORWARD",
        flags=("FFTW_MEASURE",), threads=buffers.threads,
        planning_timelimit=MEASURING_SECONDS,
    )  # fmt: skip
    back = pyfftw.FFTW(
        spectra[0], pyfftw.empty_aligned(shape, dtype), axes=range(len(shape)),
        direction="FFTW_BACKWARD", flags=("FFTW_MEASURE", "FFTW_DESTROY_INPUT"),
        threads=buffers.threads, planning_timelimit=MEASURING_SECONDS,
    )  # fmt: skip

    if time.perf_counter() - started > 0.1:
        _keep_wisdom()

    def transform() -> tuple[Array, Array]:
        forward.execute()
        return spectra[0], spectra[1]

    def transform_back() -> Array:
        answer: Array = pyfftw.empty_aligned(shape, dtype)
        back.update_arrays(spectra[0], answer)
        back.execute()
        return answer

    return convolve_with(buffers, transform, transform_back)
