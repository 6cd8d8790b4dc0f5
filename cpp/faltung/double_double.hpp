// Sums of two doubles, high + low with |low| <= ulp(high) / 2: about 32 digits.
//
// Dekker, Numerische Mathematik 18, 1971; Ogita, Rump & Oishi, SIAM J. Sci. Comput. 26, 2005; the
// bounds are those of Joldes, Muller & Popescu, ACM Trans. Math. Softw. 44, 2017, with u = 2^-53.
// Everything has internal linkage, so that kernel files may include it for any instruction set.
#pragma once

#include <cmath>

namespace faltung {

struct DoubleDouble {
  double high = 0, low = 0;
};

// a + b exactly.
static inline DoubleDouble two_sum(double a, double b) {
  const double sum = a + b, virtual_b = sum - a;
  return {sum, (a - (sum - virtual_b)) + (b - virtual_b)};
}

// a + b exactly, for |a| >= |b| or a = 0.
static inline DoubleDouble quick_sum(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

// a b exactly, unless it underflows.
static inline DoubleDouble two_product(double a, double b) {
  const double product = a * b;
  return {product, std::fma(a, b, -product)};
}

static inline DoubleDouble operator-(DoubleDouble a) { return {-a.high, -a.low}; }

// Relative error at most 3 u^2 + 13 u^3 (AccurateDWPlusDW), also where the operands cancel.
static inline DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble high = two_sum(a.high, b.high), low = two_sum(a.low, b.low);
  const DoubleDouble sum = quick_sum(high.high, high.low + low.high);
  return quick_sum(sum.high, sum.low + low.low);
}
static inline DoubleDouble operator-(DoubleDouble a, DoubleDouble b) { return a + -b; }

// Relative error at most 2 u^2 (DWPlusFP).
static inline DoubleDouble operator+(DoubleDouble a, double b) {
  const DoubleDouble sum = two_sum(a.high, b);
  return quick_sum(sum.high, sum.low + a.low);
}

// Relative error at most 5 u^2 (DWTimesDW2).
static inline DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble product = two_product(a.high, b.high);
  return quick_sum(product.high, product.low + std::fma(a.high, b.low, a.low * b.high));
}

// Relative error at most 2 u^2 (DWTimesFP3).
static inline DoubleDouble operator*(DoubleDouble a, double b) {
  const DoubleDouble product = two_product(a.high, b);
  return quick_sum(product.high, std::fma(a.low, b, product.low));
}

// Relative error at most 3 u^2 (DWDivFP3).
static inline DoubleDouble operator/(DoubleDouble a, double b) {
  const double first = a.high / b;
  const DoubleDouble product = two_product(first, b);
  return quick_sum(first, (((a.high - product.high) - product.low) + a.low) / b);
}

// Relative error at most 16 u^2: one step of Newton's after the quotient of the high parts.
static inline DoubleDouble operator/(DoubleDouble a, DoubleDouble b) {
  const double first = a.high / b.high;
  const DoubleDouble rest = a - b * first;
  return quick_sum(first, rest.high / b.high);
}

}  // namespace faltung
