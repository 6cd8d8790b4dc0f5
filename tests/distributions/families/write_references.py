"""Write ``references.csv``: values of the families from mpmath with 60 digits, 30 of them kept.

Run ``python -m tests.distributions.families.write_references`` in the root of the repository.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
from scipy import stats

from faltung.distributions import distribution
from tests.distributions.families.exact import values

PATH = Path(__file__).with_name("references.csv")

LAWS = [
    ("norm", (), "1/10", "3"),
    ("lognorm", (0.75,), "0", "5/2"),
    ("lognorm", (3.0,), "-3/10", "1"),
    ("logistic", (), "2", "1/10"),
    ("laplace", (), "-1", "4"),
    ("expon", (), "1/10", "7/10"),
    ("gamma", (0.25,), "0", "3"),
    ("gamma", (7.5,), "1", "1/10"),
    ("gamma", (300.0,), "-10", "1"),
    ("weibull_min", (0.5,), "0", "2"),
    ("weibull_min", (3.5,), "1/10", "10"),
    ("invgauss", (0.5,), "0", "3"),
    ("invgauss", (8.0,), "1/10", "1"),
    ("uniform", (), "-1/10", "3/10"),
    ("triang", (0.25,), "1/10", "2"),
    ("beta", (0.5, 3.0), "0", "1"),
    ("beta", (20.0, 7.5), "1/10", "3"),
    ("pareto", (1.5,), "0", "1/10"),
    ("pareto", (12.0,), "1", "2"),
    ("t", (1.25,), "0", "1"),
    ("t", (30.0,), "1/10", "7"),
    ("cauchy", (), "1/10", "3"),
    ("levy", (), "1", "1/10"),
]
LEVELS = (1e-299, 1e-150, 1e-20, 0.2)


def main() -> None:
    """Write the table."""
    with PATH.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["family", "shapes", "loc", "scale", "x", "pdf", "cdf", "sf"])
        for name, shapes, loc, scale in LAWS:
            frozen = getattr(stats, name)(*shapes, float(Fraction(loc)), float(Fraction(scale)))
            law = distribution(frozen)
            points = np.unique(np.concatenate([law.ppf(LEVELS), law.isf(LEVELS)]))
            low, high = law.support()
            # Nearer to an end z is no normal float, and the bound is not claimed.
            inside = (points > low) & (points < high) & (abs(points - low) > 1e-290)
            for x in points[inside].tolist():
                known = values(reference(name), shapes, *located(name, loc, scale), x)
                digits = [mpmath.nstr(value, 30) for value in known]
                writer.writerow([name, " ".join(map(str, shapes)), loc, scale, repr(x), *digits])


def reference(name: str) -> str:
    """Return the name of the standard law that stands for a family."""
    return "lomax" if name == "pareto" else name


def located(name: str, loc: str, scale: str) -> tuple[Fraction, Fraction]:
    """Return the location and the scale of that law."""
    shift = Fraction(scale) if name == "pareto" else Fraction(0)
    return Fraction(loc) + shift, Fraction(scale)


if __name__ == "__main__":
    main()
