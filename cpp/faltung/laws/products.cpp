// Which products are precise. An error made once in a factor counts once in the result, but an
// error in a vector that is squared counts twice, and 2^j times after j squarings; the errors of
// 2^j different factors add up to as much. So the last convolution, the longest, may be plain, and
// both before it, and so on, down to where 2^j roundings would be too many; there vectors are short
// and double-double costs little. A budget of plain convolutions is handed down: one is spent, and
// half of the rest goes to each operand.
#include "faltung/laws/products.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "faltung/laws/leaves.hpp"
#include "faltung/threads.hpp"

namespace faltung::laws {
namespace {

// 127 plain convolutions of 36 u each: 5.1e-13.
constexpr std::int64_t whole_budget = 127;

// So many products take some 30 us in double-double: nothing is gained by less precision.
constexpr double few_products = 0x1p18;

Precision precision_for(const ScaledView& a, const ScaledView& b, bool affordable) {
  const double products = static_cast<double>(a.length) * static_cast<double>(b.length);
  return affordable && products > few_products ? Precision::plain : Precision::precise;
}

ScaledProduct multiplied(const ScaledProduct& a, const ScaledProduct& b, Precision precision,
                         int threads) {
  const Error own = convolution_error(a.numbers.length(), b.numbers.length(), precision);
  return {convolve(a.numbers.view(), b.numbers.view(), precision, threads),
          Error::of_product(a.error, b.error, own)};
}

ScaledProduct squared(const ScaledProduct& a, Precision precision, int threads) {
  const ScaledView view = a.numbers.view();
  const Error own = convolution_error(view.length, view.length, precision);
  return {convolve(view, view, precision, threads), Error::of_square(a.error, own)};
}

struct Step {
  bool square;  // else a product with the base
  bool affordable;
};

// The steps of power(n) from the first to the last: the bits of n after the leading one.
std::vector<Step> steps_of(std::int64_t n) {
  std::vector<Step> steps;
  for (int bit = 62 - std::countl_zero(static_cast<std::uint64_t>(n)); bit >= 0; --bit) {
    steps.push_back({true, false});
    if (n >> bit & 1) steps.push_back({false, false});
  }
  std::int64_t budget = whole_budget;
  for (std::size_t i = steps.size(); i-- > 0;) {
    steps[i].affordable = budget > 0;
    budget = std::max(budget - 1, std::int64_t{0});
    if (steps[i].square) budget /= 2;
  }
  return steps;
}

// The indices of vectors, short ones first, in groups that one pass multiplies; a group of one may
// be of any length.
std::vector<std::vector<std::int64_t>> groups_of(const ScaledList& list) {
  std::vector<std::int64_t> order(list.count);
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) {
    return list.vector(i).length < list.vector(j).length;
  });
  std::vector<std::vector<std::int64_t>> groups;
  std::int64_t longest = 0, widest = 0;
  for (const std::int64_t i : order) {
    const ScaledView leaf = list.vector(i);
    longest += leaf.length - 1;
    const std::int64_t wide = widest_exponent(leaf);
    widest += wide;
    if (groups.empty() || longest > longest_group || widest > widest_group ||
        static_cast<std::int64_t>(groups.back().size()) == most_leaves) {
      groups.emplace_back();
      longest = leaf.length - 1;
      widest = wide;
    }
    groups.back().push_back(i);
  }
  return groups;
}

ScaledProduct leaf_of(const ScaledList& list, std::span<const std::int64_t> group) {
  if (group.size() == 1) return {ScaledVector(list.vector(group[0])), {}};
  return {product_of_group(list, group), {group_error, group_error / 8}};
}

// Neighbours multiplied in pairs; a last one without a partner stays.
std::vector<ScaledProduct> next_level(std::vector<ScaledProduct>& level, bool affordable,
                                      int threads) {
  const std::int64_t count = static_cast<std::int64_t>(level.size()), pairs = count / 2;
  std::vector<ScaledProduct> next(count - pairs);
  const bool many = pairs >= 8;  // else each product is shared by the threads
  parallel_for(pairs, many ? threads : 1, [&](std::int64_t i) {
    ScaledProduct &a = level[2 * i], &b = level[2 * i + 1];
    const Precision precision = precision_for(a.numbers.view(), b.numbers.view(), affordable);
    next[i] = multiplied(a, b, precision, many ? 1 : threads);
    a = b = {};
  });
  if (count % 2 == 1) next.back() = std::move(level.back());
  return next;
}

}  // namespace

ScaledView ScaledList::vector(std::int64_t i) const {
  const std::int64_t begin = offsets[i];
  return {numbers.high + begin, numbers.low == nullptr ? nullptr : numbers.low + begin,
          numbers.exponents + begin, offsets[i + 1] - begin};
}

ScaledProduct product(const ScaledView& a, const ScaledView& b, Precision precision, int threads) {
  return {convolve(a, b, precision, threads), convolution_error(a.length, b.length, precision)};
}

ScaledProduct power(const ScaledView& numbers, std::int64_t n, int threads) {
  const ScaledProduct base = {ScaledVector(numbers), {}};
  ScaledProduct result = base;
  for (const Step& step : steps_of(n)) {
    const ScaledView a = result.numbers.view(), b = step.square ? a : numbers;
    const Precision precision = precision_for(a, b, step.affordable);
    result = step.square ? squared(result, precision, threads)
                         : multiplied(result, base, precision, threads);
  }
  return result;
}

ScaledProduct product_of(const ScaledList& list, int threads) {
  const auto groups = groups_of(list);
  const std::int64_t count = static_cast<std::int64_t>(groups.size());
  std::vector<ScaledProduct> level(count);
  constexpr std::int64_t chunk = 16;
  parallel_for((count + chunk - 1) / chunk, threads, [&](std::int64_t task) {
    for (std::int64_t i = task * chunk; i < std::min((task + 1) * chunk, count); ++i)
      level[i] = leaf_of(list, groups[i]);
  });
  while (level.size() > 1) {
    // In a balanced tree, so many convolutions are on this level and above.
    const std::int64_t above = static_cast<std::int64_t>(level.size()) - 1;
    level = next_level(level, above <= whole_budget, threads);
  }
  return std::move(level.front());
}

}  // namespace faltung::laws
