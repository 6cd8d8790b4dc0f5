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

// The longest line of a tile.
inline std::int64_t longest_line(bool has_outer_axes) { return has_outer_axes ? 2048 : 16384; }

// Lines shorter than so many vectors are gathered whole.
inline constexpr std::int64_t whole_line_vectors = 20;

// How many lines, and how many planes of them, a tile has.
struct TileLengths {
  std::int64_t lines, planes;
};
inline constexpr TileLengths inside_tiles{16, 1}, whole_line_tiles{16, 4}, end_tiles{64, 8};

// Borders and interior of one axis. An interior shorter than `least` counts as border; a border
// shorter than `least` takes what it needs from an interior that has it to spare.
std::vector<Segment> segments_of(const SlidingAxis& axis, std::int64_t longest, std::int64_t least);

}  // namespace faltung
