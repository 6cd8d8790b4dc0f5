// Correlation with a kernel that is a product of one line of taps for each axis.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/direct.hpp"

namespace faltung {

// output[i] = sum over k of lines[0][k_0] lines[1][k_1] … * input[first + i * step + k * tap_step],
// i and k tuples with one entry for each axis, inputs outside the array given by the boundary. With
// `add`, this is added to what the output holds.
template <class T>
struct SeparableCorrelation {
  const T* input;
  T* output;
  SlidingAxes axes;             // at least one; best with the contiguous one last
  std::vector<const T*> lines;  // the taps of each axis
  T fill_value;
  bool add;
  // Numbers and taps are whole, and all sums of products that many times over are exact: lines of
  // equal taps are then summed in a time that does not grow with them.
  bool whole = false;
};

// As for correlate_directly; memory beyond operands and result is a few lines (2-D) or planes (3-D)
// for each thread. Returns whether all sums are finite: if they are, so was every intermediate
// one, because what is not finite stays so.
//
// Axes are summed one after the other, the last one first, each sum in the order of its taps:
// |result - exact| <= gamma(m) (|kernel| * |input|), m the sum of the numbers of taps, one more
// with `add` (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1).
bool correlate_by_lines(const SeparableCorrelation<float>& problem, int threads);
bool correlate_by_lines(const SeparableCorrelation<double>& problem, int threads);

}  // namespace faltung
