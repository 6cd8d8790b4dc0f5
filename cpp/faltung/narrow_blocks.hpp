// The sums of narrow.hpp, a block of outputs at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/narrow.hpp"

namespace faltung {

std::int64_t bytes_of(NumberType type);

// One set of taps for each position of the batch axes on which they differ, in C order.
template <class T>
struct TapSets {
  std::vector<T> numbers;
  std::vector<std::int64_t> strides;  // in sets, for each batch axis
  std::int64_t taps;                  // in a set
};

// Sums in T: float, double, or int32_t for sums of pairs of products.
template <class T>
void correlate_in_blocks(const NarrowCorrelation& problem, const TapSets<T>& taps, int threads);

extern template void correlate_in_blocks(const NarrowCorrelation&, const TapSets<float>&, int);
extern template void correlate_in_blocks(const NarrowCorrelation&, const TapSets<double>&, int);
extern template void correlate_in_blocks(const NarrowCorrelation&, const TapSets<std::int32_t>&,
                                         int);

}  // namespace faltung
