"""``faltung sum``: the law of a sum of independent random variables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from faltung.cli.bars import table
from faltung.cli.commands import ExampleCommand
from faltung.cli.options import echo_json, json_option
from faltung.errors import ExactnessError, OptionError

if TYPE_CHECKING:
    from faltung.distributions import Law

__all__ = ["sum_laws"]

_EXAMPLES = """
faltung sum d6 d6
faltung sum 3d6+2 d4 --exact
faltung sum -- d20 -d6
faltung sum "normal(0,1)" "uniform(0,2)" --tail 3
faltung sum 100d6 --tail 499 --json
faltung sum "expon(2)" "uniform(0,1)" --json > curve.json
"""
_MOST_ROWS = 64  # of a table of single values; longer laws are shown in bins
_MOST_BUILT = 2**17  # of more points some are shown, and the law is not built
_BINS = 24
_CURVE = 257  # points of a density in JSON
_QUANTILES = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)


def _refuse_nan(
    _context: click.Context, _option: click.Parameter, tails: tuple[float, ...]
) -> tuple[float, ...]:
    if any(math.isnan(x) for x in tails):
        raise click.BadParameter("nan is not a number: nothing lies above it.")
    return tails


@click.command(
    "sum",
    cls=ExampleCommand,
    examples=_EXAMPLES,
    short_help="The law of a sum of independent dice, normals, …",
)
@click.argument("laws", nargs=-1, required=True, metavar="LAW...")
@click.option(
    "--tail",
    "tails",
    multiple=True,
    type=float,
    callback=_refuse_nan,
    metavar="X",
    help="Print P(S > X) too; repeatable.",
)
@click.option("--exact", is_flag=True, help="Probabilities as fractions; for dice and the like.")
@json_option
def sum_laws(laws: tuple[str, ...], tails: tuple[float, ...], exact: bool, as_json: bool) -> None:
    """Add independent random variables and print the law of their sum S.

    A LAW is dice (d6, 2d6+3) or a distribution with its parameters, such as normal(0,1). Every
    probability comes with a stated bound on its error. A law with a leading minus, such as -d6,
    goes after '--', which ends the options.

    --json adds the curve to plot: "points" with their "probabilities" for a discrete law; for a
    continuous one 257 "points" over 99.9 % of the mass with their "densities", each within
    "density_error_bound".
    """
    total = _total(laws)
    try:
        _show(laws, total, tails, exact=exact, as_json=as_json)
    except ExactnessError as error:
        # The library's way out is a method of Python; a law on the command line has none.
        reason = str(error).partition(": give the operand")[0]
        raise ExactnessError(
            f"{_name(laws)}: {reason}: add fewer dice, or write normal(MEAN, STANDARD DEVIATION) "
            "in place of so many"
        ) from error


def _show(
    laws: tuple[str, ...], total: Law, tails: tuple[float, ...], *, exact: bool, as_json: bool
) -> None:
    if exact and not _is_exact(total):
        raise OptionError(
            f"--exact: the law of {_name(laws)} has no exact probabilities: leave --exact out"
        )
    if as_json:
        echo_json(_as_dictionary(laws, total, tails, exact=exact))
    else:
        click.echo(_report(laws, total, tails, exact=exact))


def _total(laws: tuple[str, ...]) -> Law:
    from faltung.distributions import add, distribution

    return add(*map(distribution, laws))


def _name(laws: tuple[str, ...]) -> str:
    return " + ".join(text.strip() for text in laws)


def _is_discrete(law: Law) -> bool:
    from faltung.distributions import Atoms

    return isinstance(law, Atoms)


def _is_exact(law: Law) -> bool:
    return bool(getattr(law, "exact", False))


def _report(laws: tuple[str, ...], total: Law, tails: tuple[float, ...], *, exact: bool) -> str:
    low, high = total.support()
    head = (
        f"S = {_name(laws)}: mean {total.mean():.6g}, standard deviation {total.std():.6g}, "
        f"from {_plain(low)} to {_plain(high)}"
    )
    if not _is_discrete(total):
        body = [_quantile_table(total), _density_table(total)]
    elif exact or len(total) <= _MOST_ROWS:  # type: ignore[arg-type]  # discrete
        body = [_value_table(total, total.points.tolist(), exact=exact)]  # type: ignore[attr-defined]
    elif len(total) > _MOST_BUILT:  # type: ignore[arg-type]
        body = [_quantile_table(total), _value_table(total, _some_points(total), exact=False)]
    else:
        body = [_quantile_table(total), _bin_table(total)]
    if tails:
        body.append(
            "\n".join(f"P(S > {_plain(x)}) = {_tail(total, x, exact=exact)}" for x in tails)
        )
    return "\n\n".join([head, *body, total.explain()])


def _plain(x: float) -> str:
    """Return the shortest digits that bring the float back."""
    return repr(float(x)).removesuffix(".0")


def _some_points(total: Law) -> list[float]:
    """Return points spread evenly over the central 99.8 %, found without building the law."""
    import numpy as np

    even = np.linspace(total.ppf(0.001), total.ppf(0.999), _BINS)
    points: list[float] = np.unique(total.ppf(total.cdf(even))).tolist()
    return points


def _value_table(total: Any, points: list[float], *, exact: bool) -> str:
    if exact:
        single = [str(total.pmf(x, exact=True)) for x in points]
        beyond = [str(total.sf(x, exact=True)) for x in points]
    else:
        single = [f"{p:.6g}" for p in total.pmf(points)]
        beyond = [f"{p:.6g}" for p in total.sf(points)]
    rows = list(zip(map(_plain, points), single, beyond, strict=True))
    return table(["x", "P(S = x)", "P(S > x)"], rows, total.pmf(points).tolist())


def _quantile_table(total: Law) -> str:
    digits = _plain if _is_discrete(total) else "{:.6g}".format
    rows = [(f"{q:g}", digits(x)) for q, x in _quantiles(total).items()]
    return table(["q", "smallest x with P(S <= x) >= q"], rows)


def _quantiles(total: Law) -> dict[float, float]:
    return dict(zip(_QUANTILES, total.ppf(list(_QUANTILES)).tolist(), strict=True))


def _bin_table(total: Any) -> str:
    """Sum the probabilities of neighbouring points, within the central 99.8 %."""
    import numpy as np

    low, high = (int(np.searchsorted(total.points, total.ppf(q))) for q in (0.001, 0.999))
    first = np.arange(low, high + 1, -(-(high + 1 - low) // _BINS))
    last = np.append(first[1:] - 1, high)
    masses = np.add.reduceat(total.weights[: high + 1], first).tolist()
    ends = zip(total.points[first], total.points[last], strict=True)
    rows = [
        (_plain(start), _plain(end), f"{mass:.6g}")
        for (start, end), mass in zip(ends, masses, strict=True)
    ]
    return table(["from", "to", "P(from <= S <= to)"], rows, masses)


def _density_table(total: Law) -> str:
    import numpy as np

    points = np.linspace(total.ppf(0.001), total.ppf(0.999), _BINS)
    heights = total.pdf(points).tolist()
    rows = [
        (f"{x:.4g}", f"{height:.6g}", f"{beyond:.6g}")
        for x, height, beyond in zip(points, heights, total.sf(points), strict=True)
    ]
    return table(["x", "density", "P(S > x)"], rows, heights)


def _tail(total: Any, x: float, *, exact: bool) -> Any:
    return str(total.sf(x, exact=True)) if exact else total.sf(x)


def _as_dictionary(
    laws: tuple[str, ...], total: Any, tails: tuple[float, ...], *, exact: bool
) -> dict[str, Any]:
    result = {
        "laws": [text.strip() for text in laws],
        "discrete": _is_discrete(total),
        "mean": total.mean(),
        "std": total.std(),
        "support": total.support(),
        "quantiles": _quantiles(total),
        "neglected_mass": total.neglected_mass,
        "error_bound": total.error_bound,
        "error_estimate": total.error_estimate,
        "explanation": total.explain(),
        "tails": [{"x": x, "probability": _tail(total, x, exact=exact)} for x in tails],
    }
    return result | (_probabilities(total, exact=exact) if _is_discrete(total) else _curve(total))


def _probabilities(total: Any, *, exact: bool) -> dict[str, Any]:
    return {
        "window": total.window(),
        "points": total.points,
        "probabilities": total.exact_weights() if exact else total.weights,
    }


def _curve(total: Any) -> dict[str, Any]:
    """Return the density over all but a thousandth of the mass, with a margin inside the support."""
    import numpy as np

    (low, high), (first, last) = total.support(), total.interval(0.999)
    margin = 0.05 * (last - first)
    points = np.linspace(max(first - margin, low), min(last + margin, high), _CURVE)
    return {
        "points": points,
        "densities": total.pdf(points),
        "density_error_bound": total.pdf_error_bound,
    }
