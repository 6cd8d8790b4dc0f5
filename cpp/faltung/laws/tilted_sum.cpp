#include "faltung/laws/tilted_sum.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace faltung::laws {

namespace {

constexpr std::size_t most_kept = 1 << 20;            // frequencies of all windows together
constexpr double coarse_depth = 43, fine_depth = 73;  // e^-43 = 2e-19, e^-73 = 2e-32
constexpr double well_resolved = 1e-14;  // a larger relative error asks for the fine window

}  // namespace

TiltedSum::TiltedSum(std::vector<Term> terms) : terms_(std::move(terms)) {
  const Moments moments = terms_.moments(0);
  mean_ = moments.mean;
  deviation_ = std::sqrt(moments.variance);
  first_ = std::max<std::int64_t>(static_cast<std::int64_t>(mean_ - deviation_) - 2, 1);
  first_ = std::min(first_, terms_.last());
}

void TiltedSum::evaluate(std::span<const std::int64_t> points, Kind kind, Logarithm* results) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < points.size(); ++i) results[i] = evaluate(points[i], kind);
}

Logarithm TiltedSum::evaluate(std::int64_t x, Kind kind) {
  if (x == terms_.last()) {
    if (kind == Kind::excess) return {-std::numeric_limits<double>::infinity(), 0, 0};
    const Cumulant log = terms_.log_last();
    return {log.value.high, log.value.low, log.error};
  }
  const Cell cell = cell_of(x);
  if (kind == Kind::excess) return evaluate_in(window_of(cell, Depth::excess), x, kind);
  const Logarithm result = evaluate_in(window_of(cell, Depth::coarse), x, kind);
  if (result.error <= well_resolved) return result;
  return evaluate_in(window_of(cell, Depth::fine), x, kind);
}

Logarithm TiltedSum::evaluate_in(const Window& window, std::int64_t x, Kind kind) const {
  double error = 0;
  const DoubleDouble sum = window.value(x, kind, error);
  if (!(sum.high > 2 * error)) return {0, 0, std::numeric_limits<double>::infinity()};
  const DoubleDouble log = logarithm({sum, 0});
  const DoubleDouble shift = two_product(window.tilt(), static_cast<double>(x));
  const Cumulant& cumulant = window.cumulant();
  const DoubleDouble result = cumulant.value - shift + log;
  const double size = std::fabs(cumulant.value.high) + shift.high + std::fabs(log.high);
  const double rounding = (512 + 16 * size) * roundoff_squared;
  const double relative = -std::log1p(-error / sum.high);
  return {result.high, result.low, relative + cumulant.error + rounding};
}

double TiltedSum::middle_of(const Cell& cell) const {
  return static_cast<double>(cell.first) + 0.5 * static_cast<double>(cell.second - cell.first);
}

// Near the mean there is no tilt, so that a tilt is either 0 or not small.
double TiltedSum::tilt_at(const Cell& cell) {
  const double middle = middle_of(cell);
  return middle <= mean_ + deviation_ ? 0 : terms_.tilt_for(middle);
}

TiltedSum::Cell TiltedSum::cell_of(std::int64_t x) {
  if (recent_.first <= x && x <= recent_.second) return recent_;
  Cell cell = {first_, terms_.last() - 1};
  while (cell.first < cell.second) {
    auto found = tilts_.find(cell);
    if (found == tilts_.end()) {
      const double tilt = tilt_at(cell);
      const double deviation = tilt == 0 ? deviation_ : std::sqrt(terms_.moments(tilt).variance);
      found = tilts_.emplace(cell, std::pair(tilt, deviation)).first;
    }
    if (static_cast<double>(cell.second - cell.first) <= found->second.second) break;
    const std::int64_t middle = cell.first + (cell.second - cell.first) / 2;
    cell = x <= middle ? Cell{cell.first, middle} : Cell{middle + 1, cell.second};
  }
  return recent_ = cell;
}

const Window& TiltedSum::window_of(const Cell& cell, Depth depth) {
  const auto found = windows_.find({cell, depth});
  if (found != windows_.end()) return found->second;
  if (kept_ > most_kept) {
    windows_.clear();
    kept_ = 0;
  }
  const double tilt = tilt_at(cell);
  const Moments moments = terms_.moments(tilt);
  const double half_width = std::max(moments.mean - static_cast<double>(cell.first),
                                     static_cast<double>(cell.second) - moments.mean) +
                            1 + 1e-9 * std::fabs(moments.mean);
  const bool excess = depth == Depth::excess;
  double exponent = depth == Depth::coarse ? coarse_depth : fine_depth;
  exponent += std::log1p(std::sqrt(moments.variance));
  if (excess) exponent += std::log1p(static_cast<double>(terms_.last()));  // what excesses may be
  const Window& window =
      windows_.emplace(std::pair(cell, depth), Window(terms_, tilt, half_width, exponent, excess))
          .first->second;
  kept_ += window.frequencies() + 16;
  return window;
}

}  // namespace faltung::laws
