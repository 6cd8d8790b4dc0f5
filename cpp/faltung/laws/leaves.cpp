#include "faltung/laws/leaves.hpp"

#include <algorithm>
#include <cstdlib>

namespace faltung::laws {
namespace {

DoubleDouble in_range(const ScaledNumber& number) {
  const double scale = power_of_two(number.exponent);
  return {number.mantissa.high * scale, number.mantissa.low * scale};
}

}  // namespace

std::int64_t widest_exponent(const ScaledView& numbers) {
  std::int64_t widest = 0;
  for (std::int64_t i = 0; i < numbers.length; ++i)
    if (numbers.high[i] != 0) widest = std::max(widest, std::abs(numbers.exponents[i]));
  return widest;
}

ScaledVector product_of_group(const ScaledList& list, std::span<const std::int64_t> indices) {
  DoubleDouble product[longest_group + 1] = {{1, 0}};
  std::int64_t length = 1;
  for (const std::int64_t index : indices) {
    const ScaledView leaf = list.vector(index);
    DoubleDouble next[longest_group + 1] = {};
    for (std::int64_t j = 0; j < leaf.length; ++j) {
      if (leaf.high[j] == 0) continue;
      const DoubleDouble weight = in_range(leaf.at(j));
      for (std::int64_t i = 0; i < length; ++i) next[i + j] = next[i + j] + weight * product[i];
    }
    length += leaf.length - 1;
    std::copy(next, next + length, product);
  }
  ScaledVector result(length, true);
  for (std::int64_t i = 0; i < length; ++i) result.set(i, normalized(product[i], 0));
  return result;
}

}  // namespace faltung::laws
