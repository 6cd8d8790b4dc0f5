// Whether a kernel is nearly a product of one line for each axis.
#pragma once

#include <cstdint>
#include <vector>

namespace faltung {

// Whether every tap is within 16 unit round-offs for each axis of the product of the lines through
// the largest one. Taps in C order; false where one of them is not finite, or all are zero.
bool is_near_product(const float* taps, const std::vector<std::int64_t>& sizes);
bool is_near_product(const double* taps, const std::vector<std::int64_t>& sizes);

}  // namespace faltung
