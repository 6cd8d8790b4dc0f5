// With m = n - r and q = p + S, and i for the number of copies below t,
//
//   P(X_(r) = t) = sum over i < r of (n, i) F^i U_(n-i),
//   U_N = sum over k <= m of (N, k) S^k p^(N-k)
//
// (David & Nagaraja, Order Statistics, 3rd ed., section 2.1: at most r - 1 are below t and at most
// n - r above). Counting the last copy apart, U_(N+1) = q U_N - (N, m) S^(m+1) p^(N-m), which gives
// U_N from U_(N+1) without a difference. So V_i = (n, i) U_(n-i) q^i has positive terms too,
//
//   V_0 = p^r sum over k <= m of (n, k) S^k p^(m-k),
//   V_i = (n - i + 1) / i V_(i-1) + (n, r) (r, i) S^(m+1) p^(r-i) q^(i-1),
//
// and the sum is that of V_i (F / q)^i. For each copy a term has at most 58 u^2: of two powers of
// q, of F / q and its power, of a factor, a division and two additions.
#include "faltung/laws/orders.hpp"

#include <algorithm>
#include <vector>

#include "faltung/threads.hpp"

namespace faltung::laws {
namespace {

constexpr ScaledNumber one = {{0.5, 0}, 1};

ScaledNumber times(const ScaledNumber& a, double factor) {
  return normalized(a.mantissa * factor, a.exponent);
}

ScaledNumber quotient(const ScaledNumber& a, const ScaledNumber& b) {
  return normalized(a.mantissa / b.mantissa, a.exponent - b.exponent);
}

// number^0, number^1, … number^last.
std::vector<ScaledNumber> powers(const ScaledNumber& number, std::int64_t last) {
  std::vector<ScaledNumber> result = {one};
  for (std::int64_t i = 0; i < last; ++i) result.push_back(result.back() * number);
  return result;
}

ScaledNumber mass(const Order& order, const ScaledNumber& p, const ScaledNumber& below,
                  const ScaledNumber& above) {
  const std::int64_t m = order.n - order.r;
  const std::vector<ScaledNumber> of_p = powers(p, order.r);
  ScaledNumber power = one, leading;  // of S, the first sum
  for (std::int64_t k = 0; k <= m; ++k) {
    leading = leading * p + order.first.at(k) * power;
    power = power * above;
  }
  const ScaledNumber q = p + above, ratio = quotient(below, q);
  ScaledNumber value = leading * of_p.back(), total = value, weight = one;
  for (std::int64_t i = 1; i < order.r; ++i) {
    const ScaledNumber next = order.later.at(i) * (power * of_p[order.r - i]);
    const auto copies = static_cast<double>(order.n - i + 1);
    const ScaledNumber grown = times(value, copies);
    value = normalized(grown.mantissa / static_cast<double>(i), grown.exponent) + next;
    power = power * q;
    weight = weight * ratio;
    total = total + value * weight;
  }
  return total;
}

}  // namespace

ScaledVector order_statistic(const Order& order, int threads) {
  constexpr std::int64_t chunk = 64;
  const std::int64_t length = order.here.length;
  ScaledVector result(length, true);
  parallel_for((length + chunk - 1) / chunk, threads, [&](std::int64_t task) {
    for (std::int64_t i = task * chunk; i < std::min((task + 1) * chunk, length); ++i)
      if (order.here.high[i] != 0)
        result.set(i, mass(order, order.here.at(i), order.below.at(i), order.above.at(i)));
  });
  return result;
}

}  // namespace faltung::laws
