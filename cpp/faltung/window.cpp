#include "faltung/window.hpp"

#include <algorithm>
#include <complex>

namespace faltung {

using std::int64_t;

int64_t Span::least_points(int64_t taps) const {
  return std::max(length + taps - 1 - offset, offset + outputs);
}

Span span_of(const SlidingAxis& axis, int64_t begin, int64_t outputs, bool fill_is_zero) {
  int64_t window = begin + axis.first, end = window + outputs + axis.taps - 1;
  const int64_t last_tap = window + axis.taps - 1;
  if (axis.boundary == Boundary::fill && fill_is_zero) {
    // The last tap of the first output lies before the array, or its first one beyond it, where an
    // interval begins or ends between taps that lie apart: all it reads is zero.
    window = std::min(std::max<int64_t>(window, 0), last_tap);
    end = std::clamp<int64_t>(end, window, std::max(window, axis.input_size));
  }
  return {begin, outputs, window, end - window, last_tap - window};
}

SourceRange source_range(const SlidingAxis& axis, const Span& span) {
  const int64_t end = span.window + span.length;
  const bool below = span.window<0, above = end> axis.input_size;
  if ((below || above) && axis.boundary != Boundary::fill && axis.boundary != Boundary::edge)
    return {0, axis.input_size};
  // What lies outside is the fill value, or the last number on that side.
  const int64_t most = axis.boundary == Boundary::edge ? axis.input_size - 1 : axis.input_size;
  const int64_t least = axis.boundary == Boundary::edge ? 1 : 0;
  const int64_t begin = std::clamp<int64_t>(span.window, 0, most);
  return {begin, std::clamp<int64_t>(end, std::max(begin, least), axis.input_size)};
}

template <class T>
Window<T>::Window(const T* input, const SlidingAxes& axes, const std::vector<Span>& spans,
                  T fill_value)
    : input_(input), fill_value_(fill_value), line_(axes.back()), line_span_(spans.back()) {
  const auto offset_on = [&](size_t d, int64_t i) {
    const int64_t source = source_index(axes[d].boundary, spans[d].window + i, axes[d].input_size);
    return source < 0 ? outside : source * axes[d].input_stride;
  };
  for (size_t d = 0; d + 1 < axes.size(); ++d) {
    std::vector<int64_t> offsets(static_cast<size_t>(spans[d].length));
    for (size_t i = 0; i < offsets.size(); ++i) offsets[i] = offset_on(d, static_cast<int64_t>(i));
    offsets_.push_back(std::move(offsets));
  }
  begin_inside_ = std::clamp<int64_t>(-line_span_.window, 0, line_span_.length);
  end_inside_ =
      std::clamp<int64_t>(line_.input_size - line_span_.window, begin_inside_, line_span_.length);
  const auto look_up = [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) line_offsets_.push_back(offset_on(axes.size() - 1, p));
  };
  look_up(0, begin_inside_);
  look_up(end_inside_, line_span_.length);
}

template <class T>
bool Window<T>::is_zero(const int64_t* row) const {
  for (size_t d = 0; d < offsets_.size(); ++d)
    if (row[d] >= static_cast<int64_t>(offsets_[d].size())) return true;
  return false;
}

template <class T>
int64_t Window<T>::offset_of(const int64_t* row) const {
  int64_t offset = 0;
  for (size_t d = 0; d < offsets_.size(); ++d) {
    const int64_t step = offsets_[d][static_cast<size_t>(row[d])];
    if (step == outside) return outside;
    offset += step;
  }
  return offset;
}

template <class T>
const T* Window<T>::read(int64_t offset, int64_t from, int64_t count, T* scratch) const {
  const int64_t end = std::clamp<int64_t>(line_span_.length, from, from + count);
  const int64_t begin_inside = std::clamp<int64_t>(begin_inside_, from, end);
  const int64_t end_inside = std::clamp<int64_t>(end_inside_, begin_inside, end);
  const int64_t inside = end_inside - begin_inside;
  T* const to = scratch + (begin_inside - from);
  if (offset == outside) {
    std::fill_n(scratch, end - from, fill_value_);
  } else {
    const int64_t stride = line_.input_stride;
    const T* const source = input_ + offset + (begin_inside + line_span_.window) * stride;
    if (stride == 1 && inside == count) return source;
    read_outside(offset, from, begin_inside, scratch);
    if (stride == 1)
      std::copy_n(source, inside, to);
    else
      for (int64_t p = 0; p < inside; ++p) to[p] = source[p * stride];
    read_outside(offset, end_inside, end, scratch + (end_inside - from));
  }
  std::fill_n(scratch + (end - from), count - (end - from), T{0});
  return scratch;
}

template <class T>
void Window<T>::read_outside(int64_t offset, int64_t begin, int64_t end, T* to) const {
  for (int64_t p = begin; p < end; ++p) {
    const int64_t place = p < begin_inside_ ? p : p - (end_inside_ - begin_inside_);
    const int64_t step = line_offsets_[static_cast<size_t>(place)];
    *to++ = step == outside ? fill_value_ : input_[offset + step];
  }
}

template class Window<float>;
template class Window<double>;
template class Window<std::complex<float>>;
template class Window<std::complex<double>>;

}  // namespace faltung
