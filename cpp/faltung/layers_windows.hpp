// The windows of a picture as the rows of a matrix, whose columns are the taps.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/layers.hpp"

namespace faltung {

// The window of output (y, x) has its first tap at input (first.y + y * step.y, first.x + x *
// step.x); `first` may be negative, and a window may stick out on any side.
struct Windows {
  std::int64_t channels;
  Pair input;
  Pair taps;
  Pair first;
  Pair step;
  Pair output;

  bool lie_inside() const {
    return first.y >= 0 && first.y + reach_y(output.y) <= input.y && first.x >= 0 &&
           first.x + reach_x() <= input.x;
  }
  // How many input rows the windows of `rows` output rows read.
  std::int64_t reach_y(std::int64_t rows) const { return (rows - 1) * step.y + taps.y; }
  std::int64_t reach_x() const { return (output.x - 1) * step.x + taps.x; }
  std::int64_t steps() const { return channels * taps.y * taps.x; }
};

// Where the windows of `rows` rows of outputs are read: in the picture itself where they lie
// inside, else in a field, a copy of the part they read with zeros where they stick out.
struct Field {
  Field(const Windows& windows, std::int64_t rows);

  bool copied;
  std::int64_t pitch;  // from one row to the next
  std::int64_t plane;  // from one channel to the next
  std::int64_t size;   // of the copy, all channels

  // The windows that start at output row `begin`; fills `copy` where one is needed.
  template <class T>
  const T* read(const Windows& windows, std::int64_t begin, const T* picture, T* copy) const;
};

// Offset of each output's window in the field, and of each tap in its window.
std::vector<std::int64_t> window_offsets(const Windows& windows, const Field& field,
                                         std::int64_t rows);
std::vector<std::int64_t> tap_offsets(const Windows& windows, const Field& field);

}  // namespace faltung
