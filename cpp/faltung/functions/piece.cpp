#include "faltung/functions/piece.hpp"

#include <algorithm>
#include <cmath>

#include "faltung/kernels/series.hpp"

namespace faltung::functions {

namespace {

constexpr double unit = 0x1p-53;

// The relative error of a weight, in unit roundoffs: of exp or pow and of the distance.
double weight_roundings(const Piece& piece) {
  switch (piece.form) {
    case Form::plain:
      return 0;
    case Form::exponential:
      return 4 + 4 * std::abs(piece.tilt) *
                     std::max(piece.far - piece.reference, piece.reference - piece.near);
    default:
      return 4 + 6 * std::abs(piece.tilt);
  }
}

// x^exponent: multiples of one half by products and roots, which are fast and exact to some units.
double power(double x, double exponent) {
  const double halves = 2 * std::abs(exponent);
  if (halves > 8 || halves != std::floor(halves)) return std::pow(x, exponent);
  const int count = static_cast<int>(halves);
  double product = count % 2 ? std::sqrt(x) : 1;
  for (int i = 0; i < count / 2; ++i) product *= x;
  return exponent < 0 ? 1 / product : product;
}

}  // namespace

Piece prepared(Piece piece, double deviation, double expected) {
  double size = 0, evaluation = 0, likely = 0;
  for (int k = 0; k < piece.length; ++k) {
    const double magnitude = std::abs(piece.coefficients[k]);
    size += magnitude;
    // Clenshaw and a variable that is off by some units: docs/mathematics/functions.md.
    evaluation += 12 * unit * (k + 1) * (k + 1) * magnitude;
    likely = std::hypot(likely, unit * (k + 1) * magnitude);
  }
  piece.size = size;
  piece.error = 1.01 * (deviation + evaluation + weight_roundings(piece) * unit * size);
  piece.estimate = std::hypot(expected, likely);
  for (int j = 0; j < growths; ++j) {
    const double ratio = std::exp2(j / 4.0);
    double total = 0;
    for (int k = piece.length - 1; k >= 0; --k)
      total = total * ratio + std::abs(piece.coefficients[k]);
    piece.growth[j] = std::log(1.01 * total);
  }
  piece.rests[piece.length] = 0;
  for (int k = piece.length - 1; k >= 0; --k)
    piece.rests[k] = piece.rests[k + 1] + std::abs(piece.coefficients[k]);
  piece.per_width = 1 / (piece.far - piece.near);
  piece.log_near = std::log(piece.near);
  piece.log_width = std::log(piece.far / piece.near);
  return piece;
}

double weight_at(const Piece& piece, double distance) {
  switch (piece.form) {
    case Form::plain:
      return 1;
    case Form::exponential:
      return std::exp(piece.tilt * (distance - piece.reference));
    default:
      return power(distance / piece.reference, piece.tilt);
  }
}

double largest_weight(const Piece& piece, double one, double other) {
  if (piece.form == Form::plain) return 1;
  return std::max(weight_at(piece, one), weight_at(piece, other));
}

void sum_series(const Piece& piece, const double* distances, int count, double* values) {
  if (piece.length == 1) {
    std::fill_n(values, count, piece.coefficients[0]);
    return;
  }
  if (piece.form == Form::logarithmic) {
    for (int i = 0; i < count; ++i)
      values[i] = 2 * (std::log(distances[i]) - piece.log_near) / piece.log_width - 1;
  } else {
    const double width = piece.far - piece.near;
    for (int i = 0; i < count; ++i)
      values[i] = ((distances[i] - piece.near) - (piece.far - distances[i])) / width;
  }
  for (int i = 0; i < count; ++i) values[i] = std::clamp(values[i], -1.0, 1.0);
  FALTUNG_KERNELS_IN_USE(series_kernels).sum(piece.coefficients, piece.length, values, count);
}

}  // namespace faltung::functions
