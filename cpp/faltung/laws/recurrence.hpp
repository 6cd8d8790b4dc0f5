// Coefficients of powers of polynomials as integers of many digits, one after the other.
#pragma once

#include <cstdint>
#include <span>

namespace faltung::laws {

// divisor k q[k] = sum over terms of (constant + slope k) q[k - shift], every division exact.
struct Recurrence {
  std::span<const std::int64_t> shifts, constants, slopes;
  std::int64_t divisor = 1;
};

// Rows of `width` digits in base 2^64, the lowest first; row 0 is given, the others are zero. All
// integers are non-negative and fit. |constant| + |slope| length is below 2^62, and so is
// divisor length. Throws std::domain_error where a division has a remainder.
void run_recurrence(const Recurrence& recurrence, std::int64_t length, std::int64_t width,
                    std::uint64_t* rows);

}  // namespace faltung::laws
