// The first step of a correlation by transforms: what happens on which axis.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "faltung/direct.hpp"
#include "faltung/largest.hpp"

namespace faltung::transform_layout {

using std::int64_t;

// The axes sorted by what happens on them; the last sliding one is the line.
struct Layout {
  std::vector<SlidingAxis> sliding;  // of all outputs, and of taps without gaps
  std::vector<int64_t> steps;        // of the outputs that are asked for
  std::vector<ArrayAxis> taps;
  std::vector<int64_t> tap_steps;
  std::vector<BatchAxis> same_taps, own_taps;

  void make_line(size_t d) {
    const auto to_end = [d](auto& list) {
      std::rotate(list.begin() + static_cast<std::ptrdiff_t>(d),
                  list.begin() + static_cast<std::ptrdiff_t>(d) + 1, list.end());
    };
    to_end(sliding);
    to_end(steps);
    to_end(taps);
    to_end(tap_steps);
  }
};

inline int64_t product_of_sizes(const std::vector<BatchAxis>& axes) {
  int64_t product = 1;
  for (const BatchAxis& axis : axes) product *= axis.size;
  return product;
}

// A single tap that reads where it writes.
inline bool is_passed_through(const SlidingAxis& axis) {
  return axis.taps == 1 && axis.first == 0 && axis.reach(axis.output_size) <= axis.input_size;
}

// The axis of all outputs, those between two that are asked for included, and of taps with zeros
// between them.
inline SlidingAxis without_steps(SlidingAxis axis) {
  axis.output_size = std::max<int64_t>((axis.output_size - 1) * axis.step + 1, 0);
  axis.taps = axis.reach(1);
  axis.step = axis.tap_step = 1;
  return axis;
}

// The line is the axis along which the input is contiguous, or else the last one.
template <class E>
Layout layout_of(const Correlation<E>& problem) {
  Layout layout;
  int64_t taps_stride = 1;
  for (const SlidingAxis& axis : problem.sliding) taps_stride *= axis.taps;
  for (size_t d = 0; d < problem.sliding.size(); ++d) {
    const SlidingAxis& axis = problem.sliding[d];
    taps_stride /= axis.taps;
    const bool needed = d + 1 == problem.sliding.size() && layout.sliding.empty();
    if (is_passed_through(axis) && !needed) {
      layout.same_taps.push_back(
          {axis.output_size, axis.input_stride * axis.step, 0, axis.output_stride});
    } else {
      layout.sliding.push_back(without_steps(axis));
      layout.steps.push_back(axis.step);
      layout.taps.push_back({axis.taps, taps_stride});
      layout.tap_steps.push_back(axis.tap_step);
    }
  }
  for (size_t d = 0; d + 1 < layout.sliding.size(); ++d)
    if (layout.sliding[d].input_stride == 1) layout.make_line(d);
  for (const BatchAxis& axis : problem.batch)
    (axis.taps_stride == 0 || axis.size == 1 ? layout.same_taps : layout.own_taps).push_back(axis);
  return layout;
}

// Steps through the positions of some axes.
struct Place {
  int64_t input = 0, taps = 0, output = 0;
};

inline Place place_of(int64_t index, const std::vector<BatchAxis>& axes) {
  Place place;
  for (size_t d = axes.size(); d-- > 0; index /= axes[d].size) {
    const int64_t i = index % axes[d].size;
    place.input += i * axes[d].input_stride;
    place.taps += i * axes[d].taps_stride;
    place.output += i * axes[d].output_stride;
  }
  return place;
}

}  // namespace faltung::transform_layout
