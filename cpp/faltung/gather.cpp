#include "faltung/gather.hpp"

#include <algorithm>
#include <numeric>

#include "faltung/kernels/apart.hpp"

namespace faltung {
namespace {

using std::int64_t;

using Sources = Few<LineIndices, 4>;

Sources sources(const SlidingAxes& axes, const Tile& tile) {
  Sources found;
  for (size_t d = 0; d < axes.size(); ++d)
    found.push_back(lines_read(axes[d], tile[d].begin, tile[d].size()));
  return found;
}

LineStrides strides_of(const Sources& lines, int64_t pitch) {
  LineStrides strides(lines.size(), pitch);
  for (size_t d = lines.size(); d-- > 1;)
    strides[d - 1] = strides[d] * static_cast<int64_t>(lines[d].size());
  return strides;
}

int64_t count_lines(const Sources& lines) {
  int64_t count = 1;
  for (const auto& axis : lines) count *= static_cast<int64_t>(axis.size());
  return count;
}

void take_apart(const float* in, int64_t step, int64_t count, float* out, int64_t pitch) {
  FALTUNG_KERNELS_IN_USE(apart_kernels).of_float(in, step, count, out, pitch);
}
void take_apart(const double* in, int64_t step, int64_t count, double* out, int64_t pitch) {
  FALTUNG_KERNELS_IN_USE(apart_kernels).of_double(in, step, count, out, pitch);
}
void take_apart(const std::uint64_t* in, int64_t step, int64_t count, std::uint64_t* out,
                int64_t pitch) {
  FALTUNG_KERNELS_IN_USE(apart_kernels).of_integer(in, step, count, out, pitch);
}

// A division takes as long as copying a short line, and most steps are 1.
int64_t ceiling(int64_t a, int64_t b) { return a <= 0 ? 0 : b == 1 ? a : (a + b - 1) / b; }

}  // namespace

bool has_channels(const SlidingAxes& axes, int64_t lanes) {
  const SlidingAxis& last = axes.back();
  if (axes.size() < 2 || last.taps != 1 || last.first != 0 || last.step != 1) return false;
  if (last.input_size != last.output_size || last.input_size > most_channels) return false;
  const SlidingAxis& before = axes[axes.size() - 2];
  const bool together = last.input_stride == 1 && before.input_stride == last.input_size &&
                        last.output_stride == 1 && before.output_stride == last.output_size;
  const bool is_line = last.input_stride == 1 && last.input_size >= lanes;
  return !is_line || together;
}

// The first channel is written out because a compiler makes a call of each loop over channels.
template <class T>
void copy_positions(const T* from, const Distances& source, T* to, const Distances& target,
                    const Counts& counts) {
  if (counts.channels == 1 && target.positions == 1) {
    const int64_t stride = source.positions;
    for (int64_t i = 0; i < counts.positions; ++i) to[i] = from[i * stride];
    return;
  }
  for (int64_t i = 0; i < counts.positions; ++i) {
    *to = *from;
    for (int64_t c = 1; c < counts.channels; ++c)
      to[c * target.channels] = from[c * source.channels];
    from += source.positions;
    to += target.positions;
  }
}

LineLayout::LineLayout(const SlidingAxis& line, int64_t of_outputs)
    : taps(line.taps), outputs(of_outputs) {
  const int64_t common = std::gcd(line.step, line.tap_step);
  jump = std::min(line.step / common, taps);
  spacing = line.tap_step / common;
  if (spacing > outputs) jump = taps;
}

// Outputs that share lines read one run of positions, others each their own.
LineIndices lines_read(const SlidingAxis& axis, int64_t begin, int64_t outputs) {
  const int64_t between = lines_between_outputs(axis);
  const int64_t jump = axis.step - between * axis.tap_step;
  const int64_t count = (outputs - 1) * between + axis.taps;
  LineIndices found(static_cast<size_t>(count), 0);
  int64_t* const to = found.data();
  for (int64_t line = 0; line < count; ++line) {
    const int64_t position = begin * axis.step + axis.first + line * axis.tap_step;
    const int64_t jumped = jump == 0 ? 0 : line / between * jump;
    to[line] = source_index(axis.boundary, position + jumped, axis.input_size);
  }
  return found;
}

int64_t lines_between_outputs(const SlidingAxis& axis) {
  return std::min(axis.step / axis.tap_step, axis.taps);
}

template <class T>
GatheredBlock<T>::GatheredBlock(const T* input, T fill_value, const SlidingAxes& outer,
                                const SlidingAxis& line, const Channels& channels, const Tile& tile,
                                int64_t lanes)
    : fill_value_(fill_value),
      line_(line),
      layout_(line, tile.back().size()),
      channels_(channels),
      lanes_(lanes),
      pitch_(layout_.positions() * channels.count + lanes),
      first_(tile.back().begin * line.step + line.first),
      outer_sources_(sources(outer, tile)),
      strides_(strides_of(outer_sources_, pitch_)),
      dealt_(dealt_out()),
      data_(count_lines(outer_sources_) * pitch_) {
  for (int64_t p = 0; p < layout_.jump; ++p) ends_.push_back(ends_of(p));
  gather_lines(input, outer);
}

template <class T>
void GatheredBlock<T>::gather_lines(const T* input, const SlidingAxes& outer) {
  LineStrides sizes, index(outer.size(), 0);
  for (const LineIndices& axis : outer_sources_) sizes.push_back(static_cast<int64_t>(axis.size()));
  T* to = data_.data();
  do {
    const T* from = input;
    bool inside = true;
    for (size_t d = 0; d < index.size(); ++d) {
      const int64_t source = outer_sources_[d][static_cast<size_t>(index[d])];
      inside = inside && source >= 0;
      from += std::max<int64_t>(source, 0) * outer[d].input_stride;
    }
    gather_line(inside ? from : nullptr, to);
    to += pitch_;
  } while (advance(index, sizes));
}

template <class T>
void GatheredBlock<T>::gather_line(const T* from, T* to) const {
  std::fill_n(to + pitch_ - lanes_, lanes_, T{0});
  if (from == nullptr) {
    std::fill_n(to, pitch_ - lanes_, fill_value_);
    return;
  }
  const Segment& dealt = dealt_;
  const int64_t length = layout_.length();
  for (int64_t p = 0; p < layout_.jump; ++p) {
    T* const piece = to + p * length * channels_.count;
    gather_piece(p, {0, dealt.begin, false}, from, piece);
    if (dealt.end < length) gather_piece(p, {dealt.end, length, false}, from, piece);
  }
  if (dealt.size() == 0) return;
  take_apart(from + first_ + dealt.begin * line_.step, line_.step, dealt.size(), to + dealt.begin,
             layout_.length());
}

template <class T>
Segment GatheredBlock<T>::dealt_out() const {
  const int64_t length = layout_.length(), step = line_.step;
  const bool all = line_.tap_step == 1 && step > 1 && layout_.jump == step;
  if (!all || channels_.count > 1 || line_.input_stride != 1) return {length, length, true};
  const int64_t begin = std::min(ceiling(-first_, step), length);
  const int64_t numbers = std::max<int64_t>(line_.input_size - first_, 0);
  return {begin, std::clamp<int64_t>(numbers / step, begin, length), true};
}

template <class T>
auto GatheredBlock<T>::ends_of(int64_t piece) const -> PieceEnds {
  const int64_t first = first_ + piece * line_.tap_step, length = layout_.length();
  PieceEnds ends;
  ends.begin = std::clamp<int64_t>(ceiling(-first, line_.step), 0, length);
  ends.end = std::clamp<int64_t>(ceiling(line_.input_size - first, line_.step), ends.begin, length);
  if (line_.boundary == Boundary::fill) return ends;
  const auto add = [&](int64_t i, int64_t end) {
    for (; i < end; ++i)
      ends.sources.push_back(
          source_index(line_.boundary, first + i * line_.step, line_.input_size));
  };
  add(0, ends.begin);
  add(ends.end, length);
  return ends;
}

// Of this part the entries [begin, end) lie inside the array.
template <class T>
void GatheredBlock<T>::gather_piece(int64_t piece, const Segment& part, const T* from,
                                    T* to) const {
  const PieceEnds& ends = ends_[static_cast<size_t>(piece)];
  const int64_t channels = channels_.count, stride = line_.input_stride;
  const int64_t begin = std::clamp(ends.begin, part.begin, part.end);
  const int64_t end = std::clamp(ends.end, begin, part.end);
  const auto gather_outside = [&](int64_t i, int64_t last, int64_t shift) {
    if (line_.boundary == Boundary::fill)
      return (void)std::fill(to + i * channels, to + last * channels, fill_value_);
    for (; i < last; ++i)
      copy_positions(from + ends.sources[static_cast<size_t>(i + shift)] * stride,
                     {0, channels_.input_stride}, to + i * channels, {0, 1}, {1, channels});
  };
  gather_outside(part.begin, begin, 0);
  gather_outside(end, part.end, ends.begin - ends.end);
  if (begin == end) return;
  const int64_t first = first_ + piece * line_.tap_step, step = line_.step * stride;
  from += (first + begin * line_.step) * stride;
  to += begin * channels;
  if (channels_.input_stride == 1 && step == channels)
    std::copy_n(from, (end - begin) * channels, to);
  else
    copy_positions(from, {step, channels_.input_stride}, to, {channels, 1},
                   {end - begin, channels});
}

template void copy_positions(const float*, const Distances&, float*, const Distances&,
                             const Counts&);
template void copy_positions(const double*, const Distances&, double*, const Distances&,
                             const Counts&);
template void copy_positions(const std::uint64_t*, const Distances&, std::uint64_t*,
                             const Distances&, const Counts&);
template class GatheredBlock<float>;
template class GatheredBlock<double>;
template class GatheredBlock<std::uint64_t>;

}  // namespace faltung
