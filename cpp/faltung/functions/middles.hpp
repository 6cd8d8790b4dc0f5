// The middle part of the convolution of two polynomials of unequal widths.
#pragma once

#include <cstdint>

#include "faltung/functions/rows.hpp"

namespace faltung::functions {

// Pairs of a shorter and a longer polynomial, the shorter one known by its values at the points of
// a rule times the weights.
struct MiddlePairs {
  const double* weighted;  // rows of `points` numbers
  const std::int64_t* short_rows;
  Series long_series;
  const std::int64_t* long_rows;
  const double* ratios;  // the shorter width over the longer
  std::int64_t count;
};

// A rule on [-1, 1] and the nodes at which the middle is wanted, in its own variable.
struct MiddleRule {
  const double* points;
  std::int64_t point_count;
  const double* nodes;
  std::int64_t node_count;
};

// Row r of `values` becomes, at the node y, the sum over the points z of weighted[z] times the
// longer polynomial at (1 - ratio) y - ratio z.
void integrate_middles(const MiddlePairs& pairs, const MiddleRule& rule, double* values,
                       int threads);

}  // namespace faltung::functions
