"""A convolution by the transform of ducc0, its buffers kept."""

from __future__ import annotations

import ducc0
import numpy as np

from benchmarks.peers.contract import Array, Peer, Solve, Task, transform_seconds
from benchmarks.peers.kept_transform import Buffers, convolve_with, takes

__all__ = ["peers"]


def peers(threads: int) -> list[Peer]:
    """Return the one peer; a task says on how many threads it runs."""
    del threads
    return [Peer("ducc0", takes, transform_seconds, _build)]


def _build(task: Task) -> Solve:
    buffers = Buffers(task, np.empty)
    spectra = np.empty((2, *buffers.spectra_shape), buffers.spectra_dtype)
    threads = buffers.threads

    def forward() -> tuple[Array, Array]:
        transform = ducc0.fft.r2c if buffers.real else ducc0.fft.c2c
        transform(buffers.pair, axes=buffers.axes, out=spectra, nthreads=threads)
        return spectra[0], spectra[1]

    def back() -> Array:
        if not buffers.real:
            return np.asarray(ducc0.fft.c2c(spectra[0], forward=False, nthreads=threads))
        return np.asarray(
            ducc0.fft.c2r(
                spectra[0], lastsize=buffers.sizes[-1], forward=False, nthreads=threads,
                allow_overwriting_input=True,
            )
        )  # fmt: skip

    return convolve_with(buffers, forward, back)
