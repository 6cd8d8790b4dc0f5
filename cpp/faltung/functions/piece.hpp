// A piece of a function of a real variable: a weight times a polynomial.
//
// A point t of a piece is told by its distance from the anchor, t = anchor + side * distance. So a
// point can be as near to a singularity as the smallest double, wherever that lies.
//
//   form          weight                          the polynomial's variable runs linearly with
//   plain         1                               the distance
//   exponential   e^(tilt (distance - reference)) the distance
//   power         (distance / reference)^tilt     the distance
//   logarithmic   (distance / reference)^tilt     the logarithm of the distance
//
// Whatever the weight takes away of a function's range, the polynomial need not follow: each piece
// is accurate relative to its weight, and sums of positive products of pieces are so as well.
#pragma once

#include <cstdint>

namespace faltung::functions {

enum class Form : std::uint8_t { plain, exponential, power, logarithmic };

// Ellipses around [-1, 1] on which a polynomial's growth is known: their semiaxes add up to
// 2^(k/4), k = 0 … 16.
inline constexpr int growths = 17;

// Coefficients of a polynomial, at most.
inline constexpr int most_coefficients = 65;

struct Piece {
  Form form;
  double anchor;
  double side;       // +1 or -1
  double near, far;  // the distances of its two ends, 0 <= near < far
  double tilt;
  double reference;
  const double*
      coefficients;  // of Chebyshev polynomials in x, which runs from -1 (near) to 1 (far)
  int length;

  // What follows from the above, found by `prepared`.
  double size;                          // the sum of the |c_k|, a bound on the polynomial
  double error, estimate;               // of the polynomial's value, in units of the weight
  double log_near, log_width;           // of the ends' logarithms
  double per_width;                     // 1 / (far - near)
  double rests[most_coefficients + 1];  // rests[k] is the sum of the |c_j|, j >= k
  double growth[growths];  // the logarithm of the sum of |c_k| 2^(k j / 4), which bounds the
                           // polynomial on the ellipse j

  bool is_singular() const { return form == Form::power || form == Form::logarithmic; }
  double low() const { return side > 0 ? near : -far; }   // the left end less the anchor
  double high() const { return side > 0 ? far : -near; }  // the right end less the anchor
};

// Fills in what follows; `deviation` and `expected` bound and estimate how far the piece is from
// what it stands for, in units of the weight.
Piece prepared(Piece piece, double deviation, double expected);

// The weight at a distance, 0 or infinite at 0.
double weight_at(const Piece& piece, double distance);

// The largest weight between two distances: it is monotone.
double largest_weight(const Piece& piece, double one, double other);

// The polynomial's values at `count` distances; `values` has room for a multiple of series_points.
void sum_series(const Piece& piece, const double* distances, int count, double* values);

}  // namespace faltung::functions
