"""Sums of many copies by convolution of pieces, against the closed forms of their laws."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from faltung.distributions import Density, NamedDensity, distribution
from faltung.distributions.continuous.aside import set_aside, with_apart
from faltung.distributions.continuous.facts import Apart
from faltung.errors import OptionError
from faltung.functions import Function, contents
from faltung.functions.chains import apart

LAWS = {
    "gamma": distribution(scipy.stats.gamma(0.5)),
    "normal": distribution(scipy.stats.norm()),
    "cauchy": distribution(scipy.stats.cauchy()),
    "levy": distribution(scipy.stats.levy()),
    "inverse Gaussian": distribution(scipy.stats.invgauss(1)),
}
LEVELS = 10.0 ** -np.array([1e-3, 0.3, 1, 3, 10, 30, 80])


def in_pieces(law):
    """Return a named law as a density in pieces, which knows no closed form of its sums."""
    assert isinstance(law, NamedDensity)
    return law._generic


@pytest.mark.parametrize("n", [2, 13, 128])
@pytest.mark.parametrize("name", LAWS)
def test_many_copies_against_their_closed_form(name, n):
    known, law = LAWS[name].sum(n), in_pieces(LAWS[name]).sum(n)
    assert isinstance(known, NamedDensity)
    assert not isinstance(law, NamedDensity)
    assert law.error_bound < n * 2e-12
    x = np.concatenate([known.ppf(LEVELS), known.isf(LEVELS)])
    for of in ("cdf", "sf", "pdf"):
        true, value = getattr(known, of)(x), getattr(law, of)(x)
        bound = law.relative_error_bound(x, of=of)
        counts = true > 1e-80
        assert (np.abs(value / true - 1) <= bound + known.error_bound)[counts].all()
        assert bound[counts].max() < n * 1e-10
    assert np.abs(law.cdf(x) - known.cdf(x)).max() <= law.error_bound


def test_thousands_of_copies_that_are_flat_far_from_their_knot():
    """All of it lies within a fiftieth of the distance from 0, between two places looked at."""
    n, levels = 4096, 10.0 ** -np.array([0.3, 3, 20])
    known, law = LAWS["inverse Gaussian"].sum(n), in_pieces(LAWS["inverse Gaussian"]).sum(n)
    x = np.concatenate([known.ppf(levels), known.isf(levels)])
    for of in ("cdf", "sf"):
        true, value = getattr(known, of)(x), getattr(law, of)(x)
        assert (np.abs(value / true - 1) <= law.relative_error_bound(x, of=of)).all()
    assert law.error_estimate < law.error_bound < n * 2e-12


def test_so_many_copies_that_no_pieces_follow_them():
    with pytest.raises(OptionError, match="nothing would be known, the bound is .* sum discretize"):
        distribution("pareto(1.1, 1)").sum(10**6)


def test_a_thousand_heavy_copies_are_known():
    law = distribution("pareto(3, 1)").sum(1000)
    assert law.error_bound < 1e-8
    assert law.cdf(law.mean()) == pytest.approx(0.52349220878, rel=1e-9)
    assert abs(law.cdf(1500.0) + law.sf(1500.0) - 1) < 1e-11


@pytest.mark.parametrize("family", [scipy.stats.lognorm(1), scipy.stats.t(5)])
def test_the_bound_of_many_copies_grows_with_their_number(family):
    law = in_pieces(distribution(family))
    bounds = [law.sum(n).error_bound for n in (4, 16, 64)]
    assert bounds[2] < 5 * bounds[1] < 25 * bounds[0] < 5e-10


def test_left_of_where_a_flat_function_begins_nothing_is_known():
    law = in_pieces(LAWS["inverse Gaussian"]).sum(64)
    x = LAWS["inverse Gaussian"].sum(64).ppf(1e-290)
    assert law.pdf(x) == law.cdf(x) == 0
    assert law.relative_error_bound(x) == law.relative_error_bound(x, of="pdf") == np.inf


def test_a_cdf_and_an_sf_that_do_not_make_one_tell_on_each_other():
    law = in_pieces(LAWS["normal"])
    sound = law + distribution(scipy.stats.logistic())
    assert sound._gap == 0
    lame = law + distribution(scipy.stats.logistic())
    lame.__dict__["_above"] = in_pieces(distribution(scipy.stats.norm(0.001)))._above
    assert lame.error_bound >= lame.error_estimate >= lame._gap > 1e-4
    assert lame.relative_error_bound(40.0) > lame.relative_error_estimate(40.0) > 1e-4


# --- what is set aside ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAWS)
def test_what_is_set_aside_is_what_the_pieces_were_off_by(name):
    total = in_pieces(LAWS[name]).sum(2)
    kept, off = set_aside(total._function)
    chain, left = (contents.as_body(each._content).chain for each in (total._function, kept))
    taken = left.deviation.bound < chain.deviation.bound
    assert taken.mean() > 0.7
    values = np.polynomial.chebyshev.chebval(np.linspace(-1, 1, 999), chain.coefficients.T)
    parts = chain.deviation.bound[taken] / values.min(axis=1)[taken]
    assert 0 < parts.max() <= off.relative < 1e-9
    assert (left.deviation.bound[taken] == 0).all()
    assert 0 < off.area < off.relative
    assert off.area_estimate < off.area


def test_areas_of_weights():
    for name, law in LAWS.items():
        chain = contents.as_body(in_pieces(law)._function._content).chain
        for row, area in enumerate(apart.areas(chain)):
            x, w = np.polynomial.legendre.leggauss(64)
            near, far = chain.near[row], chain.far[row]
            v = np.log(max(near, 1e-30)) + (np.log(far) - np.log(max(near, 1e-30))) * (1 + x) / 2
            if np.isfinite(area) and far < 1e3 * max(near, 1e-300):
                one = chain.rows(np.array([row]))
                weights = np.array([one.weights(np.array([d]))[0] for d in np.exp(v)])
                width = np.log(far) - np.log(near)
                assert area == pytest.approx(
                    (weights * np.exp(v) * w).sum() * width / 2, rel=1e-5
                ), name


def test_least_values_are_below_all_values():
    rng = np.random.default_rng(3)
    decay = 0.5 ** np.arange(12)
    coefficients = rng.standard_normal((200, 12)) * decay
    coefficients[:, 0] = 3.5
    least = apart._least_values(coefficients)
    values = np.polynomial.chebyshev.chebval(np.cos(np.linspace(0, np.pi, 5001)), coefficients.T)
    assert (least <= values.min(axis=1)).all()
    assert (least >= values.min(axis=1) - 0.02).all()


def test_what_was_set_aside_counts_in_the_function():
    pulse = Function(1.0, (0, 1))
    assert with_apart(pulse, Apart()) is pulse
    wider = with_apart(pulse, Apart.everywhere(1e-6))
    assert wider.error_bound == pytest.approx(1e-6, rel=1e-3)
    total = in_pieces(LAWS["normal"]).sum(64)
    assert isinstance(total, Density)
    assert total.function.error_bound >= total.pdf_error_bound / 2 > 1e-12
