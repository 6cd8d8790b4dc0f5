#include "faltung/functions/chain.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "faltung/threads.hpp"

namespace faltung::functions {

namespace {

// Points that one task does, and that are brought in the order of their pieces.
constexpr std::int64_t block = 4096;

// Points of one piece that are evaluated together.
constexpr int together = 64;

double distance_from(const Piece& piece, double base, double offset) {
  return piece.side * ((base - piece.anchor) + offset);
}

}  // namespace

Chain::Chain(const Rows& rows)
    : coefficients_(rows.coefficients, rows.coefficients + rows.forms.size() * rows.stride) {
  pieces_.reserve(rows.forms.size());
  for (std::size_t i = 0; i < rows.forms.size(); ++i) {
    const double* number = rows.numbers + 10 * i;
    const Row row = {number[0], number[1], number[2], number[3], number[4],
                     number[5], number[6], number[7], number[8], number[9]};
    const Piece piece = {.form = static_cast<Form>(rows.forms[i]),
                         .anchor = row.anchor,
                         .side = row.side,
                         .near = row.near,
                         .far = row.far,
                         .tilt = row.tilt,
                         .reference = row.reference,
                         .coefficients = coefficients_.data() + i * rows.stride,
                         .length = static_cast<int>(rows.lengths[i]),
                         .size = 0,
                         .error = 0,
                         .estimate = 0,
                         .log_near = 0,
                         .log_width = 0,
                         .per_width = 0,
                         .rests = {},
                         .growth = {}};
    pieces_.push_back(prepared(piece, row.deviation, row.expected));
    lows_.push_back(row.low);
    highs_.push_back(row.high);
  }
}

// The piece at a point, or -1: by its ends where the point is a double, for distances are rounded.
// What lies between an anchor and the first piece that runs in logarithms from it belongs to that
// piece. Beside an anchor other than 0 the ends of many pieces are one double: all of them are
// tried.
std::int64_t Chain::piece_at(double base, double offset) const {
  const double point = base + offset;
  const auto next = std::upper_bound(lows_.begin(), lows_.end(), point);
  const auto last = static_cast<std::int64_t>(pieces_.size()) - 1;
  const std::int64_t guess = next - lows_.begin();
  std::int64_t inner = -1;
  for (std::int64_t index = std::min(guess, last);
       index >= 0 && (index >= guess - 2 || highs_[index] >= point); --index) {
    const Piece& piece = pieces_[index];
    const double distance = distance_from(piece, base, offset);
    const bool is_in = offset == 0 ? point >= lows_[index] && point <= highs_[index]
                                   : distance >= piece.near && distance <= piece.far;
    const bool before = piece.form == Form::logarithmic && distance < piece.near;
    if (is_in && !before) return index;
    if (before && distance >= 0 && (inner < 0 || piece.near < pieces_[inner].near)) inner = index;
  }
  return inner;
}

void Chain::evaluate_some(std::span<const double> base, const double* offset, double* values,
                          double* errors) const {
  const auto count = static_cast<int>(base.size());
  std::array<std::int64_t, block> piece_of;
  std::array<int, block> order;
  int found = 0;
  for (int i = 0; i < count; ++i) {
    piece_of[i] = piece_at(base[i], offset[i]);
    values[i] = std::isnan(base[i] + offset[i]) ? base[i] + offset[i] : 0;
    if (errors) errors[i] = values[i];
    if (piece_of[i] >= 0) order[found++] = i;
  }
  std::stable_sort(order.begin(), order.begin() + found,
                   [&](int one, int other) { return piece_of[one] < piece_of[other]; });
  double distances[together], results[together];
  for (int start = 0; start < found;) {
    const std::int64_t index = piece_of[order[start]];
    const Piece& piece = pieces_[index];
    int run = 0;
    for (; run < together && start + run < found && piece_of[order[start + run]] == index; ++run) {
      distances[run] = distance_from(piece, base[order[start + run]], offset[order[start + run]]);
      if (piece.form == Form::logarithmic) distances[run] = std::max(distances[run], piece.near);
    }
    sum_series(piece, distances, run, results);
    for (int i = 0; i < run; ++i) {
      const double weight = weight_at(piece, distances[i]);
      values[order[start + i]] = weight * results[i];
      if (errors) errors[order[start + i]] = weight * piece.error;
    }
    start += run;
  }
}

void Chain::evaluate(std::span<const double> base, const double* offset, double* values,
                     double* errors, int threads) const {
  const auto count = static_cast<std::int64_t>(base.size());
  parallel_for((count + block - 1) / block, threads, [&](std::int64_t task) {
    const std::int64_t start = task * block;
    const std::int64_t size = std::min(block, count - start);
    evaluate_some(base.subspan(start, size), offset + start, values + start,
                  errors ? errors + start : nullptr);
  });
}

}  // namespace faltung::functions
