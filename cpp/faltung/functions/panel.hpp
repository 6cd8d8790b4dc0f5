// The integral of a product of two pieces over a short interval, a panel.
#pragma once

#include "faltung/functions/gauss.hpp"
#include "faltung/functions/piece.hpp"

namespace faltung::functions {

// A piece along the variable of integration: its distance is start + direction * x.
struct Strand {
  const Piece* piece;
  double start;
  double direction;  // +1 or -1
  double beyond;  // start - piece->near, with digits of its own: far from the anchor start has few

  double distance(double x) const { return start + direction * x; }
};

// Two pieces to be multiplied and integrated over x from 0 to `length`.
struct Overlap {
  Strand f, g;
  double length;
};

struct Panel {
  double begin, end;  // of x
};

// What an integral came to, and what is known of its error.
struct Integral {
  double value = 0;
  double magnitude = 0;  // of |f| |g|
  double bound = 0;      // of the error: inherited, of the rule, of what was left out
  double estimate = 0;

  Integral& operator+=(const Integral& other);
};

// A bound on the integral of |f| |g| over the panel; infinite if that is not integrable.
double integral_bound(const Overlap& overlap, Panel panel);

// The fewest nodes of a Gauss rule whose error is at most `tolerance`, or, if that is less, a unit
// roundoff of the panel's own size; `error` is what is proved of it. 0 if there is no such rule.
//
// A rule with positive weights that is exact for polynomials of a degree errs by twice the weights'
// sum times the distance of the integrand from the nearest of them: L. N. Trefethen, "Approximation
// Theory and Approximation Practice" (2013), theorems 8.2 and 19.3.
int nodes_needed(const Overlap& overlap, Panel panel, double tolerance, double& error);

// The integral by the Gauss rule with `count` nodes. Where the panel begins at a power's own end,
// that power is the weight of the rule.
Integral integral_of(const Overlap& overlap, Panel panel, int count);

// The integral by any rule in x whose weights are positive: `count` of its nodes. The pieces'
// weights are multiplied into its own.
Integral integral_by(const Overlap& overlap, Panel panel, GaussRule& rule, int count);

}  // namespace faltung::functions
