// A chain of pieces that owns its numbers, and its values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "faltung/functions/finder.hpp"
#include "faltung/functions/piece.hpp"

namespace faltung::functions {

// One row of numbers for each piece, in the order of the line.
struct Row {
  double anchor, side, near, far, tilt, reference, deviation, expected;
  double low, high;  // the ends, as doubles
};

struct Rows {
  std::span<const std::uint8_t> forms;
  const double* numbers;       // (pieces, 10), the members of a Row
  const double* coefficients;  // (pieces, stride), of which the first lengths[i] count
  const std::int64_t* lengths;
  std::int64_t stride;
};

class Chain {
 public:
  explicit Chain(const Rows& rows);

  // The pieces point into the coefficients of this very chain.
  Chain(const Chain&) = delete;
  Chain& operator=(const Chain&) = delete;

  std::span<const Piece> pieces() const { return pieces_; }

  // values[i] at base[i] + offset[i], the sum not rounded, and errors[i], a bound on its error,
  // unless `errors` is null. No offsets are zeros.
  // Zero between and beside the pieces; NaN at NaN. Where two pieces meet, the right one's value.
  void evaluate(std::span<const double> base, const double* offset, double* values, double* errors,
                int threads) const;

 private:
  void evaluate_some(std::span<const double> base, const double* offset, double* values,
                     double* errors) const;
  void evaluate_run(const Piece& piece, std::span<const double> base, const double* offset,
                    std::span<const int> points, double* values, double* errors) const;
  std::int64_t piece_at(double base, double offset) const;
  bool holds(std::int64_t index, double base, double offset) const;

  std::vector<double> coefficients_;
  std::vector<Piece> pieces_;
  Finder lows_;
  std::vector<double> highs_;
  bool has_logarithms_;
};

}  // namespace faltung::functions
