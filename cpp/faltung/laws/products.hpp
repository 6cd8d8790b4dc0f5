// Convolutions of many scaled vectors: powers and products of thousands of different ones.
#pragma once

#include <cstdint>

#include "faltung/laws/convolution.hpp"
#include "faltung/laws/scaled.hpp"

namespace faltung::laws {

struct ScaledProduct {
  ScaledVector numbers;
  Error error;
};

ScaledProduct product(const ScaledView& a, const ScaledView& b, Precision precision, int threads);

// The convolution of n >= 1 copies, by squaring.
ScaledProduct power(const ScaledView& numbers, std::int64_t n, int threads);

// The convolution of `count` vectors, one after the other in `numbers`: vector i begins at
// offsets[i] and ends before offsets[i + 1]. Each has a positive entry.
struct ScaledList {
  ScaledView numbers;
  const std::int64_t* offsets;
  std::int64_t count;

  ScaledView vector(std::int64_t i) const;
};
ScaledProduct product_of(const ScaledList& list, int threads);

}  // namespace faltung::laws
