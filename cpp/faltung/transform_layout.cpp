#include "faltung/transform_layout.hpp"

#include <algorithm>

namespace faltung {
namespace {

using std::int64_t;

void make_line(TransformLayout& layout, size_t d) {
  const auto to_end = [d](auto& list) {
    std::rotate(list.begin() + static_cast<std::ptrdiff_t>(d),
                list.begin() + static_cast<std::ptrdiff_t>(d) + 1, list.end());
  };
  to_end(layout.sliding);
  to_end(layout.steps);
  to_end(layout.taps);
  to_end(layout.tap_steps);
}

// A single tap that reads where it writes.
bool is_passed_through(const SlidingAxis& axis) {
  return axis.taps == 1 && axis.first == 0 && axis.reach(axis.output_size) <= axis.input_size;
}

// The axis of all outputs, those between two that are asked for included, and of taps with zeros
// between them.
SlidingAxis without_steps(SlidingAxis axis) {
  axis.output_size = std::max<int64_t>((axis.output_size - 1) * axis.step + 1, 0);
  axis.taps = axis.reach(1);
  axis.step = axis.tap_step = 1;
  return axis;
}

bool slide_alike(const SlidingAxis& a, const SlidingAxis& b) {
  return a.input_size == b.input_size && a.output_size == b.output_size && a.taps == b.taps &&
         a.first == b.first && a.boundary == b.boundary;
}

bool lie_alike(const ArrayAxis& a, const ArrayAxis& b) {
  return a.size == b.size && a.stride == b.stride;
}

bool repeat_alike(const BatchAxis& a, const BatchAxis& b) { return a.size == b.size; }

}  // namespace

const TransformKernel<float>& transform_kernel_for(float) {
  return FALTUNG_KERNELS_IN_USE(transform_kernels).of_float;
}
const TransformKernel<double>& transform_kernel_for(double) {
  return FALTUNG_KERNELS_IN_USE(transform_kernels).of_double;
}

TransformLayout layout_of(const BatchAxes& batch, const SlidingAxes& sliding) {
  TransformLayout layout;
  int64_t taps_stride = 1;
  for (const SlidingAxis& axis : sliding) taps_stride *= axis.taps;
  for (size_t d = 0; d < sliding.size(); ++d) {
    const SlidingAxis& axis = sliding[d];
    taps_stride /= axis.taps;
    const bool needed = d + 1 == sliding.size() && layout.sliding.empty();
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
    if (layout.sliding[d].input_stride == 1) make_line(layout, d);
  for (const BatchAxis& axis : batch)
    (axis.taps_stride == 0 || axis.size == 1 ? layout.same_taps : layout.own_taps).push_back(axis);
  return layout;
}

bool are_alike(const TransformLayout& one, const TransformLayout& other) {
  return std::ranges::equal(one.sliding, other.sliding, slide_alike) &&
         std::ranges::equal(one.taps, other.taps, lie_alike) && one.steps == other.steps &&
         one.tap_steps == other.tap_steps &&
         std::ranges::equal(one.same_taps, other.same_taps, repeat_alike) &&
         std::ranges::equal(one.own_taps, other.own_taps, repeat_alike);
}

int64_t product_of_sizes(const BatchAxes& axes) {
  int64_t product = 1;
  for (const BatchAxis& axis : axes) product *= axis.size;
  return product;
}

Place place_of(int64_t index, const BatchAxes& axes) {
  Place place;
  for (size_t d = axes.size(); d-- > 0; index /= axes[d].size) {
    const int64_t i = index % axes[d].size;
    place.input += i * axes[d].input_stride;
    place.taps += i * axes[d].taps_stride;
    place.output += i * axes[d].output_stride;
  }
  return place;
}

std::vector<int64_t> points_of(const Blocks& blocks) {
  std::vector<int64_t> points;
  for (const AxisBlocks& axis : blocks.axes) points.push_back(axis.points);
  return points;
}

}  // namespace faltung
