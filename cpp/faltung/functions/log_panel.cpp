#include "faltung/functions/log_panel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "faltung/functions/ellipse.hpp"
#include "faltung/kernels/exponential.hpp"

namespace faltung::functions {

namespace {

constexpr double unit = 0x1p-53;
constexpr double infinity = std::numeric_limits<double>::infinity();

// Errors below this are no errors of doubles.
constexpr double least = 0x1p-1060;

// The largest half width in logarithms that is tried, and the largest exponent.
constexpr double widest = 8, longest_exponent = 100;

// The largest angle: at pi there is a singularity.
constexpr double widest_angle = 2.9;

// Inside the ellipse w the distance e^w from the singularity has a size between `low` and `high`,
// and an angle of at most `angle`.
struct Sector {
  double centre, half;  // of the panel: the distance, and the half width of its logarithm
  double low, high, angle;

  Sector(double at, double width, const Ellipse& ellipse)
      : centre(at),
        half(width),
        low(at * std::exp(-width * ellipse.real)),
        high(at * std::exp(width * ellipse.real)),
        angle(width * ellipse.imaginary) {}
};

double of_power(double tilt, double low, double high, double centre) {
  return tilt * std::log((tilt > 0 ? high : low) / centre);
}

// A bound on the polynomial inside a disc of distances.
double growth_on_disc(const Piece& piece, double centre, double radius) {
  const double x = ((centre - piece.near) - (piece.far - centre)) * piece.per_width;
  return growth_within(piece, std::abs(x - 1) + std::abs(x + 1) + 4 * radius * piece.per_width);
}

// Bounds on the logarithm of a piece inside the ellipse, less that of its weight at the centre.
// Here of the piece whose distance is e^w, times that distance.
double of_main(const Piece& piece, const Sector& sector, const Ellipse& ellipse) {
  const double of_weight = std::abs(piece.tilt + 1) * sector.half * ellipse.real;
  if (piece.form == Form::power) return of_weight + growth_on_disc(piece, 0, sector.high);
  const double scale = piece.log_width / 2;
  const double middle = (std::log(sector.centre) - piece.log_near) / scale - 1;
  return of_weight + growth_on_ellipse(piece, middle, sector.half / scale, ellipse);
}

// A piece that is smooth where the other is not.
double of_smooth(const Piece& piece, double anchor, const Sector& sector) {
  const double reach =
      piece.form == Form::exponential ? std::abs(piece.tilt) * (sector.high + sector.centre) : 0;
  if (reach > longest_exponent) return infinity;
  return reach + growth_on_disc(piece, anchor, sector.high);
}

// A piece whose distance is `ahead` + e^w: in the right half plane that is larger than both parts,
// and in the left one it is larger than the sine of the angle times either.
double of_ahead(const Piece& piece, double ahead, const Sector& sector) {
  if (!piece.is_singular()) return of_smooth(piece, ahead, sector);
  if (sector.angle > widest_angle) return infinity;
  const double part = sector.angle > std::numbers::pi / 2 ? std::sin(sector.angle) : 1;
  const double low = part * std::max(ahead, sector.low), high = ahead + sector.high;
  const double of_weight = of_power(piece.tilt, low, high, ahead + sector.centre);
  if (piece.form == Form::power) return of_weight + growth_on_disc(piece, ahead, sector.high);
  return of_weight + growth_on_rectangle(piece, std::log(low), std::log(high), sector.angle);
}

// A piece whose distance is `apart` - e^w.
double of_opposite(const Piece& piece, double apart, const Sector& sector) {
  if (!piece.is_singular()) return of_smooth(piece, apart, sector);
  const double part = sector.high / apart;
  if (!(part < 1)) return infinity;
  const double low = apart - sector.high, high = apart + sector.high;
  const double of_weight = of_power(piece.tilt, low, high, apart - sector.centre);
  if (piece.form == Form::power) return of_weight + growth_on_disc(piece, apart, sector.high);
  const double height = part * (1 + (std::numbers::pi / 2 - 1) * part * part);
  return of_weight + growth_on_rectangle(piece, std::log(low), std::log(high), height);
}

double half_width(const Strand& main, Panel panel) {
  return std::log(main.distance(panel.end) / main.distance(panel.begin)) / 2;
}

double log_centre(const Strand& main, Panel panel) {
  return std::sqrt(main.distance(panel.begin)) * std::sqrt(main.distance(panel.end));
}

}  // namespace

const Strand* strand_near_singularity(const Overlap& overlap, Panel panel) {
  const Strand* nearest = nullptr;
  for (const Strand* strand : {&overlap.f, &overlap.g}) {
    const double distance = strand->distance(panel.begin);
    if (strand->piece->is_singular() && strand->direction > 0 && distance > 0 &&
        distance < (panel.end - panel.begin) / 4 &&
        (!nearest || distance < nearest->distance(panel.begin)))
      nearest = strand;
  }
  return nearest;
}

int log_nodes_needed(const Overlap& overlap, const Strand& main, Panel panel, double tolerance,
                     double& error) {
  const Strand& other = &main == &overlap.f ? overlap.g : overlap.f;
  const double half = half_width(main, panel), centre = log_centre(main, panel);
  const double at_other = other.distance(centre - main.start);
  // A second singularity at the very beginning is the weight of another rule.
  const bool meets = other.direction > 0 && !(other.distance(panel.begin) > 0);
  if (!(half < widest) || meets || !(at_other > 0)) return 0;
  const double mass =
      2 * half * centre * weight_at(*main.piece, centre) * weight_at(*other.piece, at_other);
  const double allowed =
      std::max({tolerance, unit * mass * main.piece->size * other.piece->size, least});
  const double part = std::log(4 * mass) - std::log(allowed);
  // The distance of the other piece is this plus or minus that of the first.
  const double apart = other.start - other.direction * main.start;
  const int count = fewest_nodes(
      part,
      [&](const Ellipse& ellipse) {
        const Sector sector(centre, half, ellipse);
        return of_main(*main.piece, sector, ellipse) +
               (other.direction > 0 ? of_ahead(*other.piece, apart, sector)
                                    : of_opposite(*other.piece, apart, sector));
      },
      error);
  error *= allowed;
  return count;
}

Integral log_integral_of(const Overlap& overlap, const Strand& main, Panel panel, int count) {
  const double half = half_width(main, panel), centre = log_centre(main, panel);
  const GaussRule& standard = gauss(count);
  GaussRule rule;
  double distances[most_nodes];
  for (int i = 0; i < count; ++i) distances[i] = half * standard.nodes[i];
  FALTUNG_KERNELS_IN_USE(exponential_kernels).exponentials(distances, count);
  for (int i = 0; i < count; ++i) distances[i] *= centre;
  for (int i = 0; i < count; ++i) rule.nodes[i] = distances[i] - main.start;
  for (int i = 0; i < count; ++i) rule.weights[i] = half * standard.weights[i] * distances[i];
  return integral_by(overlap, panel, rule, count);
}

double log_middle(const Strand& main, Panel panel) {
  const double middle = log_centre(main, panel) - main.start;
  const bool inside = middle > panel.begin && middle < panel.end;
  return inside ? middle : panel.begin + (panel.end - panel.begin) / 4;
}

}  // namespace faltung::functions
