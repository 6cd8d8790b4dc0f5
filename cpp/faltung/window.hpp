// The part of an array that one block of outputs depends on.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/direct.hpp"

namespace faltung {

// On one axis: a block's outputs, the numbers it reads, and where the outputs lie in the full
// convolution of these numbers with the taps.
//
//   array       …  window ……………………… window + length  …
//   convolution    0 … offset ……… offset + outputs … length + taps - 1
struct Span {
  std::int64_t begin;  // the first output
  std::int64_t outputs;
  std::int64_t window;  // an array position, may lie outside
  std::int64_t length;  // 0 if all that is read is zero
  std::int64_t offset;

  // The shortest circular convolution whose wrapped entries miss the outputs.
  std::int64_t least_points(std::int64_t taps) const;
};

// The span of `outputs` outputs from `begin` on. Where the array continues as zeros, these are not
// read: the convolution does without them.
Span span_of(const SlidingAxis& axis, std::int64_t begin, std::int64_t outputs, bool fill_is_zero);

// The array's indices [begin, end) between which all lie that a span reads.
struct SourceRange {
  std::int64_t begin, end;
};
SourceRange source_range(const SlidingAxis& axis, const Span& span);

// The numbers of a window, by rows: indices of the axes before the last one are relative to the
// window, and so are the positions along the last one. Beyond the window are zeros.
template <class T>
class Window {
 public:
  Window(const T* input, const SlidingAxes& axes, const std::vector<Span>& spans, T fill_value);

  bool is_zero(const std::int64_t* row) const;

  // The positions of an axis, beyond which are zeros.
  std::int64_t length(std::size_t axis) const {
    return axis < offsets_.size() ? static_cast<std::int64_t>(offsets_[axis].size())
                                  : line_span_.length;
  }

  // Where a row that is not zero begins in the array; only `read` knows what it means.
  std::int64_t offset_of(const std::int64_t* row) const;

  // `count` numbers of the row at an offset, from position `from` on: in place, or copied to
  // `scratch`.
  const T* read(std::int64_t offset, std::int64_t from, std::int64_t count, T* scratch) const;

 private:
  static constexpr std::int64_t outside = INT64_MIN;

  void read_outside(std::int64_t offset, std::int64_t begin, std::int64_t end, T* to) const;

  const T* input_;
  T fill_value_;
  SlidingAxis line_;
  Span line_span_;
  // Positions [begin_inside_, end_inside_) on a line lie inside the array. What those before and
  // after read, one after the other: an offset, or `outside`.
  std::int64_t begin_inside_, end_inside_;
  std::vector<std::int64_t> line_offsets_;
  // The same for each position of the axes before the last one.
  std::vector<std::vector<std::int64_t>> offsets_;
};

}  // namespace faltung
