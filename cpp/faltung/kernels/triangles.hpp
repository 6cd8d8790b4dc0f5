// The last sum in a product of two triangles (see functions/cells.cpp). One implementation for
// each instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

// With complex numbers even[n], odd[n], each of `width` vectors, and b[n]:
//
//   left = sum over n of b[n] (even[n] + odd[n])
//   right = signs * sum over n of (-1)^n b[n] (even[n] - odd[n]),   signs = 1, -1, 1, -1, …
//
// Real and imaginary parts of even and odd are apart; `left` and `right` become vectors of real
// parts, each followed by the vector of imaginary parts. There is no rounding in the signs.
struct TriangleSums {
  const double* even[2];
  const double* odd[2];
  const double* b;            // real and imaginary part of b[0], of b[1], …
  std::int64_t first, count;  // b[0] is number `first` of them all: only its parity counts
  double* left;
  double* right;
};

struct TriangleKernels {
  std::int64_t lanes;
  std::int64_t width;
  void (*sum)(const TriangleSums& sums);
};

#define FALTUNG_DECLARE(isa)                     \
  namespace isa {                                \
  extern const TriangleKernels triangle_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
