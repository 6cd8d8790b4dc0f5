// The outputs are cut into tiles. A tile whose inputs all lie inside the array reads them in place;
// for the others the inputs are gathered, boundary applied, into a scratch block of the tile's own
// size plus the taps. So the boundary costs only what the border is long, and no padded copy of the
// array is made.
//
//   outputs of one axis:  | border | interior …  … | border |
//                         0        -first          input_size - taps - first + 1
#include "faltung/direct.hpp"

#include <algorithm>

#include "faltung/kernels/direct.hpp"
#include "faltung/threads.hpp"
#include "faltung/tiles.hpp"

namespace faltung {
namespace {

using std::int64_t;

const DirectKernel<float>& kernel_for(float) {
  return FALTUNG_KERNELS_IN_USE(direct_kernels).of_float;
}
const DirectKernel<double>& kernel_for(double) {
  return FALTUNG_KERNELS_IN_USE(direct_kernels).of_double;
}
const DirectKernel<std::uint64_t>& kernel_for(std::uint64_t) {
  return FALTUNG_KERNELS_IN_USE(direct_kernels).of_integer;
}

// An axis of more is long enough to be a line of its own.
constexpr int64_t most_channels = 64;

// So few products are summed before a second thread has woken up.
constexpr double one_thread_products = 1 << 18;

// So few outputs are one tile, gathered with its borders.
constexpr double one_tile_outputs = 1 << 14;

// Steps through all index tuples below `sizes`, the last index fastest; false when it wraps.
bool advance(std::vector<int64_t>& index, const std::vector<int64_t>& sizes) {
  for (size_t d = sizes.size(); d-- > 0;) {
    if (++index[d] < sizes[d]) return true;
    index[d] = 0;
  }
  return false;
}

template <class T>
class DirectCorrelation {
 public:
  explicit DirectCorrelation(const Correlation<T>& problem)
      : problem_(problem),
        kernel_(kernel_for(T{})),
        line_(problem.sliding.back()),
        outer_(problem.sliding.begin(), problem.sliding.end() - 1) {
    merge_channels();
    cut_into_tiles();
    tap_rows_ = 1;
    for (const SlidingAxis& axis : outer_) tap_rows_ *= axis.taps;
    offsets_in_place_ = row_offsets(strides_in_place());
  }

  void run(int threads) const {
    int64_t tasks = tiles_;
    for (const BatchAxis& axis : problem_.batch) tasks *= axis.size;
    if (products() < one_thread_products) threads = 1;
    parallel_for(tasks, threads, [this](int64_t task) { run_task(task); });
  }

 private:
  double products() const {
    double count = 1;
    for (const SlidingAxis& axis : problem_.sliding)
      count *= static_cast<double>(axis.output_size) * static_cast<double>(axis.taps);
    for (const BatchAxis& axis : problem_.batch) count *= static_cast<double>(axis.size);
    return count;
  }

  // A last axis that is only passed through (the channels of a picture) is taken together with the
  // one before it: positions of `channels_` elements, taps `channels_` apart. Elements that do not
  // lie next to each other are gathered, unless the axis alone makes a line.
  void merge_channels() {
    if (outer_.empty() || line_.taps != 1 || line_.first != 0) return;
    if (line_.input_size != line_.output_size || line_.input_size > most_channels) return;
    const SlidingAxis& before = outer_.back();
    const bool together = line_.input_stride == 1 && before.input_stride == line_.input_size &&
                          line_.output_stride == 1 && before.output_stride == line_.output_size;
    const bool is_line = line_.input_stride == 1 && line_.input_size >= kernel_.lanes;
    if (is_line && !together) return;
    channels_ = line_.input_size;
    channel_input_stride_ = line_.input_stride;
    channel_output_stride_ = line_.output_stride;
    line_ = before;
    outer_.pop_back();
  }

  // Tiles of a few lines in the interior, whose inputs stay in the first-level cache; the narrow
  // strips along the ends of the lines are cut into longer ones.
  void cut_into_tiles() {
    // A line in the interior is read whole vectors at a time, so it must hold one.
    const int64_t least = (kernel_.lanes + channels_ - 1) / channels_;
    const int64_t longest = std::max((outer_.empty() ? 16384 : 2048) / channels_, least);
    const bool input_in_place = channel_input_stride_ == 1 && line_.input_stride == channels_;
    output_in_place_ = channel_output_stride_ == 1 && line_.output_stride == channels_;
    if (outputs() <= one_tile_outputs) return add_one_tile();
    std::vector<Segment> inside, ends;
    for (const Segment& s : segments_of(line_, longest, input_in_place ? least : INT64_MAX))
      (s.interior || s.size() * channels_ > 4 * kernel_.lanes ? inside : ends).push_back(s);
    add_tiling(std::move(inside), 16, 1);
    add_tiling(std::move(ends), 64, 8);
  }

  // The outputs of one position of the batch axes.
  double outputs() const {
    double count = static_cast<double>(line_.output_size * channels_);
    for (const SlidingAxis& axis : outer_) count *= static_cast<double>(axis.output_size);
    return count;
  }

  void add_one_tile() {
    Tiling tiling{{}, 1};
    for (const SlidingAxis& axis : outer_) tiling.axes.push_back({{0, axis.output_size, false}});
    tiling.axes.push_back({{0, line_.output_size, false}});
    tiles_ = 1;
    tilings_.push_back(std::move(tiling));
  }

  // Tiles of `lines` lines on the last of the outer axes and `planes` on the one before.
  void add_tiling(std::vector<Segment> line, int64_t lines, int64_t planes) {
    if (line.empty()) return;
    Tiling tiling{{}, static_cast<int64_t>(line.size())};
    for (size_t d = 0; d < outer_.size(); ++d) {
      const size_t left = outer_.size() - d;
      tiling.axes.push_back(segments_of(outer_[d], left == 1 ? lines : left == 2 ? planes : 1, 0));
      tiling.tiles *= static_cast<int64_t>(tiling.axes.back().size());
    }
    tiling.axes.push_back(std::move(line));
    tiles_ += tiling.tiles;
    tilings_.push_back(std::move(tiling));
  }

  std::vector<int64_t> strides_in_place() const {
    std::vector<int64_t> strides;
    for (const SlidingAxis& axis : outer_) strides.push_back(axis.input_stride);
    return strides;
  }

  // Where each row of taps starts, relative to the input of the first tap.
  std::vector<int64_t> row_offsets(const std::vector<int64_t>& strides) const {
    std::vector<int64_t> sizes;
    for (const SlidingAxis& axis : outer_) sizes.push_back(axis.taps);
    std::vector<int64_t> index(sizes.size(), 0), offsets;
    offsets.reserve(static_cast<size_t>(tap_rows_));
    do {
      int64_t offset = 0;
      for (size_t d = 0; d < index.size(); ++d) offset += index[d] * strides[d];
      offsets.push_back(offset);
    } while (advance(index, sizes));
    return offsets;
  }

  void run_task(int64_t task) const {
    int64_t index = task % tiles_;
    task /= tiles_;
    const Tiling* tiling = tilings_.data();
    for (; index >= tiling->tiles; ++tiling) index -= tiling->tiles;
    std::vector<Segment> tile(tiling->axes.size());
    for (size_t d = tile.size(); d-- > 0;) {
      const auto count = static_cast<int64_t>(tiling->axes[d].size());
      tile[d] = tiling->axes[d][static_cast<size_t>(index % count)];
      index /= count;
    }
    const T* input = problem_.input;
    const T* taps = problem_.taps;
    T* output = problem_.output;
    for (size_t b = problem_.batch.size(); b-- > 0;) {
      const BatchAxis& axis = problem_.batch[b];
      const int64_t i = task % axis.size;
      task /= axis.size;
      input += i * axis.input_stride;
      taps += i * axis.taps_stride;
      output += i * axis.output_stride;
    }
    for (size_t d = 0; d < outer_.size(); ++d) output += tile[d].begin * outer_[d].output_stride;
    output += tile.back().begin * line_.output_stride;
    const bool interior =
        std::all_of(tile.begin(), tile.end(), [](const Segment& s) { return s.interior; });
    interior ? run_in_place(tile, input, taps, output) : run_gathered(tile, input, taps, output);
  }

  void run_in_place(const std::vector<Segment>& tile, const T* input, const T* taps,
                    T* output) const {
    for (size_t d = 0; d < outer_.size(); ++d)
      input += (tile[d].begin + outer_[d].first) * outer_[d].input_stride;
    input += (tile.back().begin + line_.first) * channels_;
    run_rows(tile, input, strides_in_place(),
             {taps, offsets_in_place_.data(), tap_rows_, line_.taps, channels_}, output);
  }

  // The positions that a tile reads on one axis, as indices of the array or -1 for the fill value.
  static std::vector<int64_t> sources(const SlidingAxis& axis, const Segment& segment) {
    std::vector<int64_t> found(static_cast<size_t>(segment.size() + axis.taps - 1));
    for (size_t i = 0; i < found.size(); ++i)
      found[i] = source_index(axis.boundary, segment.begin + axis.first + static_cast<int64_t>(i),
                              axis.input_size);
    return found;
  }

  void run_gathered(const std::vector<Segment>& tile, const T* input, const T* taps,
                    T* output) const {
    std::vector<std::vector<int64_t>> outer_sources;
    std::vector<int64_t> sizes;
    for (size_t d = 0; d < outer_.size(); ++d) {
      outer_sources.push_back(sources(outer_[d], tile[d]));
      sizes.push_back(static_cast<int64_t>(outer_sources.back().size()));
    }
    const LineSources line = line_sources(tile.back());
    // Whole vectors are computed, so a line is followed by up to `lanes` elements that are not
    // used.
    const int64_t pitch = static_cast<int64_t>(line.sources.size()) * channels_ + kernel_.lanes;
    std::vector<int64_t> strides(sizes.size(), pitch);
    for (size_t d = sizes.size(); d-- > 1;) strides[d - 1] = strides[d] * sizes[d];
    const int64_t lines = sizes.empty() ? 1 : strides[0] / pitch * sizes[0];
    std::vector<T> scratch(static_cast<size_t>(lines * pitch), T{0});

    std::vector<int64_t> index(sizes.size(), 0);
    T* to = scratch.data();
    do {
      const T* from = input;
      bool inside = true;
      for (size_t d = 0; d < index.size(); ++d) {
        const int64_t source = outer_sources[d][static_cast<size_t>(index[d])];
        inside = inside && source >= 0;
        from += std::max<int64_t>(source, 0) * outer_[d].input_stride;
      }
      gather_line(line, inside ? from : nullptr, to);
      to += pitch;
    } while (advance(index, sizes));
    const std::vector<int64_t> offsets = row_offsets(strides);
    run_rows(tile, scratch.data(), strides,
             {taps, offsets.data(), tap_rows_, line_.taps, channels_}, output);
  }

  // `sources` of one line, those of its run inside the array next to each other.
  struct LineSources {
    std::vector<int64_t> sources;
    int64_t inside_begin, inside_end;
  };

  LineSources line_sources(const Segment& segment) const {
    LineSources found{sources(line_, segment), 0, 0};
    const auto count = static_cast<int64_t>(found.sources.size());
    const int64_t first = segment.begin + line_.first;
    found.inside_begin = std::clamp<int64_t>(-first, 0, count);
    found.inside_end = std::clamp<int64_t>(line_.input_size - first, found.inside_begin, count);
    return found;
  }

  void gather_line(const LineSources& line, const T* from, T* to) const {
    const auto count = static_cast<int64_t>(line.sources.size());
    if (from == nullptr) {
      std::fill_n(to, count * channels_, problem_.fill_value);
      return;
    }
    gather_range(line, 0, line.inside_begin, from, to);
    if (channel_input_stride_ == 1 && line_.input_stride == channels_ &&
        line.inside_begin < line.inside_end)
      std::copy_n(from + line.sources[static_cast<size_t>(line.inside_begin)] * channels_,
                  (line.inside_end - line.inside_begin) * channels_,
                  to + line.inside_begin * channels_);
    else
      gather_range(line, line.inside_begin, line.inside_end, from, to);
    gather_range(line, line.inside_end, count, from, to);
  }

  void gather_range(const LineSources& line, int64_t begin, int64_t end, const T* from,
                    T* to) const {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t source = line.sources[static_cast<size_t>(i)];
      if (source >= 0)
        copy_channels(from + source * line_.input_stride, channel_input_stride_, to + i * channels_,
                      1);
      else
        std::fill_n(to + i * channels_, channels_, problem_.fill_value);
    }
  }

  // Each line of outputs in the tile; input_strides are those of the outer axes.
  void run_rows(const std::vector<Segment>& tile, const T* input,
                const std::vector<int64_t>& input_strides, const TapRows<T>& rows,
                T* output) const {
    const int64_t outputs = tile.back().size() * channels_;
    const bool directly = output_in_place_ && outputs >= kernel_.lanes;
    std::vector<T> line(directly ? 0 : static_cast<size_t>(std::max(outputs, kernel_.lanes)));
    std::vector<int64_t> sizes;
    for (size_t d = 0; d < outer_.size(); ++d) sizes.push_back(tile[d].size());
    const bool together = directly && !sizes.empty() && sizes.back() >= lines_together &&
                          outer_.back().taps > 1 && rows.width <= block_taps;
    const int64_t neighbours = together ? sizes.back() : 1;
    if (together) sizes.back() = 1;
    std::vector<int64_t> index(sizes.size(), 0);
    do {
      const T* from = input;
      T* to = output;
      for (size_t d = 0; d < index.size(); ++d) {
        from += index[d] * input_strides[d];
        to += index[d] * outer_[d].output_stride;
      }
      if (together) {
        run_lines(rows, from, input_strides.back(), to, neighbours, outputs);
      } else if (directly) {
        kernel_.sum(rows, from, to, outputs);
      } else {
        kernel_.sum(rows, from, line.data(), static_cast<int64_t>(line.size()));
        copy_out(line.data(), tile.back().size(), to);
      }
    } while (advance(index, sizes));
  }

  // Neighbouring lines on the last of the outer axes; the last few may be summed twice.
  void run_lines(const TapRows<T>& rows, const T* from, int64_t pitch, T* to, int64_t count,
                 int64_t outputs) const {
    const SlidingAxis& axis = outer_.back();
    std::vector<int64_t> plane_offsets;
    for (int64_t r = 0; r < rows.rows; r += axis.taps) plane_offsets.push_back(rows.row_offsets[r]);
    const TapPlanes<T> planes{rows.taps, plane_offsets.data(), rows.rows / axis.taps,
                              axis.taps, rows.width,           rows.spacing,
                              pitch};
    for (int64_t l = 0; l < count; l += lines_together) {
      const int64_t first = std::min(l, count - lines_together);
      kernel_.sum_lines(planes, from + first * pitch, to + first * axis.output_stride,
                        axis.output_stride, outputs);
    }
  }

  void copy_out(const T* line, int64_t positions, T* to) const {
    for (int64_t x = 0; x < positions; ++x)
      copy_channels(line + x * channels_, 1, to + x * line_.output_stride, channel_output_stride_);
  }

  // The first is written out because a compiler makes a call of each loop over channels.
  void copy_channels(const T* from, int64_t from_stride, T* to, int64_t to_stride) const {
    *to = *from;
    for (int64_t c = 1; c < channels_; ++c) to[c * to_stride] = from[c * from_stride];
  }

  const Correlation<T>& problem_;
  const DirectKernel<T>& kernel_;
  SlidingAxis line_;
  std::vector<SlidingAxis> outer_;
  std::vector<Tiling> tilings_;
  int64_t channels_ = 1, channel_input_stride_ = 1, channel_output_stride_ = 1;
  int64_t tiles_ = 0;
  int64_t tap_rows_ = 1;
  bool output_in_place_ = false;
  std::vector<int64_t> offsets_in_place_;
};

template <class T>
void correlate(const Correlation<T>& problem, int threads) {
  for (const SlidingAxis& axis : problem.sliding)
    if (axis.output_size == 0) return;
  for (const BatchAxis& axis : problem.batch)
    if (axis.size == 0) return;
  DirectCorrelation<T>(problem).run(threads);
}

}  // namespace

void correlate_directly(const Correlation<float>& problem, int threads) {
  correlate(problem, threads);
}
void correlate_directly(const Correlation<double>& problem, int threads) {
  correlate(problem, threads);
}
void correlate_directly(const Correlation<std::uint64_t>& problem, int threads) {
  correlate(problem, threads);
}

}  // namespace faltung
