// Correlation by transforms of blocks (overlap-save), every axis and every boundary.
#pragma once

#include <complex>
#include <cstdint>
#include <vector>

#include "faltung/direct.hpp"

namespace faltung {

// What `correlate_directly` returns, to rounding. False, and only part of the output written, when
// a tap, the fill value or a number that is read is not finite. threads <= 0 means the default; the
// result does not depend on their number.
//
// Error: docs/mathematics/arrays.md derives a bound on every output,
// c u norm(taps) norm(input of its block).
bool correlate_by_transform(const Correlation<float>& problem, int threads);
bool correlate_by_transform(const Correlation<double>& problem, int threads);
bool correlate_by_transform(const Correlation<std::complex<float>>& problem, int threads);
bool correlate_by_transform(const Correlation<std::complex<double>>& problem, int threads);

// No transform is predicted to take less, so that very small problems need no prediction.
inline constexpr double least_transform_nanoseconds = 1500;

// What a problem's transforms are like.
struct TransformSize {
  // What the bound depends on: the radices of all levels of all axes, and the length of the
  // polynomials that are multiplied.
  std::vector<std::int64_t> radices;
  std::int64_t leaf;
  std::int64_t bytes;  // of one block in the memory
  double nanoseconds;  // predicted, on one thread
};
TransformSize transform_size(const Correlation<float>& problem);
TransformSize transform_size(const Correlation<double>& problem);
TransformSize transform_size(const Correlation<std::complex<float>>& problem);
TransformSize transform_size(const Correlation<std::complex<double>>& problem);

}  // namespace faltung
