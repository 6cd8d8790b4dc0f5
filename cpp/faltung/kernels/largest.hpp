// The largest magnitude among numbers. One implementation for each instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

struct LargestKernels {
  // The largest |x|; NaN if there is one among them.
  float (*of_float)(const float* numbers, std::int64_t count);
  double (*of_double)(const double* numbers, std::int64_t count);
};

#define FALTUNG_DECLARE(isa)                   \
  namespace isa {                              \
  extern const LargestKernels largest_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
