#include "faltung/tiles.hpp"

#include <algorithm>

namespace faltung {

using std::int64_t;

namespace {

// Cuts [begin, end) into segments of `longest`, the last one longer where it would be shorter than
// `least`.
void cut(std::vector<Segment>& into, Segment range, int64_t longest, int64_t least) {
  for (int64_t begin = range.begin, end; begin < range.end; begin = end) {
    end = range.end - begin - longest < least ? range.end : begin + longest;
    into.push_back({begin, end, range.interior});
  }
}

}  // namespace

std::vector<Segment> segments_of(const SlidingAxis& axis, int64_t longest, int64_t least) {
  const int64_t outputs = axis.output_size;
  int64_t begin = std::clamp<int64_t>(-axis.first, 0, outputs);
  int64_t end = std::clamp<int64_t>(axis.input_size - axis.taps - axis.first + 1, begin, outputs);
  std::vector<Segment> segments;
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
