// From values at Chebyshev nodes to coefficients, nearly without rounding.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace faltung::functions {

// The product with a matrix C, coefficients = values C, of which a leading part of few bits and the
// rest are given besides: c = l + r. Values are split likewise, v = h + (v - h), so that h l is
// exact in whatever order it is added up, and
//
//   v C = h l + (h r + (v - h) C)
//
// is rounded hardly more than once: see src/faltung/functions/transform.py.
class Interpolation {
 public:
  // Square matrices of `count` rows, in C order.
  Interpolation(std::int64_t count, const double* whole, const double* leading, const double* rest);

  std::int64_t count() const { return count_; }

  // Rows of values become rows of coefficients: 2 / count times the product, the first one halved.
  void coefficients(const double* values, std::int64_t rows, double* results, int threads) const;

 private:
  void do_rows(const double* values, std::int64_t rows, double* results) const;

  // Of the instruction set it is made for.
  std::int64_t count_, columns_;
  std::vector<double> leading_, rest_;
};

}  // namespace faltung::functions
