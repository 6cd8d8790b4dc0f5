// A call of the short way, laid out for the core.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "call_options.hpp"
#include "faltung/direct.hpp"
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
  std::vector<T> reversed_taps() const {
    std::vector<T> found(static_cast<std::size_t>(taps.count()));
    auto to = found.rbegin();
    each_tap<T>(axes_, [&](T tap) { *to++ = tap; });
    return found;
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
    visit_axis(axes, 0, taps.data<T>(), visit);
  }

  template <class T, class Visit>
  void visit_axis(const std::array<PlainAxis, most_axes>& axes, int i, const T* from,
                  const Visit& visit) const {
    if (i == rank()) return visit(*from);
    const PlainAxis& own = axes[static_cast<std::size_t>(i)];
    for (std::int64_t k = 0; k < own.taps; ++k)
      visit_axis(axes, i + 1, from + k * own.taps_stride, visit);
  }

  std::array<PlainAxis, most_axes> axes_;
  double products_;
};

// The strides of an array on its own axes, in numbers.
inline std::array<std::int64_t, most_axes> strides_of(const Numbers& numbers) {
  std::array<std::int64_t, most_axes> strides{};
  for (int d = 0; d < numbers.rank(); ++d) strides[static_cast<std::size_t>(d)] = numbers.stride(d);
  return strides;
}

// Whether the short way takes such operands with these options.
bool is_plain(const Numbers& a, const Numbers& v, const Options& options);

// Fill `out`; false where the general way must.
bool convolve_floats(const PlainCall& call, const Numbers& out);
bool convolve_complex(const PlainCall& call, const Numbers& out);
bool convolve_whole(const PlainCall& call, const Numbers& out);
// Whole numbers of few bits with float taps, rounded and saturated.
bool convolve_rounded(const PlainCall& call, const Numbers& out);

}  // namespace reading
