// Outputs are found in blocks of B = sum_block. Block k of the outputs needs, for each block i of
// the taps, the neighbouring blocks k - i - 1 and k - i of the other operand (a window):
//
//     taps        window                      outputs
//     [ i ]   *   [ k-i-1 | k-i ]      →      [ k ]       all i
//
// Of a square only i < k - i - 1 is needed, twice; what remains in the middle is
//
//     k = 2c:      [ c ] * [ 0 | c ]
//     k = 2c + 1:  [ c ] * [ c | 0 ]  and twice  [ c ] * [ 0 | c+1 ]
//
// Which products matter: all numbers are non-negative, so a product of pieces whose bound is small
// against the smallest output of the block so far can be left out. For log-concave laws that is
// all but O(sqrt(n)) of n products for each output (laws-lattice.md).
#include "faltung/laws/convolution.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "faltung/laws/layered_sums.hpp"
#include "faltung/laws/pieces.hpp"
#include "faltung/threads.hpp"

namespace faltung::laws {
namespace {

constexpr double unit = 0x1p-53;

// What is left out is at most 2^-skipped_bits of an output.
constexpr std::int64_t skipped_bits(Precision precision) {
  return precision == Precision::precise ? 100 : 64;
}

// About so many nanoseconds for each product of blocks.
constexpr double nanoseconds(Precision precision) {
  return precision == Precision::precise ? 500 : 70;
}

struct Support {
  std::int64_t first, last;  // last < first if all are zeros
};

Support support_of(const ScaledView& numbers) {
  std::int64_t first = 0, last = numbers.length - 1;
  while (first <= last && numbers.high[first] == 0) ++first;
  while (last > first && numbers.high[last] == 0) --last;
  return {first, last};
}

class Convolution {
 public:
  Convolution(const ScaledView& a, const ScaledView& b, Precision precision)
      : precision_(precision),
        square_(a.high == b.high && a.length == b.length),
        length_(a.length + b.length - 1),
        taps_(Pieces::taps(a, precision == Precision::precise)),
        windows_(square_ ? Pieces::windows(taps_)
                         : Pieces::windows(Pieces::taps(b, precision == Precision::precise))),
        margin_(skipped_bits(precision) + std::bit_width(static_cast<std::uint64_t>(a.length))) {
    const Support x = support_of(a), y = support_of(b);
    support_ = {x.first + y.first, x.last + y.last};
    if (x.last < x.first || y.last < y.first) support_ = {0, -1};
  }

  ScaledVector run(int threads) const {
    ScaledVector result(length_, precision_ == Precision::precise);
    const std::int64_t blocks = (length_ + sum_block - 1) / sum_block;
    const double products =
        static_cast<double>(taps_.stretches()) * static_cast<double>(windows_.stretches());
    if (products * nanoseconds(precision_) < one_thread_nanoseconds) threads = 1;
    parallel_for(blocks, threads, [&](std::int64_t k) { sum(k, result); });
    return result;
  }

 private:
  // Products of stretches: the bound on their exponent is that of their tops.
  struct Range {
    std::int64_t first, last;  // of the taps; last itself not
  };

  void sum(std::int64_t k, ScaledVector& result) const {
    const std::int64_t start = k * sum_block;
    const std::int64_t first = std::max(support_.first - start, std::int64_t{0});
    const std::int64_t last = std::min(support_.last + 1 - start, sum_block);
    if (last <= first) return;
    // 1. What is within the margin of the largest bound matters in any case.
    LayeredSums sums(precision_ == Precision::precise);
    const Range range = {std::max(k - windows_.stretches() + 1, std::int64_t{0}),
                         square_ ? k / 2 : std::min(k + 1, taps_.stretches())};
    const std::int64_t above = largest(range, k) - skipped_bits(precision_);
    add(range, k, {above, INT64_MAX}, sums);
    if (square_) add_middle(k, sums);
    // 2. What is within the margin of the smallest output, which can only grow.
    const std::int64_t smallest = sums.smallest(first, last);
    const std::int64_t limit = smallest == no_exponent ? no_exponent : smallest - margin_;
    if (limit < above) add(range, k, {limit, above}, sums);
    // 3. The layers together.
    for (std::int64_t i = first; i < last; ++i) result.set(start + i, rounded(sums.total(i)));
  }

  // Exponents from `low` on and below `high`; taps and window are each below 2^exponent.
  struct Band {
    std::int64_t low, high;
    bool holds(std::int64_t exponent) const { return low <= exponent && exponent < high; }
  };

  std::int64_t doublings() const { return square_ ? 1 : 0; }

  std::int64_t largest(const Range& range, std::int64_t k) const {
    std::int64_t largest = no_exponent;
    for (std::int64_t i = range.first; i < range.last; ++i)
      largest = std::max(largest, taps_.top(i) + windows_.top(k - i));
    return largest + doublings();
  }

  void add(const Range& range, std::int64_t k, const Band& band, LayeredSums& sums) const {
    for (std::int64_t i = range.first; i < range.last; ++i) {
      const std::int64_t j = k - i;
      if (taps_.top(i) + windows_.top(j) + doublings() < band.low) continue;
      for (std::int64_t p = 0; p < taps_.count(i); ++p) {
        const Piece taps = taps_.piece(i, p);
        for (std::int64_t q = 0; q < windows_.count(j); ++q) {
          const Piece window = windows_.piece(j, q);
          if (band.holds(taps.exponent + window.exponent + doublings()))
            sums.add(taps, window, doublings());
        }
      }
    }
  }

  void add_middle(std::int64_t k, LayeredSums& sums) const {
    const std::int64_t c = k / 2;
    if (k % 2 == 0) return add_half(c, c, 1, 0, sums);
    add_half(c, c, 0, 0, sums);
    add_half(c, c + 1, 1, 1, sums);
  }

  void add_half(std::int64_t i, std::int64_t j, std::int64_t place, std::int64_t doublings,
                LayeredSums& sums) const {
    if (i >= taps_.stretches() || j >= taps_.stretches()) return;
    HalfWindow half;
    for (std::int64_t q = 0; q < taps_.count(j); ++q) {
      const Piece window = half.set(taps_.piece(j, q), place);
      for (std::int64_t p = 0; p < taps_.count(i); ++p)
        sums.add(taps_.piece(i, p), window, doublings);
    }
  }

  ScaledNumber rounded(const ScaledNumber& sum) const {
    if (precision_ == Precision::precise) return sum;
    return {{sum.mantissa.high, 0}, sum.exponent};
  }

  Precision precision_;
  bool square_;
  std::int64_t length_;
  Pieces taps_, windows_;
  std::int64_t margin_;
  Support support_;
};

}  // namespace

Error Error::of_product(const Error& a, const Error& b, const Error& own) {
  const double factor = 1 + 8 * unit;  // for the roundings of this sum
  const double operands = a.bound + b.bound + a.bound * b.bound;
  return {(operands + own.bound + operands * own.bound) * factor,
          std::hypot(a.estimate, b.estimate, own.estimate)};
}

Error Error::of_square(const Error& a, const Error& own) {
  return {of_product(a, a, own).bound, std::hypot(2 * a.estimate, own.estimate)};
}

Error convolution_error(std::int64_t a, std::int64_t b, Precision precision) {
  // As many terms as the shorter operand has; a block of taps may be several pieces, of which each
  // number is in one.
  const double terms = static_cast<double>(std::min(a, b)) + 8, lost = terms * unit;
  const double twice = 2 * lost * lost;
  if (precision == Precision::precise) return {twice + 0x1p-98, lost * unit + 0x1p-104};
  // The low parts of both operands, the sums within a block, and the rounding of the total.
  const double roundings = 2 + block_sum_roundings + 1;
  return {roundings * unit * (1 + 0x1p-40) + twice + 0x1p-62, 2 * unit};
}

ScaledVector convolve(const ScaledView& a, const ScaledView& b, Precision precision, int threads) {
  const bool a_is_shorter = a.length <= b.length;
  return Convolution(a_is_shorter ? a : b, a_is_shorter ? b : a, precision).run(threads);
}

}  // namespace faltung::laws
