#include "faltung/tiles.hpp"

#include <algorithm>

namespace faltung {

using std::int64_t;

namespace {

int64_t ceiling(int64_t a, int64_t b) { return a <= 0 ? 0 : (a + b - 1) / b; }

// Cuts [begin, end) into segments of `longest`, the last one longer where it would be shorter than
// `least`.
void cut(Segments& into, Segment range, int64_t longest, int64_t least) {
  for (int64_t begin = range.begin, end; begin < range.end; begin = end) {
    end = range.end - begin - longest < least ? range.end : begin + longest;
    into.push_back({begin, end, range.interior});
  }
}

}  // namespace

// Output i reads from first + i * step up to reach(1) - 1 beyond.
Interior::Interior(const SlidingAxis& axis) {
  const int64_t outputs = axis.output_size;
  const int64_t last = axis.input_size - axis.reach(1) - axis.first;
  begin = std::clamp<int64_t>(ceiling(-axis.first, axis.step), 0, outputs);
  end = last < 0 ? begin : std::clamp<int64_t>(last / axis.step + 1, begin, outputs);
}

Segments segments_of(const SlidingAxis& axis, int64_t longest, int64_t least) {
  const int64_t outputs = axis.output_size;
  auto [begin, end] = Interior(axis);
  Segments segments;
  if (end - begin < least) {
    cut(segments, {0, outputs, false}, longest, 0);
    return segments;
  }
  if (end - begin >= 4 * least) {
    if (begin > 0) begin = std::max(begin, least);
    if (end < outputs) end = std::min(end, outputs - least);
  }
  cut(segments, {0, begin, false}, longest, 0);
  cut(segments, {begin, end, true}, longest, least);
  cut(segments, {end, outputs, false}, longest, 0);
  return segments;
}

}  // namespace faltung
