// The product of a few short vectors, the leaves of a tree, in one pass of double-double sums.
#pragma once

#include <span>

#include "faltung/laws/products.hpp"

namespace faltung::laws {

// A group has at most so many vectors and its product one entry more than this.
inline constexpr std::int64_t most_leaves = 16;
inline constexpr std::int64_t longest_group = 32;

// Exponents of a group's vectors may add up to so much: then nothing can underflow.
inline constexpr std::int64_t widest_group = 400;

// The relative error of a group's product: each of 16 vectors brings a product, at most 33
// additions and, for two low parts that are left out, u^2: less than 16 (5 + 33 * 3 + 1) u^2.
inline constexpr double group_error = 0x1p-95;

// The largest size of an exponent of a positive number.
std::int64_t widest_exponent(const ScaledView& numbers);

// The product of vectors of a group.
ScaledVector product_of_group(const ScaledList& list, std::span<const std::int64_t> indices);

}  // namespace faltung::laws
