// Many Chebyshev series at many points each.
#pragma once

#include <cstdint>

namespace faltung::functions {

// Chebyshev coefficients of `count` polynomials, a row for each.
struct Series {
  const double* coefficients;
  std::int64_t count, length;

  const double* row(std::int64_t i) const { return coefficients + i * length; }
};

// How many coefficients there are up to the last one that is not zero, at least one.
std::int64_t used_length(const double* coefficients, std::int64_t length);

// Row i of `values`, `points` numbers in [-1, 1], becomes what series i is there, by Clenshaw's
// recurrence.
void sum_rows(const Series& series, std::int64_t points, double* values, int threads);

// For each row c of `length` numbers, with weights w that are not negative: sums[i] becomes the sum
// of w |c|, and roots[i] the root of the sum of w c^2, without overflow on the way.
void weigh_rows(const Series& rows, const double* weights, double* sums, double* roots);

}  // namespace faltung::functions
