// The sums of products of two blocks of non-negative numbers (see laws/convolution.cpp). One
// implementation for each instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

inline constexpr std::int64_t sum_block = 64;

// To sum k of `sum_block` is added scale * sum over a of taps[a] * window[sum_block + k - a]. The
// window has 2 sum_block numbers, of which the first is not used. A sum has a high and a low part.
struct BlockProduct {
  const double* taps;
  const double* window;
  double scale;  // a power of two
  double* high;
  double* low;
  // The low parts of taps and window; only `add_precisely` reads them.
  const double* taps_low;
  const double* window_low;
};

struct BlockSumKernels {
  // Products and their sums in double: at most block_sum_roundings of them act on a term, after
  // which the block's sum is added without any.
  void (*add)(const BlockProduct& product);
  // Products and sums in double-double: all but the products of two low parts.
  void (*add_precisely)(const BlockProduct& product);
};

inline constexpr int block_sum_roundings = sum_block / 2 + 1;

#define FALTUNG_DECLARE(isa)                      \
  namespace isa {                                 \
  extern const BlockSumKernels block_sum_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
