// Sums and products of scaled numbers, entry by entry.
#pragma once

#include <cstdint>

#include "faltung/laws/scaled.hpp"

namespace faltung::laws {

// Entry i of each by entry i of the other, with a relative error of at most 5 u^2; of equal length.
ScaledVector products(const ScaledView& a, const ScaledView& b);

// Each of `a` by each of `b`, row by row, with a relative error of at most 5 u^2.
ScaledVector outer_products(const ScaledView& a, const ScaledView& b);

// Entry i of each, added, with a relative error of at most 2^-103; of equal length.
ScaledVector sums(const ScaledView& a, const ScaledView& b);

// Number g is the sum of all whose group is g, 0 <= g < count, with a relative error of at most
// 2^-103 for each addition.
ScaledVector grouped(const ScaledView& numbers, const std::int64_t* groups, std::int64_t count);

}  // namespace faltung::laws
