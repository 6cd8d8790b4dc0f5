// The outputs are cut into tiles. A tile whose inputs all lie inside the array reads them in place;
// for the others the inputs are gathered, boundary applied, into a scratch block of the tile's own
// size plus the taps. So the boundary costs only what the border is long, and no padded copy of the
// array is made.
//
//   outputs of one axis:  | border | interior …  … | border |
//                         0        -first          input_size - taps - first + 1
#include "faltung/direct.hpp"

#include <algorithm>

#include "faltung/gather.hpp"
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

// So few products are summed before a second thread has woken up.
constexpr double one_thread_products = 1 << 18;

// Lines of at most so many vectors are rounded up to whole ones.
constexpr int64_t padded_vectors = 6;

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
  // one before it: positions of `channels_.count` elements, taps `channels_.count` apart. Elements
  // that do not lie next to each other are gathered, unless the axis alone makes a line.
  void merge_channels() {
    if (outer_.empty() || line_.taps != 1 || line_.first != 0) return;
    if (line_.input_size != line_.output_size || line_.input_size > most_channels) return;
    const SlidingAxis& before = outer_.back();
    const bool together = line_.input_stride == 1 && before.input_stride == line_.input_size &&
                          line_.output_stride == 1 && before.output_stride == line_.output_size;
    const bool is_line = line_.input_stride == 1 && line_.input_size >= kernel_.lanes;
    if (is_line && !together) return;
    channels_ = {line_.input_size, line_.input_stride, line_.output_stride};
    line_ = before;
    outer_.pop_back();
  }

  // Tiles of a few lines in the interior, whose inputs stay in the first-level cache; the narrow
  // strips along the ends of the lines are cut into longer ones. Where the lines are so short that
  // the strips would be a good part of them, whole lines are gathered.
  void cut_into_tiles() {
    // A line in the interior is read whole vectors at a time, so it must hold one.
    const int64_t least = (kernel_.lanes + channels_.count - 1) / channels_.count;
    const int64_t longest = std::max(longest_line(!outer_.empty()) / channels_.count, least);
    const bool input_in_place =
        channels_.input_stride == 1 && line_.input_stride == channels_.count;
    output_in_place_ = channels_.output_stride == 1 && line_.output_stride == channels_.count;
    if (is_one_tile(!outer_.empty(), outputs(), products())) return add_one_tile();
    if (!outer_.empty() && line_.output_size < whole_line_vectors * least)
      return add_tiling({{0, line_.output_size, false}}, whole_line_tiles);
    std::vector<Segment> inside, ends;
    for (const Segment& s : segments_of(line_, longest, input_in_place ? least : INT64_MAX))
      (s.interior || s.size() * channels_.count > 4 * kernel_.lanes ? inside : ends).push_back(s);
    add_tiling(std::move(inside), inside_tiles);
    add_tiling(std::move(ends), end_tiles);
  }

  // The outputs of one position of the batch axes.
  double outputs() const {
    double count = static_cast<double>(line_.output_size * channels_.count);
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

  // Tiles of so many lines on the last of the outer axes, and planes on the one before.
  void add_tiling(std::vector<Segment> line, TileLengths lengths) {
    if (line.empty()) return;
    Tiling tiling{{}, static_cast<int64_t>(line.size())};
    for (size_t d = 0; d < outer_.size(); ++d) {
      const size_t left = outer_.size() - d;
      tiling.axes.push_back(segments_of(outer_[d],
                                        left == 1   ? lengths.lines
                                        : left == 2 ? lengths.planes
                                                    : 1,
                                        0));
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
    input += (tile.back().begin + line_.first) * channels_.count;
    run_rows(tile, input, strides_in_place(),
             {taps, offsets_in_place_.data(), tap_rows_, line_.taps, channels_.count}, output,
             false);
  }

  void run_gathered(const std::vector<Segment>& tile, const T* input, const T* taps,
                    T* output) const {
    const GatheredBlock<T> block(input, problem_.fill_value, outer_, line_, channels_, tile,
                                 kernel_.lanes);
    const std::vector<int64_t> offsets = row_offsets(block.strides());
    run_rows(tile, block.data(), block.strides(),
             {taps, offsets.data(), tap_rows_, line_.taps, channels_.count}, output, true);
  }

  // Each line of outputs in the tile; input_strides are those of the outer axes. Gathered lines
  // may be read a vector beyond their end.
  void run_rows(const std::vector<Segment>& tile, const T* input,
                const std::vector<int64_t>& input_strides, const TapRows<T>& rows, T* output,
                bool gathered) const {
    std::vector<int64_t> sizes;
    for (size_t d = 0; d < outer_.size(); ++d) sizes.push_back(tile[d].size());
    const bool together = !sizes.empty() && sizes.back() >= lines_together &&
                          outer_.back().taps > 1 && outer_.back().taps <= most_rows_together;
    const int64_t neighbours = together ? sizes.back() : 1;
    const bool vectors = together && tile.back().size() * channels_.count <= kernel_.lanes;
    if (together) sizes.back() = 1;
    Lines lines(*this, tile.back().size(),
                vectors    ? neighbours
                : together ? lines_together
                           : 1,
                gathered);
    const Planes planes = together ? planes_of(rows, input_strides.back()) : Planes{};
    std::vector<int64_t> index(sizes.size(), 0);
    do {
      const T* from = input;
      T* to = output;
      for (size_t d = 0; d < index.size(); ++d) {
        from += index[d] * input_strides[d];
        to += index[d] * outer_[d].output_stride;
      }
      if (vectors)
        lines.write(to, outer_.back().output_stride, [&](T* line, int64_t, int64_t) {
          kernel_.sum_vectors(planes.taps, from, line, neighbours);
        });
      else if (together)
        run_lines(planes, from, to, neighbours, lines);
      else
        lines.write(to, 0,
                    [&](T* line, int64_t, int64_t count) { kernel_.sum(rows, from, line, count); });
    } while (advance(index, sizes));
  }

  // Where a few neighbouring lines of outputs are summed: in place, or in a buffer from which they
  // are copied, where a line is no longer than a vector or short and no whole number of them.
  class Lines {
   public:
    Lines(const DirectCorrelation& owner, int64_t positions, int64_t count, bool gathered)
        : owner_(owner),
          positions_(positions),
          count_(count),
          outputs_(positions * owner.channels_.count),
          padded_(gathered ? (outputs_ + owner.kernel_.lanes - 1) / owner.kernel_.lanes *
                                 owner.kernel_.lanes
                           : std::max(outputs_, owner.kernel_.lanes)),
          in_place_(owner.output_in_place_ && outputs_ > owner.kernel_.lanes &&
                    (padded_ == outputs_ || outputs_ > padded_vectors * owner.kernel_.lanes)),
          buffer_(static_cast<size_t>(in_place_ ? 0 : count * padded_)) {}

    // Calls sum(first line, distance of the lines, outputs of a line).
    template <class Sum>
    void write(T* to, int64_t pitch, const Sum& sum) {
      if (in_place_) return sum(to, pitch, outputs_);
      sum(buffer_.data(), padded_, padded_);
      for (int64_t l = 0; l < count_; ++l)
        owner_.copy_out(buffer_.data() + l * padded_, positions_, to + l * pitch);
    }

   private:
    const DirectCorrelation& owner_;
    int64_t positions_, count_, outputs_;
    int64_t padded_;
    bool in_place_;
    std::vector<T> buffer_;
  };

  struct Planes {
    std::vector<int64_t> offsets;
    TapPlanes<T> taps;
  };

  Planes planes_of(const TapRows<T>& rows, int64_t pitch) const {
    const int64_t taps = outer_.back().taps;
    Planes planes;
    for (int64_t r = 0; r < rows.rows; r += taps) planes.offsets.push_back(rows.row_offsets[r]);
    planes.taps = {
        rows.taps, planes.offsets.data(), rows.rows / taps, taps, rows.width, rows.spacing, pitch};
    return planes;
  }

  // Neighbouring lines on the last of the outer axes; the last few may be summed twice.
  void run_lines(const Planes& planes, const T* from, T* to, int64_t count, Lines& lines) const {
    const int64_t pitch = outer_.back().output_stride;
    for (int64_t l = 0; l < count; l += lines_together) {
      const int64_t first = std::min(l, count - lines_together);
      lines.write(to + first * pitch, pitch, [&](T* line, int64_t distance, int64_t outputs) {
        kernel_.sum_lines(planes.taps, from + first * planes.taps.row_pitch, line, distance,
                          outputs);
      });
    }
  }

  void copy_out(const T* line, int64_t positions, T* to) const {
    if (output_in_place_) {
      std::copy_n(line, positions * channels_.count, to);
      return;
    }
    for (int64_t x = 0; x < positions; ++x, line += channels_.count, to += line_.output_stride) {
      *to = *line;  // written out because a compiler makes a call of each loop over channels
      for (int64_t c = 1; c < channels_.count; ++c) to[c * channels_.output_stride] = line[c];
    }
  }

  const Correlation<T>& problem_;
  const DirectKernel<T>& kernel_;
  SlidingAxis line_;
  std::vector<SlidingAxis> outer_;
  std::vector<Tiling> tilings_;
  Channels channels_;
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
