// Exponentials of many numbers. One implementation for each instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

// Callers leave room for a multiple of so many numbers.
inline constexpr int exponential_points = 8;

struct ExponentialKernels {
  // x[i] becomes exp(x[i]) within two units in the last place, for `count` numbers, |x[i]| <= 700;
  // what follows up to a multiple of exponential_points is overwritten.
  void (*exponentials)(double* x, std::int64_t count);
};

#define FALTUNG_DECLARE(isa)                           \
  namespace isa {                                      \
  extern const ExponentialKernels exponential_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
