"""What computes the layers: `native` is our own core."""

from __future__ import annotations
