// How large a piece can be beside the real line, around a panel.
//
// The error of a Gauss rule follows from how large the integrand is inside an ellipse around the
// panel in the complex plane. Everything here is a logarithm: what is bounded ranges widely.
#pragma once

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
