// A block of inputs copied from an array, its boundary applied.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/direct.hpp"
#include "faltung/memory.hpp"
#include "faltung/tiles.hpp"

namespace faltung {

// A last axis that is only passed through (the channels of a picture): each position of the line
// consists of `count` elements, `input_stride` and `output_stride` apart.
struct Channels {
  std::int64_t count = 1, input_stride = 1, output_stride = 1;
};

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
  GatheredBlock(const T* input, T fill_value, const std::vector<SlidingAxis>& outer,
                const SlidingAxis& line, const Channels& channels, const std::vector<Segment>& tile,
                std::int64_t lanes);

  const T* data() const { return data_.data(); }

  // The distances of neighbours on the outer axes.
  const std::vector<std::int64_t>& strides() const { return strides_; }

 private:
  using Indices = std::vector<std::int64_t>;

  void gather_lines(const T* input, const std::vector<SlidingAxis>& outer);
  void gather_line(const T* from, T* to) const;
  void gather_outside(std::int64_t begin, std::int64_t end, const T* from, T* to) const;

  T fill_value_;
  SlidingAxis line_;
  Channels channels_;
  std::int64_t lanes_, pitch_;
  // The line is read from this position on; positions [inside_begin, inside_end) after it lie in
  // the array.
  std::int64_t first_, inside_begin_, inside_end_;
  // For each position that is read on the outer axes the index in the array, or -1 for the fill
  // value.
  std::vector<Indices> outer_sources_;
  Indices strides_;
  Buffer<T> data_;
};

// Steps through all index tuples below `sizes`, the last index fastest; false when it wraps.
bool advance(std::vector<std::int64_t>& index, const std::vector<std::int64_t>& sizes);

}  // namespace faltung
