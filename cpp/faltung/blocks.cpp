#include "faltung/blocks.hpp"

#include <algorithm>
#include <cmath>

#include "faltung/tree.hpp"
#include "faltung/window.hpp"

namespace faltung {
namespace {

using std::int64_t;

// Blocks larger than this leave the second-level cache of one processor.
constexpr int64_t cached_bytes = 1 << 20;

int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }

// The shortest transform of `unit` times a smooth number of points that takes an axis whole.
int64_t whole_points(const SlidingAxis& axis, int64_t unit, bool fill_is_zero) {
  const Span all = span_of(axis, 0, axis.output_size, fill_is_zero);
  const int64_t least = std::max<int64_t>(all.least_points(axis.taps), 1);
  return unit * next_smooth(ceiling(least, unit));
}

// The lengths to be tried: the whole axis, and from little more than the taps on in steps of about
// a fifth.
std::vector<AxisBlocks> candidates(const SlidingAxis& axis, int64_t unit, const BlockCosts& costs) {
  const int64_t whole = whole_points(axis, unit, costs.fill_is_zero);
  std::vector<AxisBlocks> found{{whole, axis.output_size, 1}};
  for (int64_t size = ceiling(axis.taps + axis.taps / 8, unit); unit * size < whole;
       size = size + std::max<int64_t>(size / 5, 1)) {
    size = next_smooth(size);
    const int64_t points = unit * size, outputs = points - axis.taps + 1;
    if (points >= whole || outputs < 1) continue;
    const int64_t count = ceiling(axis.output_size, outputs);
    if (count > 1) found.push_back({points, ceiling(axis.output_size, count), count});
  }
  return found;
}

// Time in nanoseconds to read, transform, multiply, transform back and write one block of so many
// complex points, measured on one core with AVX-512 and the same everywhere, so that machines
// choose alike.
double block_time(double points, const BlockCosts& costs) {
  const bool half = costs.bytes_of_number == 4;
  const bool cached = 2 * points * static_cast<double>(costs.bytes_of_number) <= cached_bytes;
  const double levels = std::log2(points);
  const double per_point =
      half ? 1.2 + 0.09 * levels + (cached ? 0 : 1.5) : 1.4 + 0.19 * levels + (cached ? 0 : 3.0);
  return 400 + per_point * points;
}

// The bytes that a block and the taps' transform may take together: on several axes less than half
// of the larger of array and result where the taps are shorter than a fifth of every axis, else two
// and a half times as much, and always some.
double allowed_bytes(const std::vector<SlidingAxis>& axes, const BlockCosts& costs) {
  constexpr double always = 1 << 26;
  if (axes.size() < 2) return INFINITY;
  const auto each = static_cast<double>(costs.bytes_of_number * costs.parts * costs.repetitions);
  double input = each, result = each;
  bool short_taps = true;
  for (const SlidingAxis& axis : axes) {
    input *= static_cast<double>(axis.input_size);
    result *= static_cast<double>(axis.output_size);
    short_taps = short_taps && 5 * axis.taps < axis.input_size;
  }
  return std::max(always, (short_taps ? 0.45 : 2.4) * std::max(input, result));
}

// Outweighs any difference in time.
constexpr double nanoseconds_for_byte_beyond = 1e3;

// Time to find, read and write one line of a block that has many, in nanoseconds.
constexpr double line_time = 50;

}  // namespace

Blocks choose_blocks(const std::vector<SlidingAxis>& axes, const BlockCosts& costs) {
  std::vector<std::vector<AxisBlocks>> choices;
  for (size_t d = 0; d < axes.size(); ++d)
    choices.push_back(candidates(axes[d], d + 1 == axes.size() ? 2 * costs.lanes : 1, costs));
  const double allowed = allowed_bytes(axes, costs);
  double best_cost = INFINITY;
  Blocks best{{}, INFINITY};
  std::vector<size_t> index(axes.size(), 0);
  for (;;) {
    double points = 0.5 * static_cast<double>(costs.parts), count = 1;
    for (size_t d = 0; d < axes.size(); ++d) {
      points *= static_cast<double>(choices[d][index[d]].points);
      count *= static_cast<double>(choices[d][index[d]].count);
    }
    const double lines = 2 * points / static_cast<double>(choices.back()[index.back()].points);
    const double time = (block_time(points, costs) + line_time * lines) *
                        (count * static_cast<double>(costs.repetitions) + 0.5);
    const double bytes = 4 * points * static_cast<double>(costs.bytes_of_number);
    const double cost = time + (bytes > allowed ? nanoseconds_for_byte_beyond * bytes : 0);
    if (cost < best_cost) {
      best_cost = cost;
      best = {{}, time};
      for (size_t d = 0; d < axes.size(); ++d) best.axes.push_back(choices[d][index[d]]);
    }
    size_t d = axes.size();
    while (d > 0 && ++index[d - 1] == choices[d - 1].size()) index[--d] = 0;
    if (d == 0) return best;
  }
}

}  // namespace faltung
