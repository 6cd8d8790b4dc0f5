// How a block of narrow_blocks.cpp reads a line of its inputs: boundary applied, widened to T.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "faltung/kernels/direct.hpp"
#include "faltung/narrow_blocks.hpp"

namespace faltung::narrow_lines {

using std::int64_t;

template <class T>
inline constexpr bool in_pairs = std::is_same_v<T, std::int32_t>;

template <class T>
const DirectKernel<T>& kernel_for() {
  const DirectKernels& kernels = FALTUNG_KERNELS_IN_USE(direct_kernels);
  if constexpr (std::is_same_v<T, float>)
    return kernels.of_float;
  else if constexpr (std::is_same_v<T, double>)
    return kernels.of_double;
  else
    return kernels.of_pairs;
}

template <class T>
const Conversions<T>& conversions_for() {
  const NarrowKernels& kernels = FALTUNG_KERNELS_IN_USE(narrow_kernels);
  if constexpr (std::is_same_v<T, float>)
    return kernels.of_float;
  else if constexpr (std::is_same_v<T, double>)
    return kernels.of_double;
  else
    return kernels.of_pairs;
}

// The function for numbers of so many bytes, which are only moved.
#define FALTUNG_MOVE(function, bytes)       \
  ((bytes) == 1   ? function<std::uint8_t>  \
   : (bytes) == 2 ? function<std::uint16_t> \
   : (bytes) == 4 ? function<std::uint32_t> \
                  : function<std::uint64_t>)

struct Range {
  int64_t begin, size;
};

// The indices of the array that positions read, -1 for the fill value.
inline std::vector<int64_t> sources_of(const SlidingAxis& axis, const Range& positions) {
  std::vector<int64_t> found(static_cast<size_t>(positions.size));
  for (size_t i = 0; i < found.size(); ++i)
    found[i] =
        source_index(axis.boundary, positions.begin + static_cast<int64_t>(i), axis.input_size);
  return found;
}

// to[i] = from[sources[i]], `channels` numbers each; zeros where the source is below zero.
template <class Bits>
void gather_numbers(const void* from, const int64_t* sources, int64_t count, int64_t stride,
                    int64_t channels, void* to) {
  const Bits* numbers = static_cast<const Bits*>(from);
  Bits* out = static_cast<Bits*>(to);
  for (int64_t i = 0; i < count; ++i, out += channels) {
    if (sources[i] >= 0)
      std::copy_n(numbers + sources[i] * stride, channels, out);
    else
      std::fill_n(out, channels, Bits{0});
  }
}

template <class T>
class LineReader {
 public:
  // `line` is the axis, in positions of `channels` numbers that lie next to each other.
  LineReader(const NarrowCorrelation& problem, const SlidingAxis& line, int64_t channels)
      : line_(line),
        channels_(channels),
        bytes_(bytes_of(problem.input_type)),
        lanes_(kernel_for<T>().lanes),
        fill_(static_cast<T>(problem.fill_value)),
        widen_(conversions_for<T>().widen[static_cast<int>(problem.input_type)]) {}

  // Where a block reads: `before` and `after` are the sources of the positions beside
  // the run inside the array, which begins at `first`.
  struct Sources {
    std::vector<int64_t> before, after;
    int64_t first, inside;

    int64_t positions() const {
      return static_cast<int64_t>(before.size() + after.size()) + inside;
    }
  };

  Sources sources(const Range& block) const {
    const int64_t begin = block.begin * line_.step + line_.first;
    const int64_t end = begin + line_.reach(block.size);
    // An input that does not lie in one piece is gathered number by number.
    const bool in_one_piece = line_.input_stride == 1;
    const int64_t first = in_one_piece ? std::clamp<int64_t>(0, begin, end) : end;
    const int64_t last = in_one_piece ? std::clamp(line_.input_size, first, end) : end;
    return {sources_of(line_, {begin, first - begin}), sources_of(line_, {last, end - last}), first,
            last - first};
  }

  // Where a line begins in the block, so that its run inside the array begins at whole vectors.
  int64_t lead(const Sources& line) const {
    const int64_t beside = static_cast<int64_t>(line.before.size()) * channels_ % lanes_;
    return beside == 0 ? 0 : lanes_ - beside;
  }

  // The distance of lines of so many positions, the lead included: whole vectors, of which some are
  // read beyond the positions, and pairs reach one tap further. Not a multiple of 1024 bytes,
  // which would bring all lines to the same place of the cache.
  int64_t pitch(int64_t positions) const {
    const int64_t vectors = (positions * channels_ + beyond() + lanes_ - 1) / lanes_ + 1;
    return (vectors % 16 == 0 ? vectors + 1 : vectors) * lanes_;
  }

  // Fills `to` with a line that begins at `from`, null where all is the fill value; `raw` is room
  // for the positions as they are stored.
  void read(const Sources& line, const char* from, char* raw, T* to) const {
    const int64_t count = line.positions() * channels_;
    if (from == nullptr)
      std::fill_n(to, count, fill_);
    else
      read_inside(line, from, raw, to);
    std::fill_n(to + count, beyond(), T{0});
    if constexpr (in_pairs<T>)
      FALTUNG_KERNELS_IN_USE(narrow_kernels).pair_up(to, count + beyond() - spacing(), spacing());
  }

 private:
  int64_t spacing() const { return line_.tap_step * channels_; }
  int64_t beyond() const { return 2 * spacing() + lanes_; }

  void read_inside(const Sources& line, const char* from, char* raw, T* to) const {
    gather(line.before, from, raw, to);
    to += static_cast<int64_t>(line.before.size()) * channels_;
    if (line.inside > 0)
      widen_(from + line.first * channels_ * bytes_, line.inside * channels_, to);
    gather(line.after, from, raw, to + line.inside * channels_);
  }

  void gather(const std::vector<int64_t>& sources, const char* from, char* raw, T* to) const {
    if (sources.empty()) return;
    const auto count = static_cast<int64_t>(sources.size());
    FALTUNG_MOVE(gather_numbers, bytes_)
    (from, sources.data(), count, line_.input_stride * channels_, channels_, raw);
    widen_(raw, count * channels_, to);
    for (int64_t i = 0; i < count; ++i)
      if (sources[static_cast<size_t>(i)] < 0) std::fill_n(to + i * channels_, channels_, fill_);
  }

  SlidingAxis line_;
  int64_t channels_, bytes_, lanes_;
  T fill_;
  void (*widen_)(const void* from, int64_t count, T* to);
};

}  // namespace faltung::narrow_lines
