// Gauss rules for polynomials, and for polynomials times a power.
#pragma once

namespace faltung::functions {

inline constexpr int most_nodes = 64;

struct GaussRule {
  double nodes[most_nodes];  // rising
  double weights[most_nodes];
};

// The rule for integrals over [-1, 1] with `count` nodes, 1 <= count <= most_nodes.
const GaussRule& gauss(int count);

// The rule for integrals of x^exponent p(x) over [0, 1], exponent > -1.
GaussRule gauss_power(int count, double exponent);

}  // namespace faltung::functions
