// Direct n-dimensional correlation with a boundary rule on each axis.
#pragma once

#include <cstdint>

#include "faltung/boundary.hpp"
#include "faltung/few.hpp"

namespace faltung {

// One axis on which taps slide. Strides are in elements and may be negative or zero.
struct SlidingAxis {
  std::int64_t input_size;
  std::int64_t input_stride;
  std::int64_t output_size;
  std::int64_t output_stride;
  std::int64_t taps;
  // The input position that the first tap reads for the first output; may lie outside.
  std::int64_t first;
  Boundary boundary;
  // Output i and tap k read position first + i * step + k * tap_step:
  //
  //   step 2, tap_step 3      output 0   w0 .  .  w1 .  .  w2
  //                           output 1         w0 .  .  w1 .  .  w2
  std::int64_t step = 1;
  std::int64_t tap_step = 1;

  // From the first to the last position that so many outputs read.
  std::int64_t reach(std::int64_t outputs) const {
    return (outputs - 1) * step + (taps - 1) * tap_step + 1;
  }
};

// One axis on which every position has its own input, taps and output.
struct BatchAxis {
  std::int64_t size;
  std::int64_t input_stride;
  std::int64_t taps_stride;
  std::int64_t output_stride;
};

// As many as the arrays of nearly every call have, the channels of their numbers included.
using SlidingAxes = Few<SlidingAxis, 5>;
using BatchAxes = Few<BatchAxis, 2>;

// output[i] = sum over k of taps[k] * input[first + i * step + k * tap_step], the index a tuple
// with one entry for each sliding axis, inputs outside the array given by the boundary.
template <class T>
struct Correlation {
  const T* input;
  const T* taps;  // C order over the sliding axes
  T* output;
  BatchAxes batch;
  SlidingAxes sliding;  // at least one
  T fill_value;
};

// Sizes are >= 0 for outputs and >= 1 for inputs and taps; the caller has checked that the output
// shares no memory with the operands. threads <= 0 means the default.
//
// Error: |result - exact| <= gamma(m) (|taps| * |input|) with gamma(m) = m u / (1 - m u) and
// m = min(n, block_taps) + 2 ceil(2.5 n / block_taps), n the number of taps (see lines_together;
// Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
// section 4.2).
void correlate_directly(const Correlation<float>& problem, int threads);
void correlate_directly(const Correlation<double>& problem, int threads);

// Integers are summed modulo 2^64: exact, signed or not, whenever the true result fits.
void correlate_directly(const Correlation<std::uint64_t>& problem, int threads);

}  // namespace faltung
