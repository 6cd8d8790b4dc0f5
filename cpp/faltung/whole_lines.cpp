#include "faltung/whole_lines.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "faltung/outer_product.hpp"

namespace faltung {
namespace {

using std::int64_t;

// Bits of the largest whole number that is looked at, its sign left out.
constexpr int most_bits = 62;

// Beyond that of any float, whichever its sign.
constexpr int most_exponent = 2000;

struct Whole {
  std::vector<int64_t> numbers;
  int exponent;
};

// The exponents of the highest and of the lowest bit that is set in any of the numbers.
struct Bits {
  int highest = -most_exponent, lowest = most_exponent;

  void add(double x) {
    if (x == 0) return;
    int exponent = 0;
    const auto digits = static_cast<int64_t>(std::ldexp(std::frexp(x, &exponent), 53));
    highest = std::max(highest, exponent - 1);
    const int zeros = std::countr_zero(static_cast<std::uint64_t>(digits));
    lowest = std::min(lowest, exponent - 53 + zeros);
  }
};

// Whole numbers n and an exponent e with taps = n 2^e.
std::optional<Whole> as_whole(const std::vector<double>& taps) {
  Bits bits;
  for (const double tap : taps) {
    bits.add(tap);
    if (bits.highest - bits.lowest >= most_bits) return std::nullopt;
  }
  Whole whole{{}, bits.lowest};
  for (const double tap : taps)
    whole.numbers.push_back(static_cast<int64_t>(std::ldexp(tap, -bits.lowest)));
  return whole;
}

bool is_smaller(int64_t a, int64_t b) { return std::abs(a) < std::abs(b); }

int64_t greatest_divisor(const std::vector<int64_t>& line) {
  return std::accumulate(line.begin(), line.end(), int64_t{0}, std::gcd<int64_t, int64_t>);
}

// The only lines that can be: those through the largest entry, in lowest terms. Empty if that does
// not make whole lines.
std::vector<std::vector<int64_t>> lines_of(const std::vector<int64_t>& whole,
                                           const std::vector<int64_t>& sizes) {
  const int64_t pivot = std::max_element(whole.begin(), whole.end(), is_smaller) - whole.begin();
  std::vector<std::vector<int64_t>> lines(sizes.size());
  double magnitude = 1;
  int64_t divisor = 1;
  for (size_t d = 0; d < sizes.size(); ++d) {
    const LineThrough through(sizes, d, pivot);
    for (int64_t i = 0; i < through.size; ++i)
      lines[d].push_back(whole[static_cast<size_t>(through.first + i * through.stride)]);
    if (d == 0) continue;
    const int64_t common = greatest_divisor(lines[d]);
    for (int64_t& number : lines[d]) number /= common;
    const int64_t own = whole[static_cast<size_t>(pivot)] / common;
    magnitude *= std::abs(static_cast<double>(own));
    if (magnitude >= 0x1p62) return {};
    divisor *= own;
  }
  for (int64_t& number : lines[0]) {
    if (number % divisor != 0) return {};
    number /= divisor;
  }
  return lines;
}

// Whether no product of entries of the lines has too many bits.
bool products_fit(const std::vector<std::vector<int64_t>>& lines) {
  double product = 1;
  for (const auto& line : lines)
    product *=
        std::abs(static_cast<double>(*std::max_element(line.begin(), line.end(), is_smaller)));
  return product < 0x1p62;
}

}  // namespace

std::optional<WholeLines> whole_lines(const std::vector<double>& taps,
                                      const std::vector<int64_t>& sizes) {
  const std::optional<Whole> whole = as_whole(taps);
  if (!whole) return std::nullopt;
  auto lines = lines_of(whole->numbers, sizes);
  if (lines.empty() || !products_fit(lines)) return std::nullopt;
  const bool same = all_products(lines, [&](int64_t i, int64_t product) {
    return product == whole->numbers[static_cast<size_t>(i)];
  });
  if (!same) return std::nullopt;
  return WholeLines{std::move(lines), whole->exponent};
}

}  // namespace faltung
