// Whole numbers by one transform in double, rounded to what they are.
#pragma once

#include "faltung/narrow.hpp"

namespace faltung {

// Whether a transform is predicted to be faster than direct sums of this kind.
bool whole_transform_is_faster(const NarrowCorrelation& problem, WholeSums sums);

// Whether the error of every entry is proved to stay below one half.
bool whole_transform_is_exact(const NarrowCorrelation& problem, const WholeBounds& bounds);

// The exact sums, as numbers of 64 bits, where that is so. There is no batch, and the numbers of
// input, taps and output lie next to each other in C order.
void correlate_whole_by_transform(const NarrowCorrelation& problem, const void* taps,
                                  NumberType taps_type, int threads);

}  // namespace faltung
