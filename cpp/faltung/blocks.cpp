#include "faltung/blocks.hpp"

#include <algorithm>
#include <cmath>

#include "faltung/costs.hpp"
#include "faltung/tree.hpp"
#include "faltung/window.hpp"

namespace faltung {
namespace {

using std::int64_t;

// Blocks larger than this leave the second-level cache of one processor.
constexpr int64_t cached_bytes = 1 << 20;

const TransformCosts& transform_costs(int64_t bytes_of_number) {
  return bytes_of_number == 4 ? costs().transform_float : costs().transform_double;
}

int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }

// The shortest transform of `unit` times a smooth number of points that takes an axis whole.
int64_t whole_points(const SlidingAxis& axis, int64_t unit, bool fill_is_zero) {
  const Span all = span_of(axis, 0, axis.output_size, fill_is_zero);
  const int64_t least = std::max<int64_t>(all.least_points(axis.taps), 1);
  return unit * next_smooth(ceiling(least, unit));
}

// What is tried on one axis, with what the time depends on.
struct Candidate {
  AxisBlocks blocks;
  double points, count, levels;

  Candidate(int64_t length, int64_t outputs, int64_t number)
      : blocks{length, outputs, number},
        points(static_cast<double>(length)),
        count(static_cast<double>(number)),
        levels(std::log2(points)) {}
};

// The lengths to be tried: the whole axis, and from little more than the taps on in steps of about
// a fifth.
std::vector<Candidate> candidates(const SlidingAxis& axis, int64_t unit, bool fill_is_zero) {
  const int64_t whole = whole_points(axis, unit, fill_is_zero);
  std::vector<Candidate> found;
  found.reserve(32);
  found.emplace_back(whole, axis.output_size, 1);
  for (int64_t size = ceiling(axis.taps + axis.taps / 8, unit); unit * size < whole;
       size = size + std::max<int64_t>(size / 5, 1)) {
    size = next_smooth(size);
    const int64_t points = unit * size, outputs = points - axis.taps + 1;
    if (points >= whole || outputs < 1) continue;
    const int64_t count = ceiling(axis.output_size, outputs);
    if (count > 1) found.emplace_back(points, ceiling(axis.output_size, count), count);
  }
  return found;
}

// Time to read, transform, multiply, transform back and write one block of so many complex points.
struct BlockTime {
  const TransformCosts& each;
  double cached_points;

  explicit BlockTime(const BlockProblem& problem)
      : each(transform_costs(problem.bytes_of_number)),
        cached_points(static_cast<double>(cached_bytes / (2 * problem.bytes_of_number))) {}

  double operator()(double points, double levels, double lines) const {
    return each.block + each.line * lines +
           points *
               (each.point + each.level * levels + (points <= cached_points ? 0 : each.uncached));
  }
};

// Time to look up what lies beyond the ends of the lines that are read.
double outside_time(const SlidingAxes& axes, const BlockProblem& problem) {
  if (problem.fill_is_zero && axes.back().boundary == Boundary::fill) return 0;
  const SlidingAxis& line = axes.back();
  const int64_t begin = line.first, end = line.first + line.output_size + line.taps - 1;
  const int64_t inside =
      std::max<int64_t>(std::min(end, line.input_size) - std::max<int64_t>(begin, 0), 0);
  auto numbers = static_cast<double>((end - begin - inside) * problem.parts * problem.repetitions);
  for (size_t d = 0; d + 1 < axes.size(); ++d)
    numbers *= static_cast<double>(axes[d].output_size + axes[d].taps - 1);
  return transform_costs(problem.bytes_of_number).outside * numbers;
}

// The bytes that a block and the taps' transform may take together: on several axes less than half
// of the larger of array and result where the taps are shorter than a fifth of every axis, else two
// and a half times as much, and always some.
double allowed_bytes(const SlidingAxes& axes, const BlockProblem& problem) {
  constexpr double always = 1 << 26;
  if (axes.size() < 2) return INFINITY;
  const auto each =
      static_cast<double>(problem.bytes_of_number * problem.parts * problem.repetitions);
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
constexpr double nanoseconds_for_point_beyond = 1e4;

}  // namespace

Blocks choose_blocks(const SlidingAxes& axes, const BlockProblem& problem) {
  std::vector<std::vector<Candidate>> choices;
  for (size_t d = 0; d < axes.size(); ++d)
    choices.push_back(
        candidates(axes[d], d + 1 == axes.size() ? 2 * problem.lanes : 1, problem.fill_is_zero));
  const BlockTime block_time(problem);
  const double most_points =
      allowed_bytes(axes, problem) / static_cast<double>(4 * problem.bytes_of_number);
  const auto repetitions = static_cast<double>(problem.repetitions);
  const auto parts = static_cast<double>(problem.parts);
  double best_cost = INFINITY, best_time = INFINITY;
  std::vector<size_t> index(axes.size(), 0), best = index;
  for (;;) {
    // The last one is the logarithm of the first, for one part or two.
    double points = 0.5 * parts, count = 1, levels = parts - 2;
    for (size_t d = 0; d < axes.size(); ++d) {
      const Candidate& candidate = choices[d][index[d]];
      points *= candidate.points;
      count *= candidate.count;
      levels += candidate.levels;
    }
    const double lines = 2 * points / choices.back()[index.back()].points;
    const double time =
        block_time.each.call + block_time(points, levels, lines) * (count * repetitions + 0.5);
    const double cost = time + (points > most_points ? nanoseconds_for_point_beyond * points : 0);
    if (cost < best_cost) {
      best_cost = cost;
      best_time = time;
      best = index;
    }
    size_t d = axes.size();
    while (d > 0 && ++index[d - 1] == choices[d - 1].size()) index[--d] = 0;
    if (d == 0) break;
  }
  Blocks blocks{{},
                best_time + block_time.each.axis * static_cast<double>(axes.size() - 1) +
                    outside_time(axes, problem)};
  for (size_t d = 0; d < axes.size(); ++d) blocks.axes.push_back(choices[d][best[d]].blocks);
  return blocks;
}

// Each output is one of a block, and each block but a whole axis is longer than the taps.
double least_time_of_blocks(const LeastBlocks& least) {
  const TransformCosts& each = transform_costs(least.bytes_of_number);
  const double levels = least.points > 2 ? std::ilogb(least.points) - 1 : 0;
  const double lines = least.axes > 1 ? least.lines : 1;
  return each.call + each.axis * static_cast<double>(least.axes - 1) + 1.5 * each.block +
         each.line * lines +
         least.outputs / 2 * static_cast<double>(least.parts) * (each.point + each.level * levels);
}

}  // namespace faltung
