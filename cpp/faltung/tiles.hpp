// How the outputs of a direct sum are cut into tiles.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/direct.hpp"

namespace faltung {

// A range of outputs on one axis.
struct Segment {
  std::int64_t begin;
  std::int64_t end;
  bool interior;

  std::int64_t size() const { return end - begin; }
};

// The tiles that are products of one segment of each axis.
struct Tiling {
  std::vector<std::vector<Segment>> axes;
  std::int64_t tiles;
};

// Borders and interior of one axis. An interior shorter than `least` counts as border; a border
// shorter than `least` takes what it needs from an interior that has it to spare.
std::vector<Segment> segments_of(const SlidingAxis& axis, std::int64_t longest, std::int64_t least);

}  // namespace faltung
