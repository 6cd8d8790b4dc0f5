"""The chapters of the tour, one module each, with its prose beside it."""

from __future__ import annotations
