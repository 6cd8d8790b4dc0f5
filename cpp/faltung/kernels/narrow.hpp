// Numbers of few bits on their way into the type of the sums and back. One implementation for each
// instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

enum class NumberType { int8, uint8, int16, uint16, int32, uint32, int64, uint64 };
inline constexpr int number_types = 8;

// T is float, double or, for sums of pairs of products (see pair_products in simd.hpp), int32_t.
template <class T>
struct Conversions {
  // to[i] = from[i], rounded where T does not hold the number; for int32_t modulo 2^32.
  void (*widen[number_types])(const void* from, std::int64_t count, T* to);
  // Rounded to the nearest whole number, ties to even, and saturated; a float is below 2^31 in
  // magnitude. For types of 32 and 64 bits from[i] is whole and fits, a float below 2^24.
  void (*narrow[number_types])(const T* from, std::int64_t count, void* to);
};

struct NarrowKernels {
  Conversions<float> of_float;
  Conversions<double> of_double;
  Conversions<std::int32_t> of_pairs;
  // An upper bound of every |from[i]|, less than twice the largest and 2 more.
  std::uint64_t (*bound[number_types])(const void* from, std::int64_t count);
  // line[i] becomes the pair (line[i], line[i + distance]) of 16 bits each, the first the lower.
  void (*pair_up)(std::int32_t* line, std::int64_t count, std::int64_t distance);
};

#define FALTUNG_DECLARE(isa)                 \
  namespace isa {                            \
  extern const NarrowKernels narrow_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
