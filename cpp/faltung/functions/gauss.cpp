#include "faltung/functions/gauss.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <utility>

namespace faltung::functions {

namespace {

using Extended = long double;

// The symmetric tridiagonal matrix whose eigenvalues are the nodes, and the first entries of its
// eigenvectors, whose squares are the weights: G. H. Golub and J. H. Welsch, "Calculation of Gauss
// quadrature rules", Mathematics of Computation 23 (1969).
struct Tridiagonal {
  int size;
  Extended diagonal[most_nodes];
  Extended beside[most_nodes + 1];  // beside[i] couples i and i + 1
  Extended first[most_nodes];
};

// One step of the QL algorithm with implicit shift on the rows l … m: B. N. Parlett, "The Symmetric
// Eigenvalue Problem" (1998), section 8.
void sweep(Tridiagonal& matrix, int l, int m) {
  Extended* d = matrix.diagonal;
  Extended* e = matrix.beside;
  Extended g = (d[l + 1] - d[l]) / (2 * e[l]);
  g = d[m] - d[l] + e[l] / (g + std::copysign(std::hypot(g, Extended{1}), g));
  Extended sine = 1, cosine = 1, p = 0;
  for (int i = m - 1; i >= l; --i) {
    const Extended f = sine * e[i], b = cosine * e[i];
    const Extended r = std::hypot(f, g);
    e[i + 1] = r;
    sine = f / r;
    cosine = g / r;
    g = d[i + 1] - p;
    const Extended s = (d[i] - g) * sine + 2 * cosine * b;
    p = sine * s;
    d[i + 1] = g + p;
    g = cosine * s - b;
    const Extended z = matrix.first[i + 1];
    matrix.first[i + 1] = sine * matrix.first[i] + cosine * z;
    matrix.first[i] = cosine * matrix.first[i] - sine * z;
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

void diagonalise(Tridiagonal& matrix) {
  for (int l = 0; l < matrix.size; ++l)
    for (int step = 0; step < 60; ++step) {
      int m = l;
      while (m + 1 < matrix.size &&
             std::abs(matrix.beside[m]) >
                 0x1p-66L * (std::abs(matrix.diagonal[m]) + std::abs(matrix.diagonal[m + 1])))
        ++m;
      if (m == l) break;
      sweep(matrix, l, m);
    }
}

// The matrix of the Jacobi polynomials for the weight (1 + y)^b on [-1, 1].
Tridiagonal jacobi_matrix(int count, Extended b) {
  Tridiagonal matrix = {};
  matrix.size = count;
  matrix.first[0] = 1;
  for (int n = 0; n < count; ++n) {
    const Extended s = 2 * n + b;
    matrix.diagonal[n] = n == 0 ? b / (b + 2) : b * b / (s * (s + 2));
    const Extended k = n + 1, t = 2 * k + b;
    matrix.beside[n] =
        std::sqrt(n == 0 ? 4 * (1 + b) / ((2 + b) * (2 + b) * (3 + b))
                         : 4 * k * k * (k + b) * (k + b) / (t * t * (t + 1) * (t - 1)));
  }
  matrix.beside[count - 1] = 0;
  return matrix;
}

// Nodes and weights for x^b on [0, 1].
GaussRule rule_of(int count, double exponent) {
  Tridiagonal matrix = jacobi_matrix(count, exponent);
  diagonalise(matrix);
  std::array<std::pair<Extended, Extended>, most_nodes> pairs = {};
  for (int i = 0; i < count; ++i)
    pairs[i] = {(1 + matrix.diagonal[i]) / 2, matrix.first[i] * matrix.first[i]};
  std::sort(pairs.begin(), pairs.begin() + count);
  GaussRule rule = {};
  for (int i = 0; i < count; ++i) {
    rule.nodes[i] = static_cast<double>(pairs[i].first);
    rule.weights[i] = static_cast<double>(pairs[i].second / (1 + Extended{exponent}));
  }
  return rule;
}

// The same on [-1, 1].
GaussRule symmetric_rule(int count) {
  GaussRule rule = rule_of(count, 0);
  for (int i = 0; i < count; ++i) {
    rule.nodes[i] = 2 * rule.nodes[i] - 1;
    rule.weights[i] *= 2;
  }
  return rule;
}

}  // namespace

const GaussRule& gauss(int count) {
  static std::array<std::once_flag, most_nodes + 1> made;
  static std::array<GaussRule, most_nodes + 1> rules;
  std::call_once(made[count], [count] { rules[count] = symmetric_rule(count); });
  return rules[count];
}

GaussRule gauss_power(int count, double exponent) {
  static std::mutex mutex;
  static std::map<std::pair<int, double>, GaussRule> rules;
  constexpr std::size_t most_rules = 4096;
  const std::pair<int, double> key = {count, exponent};
  {
    const std::lock_guard<std::mutex> lock(mutex);
    if (const auto found = rules.find(key); found != rules.end()) return found->second;
  }
  const GaussRule rule = rule_of(count, exponent);
  const std::lock_guard<std::mutex> lock(mutex);
  if (rules.size() >= most_rules) rules.clear();
  rules.emplace(key, rule);
  return rule;
}

}  // namespace faltung::functions
