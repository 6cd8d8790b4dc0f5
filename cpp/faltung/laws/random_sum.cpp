// Numbers are found in blocks. What the blocks before give to a block is a convolution, by the
// kernels for pieces; what its own numbers give to each other is added as soon as one is found.
#include "faltung/laws/random_sum.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "faltung/laws/layered_sums.hpp"
#include "faltung/laws/pieces.hpp"

namespace faltung::laws {
namespace {

constexpr std::int64_t most_pairs = std::int64_t{1} << 26;  // of pieces: each takes a microsecond

// A sum of non-negative products whose mantissa is not normalized after each addition.
class LooseSum {
 public:
  // The mantissa is 0 or at least 1/4 and below 1.
  void add(DoubleDouble mantissa, std::int64_t exponent) {
    if (mantissa.high == 0) return;
    const std::int64_t rise = exponent - exponent_;
    if (sum_.high == 0 || rise > highest) {
      sum_ = mantissa + scaled(sum_, std::max(-rise, -negligible - highest));
      exponent_ = exponent;
    } else if (rise >= -negligible) {
      sum_ = sum_ + scaled(mantissa, rise);
    }
  }

  ScaledNumber total() const { return normalized(sum_, exponent_); }

 private:
  static constexpr std::int64_t highest = 100, negligible = 150;

  static DoubleDouble scaled(DoubleDouble number, std::int64_t exponent) {
    if (number.high == 0) return {};
    const double scale = power_of_two(exponent);
    return {number.high * scale, number.low * scale};
  }

  DoubleDouble sum_;
  std::int64_t exponent_ = 0;
};

// The convolution of taps that are given with numbers that are found block by block.
class Line {
 public:
  explicit Line(const ScaledView& taps)
      : given_(taps),
        taps_(Pieces::taps(taps, true)),
        blocks_(Pieces::no_taps(true)),
        windows_(Pieces::no_windows(true)) {}

  // Adds to the sums of block k what all blocks before it give; counts pairs of pieces.
  void add_before(std::int64_t k, LayeredSums& sums, std::int64_t& pairs) const {
    if (k == 0) return;
    HalfWindow half;
    for (std::int64_t q = 0; q < blocks_.count(k - 1); ++q)
      add_taps(0, half.set(blocks_.piece(k - 1, q), 0), sums, pairs);
    for (std::int64_t i = 1; i <= std::min(k, taps_.stretches() - 1); ++i)
      for (std::int64_t q = 0; q < windows_.count(k - i); ++q)
        add_taps(i, windows_.piece(k - i, q), sums, pairs);
  }

  // Adds to the sums of a block what its own number at `place` gives to those behind.
  void add_within(std::int64_t place, const ScaledNumber& number, LooseSum* sums) const {
    if (number.mantissa.high == 0) return;
    const std::int64_t last = std::min(sum_block - 1 - place, given_.length - 1);
    for (std::int64_t j = 1; j <= last; ++j) {
      if (given_.high[j] == 0) continue;
      const ScaledNumber tap = given_.at(j);
      sums[place + j].add(tap.mantissa * number.mantissa, tap.exponent + number.exponent);
    }
  }

  // Where no window has more than one piece.
  std::int64_t least_pairs(std::int64_t blocks) const {
    return taps_.count() * std::max(blocks - taps_.stretches(), std::int64_t{0});
  }

  void close(const ScaledView& block) {
    blocks_.append_block(block);
    windows_.append_window(blocks_, blocks_.stretches() - 1);
  }

 private:
  void add_taps(std::int64_t i, const Piece& window, LayeredSums& sums, std::int64_t& pairs) const {
    for (std::int64_t p = 0; p < taps_.count(i); ++p) sums.add(taps_.piece(i, p), window, 0);
    pairs += taps_.count(i);
  }

  ScaledView given_;
  Pieces taps_, blocks_, windows_;
};

void refuse_beyond(std::int64_t pairs) {
  if (pairs > most_pairs)
    throw std::invalid_argument(
        "neighbouring weights differ by so many powers of two that this random sum would take more "
        "than minutes: use a shorter law, or leave out what is far below its neighbours");
}

class Recursion {
 public:
  Recursion(const RandomSum& sum, std::int64_t length)
      : first_(sum.first), values_(length, true), multiples_(sum_block, true) {
    lines_.emplace_back(sum.fixed);
    if (sum.rising.length > 0) lines_.emplace_back(sum.rising);
  }

  ScaledVector run() && {
    std::int64_t pairs = 0;
    const std::int64_t blocks = (values_.length() + sum_block - 1) / sum_block;
    for (const Line& line : lines_) refuse_beyond(line.least_pairs(blocks));
    for (std::int64_t k = 0; k < blocks; ++k) {
      LayeredSums before(true);
      for (const Line& line : lines_) line.add_before(k, before, pairs);
      find(k, before);
      refuse_beyond(pairs);
    }
    return std::move(values_);
  }

 private:
  void find(std::int64_t k, const LayeredSums& before) {
    const std::int64_t start = k * sum_block;
    const std::int64_t count = std::min(sum_block, values_.length() - start);
    LooseSum sums[sum_block];
    for (std::int64_t t = 0; t < count; ++t) {
      const ScaledNumber number = before.total(t);
      sums[t].add(number.mantissa, number.exponent);
    }
    for (std::int64_t t = 0; t < count; ++t) {
      const ScaledNumber multiple = sums[t].total();
      const auto s = static_cast<double>(start + t);
      const ScaledNumber value =
          start + t == 0 ? first_ : normalized(multiple.mantissa / s, multiple.exponent);
      values_.set(start + t, value);
      multiples_.set(t, multiple);
      lines_[0].add_within(t, value, sums);
      if (lines_.size() > 1) lines_[1].add_within(t, multiple, sums);
    }
    lines_[0].close({values_.high.data() + start, values_.low.data() + start,
                     values_.exponents.data() + start, count});
    if (lines_.size() > 1)
      lines_[1].close(
          {multiples_.high.data(), multiples_.low.data(), multiples_.exponents.data(), count});
  }

  ScaledNumber first_;
  ScaledVector values_, multiples_;  // g, and s g[s] of one block
  std::vector<Line> lines_;
};

}  // namespace

ScaledVector random_sum(const RandomSum& sum, std::int64_t length) {
  return Recursion(sum, length).run();
}

}  // namespace faltung::laws
