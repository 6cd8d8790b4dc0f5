// The two inner sums of a separable correlation: along a line, and across lines. One
// implementation for each instruction set.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

// Line l of outputs is the sum over k < width of taps[k] * lines[l + k], each read from `offset`
// on.
template <class T>
struct AcrossLines {
  const T* taps;
  std::int64_t width;
  const T* const* lines;
  std::int64_t offset;
  std::int64_t outputs;  // lines of outputs: `group` or 1
};

// Where lines of outputs go: `pitch` apart, `count` numbers each; added to what is there or not.
template <class T>
struct LinesOut {
  T* to;
  std::int64_t pitch;
  std::int64_t count;
  bool add;
};

template <class T>
struct SeparableKernel {
  std::int64_t lanes;
  std::int64_t step;   // numbers of a line that are summed together, several vectors
  std::int64_t group;  // lines of outputs that share the loads of their inputs
  // out[x] = sum over k < width of taps[k] * in[k * spacing + x] for 0 <= x < count, a multiple of
  // step.
  void (*along)(const T* taps, std::int64_t width, std::int64_t spacing, const T* in, T* out,
                std::int64_t count);
  // Returns whether all sums are finite. Lines are read up to a multiple of lanes.
  bool (*across)(const AcrossLines<T>& sums, const LinesOut<T>& out);
  // The same for `width` taps of one weight: `along_equal` spoils `in`, from which it reads up to a
  // vector beyond what it needs; `slide` moves a sum across lines on by one line,
  // total[x] += weight * (enters[x] - leaves[x]), which is exact where all sums of weighted numbers
  // are.
  void (*along_equal)(T weight, std::int64_t width, std::int64_t spacing, T* in, T* out,
                      std::int64_t count);
  void (*slide)(T weight, const T* enters, const T* leaves, T* total, std::int64_t count);
};

struct SeparableKernels {
  SeparableKernel<float> of_float;
  SeparableKernel<double> of_double;
};

#define FALTUNG_DECLARE(isa)                       \
  namespace isa {                                  \
  extern const SeparableKernels separable_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
