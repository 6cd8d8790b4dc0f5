// What every function that correlates asks of the arrays it is given.
#pragma once

#include <nanobind/ndarray.h>

#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "faltung/direct.hpp"

inline void require(bool holds, const char* rule) {
  if (!holds) throw std::invalid_argument(rule);
}

template <class Array>
void require_aligned(const Array& array) {
  const auto bytes = static_cast<std::uintptr_t>(array.itemsize());
  require(reinterpret_cast<std::uintptr_t>(array.data()) % bytes == 0, "numbers are aligned");
}

// For each sliding axis the step of the outputs and that of the taps.
using Steps = std::vector<std::pair<std::int64_t, std::int64_t>>;

inline void require_steps(const Steps& steps, size_t sliding) {
  require(steps.size() == sliding, "two steps for each sliding axis");
  for (const auto& [outputs, taps] : steps)
    require(outputs >= 1 && taps >= 1 && outputs < (std::int64_t{1} << 31) &&
                taps < (std::int64_t{1} << 31),
            "steps are from 1 to 2^31 - 1");
}

struct Axes {
  faltung::BatchAxes batch;
  faltung::SlidingAxes sliding;
};

// The axes of the arrays are the batch axes, then one sliding axis for each entry of `first`.
template <class Input, class Taps, class Output>
Axes read_axes(const Input& input, const Taps& taps, const Output& output,
               const std::vector<std::int64_t>& first,
               const std::vector<faltung::Boundary>& boundaries, const Steps& steps) {
  const size_t rank = input.ndim(), sliding = first.size();
  require(sliding >= 1 && sliding <= rank, "one to all axes slide");
  require(taps.ndim() == rank && output.ndim() == rank, "operands have the same rank");
  require(boundaries.size() == sliding, "one boundary for each sliding axis");
  require_steps(steps, sliding);
  require_aligned(input);
  require_aligned(taps);
  require_aligned(output);
  Axes axes;
  for (size_t d = 0; d < rank - sliding; ++d) {
    require(input.shape(d) == output.shape(d) && taps.shape(d) == output.shape(d),
            "batch axes are broadcast before the call");
    axes.batch.push_back({static_cast<std::int64_t>(output.shape(d)), input.stride(d),
                          taps.stride(d), output.stride(d)});
  }
  std::int64_t taps_stride = 1;
  for (size_t d = rank; d-- > rank - sliding;) {
    require(taps.shape(d) >= 1 && input.shape(d) >= 1, "sliding axes are not empty");
    require(taps.shape(d) == 1 || taps.stride(d) == taps_stride, "taps are in C order");
    taps_stride *= static_cast<std::int64_t>(taps.shape(d));
  }
  for (size_t d = rank - sliding, i = 0; d < rank; ++d, ++i)
    axes.sliding.push_back({static_cast<std::int64_t>(input.shape(d)), input.stride(d),
                            static_cast<std::int64_t>(output.shape(d)), output.stride(d),
                            static_cast<std::int64_t>(taps.shape(d)), first[i], boundaries[i],
                            steps[i].first, steps[i].second});
  return axes;
}
