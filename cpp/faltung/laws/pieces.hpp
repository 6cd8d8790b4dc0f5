// A vector of scaled numbers cut for sums of products in plain doubles.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/kernels/block_sums.hpp"
#include "faltung/laws/scaled.hpp"

namespace faltung::laws {

// The numbers of a piece are times 2^-exponent at least 2^-(piece_bits + joined_bits + 1) or 0, and
// smaller than 1; so products of two of them, with their errors, are far from underflow.
inline constexpr std::int64_t piece_bits = 400;
inline constexpr std::int64_t joined_bits = 100;

// No number: smaller than every exponent; eight times the sum of a few of it does not overflow.
inline constexpr std::int64_t no_exponent = -(std::int64_t{1} << 57);

// Slopes are counted in eighths of a power of two for each entry.
inline constexpr std::int64_t eighths = 8;

struct Piece {
  std::int64_t exponent;
  const double* high;
  const double* low;  // null if all are zeros
};

// The pieces of each of several neighbouring stretches, the largest exponent first.
//
// Taps: stretch i is block i of sum_block numbers. Where these span more than piece_bits powers of
// two, it has several pieces, with zeros in place of the numbers of the others.
//
// Windows: stretch j is block j - 1 followed by block j. A piece has a piece of each, if their
// exponents differ by joined_bits at most; else one of them and zeros.
class Pieces {
 public:
  static Pieces taps(const ScaledView& numbers, bool with_low);
  static Pieces windows(const Pieces& taps);

  // Taps and windows of numbers that are found one block after the other.
  static Pieces no_taps(bool with_low) { return Pieces(0, sum_block, with_low); }
  static Pieces no_windows(bool with_low) { return Pieces(0, 2 * sum_block, with_low); }
  void append_block(const ScaledView& block) { cut_block(block, 0, block.length); }
  void append_window(const Pieces& taps, std::int64_t j);

  std::int64_t stretches() const { return static_cast<std::int64_t>(first_.size()) - 1; }
  std::int64_t count(std::int64_t stretch) const { return first_[stretch + 1] - first_[stretch]; }
  std::int64_t count() const { return first_.back(); }
  Piece piece(std::int64_t stretch, std::int64_t i) const;

  // The largest exponent of a piece, no_exponent if the stretch has only zeros.
  std::int64_t top(std::int64_t stretch) const { return tops_[stretch]; }

  // A number c such that every exponent of the stretch is at most (c + slope * a) / 8, with a the
  // entry's place in the stretch, in a window from its second block on.
  std::int64_t tilted_top(std::int64_t stretch, std::int64_t slope) const;

 private:
  Pieces(std::int64_t stretches, std::int64_t length, bool with_low);

  double* open(std::int64_t exponent);
  void close();
  void cut_block(const ScaledView& numbers, std::int64_t begin, std::int64_t end);
  void append_half(const Piece& piece, std::int64_t place);
  void append_joined(const Piece& before, const Piece& here);
  void append_pair(const Pieces& taps, std::int64_t j);

  std::int64_t length_;  // of a stretch
  bool with_low_;
  std::vector<std::int64_t> first_, tops_, exponents_;
  std::vector<std::int64_t> run_tops_;  // the largest exponents of runs of entries
  std::vector<double> numbers_;         // of each piece: high parts, low parts
};

// A window of one block and zeros: the block is its first half (place 0) or its second (place 1).
struct HalfWindow {
  double numbers[4 * sum_block];

  Piece set(const Piece& piece, std::int64_t place);
};

}  // namespace faltung::laws
