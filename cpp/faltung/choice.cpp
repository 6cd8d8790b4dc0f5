#include "faltung/choice.hpp"

#include <algorithm>
#include <numeric>
#include <type_traits>

#include "faltung/blocks.hpp"
#include "faltung/costs.hpp"
#include "faltung/direct_work.hpp"
#include "faltung/element.hpp"
#include "faltung/kernels/direct.hpp"
#include "faltung/transform.hpp"

namespace faltung {
namespace {

template <class T>
const DirectCosts& direct_costs() {
  const Costs& table = costs();
  if constexpr (std::is_same_v<T, float>) return table.direct_float;
  if constexpr (std::is_same_v<T, double>) return table.direct_double;
  return table.direct_integer;
}

template <class T>
const LinesCosts& lines_costs() {
  return std::is_same_v<T, float> ? costs().lines_float : costs().lines_double;
}

template <class T>
std::int64_t lanes() {
  const DirectKernels& kernels = FALTUNG_KERNELS_IN_USE(direct_kernels);
  if constexpr (std::is_same_v<T, float>) return kernels.of_float.lanes;
  if constexpr (std::is_same_v<T, double>) return kernels.of_double.lanes;
  return kernels.of_integer.lanes;
}

template <class T>
double nanoseconds(const Correlation<T>& problem) {
  const DirectCosts& each = direct_costs<T>();
  const DirectWork work = direct_work(problem);
  const double once = each.call + each.axis * static_cast<double>(problem.sliding.size() - 1);
  return once * work.phases + each.tile * work.tiles + each.gathered * work.gathered +
         each.gathered_line * work.gathered_lines + each.vector * work.vectors +
         each.row * work.rows + each.lines_tap * work.lines_taps +
         each.shared_tap * work.shared_taps + each.single_tap * work.single_taps;
}

// No more than what `transform_nanoseconds` says, and found at once. Any axis may be the line.
template <class T>
double least_transform(const Correlation<T>& problem) {
  LeastBlocks least{1, 1, 1, problem.sliding.size(), parts_of<T>, sizeof(RealOf<T>)};
  double longest = 1;
  for (const SlidingAxis& axis : problem.sliding) {
    const auto size = static_cast<double>(axis.output_size);
    least.outputs *= size;
    least.points *= static_cast<double>(std::min(axis.taps, axis.output_size));
    longest = std::max(longest, size);
  }
  for (const SlidingAxis& axis : problem.sliding)
    if (axis.taps == 1) least.axes = 1;  // such an axis may be set aside
  for (const BatchAxis& axis : problem.batch) least.outputs *= static_cast<double>(axis.size);
  least.lines = least.outputs / longest;
  return least_time_of_blocks(least);
}

// A direct sum of complex numbers is four of their parts.
template <class T>
double nanoseconds(const Correlation<std::complex<T>>& problem) {
  const Correlation<T> part{nullptr, nullptr, nullptr, problem.batch, problem.sliding, T{0}};
  const DirectCosts& each = direct_costs<T>();
  const double once = each.call + each.axis * static_cast<double>(problem.sliding.size() - 1);
  double outputs = 1;
  for (const SlidingAxis& axis : problem.sliding) outputs *= static_cast<double>(axis.output_size);
  for (const BatchAxis& axis : problem.batch) outputs *= static_cast<double>(axis.size);
  return once + 4 * (nanoseconds(part) - once) +
         costs().call.complex * outputs * sizeof(T) / sizeof(double);
}

template <class T>
bool is_faster(const Correlation<T>& problem) {
  const double direct = nanoseconds(problem);
  return direct <= least_transform(problem) || direct <= transform_nanoseconds(problem);
}

// How many lines so many outputs read in all, in each phase those that its outputs share once.
double lines_needed(const SlidingAxis& axis) {
  const std::int64_t common = std::gcd(axis.step, axis.tap_step);
  const std::int64_t phases = std::min(axis.tap_step / common, axis.output_size);
  const std::int64_t between = std::min(axis.step / common, axis.taps);
  return static_cast<double>(axis.output_size * between + phases * (axis.taps - between));
}

// One axis after the other from the last one on. On the axes before, lines are summed as far as the
// taps that are still to come reach. A last axis that is only passed through makes one line with
// the axis before it. All sums along a line are made, and outputs a step apart share no loads.
template <class T>
double nanoseconds_of_lines(const Correlation<T>& problem) {
  const LinesCosts& each = lines_costs<T>();
  const auto& axes = problem.sliding;
  size_t carrier = axes.size() - 1;
  std::int64_t channels = 1;
  for (; carrier > 0 && axes[carrier].taps == 1; --carrier) channels *= axes[carrier].output_size;
  const auto vectors_of = [&](std::int64_t outputs) {
    return static_cast<double>((outputs * channels + lanes<T>() - 1) / lanes<T>());
  };
  double lines = 1, time = each.call;
  if (axes.size() > 2) time += each.axis * static_cast<double>(axes.size() - 2);
  for (size_t d = 0; d < carrier; ++d) {
    lines *= lines_needed(axes[d]);
    const std::int64_t phases = axes[d].tap_step / std::gcd(axes[d].step, axes[d].tap_step);
    time *= static_cast<double>(std::max<std::int64_t>(std::min(phases, axes[d].output_size), 1));
  }
  for (size_t d = carrier;; --d) {
    const SlidingAxis& axis = axes[d];
    const bool is_line = d == carrier;
    const double vectors =
        vectors_of(is_line ? (axis.output_size - 1) * axis.step + 1 : axes[carrier].output_size);
    const double taps =
        (!is_line && axis.step > axis.tap_step ? 2.0 : 1.0) * static_cast<double>(axis.taps);
    if (axis.taps > 1) time += lines * (each.line + vectors * (each.vector + each.tap * taps));
    if (d == 0) return time;
    lines *= static_cast<double>(axes[d - 1].output_size) / lines_needed(axes[d - 1]);
  }
}

template <class T>
bool lines_are_worth_a_look(const Correlation<T>& problem) {
  int axes = 0;
  std::int64_t taps = 1;
  for (const SlidingAxis& axis : problem.sliding) {
    axes += axis.taps > 1;
    taps *= axis.taps;
  }
  if (axes < 2) return false;
  const double lines = nanoseconds_of_lines(problem) + separation_nanoseconds(taps);
  return lines < nanoseconds(problem) && lines < transform_nanoseconds(problem);
}

}  // namespace

double separation_nanoseconds(std::int64_t taps) {
  return costs().call.separation + costs().call.separation_tap * static_cast<double>(taps);
}

double lines_nanoseconds(const Correlation<float>& problem) {
  return nanoseconds_of_lines(problem);
}
double lines_nanoseconds(const Correlation<double>& problem) {
  return nanoseconds_of_lines(problem);
}

bool lines_would_be_faster(const Correlation<float>& problem) {
  return lines_are_worth_a_look(problem);
}
bool lines_would_be_faster(const Correlation<double>& problem) {
  return lines_are_worth_a_look(problem);
}

double direct_nanoseconds(const Correlation<float>& problem) { return nanoseconds(problem); }
double direct_nanoseconds(const Correlation<double>& problem) { return nanoseconds(problem); }
double direct_nanoseconds(const Correlation<std::uint64_t>& problem) {
  return nanoseconds(problem);
}
double direct_nanoseconds(const Correlation<std::complex<float>>& problem) {
  return nanoseconds(problem);
}
double direct_nanoseconds(const Correlation<std::complex<double>>& problem) {
  return nanoseconds(problem);
}

bool direct_is_faster(const Correlation<float>& problem) { return is_faster(problem); }
bool direct_is_faster(const Correlation<double>& problem) { return is_faster(problem); }
bool direct_is_faster(const Correlation<std::complex<float>>& problem) {
  return is_faster(problem);
}
bool direct_is_faster(const Correlation<std::complex<double>>& problem) {
  return is_faster(problem);
}

}  // namespace faltung
