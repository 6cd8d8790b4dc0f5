// How outputs are cut into blocks that are convolved by one transform each (overlap-save).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "faltung/direct.hpp"

namespace faltung {

// The blocks of one axis: all but the last have `outputs` outputs.
struct AxisBlocks {
  std::int64_t points;  // length of the transform
  std::int64_t outputs;
  std::int64_t count;
};

struct Blocks {
  std::vector<AxisBlocks> axes;
  double nanoseconds;  // predicted for all of them on one thread, the taps' transform included
};

// What the choice depends on besides the axes.
struct BlockProblem {
  std::int64_t lanes;
  std::int64_t bytes_of_number;  // of a real one, or of a part of a complex one
  std::int64_t parts;            // 2 where numbers are complex
  // How many problems of this shape share one transform of the taps.
  std::int64_t repetitions;
  bool fill_is_zero;
};

// The fastest blocks by a fixed model of the time, which does not depend on the number of threads,
// of those that keep within the memory allowed (docs/mathematics/arrays.md).
// The last axis is a line of real numbers, 2 * lanes * (a smooth number) points; the others
// have smooth numbers of points.
Blocks choose_blocks(const SlidingAxes& axes, const BlockProblem& problem);

// No blocks are predicted to take less time, for so many outputs on so many lines, in blocks of so
// many real points at least: found much faster than the blocks.
struct LeastBlocks {
  double outputs, lines, points;
  std::size_t axes;
  std::int64_t parts, bytes_of_number;
};
double least_time_of_blocks(const LeastBlocks& least);

}  // namespace faltung
