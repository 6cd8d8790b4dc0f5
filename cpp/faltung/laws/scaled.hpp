// Non-negative numbers with a binary exponent of their own each, so that none underflows.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/double_double.hpp"

namespace faltung::laws {

// mantissa * 2^exponent; the high part of the mantissa is 0 or in [1/2, 1).
struct ScaledNumber {
  DoubleDouble mantissa;
  std::int64_t exponent = 0;
};

// The same number with its mantissa in [1/2, 1); a zero has the exponent 0.
ScaledNumber normalized(DoubleDouble mantissa, std::int64_t exponent);

// The sum of two non-negative numbers, with a relative error of at most 2^-103: the error of the
// addition is at most 3 u^2 + 13 u^3, and what is beyond 2^-150 of the other is left out.
ScaledNumber operator+(const ScaledNumber& a, const ScaledNumber& b);

// The product, with a relative error of at most 5 u^2.
ScaledNumber operator*(const ScaledNumber& a, const ScaledNumber& b);

// The power of two, for exponents of normal doubles.
double power_of_two(std::int64_t exponent);

// Number i is (high[i] + low[i]) 2^exponents[i], high[i] = 0 or in [1/2, 1), |low[i]| at most half
// a unit of it. Where `low` is null or empty, low parts are zeros.
struct ScaledView {
  const double* high;
  const double* low;
  const std::int64_t* exponents;
  std::int64_t length;

  ScaledNumber at(std::int64_t i) const;
};

struct ScaledVector {
  std::vector<double> high, low;
  std::vector<std::int64_t> exponents;

  ScaledVector() = default;
  ScaledVector(std::int64_t length, bool with_low);
  explicit ScaledVector(const ScaledView& view);

  std::int64_t length() const { return static_cast<std::int64_t>(high.size()); }
  ScaledView view() const;
  void set(std::int64_t i, const ScaledNumber& number);
};

// Each number times a factor, with a relative error of at most 5 u^2.
ScaledVector multiplied(const ScaledView& numbers, const ScaledNumber& factor);

// Entry k becomes the sum of the first k numbers, k = 0 … length, from the other end if `backwards`
// (entry k is then the sum of all from the k-th on). The relative error is at most length * 2^-103.
ScaledVector prefix_sums(const ScaledView& numbers, bool backwards);

// exp(x) for the logarithms x, 0 for -inf, with a relative error of at most 2^-96 + |x| 2^-103:
// that of x - k log(2) in double-double. |x| <= 2^50.
ScaledVector exponentials(const double* logarithms, std::int64_t length);

}  // namespace faltung::laws
