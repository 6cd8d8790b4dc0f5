// Where the taps of a direct sum lie and read, in the forms that its kernels take.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "faltung/gather.hpp"
#include "faltung/kernels/direct.hpp"

namespace faltung {

// Collects strips of columns, the taps of a column `tap_pitch` apart and the lines that they read
// `row_pitch`, and what neighbouring columns read `spacing`.
struct Strips {
  std::int64_t tap_pitch = 0, row_pitch = 0, spacing = 0;
  Few<TapStrip, 16> all{};
  std::int64_t tall = 0, most_rows = 1;

  void add(const TapStrip& strip) {
    all.push_back(strip);
    tall += strip.rows > 1;
    most_rows = std::max(most_rows, strip.rows);
  }

  // To be called when all are there: those of one tap come last.
  void put_tall_first() {
    if (tall > 0 && tall < static_cast<std::int64_t>(all.size()))
      std::stable_partition(all.begin(), all.end(), [](const TapStrip& s) { return s.rows > 1; });
  }

  template <class T>
  TapStrips<T> of(const T* taps) const {
    return {taps,      all.data(), static_cast<std::int64_t>(all.size()),
            tall,      most_rows,  tap_pitch,
            row_pitch, spacing};
  }
};

using Rows = Few<TapRow, 24>;

// The taps of a tile. `strides` are the distances of neighbouring taps on the outer axes.
struct TapLayout {
  const SlidingAxes& outer;
  const SlidingAxis& line;
  const LineLayout& layout;
  std::int64_t channels;
  const LineStrides& strides;

  // A row for each piece of a line, and for each tap on the outer axes.
  Rows rows() const;

  // The taps above one another on the last of the outer axes; those of a column are as many apart
  // as lines are read between two outputs, themselves `row_pitch` apart:
  //
  //   step 2     input line   0  1  2  3  4  5  6       two strips for each piece of a row,
  //              output 0     0  1  2  3  4             0 2 4 and 1 3
  //              output 1           0  1  2  3  4
  Strips strips(std::int64_t row_pitch) const;

  // The taps as rows and strips number them: each row's piece by piece.
  template <class T>
  std::vector<T> reordered(const T* taps) const {
    const std::int64_t rows = row_count();
    std::vector<T> found;
    found.reserve(static_cast<std::size_t>(rows * line.taps));
    for (std::int64_t row = 0; row < rows; ++row, taps += line.taps)
      for (std::int64_t p = 0; p < layout.jump; ++p)
        for (std::int64_t k = p; k < line.taps; k += layout.jump) found.push_back(taps[k]);
    return found;
  }

 private:
  std::int64_t row_count() const {
    std::int64_t count = 1;
    for (const SlidingAxis& axis : outer) count *= axis.taps;
    return count;
  }
  template <class Task>
  void for_rows(const Task& task) const;
};

}  // namespace faltung
