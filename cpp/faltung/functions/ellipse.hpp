// How large a piece can be beside the real line, around a panel.
//
// The error of a Gauss rule follows from how large the integrand is inside an ellipse around the
// panel in the complex plane. Everything here is a logarithm: what is bounded ranges widely.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "faltung/functions/gauss.hpp"
#include "faltung/functions/piece.hpp"

namespace faltung::functions {

// An ellipse with the foci -1 and 1.
struct Ellipse {
  double sum;              // of its semiaxes
  double real, imaginary;  // the semiaxes
  double logarithm;        // of the sum
};

inline constexpr int ellipse_count = 6;
extern const Ellipse ellipses[ellipse_count];  // rising

// The fewest nodes with which a Gauss rule errs by at most what is allowed, by the best of
// the ellipses, or 0 if the most are too few: for a function analytic inside one whose semiaxes add
// up to r, bounded by M there, polynomials of degree 2 n - 1 come within 2 M r^(1 - 2 n) / (r - 1).
// log(2 M / allowed) is `part` plus `logarithm_in` the ellipse; `error` becomes the bound in parts
// of what is allowed.
template <class LogarithmIn>
int fewest_nodes(double part, const LogarithmIn& logarithm_in, double& error) {
  int best = most_nodes + 1;
  for (const Ellipse& ellipse : ellipses) {
    const double largest = part + logarithm_in(ellipse) - std::log1p(-1 / ellipse.sum);
    if (!(largest < std::numeric_limits<double>::infinity())) break;
    const double needed = std::max(1.0, std::ceil(largest / (2 * ellipse.logarithm)));
    if (!(needed < best)) continue;
    best = static_cast<int>(needed);
    error = std::exp(largest - 2 * best * ellipse.logarithm);
  }
  return best <= most_nodes ? best : 0;
}

// A bound on the logarithm of a piece's polynomial where the distances of its variable from -1 and
// 1 add up to at most `distances`.
double growth_within(const Piece& piece, double distances);

// The same inside an ellipse around middle ± half.
double growth_on_ellipse(const Piece& piece, double middle, double half, const Ellipse& ellipse);

// The same for a logarithmic piece where the logarithm of the distance is in a rectangle: its real
// part between two numbers, the imaginary part at most `height`.
double growth_on_rectangle(const Piece& piece, double low, double high, double height);

// A piece for distances from centre - half to centre + half.
class Around {
 public:
  Around(const Piece& piece, double centre, double half);

  // A bound on log |weight * polynomial| inside the ellipse, less the logarithm of the weight at
  // the centre; infinite if none is known. Exponential weights are left out.
  double logarithm(const Ellipse& ellipse) const;

 private:
  double of_weight(double part) const;
  double of_polynomial(const Ellipse& ellipse, double part) const;

  const Piece& piece_;
  double part_;           // half over centre
  double middle_, half_;  // of the panel, in the polynomial's variable if that is the distance
};

}  // namespace faltung::functions
