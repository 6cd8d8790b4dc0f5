"""``python -m benchmarks.draw_grid``: draws the cases of grid.csv, the same ones every time.

The grid is drawn once and kept, so that figures of different days are about the same cases.
Lengths are spread evenly over their logarithms: as many cases lie between 10 and 100 entries as
between a million and ten. A case that no transform holds in a gigabyte or so is drawn again.
"""

from __future__ import annotations

import csv
import math

import numpy as np

from benchmarks.problems import FIELDS, GRID

__all__ = ["draw", "main"]

SEED = 20_240_229
COUNT = 225
RANKS = (1, 2, 1, 2, 3)  # in turn; five of them, so that every sixth case meets all ranks
FEWEST, MOST = 10, 10**7
MOST_POINTS = 2 * 10**7  # of the full convolution
DTYPES = {
    "float32": 0.38, "float64": 0.38, "int64": 0.06, "int32": 0.03, "uint8": 0.06,
    "complex64": 0.045, "complex128": 0.045,
}  # fmt: skip
MODES = {"full": 0.4, "same": 0.42, "valid": 0.18}
BOUNDARIES = {"zero": 0.55, "mirror": 0.2, "edge": 0.13, "wrap": 0.12}
SHORT = {
    "float32": "f32", "float64": "f64", "int64": "i64", "int32": "i32", "uint8": "u8",
    "complex64": "c64", "complex128": "c128",
}  # fmt: skip

Lengths = tuple[int, ...]


def _pick(random: np.random.Generator, weights: dict[str, float]) -> str:
    return str(random.choice(list(weights), p=list(weights.values())))


def _between(random: np.random.Generator, low: float, high: float) -> float:
    return math.exp(random.uniform(math.log(low), math.log(high)))


def _draw_shape(random: np.random.Generator, rank: int) -> Lengths:
    while True:
        side = _between(random, FEWEST, MOST) ** (1 / rank)
        spread = 0.4 if rank > 1 else 0.0
        shape = tuple(round(side * math.exp(random.normal(0, spread))) for _ in range(rank))
        if min(shape) >= 3 and FEWEST <= math.prod(shape) <= MOST:
            return shape


def _draw_taps(random: np.random.Generator, shape: Lengths) -> Lengths:
    side = _between(random, 3, min(shape))
    if len(shape) == 1:
        return (round(side),)
    lengths = []
    for most in shape:
        length = round(side * math.exp(random.normal(0, 0.2)))
        if length % 2 == 0 and random.random() < 0.8:  # most kernels of pictures have a centre
            length += 1
        lengths.append(min(max(length, 3), most))
    return tuple(lengths)


def _draw_lengths(random: np.random.Generator, rank: int) -> tuple[Lengths, Lengths]:
    while True:
        shape = _draw_shape(random, rank)
        taps = _draw_taps(random, shape)
        if math.prod(n + k - 1 for n, k in zip(shape, taps, strict=True)) <= MOST_POINTS:
            return shape, taps


def draw(count: int = COUNT, seed: int = SEED) -> list[dict[str, str]]:
    """Return the rows of the grid."""
    random = np.random.default_rng(seed)
    return [_draw_case(random, number) for number in range(count)]


def _draw_case(random: np.random.Generator, number: int) -> dict[str, str]:
    shape, taps = _draw_lengths(random, RANKS[number % len(RANKS)])
    dtype, mode = _pick(random, DTYPES), _pick(random, MODES)
    boundary = _pick(random, BOUNDARIES) if mode == "same" else "zero"
    # Binomial taps of so few rows are exact in float32: a kernel of rank one that can be found.
    products = len(shape) > 1 and max(taps) <= 9 and dtype in ("float32", "float64")
    data = "binomial" if products and random.random() < 0.35 else "plain"
    sides, lengths = "x".join(map(str, shape)), "x".join(map(str, taps))
    ending = "" if boundary == "zero" else f"-{boundary}"
    ending += "" if data == "plain" else f"-{data}"
    name = f"g{number:03}-{SHORT[dtype]}-{sides}-by-{lengths}-{mode}{ending}"
    return dict(zip(FIELDS, (name, sides, lengths, dtype, mode, boundary, data), strict=True))


def main() -> None:
    """Write the grid."""
    with GRID.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(draw())
    print(f"{GRID}: {COUNT} cases")


if __name__ == "__main__":
    main()
