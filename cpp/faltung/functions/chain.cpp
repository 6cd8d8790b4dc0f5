#include "faltung/functions/chain.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "faltung/threads.hpp"

namespace faltung::functions {

namespace {

constexpr double unit = 0x1p-53;

// Points that one task does, and that are brought in the order of their pieces: so many for each
// piece that most vectors are full, within limits.
constexpr std::int64_t points_of_piece = 32;
constexpr std::int64_t least_block = 1 << 14;
constexpr std::int64_t most_block = 1 << 18;

// Points of one piece that are evaluated together.
constexpr int together = 64;

// Pieces for each point up to which places are counted, not compared.
constexpr std::int64_t few = 8;

double distance_from(const Piece& piece, double base, double offset) {
  return piece.side * ((base - piece.anchor) + offset);
}

// The points that have a piece, those of one piece next to each other.
std::vector<int> by_piece(std::span<const std::int64_t> piece_of) {
  std::vector<int> order;
  order.reserve(piece_of.size());
  std::int64_t first = -1, last = -1;
  for (std::size_t i = 0; i < piece_of.size(); ++i) {
    if (piece_of[i] < 0) continue;
    first = order.empty() ? piece_of[i] : std::min(first, piece_of[i]);
    last = std::max(last, piece_of[i]);
    order.push_back(static_cast<int>(i));
  }
  const auto count = static_cast<std::int64_t>(order.size());
  if (last - first > few * count) {
    std::ranges::stable_sort(order, {}, [&](int i) { return piece_of[i]; });
  } else if (first < last) {
    std::vector<int> place(last - first + 2), sorted(order.size());
    for (const int i : order) ++place[piece_of[i] - first + 1];
    for (std::size_t k = 1; k < place.size(); ++k) place[k] += place[k - 1];
    for (const int i : order) sorted[place[piece_of[i] - first]++] = i;
    order.swap(sorted);
  }
  return order;
}

std::vector<double> column_of(const Rows& rows, std::size_t column) {
  std::vector<double> numbers(rows.forms.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = rows.numbers[10 * i + column];
  return numbers;
}

}  // namespace

Chain::Chain(const Rows& rows)
    : coefficients_(rows.coefficients, rows.coefficients + rows.forms.size() * rows.stride),
      lows_(column_of(rows, 8)),
      highs_(column_of(rows, 9)),
      has_logarithms_(std::ranges::count(rows.forms, std::uint8_t{3}) > 0) {
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
  }
}

// By its ends where the point is a double, for distances are rounded.
bool Chain::holds(std::int64_t index, double base, double offset) const {
  if (offset == 0) return base >= lows_.entries()[index] && base <= highs_[index];
  const double distance = distance_from(pieces_[index], base, offset);
  return distance >= pieces_[index].near && distance <= pieces_[index].far;
}

// The piece at a point, or -1. What lies between an anchor and the first piece that runs in
// logarithms from it belongs to that piece. Beside an anchor other than 0 the ends of many pieces
// are one double: all of them are tried.
std::int64_t Chain::piece_at(double base, double offset) const {
  const double point = base + offset;
  const std::int64_t guess = lows_.count_up_to(point);
  const auto last = static_cast<std::int64_t>(pieces_.size()) - 1;
  std::int64_t inner = -1;
  for (std::int64_t index = std::min(guess, last);
       index >= 0 && (index >= guess - 2 || highs_[index] >= point); --index) {
    const bool logarithmic = has_logarithms_ && pieces_[index].form == Form::logarithmic;
    const double distance = logarithmic ? distance_from(pieces_[index], base, offset) : 0;
    const bool before = logarithmic && distance < pieces_[index].near;
    if (!before && holds(index, base, offset)) return index;
    if (before && distance >= 0 && (inner < 0 || pieces_[index].near < pieces_[inner].near)) {
      inner = index;
    }
  }
  return inner;
}

// At most `together` points of one piece.
void Chain::evaluate_run(const Piece& piece, std::span<const double> base, const double* offset,
                         std::span<const int> points, double* values, double* errors) const {
  double distances[together] = {}, results[together];
  const int count = static_cast<int>(points.size());
  for (int k = 0; k < count; ++k) {
    const int i = points[k];
    distances[k] = distance_from(piece, base[i], offset ? offset[i] : 0);
    if (piece.form == Form::logarithmic) distances[k] = std::max(distances[k], piece.near);
  }
  sum_series(piece, distances, count, results);
  for (int k = 0; k < count; ++k) {
    const double weight = piece.form == Form::plain ? 1 : weight_at(piece, distances[k]);
    values[points[k]] = weight * results[k];
    if (!errors) continue;
    // The distance is rounded once, and an exponential is steep.
    const double steep = piece.form == Form::exponential ? std::abs(piece.tilt) * distances[k] : 0;
    errors[points[k]] = weight * (piece.error + unit * steep * std::abs(results[k]));
  }
}

void Chain::evaluate_some(std::span<const double> base, const double* offset, double* values,
                          double* errors) const {
  std::vector<std::int64_t> piece_of(base.size());
  for (std::size_t i = 0; i < base.size(); ++i) {
    const double beyond = offset ? offset[i] : 0, point = base[i] + beyond;
    piece_of[i] = piece_at(base[i], beyond);
    values[i] = std::isnan(point) ? point : 0;
    if (errors) errors[i] = values[i];
  }
  const std::vector<int> order = by_piece(piece_of);
  const std::span<const int> points(order);
  for (std::size_t start = 0, end; start < points.size(); start = end) {
    const std::int64_t index = piece_of[points[start]];
    const std::size_t most = std::min(start + together, points.size());
    for (end = start + 1; end < most && piece_of[points[end]] == index;) ++end;
    evaluate_run(pieces_[index], base, offset, points.subspan(start, end - start), values, errors);
  }
}

void Chain::evaluate(std::span<const double> base, const double* offset, double* values,
                     double* errors, int threads) const {
  const auto count = static_cast<std::int64_t>(base.size());
  const auto pieces = static_cast<std::int64_t>(pieces_.size());
  const std::int64_t block = std::clamp(points_of_piece * pieces, least_block, most_block);
  parallel_for((count + block - 1) / block, threads, [&](std::int64_t task) {
    const std::int64_t start = task * block;
    const std::int64_t size = std::min(block, count - start);
    evaluate_some(base.subspan(start, size), offset ? offset + start : nullptr, values + start,
                  errors ? errors + start : nullptr);
  });
}

}  // namespace faltung::functions
