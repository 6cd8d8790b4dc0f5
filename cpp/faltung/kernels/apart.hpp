// Numbers that lie one after the other, dealt out to several lines. One implementation for each
// instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

struct ApartKernels {
  // out[p * pitch + q] = in[q * step + p] for 0 <= p < step and 0 <= q < count.
  void (*of_float)(const float* in, std::int64_t step, std::int64_t count, float* out,
                   std::int64_t pitch);
  void (*of_double)(const double* in, std::int64_t step, std::int64_t count, double* out,
                    std::int64_t pitch);
  void (*of_integer)(const std::uint64_t* in, std::int64_t step, std::int64_t count,
                     std::uint64_t* out, std::int64_t pitch);
};

#define FALTUNG_DECLARE(isa)               \
  namespace isa {                          \
  extern const ApartKernels apart_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
