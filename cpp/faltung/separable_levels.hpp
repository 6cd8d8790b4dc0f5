// The axes of a separable correlation as levels, each with its line of taps.
#pragma once

#include <cstdint>

#include "faltung/separable.hpp"

namespace faltung::separable_levels {

using std::int64_t;

// An axis of more is long enough to be a line of its own.
inline constexpr int64_t most_channels = 64;

// One axis, its taps, and how many of its outputs are in a tile.
template <class T>
struct Level {
  SlidingAxis axis;
  const T* taps;
  int64_t tile;

  int64_t tiles() const { return (axis.output_size + tile - 1) / tile; }
  bool passes_through() const {
    return axis.taps == 1 && *taps == T{1} && axis.first == 0 && axis.step == 1 &&
           axis.input_size == axis.output_size;
  }
  // Lines from one output to the next, the taps' being neighbours.
  int64_t step() const { return axis.step / axis.tap_step; }
};

// Whether a last axis that is only passed through (the channels of a picture) is taken together
// with the one before it: where both lie next to each other.
template <class T>
bool has_channels(const SeparableCorrelation<T>& problem) {
  if (problem.axes.size() < 2) return false;
  const SlidingAxis &last = problem.axes.back(), &before = problem.axes[problem.axes.size() - 2];
  const Level<T> level{last, problem.lines.back(), 0};
  return level.passes_through() && last.input_size <= most_channels && last.input_stride == 1 &&
         before.input_stride == last.input_size && last.output_stride == 1 &&
         before.output_stride == last.output_size;
}

// The outputs [begin, end) of one axis.
struct Part {
  int64_t begin, end;

  int64_t size() const { return end - begin; }
};

}  // namespace faltung::separable_levels
