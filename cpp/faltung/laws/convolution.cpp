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
#include <stdexcept>

#include "faltung/laws/layered_sums.hpp"
#include "faltung/laws/pieces.hpp"
#include "faltung/threads.hpp"

namespace faltung::laws {
namespace {

constexpr double unit = 0x1p-53;

// What is left out is at most 2^-skipped_bits of an output.
constexpr std::int64_t skipped_bits(Precision precision) {
  return precision == Precision::precise ? 90 : 64;
}

// What is so close to the largest bound is added first.
constexpr std::int64_t seed_bits = 8, most_seed_bits = 8 * 8 * 8 * 8 * 8 * 8;

// About so many nanoseconds for each product of blocks.
constexpr double nanoseconds(Precision precision) {
  return precision == Precision::precise ? 500 : 70;
}

// Products of pieces may take so long, some minutes. A flat law of a million entries has 2^28 with
// itself, 20 seconds.
constexpr double most_nanoseconds = 3e11;

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
    const double products =
        static_cast<double>(taps_.count()) * static_cast<double>(windows_.count());
    if (products * nanoseconds(precision_) > most_nanoseconds)
      throw std::invalid_argument(
          "neighbouring weights differ by so many powers of two that this sum would take more than "
          "minutes: use shorter laws, or leave out what is far below its neighbours");
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
  // Blocks of taps from `first` on and before `last`.
  struct Range {
    std::int64_t first, last;
  };

  // Products that may matter beside sums found before: those with a bound of at least 2^low, and of
  // at least 2^((offset + slope * t) / 8) for output t of the block; of single pieces, 2^pieces.
  struct Matter {
    std::int64_t low, pieces, slope, offset;
  };

  void sum(std::int64_t k, ScaledVector& result) const {
    const std::int64_t start = k * sum_block;
    const std::int64_t first = std::max(support_.first - start, std::int64_t{0});
    const std::int64_t last = std::min(support_.last + 1 - start, sum_block);
    if (last <= first) return;
    LayeredSums sums(precision_ == Precision::precise);
    const Range range = {std::max(k - windows_.stretches() + 1, std::int64_t{0}),
                         square_ ? k / 2 : std::min(k + 1, taps_.stretches())};
    if (square_) add_middle(k, sums);
    // 1. The products with the largest bounds, which are likely to be the largest, and more of them
    //    while a sum is 0: nothing is small beside it.
    const std::int64_t top = largest(range, k);
    std::int64_t above = INT64_MAX, bits = seed_bits;
    do {
      const std::int64_t low = bits < most_seed_bits ? top - bits : 4 * no_exponent;
      add(range, k, above, {low, 4 * no_exponent, 0, 4 * eighths * no_exponent}, sums);
      above = low;
      bits *= 8;
    } while (above > 4 * no_exponent && has_zero(sums, first, last));
    // 2. What may matter beside these, for the sums can only grow.
    if (above > 4 * no_exponent) add(range, k, above, matter(sums, first, last), sums);
    // 3. The layers together.
    for (std::int64_t t = first; t < last; ++t) result.set(start + t, rounded(sums.total(t)));
  }

  static bool has_zero(const LayeredSums& sums, std::int64_t first, std::int64_t last) {
    for (std::int64_t t = first; t < last; ++t)
      if (sums.exponent(t) == no_exponent) return true;
    return false;
  }

  // The slope is that of the sums from the first to the last: one of 0 would compare the largest
  // products with the smallest sum, far apart where the law is steep.
  Matter matter(const LayeredSums& sums, std::int64_t first, std::int64_t last) const {
    std::int64_t exponents[sum_block];
    for (std::int64_t t = first; t < last; ++t) exponents[t] = sums.exponent(t);
    const std::int64_t rise = exponents[last - 1] - exponents[first];
    const std::int64_t slope = last - first > 1 ? eighths * rise / (last - first - 1) : 0;
    std::int64_t smallest = INT64_MAX, offset = INT64_MAX;
    for (std::int64_t t = first; t < last; ++t) {
      smallest = std::min(smallest, exponents[t]);
      offset = std::min(offset, eighths * exponents[t] - slope * t);
    }
    return {smallest - margin_, smallest - margin_, slope, offset - eighths * margin_};
  }

  std::int64_t doublings() const { return square_ ? 1 : 0; }

  std::int64_t largest(const Range& range, std::int64_t k) const {
    std::int64_t largest = no_exponent;
    for (std::int64_t i = range.first; i < range.last; ++i)
      largest = std::max(largest, taps_.top(i) + windows_.top(k - i));
    return largest + doublings();
  }

  // Adds what matters of the products of stretches whose bound is below 2^above.
  void add(const Range& range, std::int64_t k, std::int64_t above, const Matter& matter,
           LayeredSums& sums) const {
    for (std::int64_t i = range.first; i < range.last; ++i) {
      const std::int64_t j = k - i;
      const std::int64_t top = taps_.top(i) + windows_.top(j) + doublings();
      if (top < matter.low || top >= above) continue;
      const std::int64_t tilted =
          taps_.tilted_top(i, matter.slope) + windows_.tilted_top(j, matter.slope);
      if (tilted + eighths * doublings() < matter.offset) continue;
      add_pieces(i, j, matter.pieces, sums);
    }
  }

  // Pieces descend.
  void add_pieces(std::int64_t i, std::int64_t j, std::int64_t low, LayeredSums& sums) const {
    for (std::int64_t p = 0; p < taps_.count(i); ++p) {
      const Piece taps = taps_.piece(i, p);
      for (std::int64_t q = 0; q < windows_.count(j); ++q) {
        const Piece window = windows_.piece(j, q);
        if (taps.exponent + window.exponent + doublings() < low) break;
        sums.add(taps, window, doublings());
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
  // Sums without their errors' errors, and as many layers at most as there are terms.
  const double twice = 2 * lost * lost + lost * 0x1p-50;
  if (precision == Precision::precise) return {twice + 0x1p-88, lost * unit + 0x1p-104};
  // The low parts of both operands, the sums within a block, and the rounding of the total.
  const double roundings = 2 + block_sum_roundings + 1;
  return {roundings * unit * (1 + 0x1p-40) + twice + 0x1p-62, 2 * unit};
}

ScaledVector convolve(const ScaledView& a, const ScaledView& b, Precision precision, int threads) {
  const bool a_is_shorter = a.length <= b.length;
  return Convolution(a_is_shorter ? a : b, a_is_shorter ? b : a, precision).run(threads);
}

}  // namespace faltung::laws
