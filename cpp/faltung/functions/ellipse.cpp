#include "faltung/functions/ellipse.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace faltung::functions {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Ellipse of_sum(double sum) {
  return {sum, (sum + 1 / sum) / 2, (sum - 1 / sum) / 2, std::log(sum)};
}

// An ellipse lies inside the polygon of 16 corners around it, which touches it 16 times: its
// corners are those of the ellipse 1 / cos(pi / 16) times as large. A quarter of them is enough.
constexpr int corners = 5;
constexpr double around = 1.0196;
constexpr double cosines[corners] = {1, 0.92388, 0.70711, 0.38268, 0};

double sum_of_distances(double real, double imaginary) {
  const double square = imaginary * imaginary;
  return std::sqrt((real - 1) * (real - 1) + square) + std::sqrt((real + 1) * (real + 1) + square);
}

}  // namespace

const Ellipse ellipses[ellipse_count] = {of_sum(1.3), of_sum(1.7), of_sum(2.3),
                                         of_sum(3.2), of_sum(5),   of_sum(9)};

double growth_within(const Piece& piece, double distances) {
  if (piece.length == 1) return piece.growth[0];
  const double half = std::max(distances / 2, 1.0);
  const double sum = half + std::sqrt(half * half - 1);
  const double place = std::ceil(4 * std::log2(sum));
  return place < growths ? piece.growth[std::max(0, static_cast<int>(place))] : infinity;
}

// The sum of the distances from two points is convex: a corner of the polygon has the largest.
double growth_on_ellipse(const Piece& piece, double middle, double half, const Ellipse& ellipse) {
  double largest = 0;
  for (int corner = 0; corner < corners; ++corner)
    largest = std::max(
        largest,
        sum_of_distances(std::abs(middle) + half * around * ellipse.real * cosines[corner],
                         half * around * ellipse.imaginary * cosines[corners - 1 - corner]));
  return growth_within(piece, largest);
}

double growth_on_rectangle(const Piece& piece, double low, double high, double height) {
  const double scale = piece.log_width / 2;
  const double left = (low - piece.log_near) / scale - 1;
  const double right = (high - piece.log_near) / scale - 1;
  return growth_within(piece, std::max(sum_of_distances(left, height / scale),
                                       sum_of_distances(right, height / scale)));
}

Around::Around(const Piece& piece, double centre, double half)
    : piece_(piece), part_(half / centre) {
  const double scale = (piece.far - piece.near) / 2;
  middle_ = std::abs(((centre - piece.near) - (piece.far - centre)) / 2 / scale);
  half_ = half / scale;
  if (piece.form == Form::logarithmic) middle_ = std::log(centre) - piece.log_near;
}

double Around::logarithm(const Ellipse& ellipse) const {
  const double part = part_ * ellipse.real;
  const bool reaches = piece_.is_singular() && piece_.tilt != 0;
  if ((reaches || piece_.form == Form::logarithmic) && !(part < 1)) return infinity;
  return (reaches ? of_weight(part) : 0) + of_polynomial(ellipse, part);
}

// Inside the disc of radius part * centre around the centre.
double Around::of_weight(double part) const {
  return std::abs(piece_.tilt) * (piece_.tilt > 0 ? std::log1p(part) : -std::log1p(-part));
}

double Around::of_polynomial(const Ellipse& ellipse, double part) const {
  if (piece_.length == 1) return piece_.growth[0];
  if (piece_.form == Form::logarithmic) {
    // The disc lies in a sector, and its logarithm in a rectangle. That the arcsine is at most
    // x + (pi / 2 - 1) x^3 follows from its series: (asin x - x) / x^3 rises up to 1.
    const double height = part * (1 + (std::numbers::pi / 2 - 1) * part * part);
    const double logarithm = middle_ + piece_.log_near;
    return growth_on_rectangle(piece_, logarithm + std::log1p(-part), logarithm + std::log1p(part),
                               height);
  }
  return growth_on_ellipse(piece_, middle_, half_, ellipse);
}

}  // namespace faltung::functions
