#include "faltung/gather.hpp"

#include <algorithm>

namespace faltung {
namespace {

using std::int64_t;

std::vector<int64_t> sources(const SlidingAxis& axis, const Segment& segment) {
  std::vector<int64_t> found(static_cast<size_t>(segment.size() + axis.taps - 1));
  for (size_t i = 0; i < found.size(); ++i)
    found[i] = source_index(axis.boundary, segment.begin + axis.first + static_cast<int64_t>(i),
                            axis.input_size);
  return found;
}

std::vector<std::vector<int64_t>> sources(const std::vector<SlidingAxis>& axes,
                                          const std::vector<Segment>& tile) {
  std::vector<std::vector<int64_t>> found;
  for (size_t d = 0; d < axes.size(); ++d) found.push_back(sources(axes[d], tile[d]));
  return found;
}

std::vector<int64_t> strides_of(const std::vector<std::vector<int64_t>>& lines, int64_t pitch) {
  std::vector<int64_t> strides(lines.size(), pitch);
  for (size_t d = lines.size(); d-- > 1;)
    strides[d - 1] = strides[d] * static_cast<int64_t>(lines[d].size());
  return strides;
}

int64_t count_lines(const std::vector<std::vector<int64_t>>& lines) {
  int64_t count = 1;
  for (const auto& axis : lines) count *= static_cast<int64_t>(axis.size());
  return count;
}

// The first is written out because a compiler makes a call of each loop over channels.
template <class T>
void copy_channels(const T* from, const Channels& channels, T* to) {
  *to = *from;
  for (int64_t c = 1; c < channels.count; ++c) to[c] = from[c * channels.input_stride];
}

}  // namespace

bool advance(std::vector<int64_t>& index, const std::vector<int64_t>& sizes) {
  for (size_t d = sizes.size(); d-- > 0;) {
    if (++index[d] < sizes[d]) return true;
    index[d] = 0;
  }
  return false;
}

template <class T>
GatheredBlock<T>::GatheredBlock(const T* input, T fill_value, const std::vector<SlidingAxis>& outer,
                                const SlidingAxis& line, const Channels& channels,
                                const std::vector<Segment>& tile, int64_t lanes)
    : fill_value_(fill_value),
      line_(line),
      channels_(channels),
      lanes_(lanes),
      pitch_((tile.back().size() + line.taps - 1) * channels.count + lanes),
      first_(tile.back().begin + line.first),
      outer_sources_(sources(outer, tile)),
      strides_(strides_of(outer_sources_, pitch_)),
      data_(count_lines(outer_sources_) * pitch_) {
  const int64_t count = tile.back().size() + line.taps - 1;
  inside_begin_ = std::clamp<int64_t>(-first_, 0, count);
  inside_end_ = std::clamp<int64_t>(line.input_size - first_, inside_begin_, count);
  gather_lines(input, outer);
}

template <class T>
void GatheredBlock<T>::gather_lines(const T* input, const std::vector<SlidingAxis>& outer) {
  Indices sizes, index(outer.size(), 0);
  for (const Indices& axis : outer_sources_) sizes.push_back(static_cast<int64_t>(axis.size()));
  T* to = data_.data();
  // Beyond the ends of the line there is either nothing but the fill value, or none of it.
  const bool fills = line_.boundary == Boundary::fill;
  std::fill_n(to, count_lines(outer_sources_) * pitch_, fills ? fill_value_ : T{0});
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
  const int64_t count = pitch_ - lanes_, channels = channels_.count;
  if (from == nullptr) {
    if (line_.boundary != Boundary::fill) std::fill_n(to, count, fill_value_);
    return;
  }
  if (line_.boundary != Boundary::fill) {
    gather_outside(0, inside_begin_, from, to);
    gather_outside(inside_end_, count / channels, from, to);
  }
  from += (first_ + inside_begin_) * line_.input_stride;
  to += inside_begin_ * channels;
  if (channels_.input_stride == 1 && line_.input_stride == channels) {
    std::copy_n(from, (inside_end_ - inside_begin_) * channels, to);
    return;
  }
  for (int64_t i = inside_begin_; i < inside_end_; ++i, from += line_.input_stride, to += channels)
    copy_channels(from, channels_, to);
}

template <class T>
void GatheredBlock<T>::gather_outside(int64_t begin, int64_t end, const T* from, T* to) const {
  for (int64_t i = begin; i < end; ++i) {
    const int64_t source = source_index(line_.boundary, first_ + i, line_.input_size);
    copy_channels(from + source * line_.input_stride, channels_, to + i * channels_.count);
  }
}

template class GatheredBlock<float>;
template class GatheredBlock<double>;
template class GatheredBlock<std::uint64_t>;

}  // namespace faltung
