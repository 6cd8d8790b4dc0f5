// Panjer's recursion for random sums (ASTIN Bulletin 12, 1981), in double-double.
#pragma once

#include <cstdint>

#include "faltung/laws/scaled.hpp"

namespace faltung::laws {

// s g[s] = sum over j = 1 … s of (fixed[j] + (s - j) rising[j]) g[s - j], from g[0] = first on.
// Entries 0 of both are not read; `rising` may be empty, which is zeros.
struct RandomSum {
  ScaledView fixed, rising;
  ScaledNumber first;
};

// The first numbers g. All terms are non-negative. With g[s - j] for exact, the relative error of
// g[s] is at most that of `convolution_error`, precise, for all terms, plus 2^-95 for the products
// within a block, the addition of parts and the division. Throws std::invalid_argument if numbers
// side by side differ by so many powers of two that this would take more than minutes.
ScaledVector random_sum(const RandomSum& sum, std::int64_t length);

}  // namespace faltung::laws
