"""The whole story, from two functions to a trained network, as one HTML page.

Needs the extra ``faltung[tour]``; see :func:`run`.
"""

from __future__ import annotations

from faltung.tour.run import TourResult, run

__all__ = ["TourResult", "run"]
