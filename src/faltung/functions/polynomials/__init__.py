"""Piecewise polynomials: from callables to them, and their convolution, with proved bounds."""
