// Bounds on a characteristic function between the points of a grid, all at once.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/laws/terms.hpp"

namespace faltung::laws {

// For each m = 0 … 2^bits / 2 a bound on the logarithm of the product of |phi|^count over all
// frequencies within `radius` of 2 pi m / 2^bits, by one transform for each term.
std::vector<double> bounds_on_grid(const std::vector<TiltedTerm>& terms, int bits, double radius);

// The bound on g = |phi|^2 within `radius` of a frequency, where phi and its slope are known up to
// errors: |g''| <= 2 variance.
double largest_near(double square, double slope, double variance, double radius);

}  // namespace faltung::laws
