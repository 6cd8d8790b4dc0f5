// A block of inputs copied from an array, its boundary applied.
#pragma once

#include <cstdint>

#include "faltung/direct.hpp"
#include "faltung/memory.hpp"
#include "faltung/tiles.hpp"

namespace faltung {

// A last axis that is only passed through (the channels of a picture): each position of the line
// consists of `count` elements, `input_stride` and `output_stride` apart.
struct Channels {
  std::int64_t count = 1, input_stride = 1, output_stride = 1;
};

// Whether there are such channels. Elements that do not lie next to each other are gathered, unless
// the axis alone makes a line of `lanes` elements and more.
bool has_channels(const SlidingAxes& axes, std::int64_t lanes);

// How far apart positions lie, and the channels of each.
struct Distances {
  std::int64_t positions, channels;
};
struct Counts {
  std::int64_t positions, channels;
};
template <class T>
void copy_positions(const T* from, const Distances& source, T* to, const Distances& target,
                    const Counts& counts);

// How the positions that a tile of outputs reads on a line are laid side by side: taps p, p + jump,
// p + 2 jump … read piece p, the next one `spacing` further, and the outputs of all of them read
// neighbours. With step 2 and tap_step 1
//
//   the line   0 1 2 3 4 5 6 7 8      is laid out as    0 2 4 6 8 | 1 3 5 7
//
// so a jump of step / gcd(step, tap_step). Where taps lie so far apart that they read little in
// common, each has a piece of its own.
struct LineLayout {
  LineLayout(const SlidingAxis& line, std::int64_t outputs);

  std::int64_t taps_of(std::int64_t piece) const {
    return jump == 1 ? taps : (taps - piece + jump - 1) / jump;
  }
  std::int64_t place_of(std::int64_t piece) const { return piece * length(); }
  // Of every piece, though some may have a tap less than the first one.
  std::int64_t length() const { return outputs + (taps_of(0) - 1) * spacing; }
  std::int64_t positions() const { return jump * length(); }
  // Whether taps must be put in the order of the pieces.
  bool reorders() const { return jump > 1 && jump < taps; }

  std::int64_t taps, outputs;
  std::int64_t jump;  // the number of pieces as well
  std::int64_t spacing;
};

// The lines that a tile reads on one axis, and the distances of neighbouring ones on every axis.
using LineIndices = Few<std::int64_t, 40>;
using LineStrides = Few<std::int64_t, 4>;

// What the outputs of an outer axis read, whose step is a multiple of its tap_step: `lines` between
// two outputs, the taps' next to each other.
std::int64_t lines_between_outputs(const SlidingAxis& axis);

// For each of these lines the index in the array, or -1 for the fill value, for the outputs
// [begin, begin + outputs).
LineIndices lines_read(const SlidingAxis& axis, std::int64_t begin, std::int64_t outputs);

// What a tile of outputs reads, one line of it next to the other, channels innermost:
//
//   | positions × channels | lanes |
//   | positions × channels | lanes |
//
// Whole vectors are read, so a line is followed by `lanes` numbers of which nothing comes.
template <class T>
class GatheredBlock {
 public:
  // `input` is the element at index zero on all axes.
  GatheredBlock(const T* input, T fill_value, const SlidingAxes& outer, const SlidingAxis& line,
                const Channels& channels, const Tile& tile, std::int64_t lanes);

  const T* data() const { return data_.data(); }

  // The distances of neighbouring taps on the outer axes.
  const LineStrides& strides() const { return strides_; }
  const LineLayout& layout() const { return layout_; }

 private:
  void gather_lines(const T* input, const SlidingAxes& outer);
  void gather_line(const T* from, T* to) const;
  void gather_piece(std::int64_t piece, const Segment& part, const T* from, T* to) const;
  Segment dealt_out() const;

  // Which entries of a piece read inside the array, and for those before and after, in this order,
  // the index in the array, the same for every line; none where the fill value is.
  struct PieceEnds {
    std::int64_t begin, end;
    Few<std::int64_t, 24> sources;
  };
  PieceEnds ends_of(std::int64_t piece) const;

  T fill_value_;
  SlidingAxis line_;
  LineLayout layout_;
  Channels channels_;
  std::int64_t lanes_, pitch_;
  std::int64_t first_;  // the position that the first tap reads for the first output
  // For each position that is read on the outer axes the index in the array, or -1 for the fill
  // value.
  Few<LineIndices, 4> outer_sources_;
  LineStrides strides_;
  // The entries of all pieces that are every number of a run inside the array.
  Segment dealt_;
  Few<PieceEnds, 2> ends_;
  ShortBuffer<T, 16384> data_;
};

// Steps through all index tuples below `sizes`, the last index fastest; false when it wraps.
template <class Indices>
bool advance(Indices& index, const Indices& sizes) {
  for (std::size_t d = sizes.size(); d-- > 0;) {
    if (++index[d] < sizes[d]) return true;
    index[d] = 0;
  }
  return false;
}

}  // namespace faltung
