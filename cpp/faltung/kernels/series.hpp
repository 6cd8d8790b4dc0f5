// Sums of Chebyshev series. One implementation for each instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

// Points whose values are found together: callers leave room for a multiple of it.
inline constexpr int series_points = 32;

struct SeriesKernels {
  // x[i] becomes the sum of c_k T_k(x[i]), for `count` points; what follows up to a multiple of
  // series_points is overwritten.
  void (*sum)(const double* coefficients, std::int64_t length, double* x, std::int64_t count);
};

#define FALTUNG_DECLARE(isa)                 \
  namespace isa {                            \
  extern const SeriesKernels series_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
