// Order statistics of discrete laws, by sums of positive terms.
#pragma once

#include <cstdint>

#include "faltung/laws/scaled.hpp"

namespace faltung::laws {

// The probabilities p = P(X = t), F = P(X < t) and S = P(X > t) at each point t; the r-th smallest
// of n copies; the binomial coefficients (n, k), k = 0 … n - r, and (n, r) (r, i), i = 0 … r.
struct Order {
  ScaledView here, below, above;
  std::int64_t r, n;
  ScaledView first, later;
};

// P(X_(r) = t) at each point. With the operands for exact the relative error is at most
// 64 (n + 1) u^2.
ScaledVector order_statistic(const Order& order, int threads);

}  // namespace faltung::laws
