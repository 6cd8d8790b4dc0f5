// Probabilities and upper tails of a sum of lattice terms, one at a time, without the whole law.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "faltung/laws/spectrum.hpp"
#include "faltung/laws/terms.hpp"

namespace faltung::laws {

// What a logarithm is, high + low, and a bound on its error.
struct Logarithm {
  double high = 0, low = 0, error = 0;
};

// The points from about the mean up to the largest value are cut into cells of at most one
// deviation of the sum tilted to the middle of the cell; all points of a cell share that tilt and
// its window. The cells depend on the law alone, so that an answer does not depend on what else is
// asked.
class TiltedSum {
 public:
  explicit TiltedSum(std::vector<Term> terms);

  double mean() const { return mean_; }
  double deviation() const { return deviation_; }
  std::int64_t first() const { return first_; }  // the smallest point that can be asked for
  std::int64_t last() const { return terms_.last(); }

  // The logarithms of what is asked for first() <= x <= last(); the mean excess only for x below
  // last(). An error of infinity says that it is below what can be told from rounding.
  void evaluate(std::span<const std::int64_t> points, Kind kind, Logarithm* results);

 private:
  using Cell = std::pair<std::int64_t, std::int64_t>;  // its first and its last point

  enum class Depth { coarse, fine, excess };

  Logarithm evaluate(std::int64_t x, Kind kind);
  Logarithm evaluate_in(const Window& window, std::int64_t x, Kind kind) const;
  Cell cell_of(std::int64_t x);
  double tilt_at(const Cell& cell);
  double middle_of(const Cell& cell) const;
  const Window& window_of(const Cell& cell, Depth depth);

  Terms terms_;
  double mean_, deviation_;
  std::int64_t first_;
  Cell recent_ = {0, -1};
  std::map<Cell, std::pair<double, double>> tilts_;  // the tilt, and the deviation under it
  std::map<std::pair<Cell, Depth>, Window> windows_;
  std::size_t kept_ = 0;  // frequencies in them
  std::mutex mutex_;
};

}  // namespace faltung::laws
