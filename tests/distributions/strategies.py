"""Random laws, wild ones included."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from faltung.distributions import Discrete, Lattice

wild_weights = st.lists(
    st.one_of(
        st.just(0.0),
        st.floats(0, 1),
        st.floats(1e-300, 1e300),
        st.sampled_from([5e-324, 1e-310, 1e-160, 1e-17, 1.0, 3.0]),
    ),
    min_size=1,
    max_size=9,
).filter(lambda weights: max(weights) > 0)

counts = st.lists(st.integers(0, 20), min_size=1, max_size=7).filter(any)
origins = st.sampled_from([0, 3, -5, 0.1, Fraction(1, 3), -2.75])
steps = st.sampled_from([1, 2, 0.5, 0.1, Fraction(1, 3), 3])


@st.composite
def exact_lattices(draw):
    return Lattice(draw(counts), draw(origins), draw(steps), normalize=True)


@st.composite
def float_lattices(draw):
    return Lattice(draw(wild_weights), draw(origins), draw(steps), normalize=True)


@st.composite
def discrete_laws(draw):
    weights = draw(counts)
    points = draw(
        st.lists(
            st.one_of(
                st.integers(-50, 50),
                st.floats(-100, 100, allow_subnormal=False).map(lambda x: round(x, 6)),
            ),
            min_size=len(weights),
            max_size=len(weights),
        )
    )
    return Discrete(points, weights, normalize=True)


laws = st.one_of(exact_lattices(), float_lattices(), discrete_laws())
exact_laws = st.one_of(exact_lattices(), discrete_laws())
