// Where taps lie apart, outputs that read different positions are problems of their own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "faltung/direct.hpp"

namespace faltung {

// Of the outputs i, i + phases, i + 2 phases … the step is a multiple of tap_step:
//
//   tap_step 2     input line   0  1  2  3  4  5  6
//                  output 0     0     1     2             phase 0 reads the even lines,
//                  output 1        0     1     2          phase 1 the odd ones
//                  output 2           0     1     2
//
// Calls run(axes, offset of the output) for each combination of phases of the first `count` axes.
template <class Run>
void for_phases(SlidingAxes axes, std::size_t count, std::int64_t offset, const Run& run) {
  while (count > 0 && axes[count - 1].step % axes[count - 1].tap_step == 0) --count;
  if (count == 0) return run(axes, offset);
  const SlidingAxis axis = axes[count - 1];
  const std::int64_t phases = axis.tap_step / std::gcd(axis.step, axis.tap_step);
  for (std::int64_t p = 0; p < std::min(phases, axis.output_size); ++p) {
    SlidingAxis& phase = axes[count - 1];
    phase.output_size = (axis.output_size - p + phases - 1) / phases;
    phase.output_stride = phases * axis.output_stride;
    phase.first = axis.first + p * axis.step;
    phase.step = phases * axis.step;
    for_phases(axes, count - 1, offset + p * axis.output_stride, run);
  }
}

}  // namespace faltung
