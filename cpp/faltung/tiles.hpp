// How the outputs of a direct sum are cut into tiles.
#pragma once

#include <cstdint>

#include "faltung/direct.hpp"

namespace faltung {

// A range of outputs on one axis.
struct Segment {
  std::int64_t begin;
  std::int64_t end;
  bool interior;

  std::int64_t size() const { return end - begin; }
};

using Segments = Few<Segment, 4>;  // of one axis
using Tile = Few<Segment, 4>;      // one of each axis

// The tiles that are products of one segment of each axis.
struct Tiling {
  Few<Segments, 4> axes;
  std::int64_t tiles;
};

// A last axis of more is long enough to be a line of its own.
inline constexpr std::int64_t most_channels = 64;

// So few outputs of so few products are one tile, gathered with its borders.
inline constexpr double one_tile_products = 1 << 20;
inline constexpr double one_tile_outputs = 1 << 14;
inline constexpr double one_line_outputs = 1 << 12;

inline bool is_one_tile(bool has_outer_axes, double outputs, double products) {
  return has_outer_axes ? outputs <= one_tile_outputs && products < one_tile_products
                        : outputs <= one_line_outputs;
}

// The longest line of a tile, of outputs that read so many pieces of a line. More pieces than 32
// make no shorter tiles.
inline std::int64_t longest_line(bool has_outer_axes, std::int64_t pieces) {
  return (has_outer_axes ? 2048 : 16384) / (pieces < 32 ? pieces : 32);
}

// Whether all sums of a line are made and every `step`-th is kept, the step being small and one sum
// of so few taps: gathering would take longer than the sums between. With n taps a product takes
// some 0.2 / lanes ns, and what an output gathers 0.5 ns for each number.
inline bool makes_sums_between(bool has_outer_axes, std::int64_t step, double taps,
                               std::int64_t lanes) {
  return has_outer_axes && step > 1 && step <= 4 &&
         static_cast<double>(step - 1) * taps < 2.5 * static_cast<double>(step * lanes);
}

// Lines shorter than so many vectors are gathered whole.
inline constexpr std::int64_t whole_line_vectors = 20;

// How many lines, and how many planes of them, a tile has.
struct TileLengths {
  std::int64_t lines, planes;
};
inline constexpr TileLengths inside_tiles{16, 1}, whole_line_tiles{16, 4}, end_tiles{64, 8};

// The outputs of an axis whose taps read inside the array.
struct Interior {
  std::int64_t begin, end;

  explicit Interior(const SlidingAxis& axis);
};

// Borders and interior of one axis. An interior shorter than `least` counts as border; a border
// shorter than `least` takes what it needs from an interior that has it to spare.
Segments segments_of(const SlidingAxis& axis, std::int64_t longest, std::int64_t least);

}  // namespace faltung
