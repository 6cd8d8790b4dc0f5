// The convolution of two chains of pieces at given points, by quadrature.
//
// At each t the integrand f(s) g(t - s) is cut where either changes its piece, and each overlap of
// two pieces into panels that a Gauss rule does to rounding. The panels are done in the order of
// the bounds on their integrals, until all that is left does not matter. So the result is as
// accurate, relative to the integral of |f(s)| |g(t - s)| at this very t, as the pieces are.
#pragma once

#include <cstdint>
#include <span>

#include "faltung/functions/panel.hpp"

namespace faltung::functions {

// A point t = first + second + offset, the sum not rounded. With the anchors of two pieces as
// `first` and `second` it may be as near to the sum of their singularities as the smallest double.
struct Place {
  double first, second, offset;
};

// A chain of pieces that do not overlap, ordered along the line.
using Pieces = std::span<const Piece>;

// results[i] = the integral over s of f(s) g(t_i - s). An integral that diverges is infinite, and
// one that takes too many panels is NaN.
void convolve_at(Pieces f, Pieces g, std::span<const Place> places, Integral* results, int threads);

}  // namespace faltung::functions
