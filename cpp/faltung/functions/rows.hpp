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

}  // namespace faltung::functions
