// The innermost sum of the direct method. One implementation for each instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

// A row of taps: taps[first_tap + k], k < width, reads the input at first_input + k * spacing.
struct TapRow {
  std::int64_t first_tap;
  std::int64_t width;
  std::int64_t first_input;
};

template <class T>
struct TapRows {
  const T* taps;
  const TapRow* rows;
  std::int64_t count;
  std::int64_t spacing;
};

// Neighbouring columns of taps of several neighbouring lines of outputs: tap j < rows of column
// k < width is taps[first_tap + k + j * tap_pitch] and reads the line at
// first_input + k * spacing + j * row_pitch, for the next line of outputs one row_pitch further.
struct TapStrip {
  std::int64_t first_tap;
  std::int64_t rows;
  std::int64_t width;
  std::int64_t first_input;
};

template <class T>
struct TapStrips {
  const T* taps;
  const TapStrip* strips;
  std::int64_t count;
  std::int64_t tall;       // of them, those of two rows and more, which come first
  std::int64_t most_rows;  // of any strip
  std::int64_t tap_pitch;
  std::int64_t row_pitch;
  std::int64_t spacing;
};

// Partial sums are kept in registers for at most this many taps and then added to a total, which
// makes the error of n taps at most gamma(block_taps + 2 ceil(n / block_taps)) instead of gamma(n).
inline constexpr std::int64_t block_taps = 1024;

// Lines of outputs that are summed together. A block of columns of taps then counts the taps of an
// output's neighbours, 3 for each column, so that 2.5 n takes the place of n in the number of
// blocks (docs/mathematics/arrays.md); the longest column with them must not be longer than a
// block.
inline constexpr std::int64_t lines_together = 4;
inline constexpr std::int64_t most_rows_together = block_taps - (lines_together - 1);

template <class T>
struct DirectKernel {
  // The number of outputs must not be smaller than this.
  std::int64_t lanes;
  // out[x] = sum over all rows and taps of tap * in[where the tap reads + x] for
  // 0 <= x < outputs.
  void (*sum)(const TapRows<T>& rows, const T* in, T* out, std::int64_t outputs);
  // The same for `lines_together` lines, out_pitch apart.
  void (*sum_lines)(const TapStrips<T>& strips, const T* in, T* out, std::int64_t out_pitch,
                    std::int64_t outputs);
  // The same for `count` lines of one vector each, at least lines_together, which are written one
  // vector next to the other.
  void (*sum_vectors)(const TapStrips<T>& strips, const T* in, T* out, std::int64_t count);
};

struct DirectKernels {
  DirectKernel<float> of_float;
  DirectKernel<double> of_double;
  DirectKernel<std::uint64_t> of_integer;
  // Taps and inputs are pairs of numbers of 16 bits (see pair_products in simd.hpp): input x holds
  // the numbers at x and at the next position, so neighbouring pairs of taps lie two positions
  // apart.
  DirectKernel<std::int32_t> of_pairs;
};

#define FALTUNG_DECLARE(isa)                 \
  namespace isa {                            \
  extern const DirectKernels direct_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
