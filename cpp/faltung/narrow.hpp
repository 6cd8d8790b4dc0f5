// Direct correlation of numbers of few bits: summed in the fastest arithmetic that is proved exact,
// or in float, and written in the type of the result, with no wide copy of the operands.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/direct.hpp"
#include "faltung/kernels/narrow.hpp"

namespace faltung {

struct NarrowCorrelation {
  const void* input;
  NumberType input_type;
  void* output;
  NumberType output_type;
  BatchAxes batch;  // strides in elements
  SlidingAxes sliding;
  double fill_value;
};

// Whether the sums below take the problem: along its line whatever lies between two outputs and
// between two taps is gathered and summed as well.
bool is_narrow(const NarrowCorrelation& problem);

// output[i] = sum over k of taps[k] * input[first + i * step + k * tap_step], as correlate_directly
// sums floats, then rounded to the nearest whole number, ties to even, and saturated. The sum's
// error is that of correlate_directly. Taps in C order over the sliding axes, all finite, and so
// small that no sum overflows; results of 8 or 16 bits.
void correlate_rounded(const NarrowCorrelation& problem, const float* taps, int threads);
void correlate_rounded(const NarrowCorrelation& problem, const double* taps, int threads);

// How whole numbers can be summed exactly, the fastest first.
enum class WholeSums {
  in_float,   // all sums are below 2^24
  in_pairs,   // operands fit 16 bits, all sums fit 32
  in_double,  // all sums are below 2^53
  unproved,
};

// Bounds of magnitudes: of the input, to within a factor of two, of a tap, of the taps of one
// output together.
struct WholeBounds {
  double input, tap, taps;
};
WholeBounds whole_bounds(const NarrowCorrelation& problem, const void* taps, NumberType taps_type);

// The first of them that is proved by max |input| (to within a factor of two) times the sum of
// |taps|.
WholeSums whole_sums(const NarrowCorrelation& problem, const WholeBounds& bounds);

// At least every magnitude of the input, less than twice the largest and 2 more.
double magnitude_bound(const NarrowCorrelation& problem);

// The exact sums, saturated where the results have 8 or 16 bits; `sums` is what whole_sums returned
// or any of the exact ways after it. Results of 64 bits hold every sum that is proved.
void correlate_whole(const NarrowCorrelation& problem, const void* taps, NumberType taps_type,
                     WholeSums sums, int threads);

}  // namespace faltung
