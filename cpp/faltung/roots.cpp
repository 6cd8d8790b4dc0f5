#include "faltung/roots.hpp"

#include <cmath>
#include <utility>

#include "faltung/double_double.hpp"

namespace faltung {
namespace {

using std::int64_t;

// The Taylor series of cosine (start 0) and sine (start 1), |x| <= pi / 4.
DoubleDouble series(DoubleDouble x, int start) {
  const DoubleDouble square = x * x;
  DoubleDouble term = start ? x : DoubleDouble{1, 0}, sum = term;
  for (int k = start + 2; k <= 28; k += 2) {
    term = (term * square) / static_cast<double>(-(k - 1) * k);
    sum = sum + term;
  }
  return sum;
}

}  // namespace

// By symmetry an angle of at most an eighth of a turn is enough; the folding is exact.
Roots::Root Roots::exact(int64_t p, int64_t order) {
  const DoubleDouble turn{6.283185307179586, 2.4492935982947064e-16};
  const int64_t quarter = order / 4;
  const int64_t quadrant = p / quarter;
  int64_t rest = p % quarter;
  const bool swapped = 2 * rest > quarter;
  if (swapped) rest = quarter - rest;
  const DoubleDouble angle =
      (turn * DoubleDouble{static_cast<double>(rest), 0}) / static_cast<double>(order);
  DoubleDouble cosine = series(angle, 0), sine = series(angle, 1);
  if (swapped) std::swap(cosine, sine);
  const Double2 c{cosine.high, cosine.low}, s{sine.high, sine.low};
  const Double2 minus_c{-c.high, -c.low}, minus_s{-s.high, -s.low};
  switch (quadrant) {
    case 0:
      return {c, s};
    case 1:
      return {minus_s, c};
    case 2:
      return {minus_c, minus_s};
    default:
      return {s, minus_c};
  }
}

Roots::Roots(int64_t order)
    : fine_count_(static_cast<int64_t>(std::sqrt(static_cast<double>(order))) + 1) {
  for (int64_t p = 0; p < fine_count_; ++p) fine_.push_back(exact(p, order));
  for (int64_t p = 0; p < order; p += fine_count_) coarse_.push_back(exact(p, order));
}

// a b + c d to twice the precision, rounded once.
void Roots::write(int64_t p, double* to) const {
  const auto sum_of_products = [](Double2 a, Double2 b, Double2 c, Double2 d) {
    const DoubleDouble first = two_product(a.high, b.high), second = two_product(c.high, d.high);
    const DoubleDouble sum = two_sum(first.high, second.high);
    const double low = (a.high * b.low + a.low * b.high) + (c.high * d.low + c.low * d.high);
    return sum.high + (sum.low + (first.low + second.low) + low);
  };
  const Root& x = coarse_[static_cast<size_t>(p / fine_count_)];
  const Root& y = fine_[static_cast<size_t>(p % fine_count_)];
  const Double2 minus_sine{-x.sine.high, -x.sine.low};
  to[0] = sum_of_products(x.cosine, y.cosine, minus_sine, y.sine);
  to[1] = sum_of_products(x.cosine, y.sine, x.sine, y.cosine);
}

void Roots::write(int64_t p, float* to) const {
  const Root& x = coarse_[static_cast<size_t>(p / fine_count_)];
  const Root& y = fine_[static_cast<size_t>(p % fine_count_)];
  to[0] = static_cast<float>(x.cosine.high * y.cosine.high - x.sine.high * y.sine.high);
  to[1] = static_cast<float>(x.cosine.high * y.sine.high + x.sine.high * y.cosine.high);
}

}  // namespace faltung
