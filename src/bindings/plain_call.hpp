// A call of the short way, laid out for the core.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "call_options.hpp"
#include "faltung/direct.hpp"
#include "faltung/memory.hpp"
#include "faltung/small.hpp"
#include "reading.hpp"

namespace reading {

// Where something lies outside the taps are `v`, however many.
bool changes_places(const Numbers& a, const Numbers& v, const Options& options);

// One axis of the operands as taken. On one that is only passed through there is a single tap.
struct PlainAxis {
  int number;  // among the axes of the input
  std::int64_t input_size, input_stride, taps, taps_stride;
  Range range;
  faltung::Boundary boundary;
};

// Taps from the last to the first; few of them on the stack.
template <class T>
class ReversedTaps {
 public:
  // Calls write(where the last one ends).
  template <class Write>
  ReversedTaps(Py_ssize_t count, const Write& write) : count_(count), numbers_(count) {
    write(numbers_.data() + count);
  }

  const T* begin() const { return numbers_.data(); }
  const T* end() const { return numbers_.data() + count_; }
  const T* data() const { return numbers_.data(); }
  Py_ssize_t size() const { return count_; }

 private:
  Py_ssize_t count_;
  faltung::ShortBuffer<T, 2048> numbers_;
};

// The operands as taken: where nothing lies outside they may change places. The axes
// are in the order of layout.py.
class PlainCall {
 public:
  // Of operands that `is_plain` allows.
  PlainCall(const Numbers& a, const Numbers& v, const Options& options);

  const Numbers &input, &taps;
  const Options& options;

  int rank() const { return input.rank(); }
  const PlainAxis& axis(int i) const { return axes_[static_cast<std::size_t>(i)]; }
  double products() const { return products_; }
  bool is_large() const { return products_ > faltung::few_products; }
  int threads() const { return is_large() ? options.threads : 1; }
  // Whether the axes are in the order of the input's own.
  bool is_in_order() const;

  // The problem with outputs `output_strides` apart on the input's own axes.
  template <class T>
  faltung::Correlation<T> problem(const T* numbers, const T* reversed, T* sums,
                                  const std::int64_t* output_strides) const {
    faltung::Correlation<T> made{numbers, reversed, sums,
                                 {},      {},       static_cast<T>(options.fill_value)};
    for (int i = 0; i < rank(); ++i) {
      const PlainAxis& own = axis(i);
      made.sliding.push_back({own.input_size, own.input_stride, own.range.size,
                              output_strides[own.number], own.taps,
                              own.range.start - (own.taps - 1), own.boundary});
    }
    return made;
  }

  // The taps from the last to the first, in the core's order of the axes.
  template <class T>
  ReversedTaps<T> reversed_taps() const {
    return {taps.count(), [&](T* to) { each_tap<T>(axes_, [&](T tap) { *--to = tap; }); }};
  }

  // The taps in C order, and their sizes on the input's own axes.
  template <class T>
  std::vector<T> taps_in_order(std::vector<std::int64_t>& sizes) const {
    std::array<PlainAxis, most_axes> own = axes_;
    for (int i = 0; i < rank(); ++i) own[static_cast<std::size_t>(axis(i).number)] = axis(i);
    for (int i = 0; i < rank(); ++i) sizes.push_back(own[static_cast<std::size_t>(i)].taps);
    std::vector<T> found;
    found.reserve(static_cast<std::size_t>(taps.count()));
    each_tap<T>(own, [&](T tap) { found.push_back(tap); });
    return found;
  }

 private:
  template <class T, class Visit>
  void each_tap(const std::array<PlainAxis, most_axes>& axes, const Visit& visit) const {
    if (taps.is_contiguous('C') && is_in_order()) {
      const T* const from = taps.data<T>();
      for (Py_ssize_t i = 0; i < taps.count(); ++i) visit(from[i]);
      return;
    }
    std::array<std::int64_t, most_axes> index{};
    const PlainAxis& row = axes[static_cast<std::size_t>(rank() - 1)];
    const T* from = taps.data<T>();
    do {
      for (std::int64_t k = 0; k < row.taps; ++k) visit(from[k * row.taps_stride]);
    } while (next_row(axes, index, from));
  }

  // The row after this one in C order; false after the last.
  template <class T>
  bool next_row(const std::array<PlainAxis, most_axes>& axes,
                std::array<std::int64_t, most_axes>& index, const T*& from) const {
    for (auto d = static_cast<std::size_t>(rank() - 1); d-- > 0;) {
      from += axes[d].taps_stride;
      if (++index[d] < axes[d].taps) return true;
      from -= axes[d].taps * axes[d].taps_stride;
      index[d] = 0;
    }
    return false;
  }

  std::array<PlainAxis, most_axes> axes_;
  double products_;
};

// Whether the short way takes such operands with these options.
bool is_plain(const Numbers& a, const Numbers& v, const Options& options);

// Fill `out`; false where the general way must.
bool convolve_floats(const PlainCall& call, const Numbers& out);
bool convolve_complex(const PlainCall& call, const Numbers& out);
bool convolve_whole(const PlainCall& call, const Numbers& out);
// Whole numbers of few bits with float taps, rounded and saturated.
bool convolve_rounded(const PlainCall& call, const Numbers& out);

}  // namespace reading
