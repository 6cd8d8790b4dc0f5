// The product of two matrices whose left factor is read where it lies, and the transpose. One
// implementation for each instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

// out[i, j] = initial[j] + sum over k of left[row_offsets[i] + step_offsets[k]] * right[k, j]
//
// The two tables say where the entries of the left factor are. So the windows of a picture make a
// matrix without being copied (compare Dukhan, "The Indirect Convolution Algorithm",
// arXiv:1907.02129, whose table holds a pointer for each pair of row and step).
template <class T>
struct Product {
  const T* left;
  const std::int64_t* row_offsets;
  std::int64_t rows;
  const std::int64_t* step_offsets;
  std::int64_t steps;
  // In panels of vectors_in_panel vectors, the last one narrower. A panel holds its columns of
  // step 0, then those of step 1, …: it is read from one end to the other.
  const T* right;
  std::int64_t columns;  // a multiple of lanes
  const T* initial;      // one number for each column, or null for zeros
  T* out;                // C order
};

// Partial sums are kept in registers for at most this many steps and then added to `out`. So a
// panel's block stays in the first cache, and the error of n steps is at most
// gamma(block_steps + ceil(n / block_steps)) instead of gamma(n).
inline constexpr std::int64_t block_steps = 256;

template <class T>
struct ProductKernel {
  std::int64_t lanes;
  std::int64_t vectors_in_panel;
  std::int64_t rows_in_tile;  // work is best cut at multiples of this
  void (*multiply)(const Product<T>& product);
  // out[j * out_pitch + i] = in[i * in_pitch + j] for i < rows, j < columns.
  void (*transpose)(const T* in, std::int64_t in_pitch, std::int64_t rows, std::int64_t columns,
                    T* out, std::int64_t out_pitch);
};

#define FALTUNG_DECLARE(isa)                         \
  namespace isa {                                    \
  extern const ProductKernel<float> product_float;   \
  extern const ProductKernel<double> product_double; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
