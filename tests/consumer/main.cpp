// Smooths six numbers with three taps, the ends continued by the edge, and prints them.
#include <cstdio>

#include "faltung/direct.hpp"

int main() {
  const double input[6] = {0, 0, 4, 0, 0, 8};
  const double taps[3] = {1, 2, 1};
  double output[6];
  faltung::Correlation<double> problem{input, taps, output, {}, {}, 0.0};
  problem.sliding.push_back({6, 1, 6, 1, 3, -1, faltung::Boundary::edge});
  faltung::correlate_directly(problem, 1);
  for (const double x : output) std::printf("%g ", x);
  std::printf("\n");
}
