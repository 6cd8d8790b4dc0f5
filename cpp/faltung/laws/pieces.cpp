#include "faltung/laws/pieces.hpp"

#include <algorithm>

namespace faltung::laws {
namespace {

// Entries in a run, of whose exponents the largest is known.
constexpr std::int64_t run = 8;
constexpr std::int64_t runs_in_block = sum_block / run;

// The largest exponent below `limit` of a positive number.
std::int64_t largest_exponent(const ScaledView& numbers, std::int64_t begin, std::int64_t end,
                              std::int64_t limit) {
  std::int64_t largest = no_exponent;
  for (std::int64_t i = begin; i < end; ++i)
    if (numbers.high[i] != 0 && numbers.exponents[i] < limit)
      largest = std::max(largest, numbers.exponents[i]);
  return largest;
}

void copy_scaled(const double* from, double scale, double* to) {
  for (std::int64_t i = 0; i < sum_block; ++i) to[i] = scale * from[i];
}

}  // namespace

Pieces::Pieces(std::int64_t stretches, std::int64_t length, bool with_low)
    : length_(length), with_low_(with_low), first_{0} {
  first_.reserve(stretches + 1);
  tops_.reserve(stretches);
  exponents_.reserve(stretches);
  numbers_.reserve(stretches * length * (with_low ? 2 : 1));
}

Piece Pieces::piece(std::int64_t stretch, std::int64_t i) const {
  const std::int64_t number = first_[stretch] + i;
  const double* const high = numbers_.data() + number * length_ * (with_low_ ? 2 : 1);
  return {exponents_[number], high, with_low_ ? high + length_ : nullptr};
}

// Another piece of the current stretch, all zeros.
double* Pieces::open(std::int64_t exponent) {
  exponents_.push_back(exponent);
  const std::size_t at = numbers_.size();
  numbers_.resize(at + length_ * (with_low_ ? 2 : 1));
  return numbers_.data() + at;
}

void Pieces::close() {
  const std::int64_t begin = first_.back(), end = static_cast<std::int64_t>(exponents_.size());
  first_.push_back(end);
  tops_.push_back(begin == end ? no_exponent : exponents_[begin]);
}

std::int64_t Pieces::tilted_top(std::int64_t stretch, std::int64_t slope) const {
  const std::int64_t runs = length_ / run, origin = length_ - sum_block;
  const std::int64_t* const tops = run_tops_.data() + stretch * runs;
  // Where slope * a is smallest in a run: at its first entry or at its last.
  const std::int64_t place = (slope < 0 ? run - 1 : 0) - origin;
  std::int64_t top = eighths * no_exponent;
  for (std::int64_t r = 0; r < runs; ++r)
    top = std::max(top, eighths * tops[r] - slope * (r * run + place));
  return top;
}

void Pieces::cut_block(const ScaledView& numbers, std::int64_t begin, std::int64_t end) {
  std::int64_t exponent = largest_exponent(numbers, begin, end, INT64_MAX);
  for (; exponent != no_exponent;) {
    double* const to = open(exponent);
    const std::int64_t last = exponent - piece_bits;
    bool all = true;
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t e = numbers.exponents[i];
      if (numbers.high[i] == 0 || e > exponent) continue;
      if (e <= last) {
        all = false;
        continue;
      }
      const double scale = power_of_two(e - exponent);
      to[i - begin] = scale * numbers.high[i];
      if (with_low_ && numbers.low != nullptr) to[length_ + i - begin] = scale * numbers.low[i];
    }
    if (all) break;
    exponent = largest_exponent(numbers, begin, end, last + 1);
  }
  for (std::int64_t r = 0; r < runs_in_block; ++r) {
    const std::int64_t from = begin + r * run;
    run_tops_.push_back(largest_exponent(numbers, from, std::min(from + run, end), INT64_MAX));
  }
  close();
}

Pieces Pieces::taps(const ScaledView& numbers, bool with_low) {
  const std::int64_t blocks = (numbers.length + sum_block - 1) / sum_block;
  Pieces pieces(blocks, sum_block, with_low);
  for (std::int64_t i = 0; i < blocks; ++i)
    pieces.cut_block(numbers, i * sum_block, std::min((i + 1) * sum_block, numbers.length));
  return pieces;
}

void Pieces::append_half(const Piece& piece, std::int64_t place) {
  double* const to = open(piece.exponent) + place * sum_block;
  copy_scaled(piece.high, 1, to);
  if (with_low_) copy_scaled(piece.low, 1, to + length_);
}

// A piece of block j - 1 and one of block j together.
void Pieces::append_joined(const Piece& before, const Piece& here) {
  const std::int64_t exponent = std::max(before.exponent, here.exponent);
  double* const to = open(exponent);
  const Piece* const halves[2] = {&before, &here};
  for (std::int64_t place = 0; place < 2; ++place) {
    const double scale = power_of_two(halves[place]->exponent - exponent);
    copy_scaled(halves[place]->high, scale, to + place * sum_block);
    if (with_low_) copy_scaled(halves[place]->low, scale, to + (2 + place) * sum_block);
  }
}

// The pieces of both blocks from the largest exponent down, joined where they are near.
void Pieces::append_pair(const Pieces& taps, std::int64_t j) {
  const std::int64_t last_before = j > 0 ? taps.count(j - 1) : 0;
  const std::int64_t last_here = j < taps.stretches() ? taps.count(j) : 0;
  std::int64_t p = 0, q = 0;
  while (p < last_before && q < last_here) {
    const Piece before = taps.piece(j - 1, p), here = taps.piece(j, q);
    const std::int64_t rise = here.exponent - before.exponent;
    if (-joined_bits <= rise && rise <= joined_bits)
      append_joined(before, here), ++p, ++q;
    else if (rise < 0)
      append_half(before, 0), ++p;
    else
      append_half(here, 1), ++q;
  }
  for (; p < last_before; ++p) append_half(taps.piece(j - 1, p), 0);
  for (; q < last_here; ++q) append_half(taps.piece(j, q), 1);
}

void Pieces::append_window(const Pieces& taps, std::int64_t j) {
  for (std::int64_t r = 0; r < 2 * runs_in_block; ++r) {
    const std::int64_t at = (j - 1) * runs_in_block + r;
    const bool inside = at >= 0 && at < taps.stretches() * runs_in_block;
    run_tops_.push_back(inside ? taps.run_tops_[at] : no_exponent);
  }
  append_pair(taps, j);
  close();
}

Pieces Pieces::windows(const Pieces& taps) {
  const std::int64_t blocks = taps.stretches();
  Pieces windows(blocks + 1, 2 * sum_block, taps.with_low_);
  for (std::int64_t j = 0; j <= blocks; ++j) windows.append_window(taps, j);
  return windows;
}

Piece HalfWindow::set(const Piece& piece, std::int64_t place) {
  std::fill(numbers, numbers + 4 * sum_block, 0.0);
  double* const low = piece.low == nullptr ? nullptr : numbers + 2 * sum_block;
  copy_scaled(piece.high, 1, numbers + place * sum_block);
  if (low != nullptr) copy_scaled(piece.low, 1, low + place * sum_block);
  return {piece.exponent, numbers, low};
}

}  // namespace faltung::laws
