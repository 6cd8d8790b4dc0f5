"""The peers, each module a library or a way; one that is not installed is missing, and said so."""

from __future__ import annotations

import functools
import importlib

from benchmarks.findings import said
from benchmarks.functions.peers.contract import Peer

__all__ = ["MODULES", "load_peers"]

#: The library of each module.
MODULES = {
    "chebpy_peer": "chebpy", "grid": "scipy", "quadrature": "scipy", "pacal_peer": "pacal",
}  # fmt: skip


@functools.cache
def load_peers() -> tuple[tuple[Peer, ...], tuple[str, ...]]:
    """Return the peers, and what cannot be imported."""
    peers: list[Peer] = []
    missing = []
    for name, library in MODULES.items():
        try:
            module = importlib.import_module(f"benchmarks.functions.peers.{name}")
        except ModuleNotFoundError as error:
            missing.append(error.name or library)
        except Exception as error:  # noqa: BLE001 (one made for another NumPy raises anything)
            missing.append(f"{library} ({said(error)})")
        else:
            peers += module.peers()
    return tuple(peers), tuple(missing)
