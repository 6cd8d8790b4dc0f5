// The axes of a separable correlation as levels, each with its line of taps.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "faltung/separable.hpp"

namespace faltung::separable_levels {

using std::int64_t;

// An axis of more is long enough to be a line of its own.
inline constexpr int64_t most_channels = 64;

// Fewer equal taps are summed one by one.
inline constexpr int64_t least_box = 8;

// One axis, its taps, and how many of its outputs are in a tile.
template <class T>
struct Level {
  SlidingAxis axis;
  const T* taps;
  int64_t tile;
  bool box = false;  // equal taps of whole numbers

  int64_t tiles() const { return (axis.output_size + tile - 1) / tile; }
  bool passes_through() const {
    return axis.taps == 1 && *taps == T{1} && axis.first == 0 && axis.step == 1 &&
           axis.input_size == axis.output_size;
  }
  // Whether there are enough equal taps, without gaps, to go from one sum to the next.
  bool has_equal_taps() const {
    return axis.taps >= least_box && axis.step == 1 && axis.tap_step == 1 &&
           std::all_of(taps, taps + axis.taps, [this](T tap) { return tap == *taps; });
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

// The lines or planes of one level, `inner` numbers each, which of them are summed next, and the
// sum of a box.
template <class T>
struct Ring {
  T* data;
  int64_t inner;
  T* total;
  std::vector<const T*> lines;
};

// What the levels of one tile share: the parts of the axes, the rings, the line's sources.
template <class T>
struct Tile {
  std::vector<Part> parts;
  Part line_part;
  std::vector<Ring<T>> rings;
  std::vector<int64_t> sources;
  int64_t inside_begin, inside_end;
  T* gathered;
  T* summed;
  T* unpacked;
  T* output;
  bool finite;
};

inline int64_t rounded_up(int64_t n, int64_t step) { return (n + step - 1) / step * step; }

// The longest of equal parts of n that are at most `longest`, a multiple of `step`.
inline int64_t even_part(int64_t n, int64_t longest, int64_t step) {
  longest = std::max(longest, step);
  const int64_t parts = (n + longest - 1) / longest;
  return rounded_up((n + parts - 1) / parts, step);
}

}  // namespace faltung::separable_levels
