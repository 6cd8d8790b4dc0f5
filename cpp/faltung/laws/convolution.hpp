// The convolution of scaled vectors by direct sums, every entry with its own relative accuracy.
#pragma once

#include <cstdint>

#include "faltung/laws/scaled.hpp"

namespace faltung::laws {

// Double-double sums cost eight times as much.
enum class Precision { plain, precise };

// Relative bound and estimate of the error of each entry.
struct Error {
  double bound = 0;
  double estimate = 0;

  // Of a product of two factors with these errors, itself with another one.
  static Error of_product(const Error& a, const Error& b, const Error& own);
  static Error of_square(const Error& a, const Error& own);
};

// The error of `convolve` for operands of these lengths.
Error convolution_error(std::int64_t a, std::int64_t b, Precision precision);

// Entry k is the sum over i of a[i] b[k - i]. The result has low parts if it is precise. If both
// views are the same one, half of the products is computed. Throws std::invalid_argument if numbers
// side by side differ by so many powers of two that this would take more than minutes.
ScaledVector convolve(const ScaledView& a, const ScaledView& b, Precision precision, int threads);

}  // namespace faltung::laws
