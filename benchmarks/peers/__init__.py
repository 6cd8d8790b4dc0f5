"""The peers, each module a library or two; one that is not installed is missing, and said so."""

from __future__ import annotations

import functools
import importlib

from benchmarks.peers.contract import Peer

__all__ = ["MODULES", "load_peers"]

MODULES = ("direct", "scipy_transform", "ducc", "fftw", "opencv", "pytorch", "flint", "named")


@functools.cache
def load_peers(threads: int) -> tuple[tuple[Peer, ...], tuple[str, ...]]:
    """Return the peers on at most `threads` threads, and the modules that cannot be imported."""
    peers: list[Peer] = []
    missing = []
    for name in MODULES:
        try:
            module = importlib.import_module(f"benchmarks.peers.{name}")
        except ImportError as error:
            missing.append(error.name or name)
        else:
            peers += module.peers(threads)
    return tuple(peers), tuple(missing)
