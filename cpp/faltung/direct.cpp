// The outputs are cut into tiles. A tile whose inputs all lie inside the array reads them in place;
// for the others the inputs are gathered, boundary applied, into a scratch block of the tile's own
// size plus the taps. So the boundary costs only what the border is long, and no padded copy of the
// array is made.
//
//   outputs of one axis:  | border | interior …  … | border |
//                         0        -first          input_size - taps - first + 1
//
// Outputs may be a step apart and taps a tap_step. On all axes but the last that is where lines
// lie; on the last one it is where taps read, and either how a line is gathered (see LineLayout) or
// which of its sums are kept.
#include "faltung/direct.hpp"

#include <algorithm>

#include "faltung/choice.hpp"
#include "faltung/gather.hpp"
#include "faltung/kernels/direct.hpp"
#include "faltung/phases.hpp"
#include "faltung/tap_layout.hpp"
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

// So few are summed sooner than the time that they take can be predicted.
constexpr double one_thread_products = 1 << 18;

// Lines of at most so many vectors are rounded up to whole ones.
constexpr int64_t padded_vectors = 6;

// The step of each outer axis is a multiple of its tap_step.
template <class T>
class DirectCorrelation {
 public:
  explicit DirectCorrelation(const Correlation<T>& problem)
      : problem_(problem),
        kernel_(kernel_for(T{})),
        line_(problem.sliding.back()),
        outer_(problem.sliding.begin(), problem.sliding.end() - 1) {
    merge_channels();
    double taps = static_cast<double>(line_.taps);
    for (const SlidingAxis& axis : outer_) taps *= static_cast<double>(axis.taps);
    if (makes_sums_between(!outer_.empty(), line_.step, taps, kernel_.lanes)) sum_between();
    cut_into_tiles();
    if (reads_in_place_) lay_out_in_place();
  }

  void run(int threads) const {
    int64_t tasks = tiles_;
    for (const BatchAxis& axis : problem_.batch) tasks *= axis.size;
    if (threads != 1 && is_left_to_one_thread()) threads = 1;
    parallel_for(tasks, threads, [this](int64_t task) { run_task(task); });
  }

 private:
  bool is_left_to_one_thread() const {
    return products() < one_thread_products ||
           direct_nanoseconds(problem_) < one_thread_nanoseconds;
  }

  double products() const {
    double count = 1;
    for (const SlidingAxis& axis : problem_.sliding)
      count *= static_cast<double>(axis.output_size) * static_cast<double>(axis.taps);
    for (const BatchAxis& axis : problem_.batch) count *= static_cast<double>(axis.size);
    return count;
  }

  void merge_channels() {
    if (!has_channels(problem_.sliding, kernel_.lanes)) return;
    channels_ = {line_.input_size, line_.input_stride, line_.output_stride};
    line_ = outer_.back();
    outer_.pop_back();
  }

  // Makes all the sums of a line, of which every `kept_`-th is copied to the output.
  void sum_between() {
    kept_ = line_.step;
    line_.output_size = (line_.output_size - 1) * kept_ + 1;
    line_.step = 1;
  }

  // Tiles of a few lines in the interior, whose inputs stay in the first-level cache; the narrow
  // strips along the ends of the lines are cut into longer ones. Where the lines are so short that
  // the strips would be a good part of them, whole lines are gathered.
  void cut_into_tiles() {
    // A line in the interior is read whole vectors at a time, so it must hold one.
    const int64_t least = (kernel_.lanes + channels_.count - 1) / channels_.count;
    const int64_t pieces = line_.step > 1 ? LineLayout(line_, line_.output_size).jump : 1;
    const int64_t longest =
        std::max(longest_line(!outer_.empty(), pieces) / channels_.count, least);
    const bool input_in_place =
        channels_.input_stride == 1 && line_.input_stride == channels_.count && line_.step == 1;
    output_in_place_ =
        channels_.output_stride == 1 && line_.output_stride == channels_.count && kept_ == 1;
    if (is_one_tile(!outer_.empty(), outputs(), products())) return add_one_tile();
    if (!outer_.empty() && line_.output_size < whole_line_vectors * least)
      return add_tiling({{0, line_.output_size, false}}, whole_line_tiles);
    Segments inside, ends;
    reads_in_place_ = input_in_place;
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
  void add_tiling(Segments line, TileLengths lengths) {
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

  // What all tiles share that are read in place. A line is laid out as it is.
  void lay_out_in_place() {
    LineStrides strides;
    for (const SlidingAxis& axis : outer_) {
      strides.push_back(axis.tap_step * axis.input_stride);
      output_strides_in_place_.push_back(axis.step * axis.input_stride);
    }
    LineLayout layout(line_, 0);
    layout.jump = 1;
    layout.spacing = line_.tap_step;
    const TapLayout taps{outer_, line_, layout, channels_.count, strides};
    rows_in_place_ = taps.rows();
    if (outer_share_lines()) strips_in_place_ = taps.strips(output_strides_in_place_.back());
  }

  void run_task(int64_t task) const {
    int64_t index = task % tiles_;
    task /= tiles_;
    const Tiling* tiling = tilings_.data();
    for (; index >= tiling->tiles; ++tiling) index -= tiling->tiles;
    Tile tile(tiling->axes.size(), Segment{});
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
    output += (tile.back().begin + kept_ - 1) / kept_ * line_.output_stride;
    const bool interior =
        std::all_of(tile.begin(), tile.end(), [](const Segment& s) { return s.interior; });
    interior ? run_in_place(tile, input, taps, output) : run_gathered(tile, input, taps, output);
  }

  // Where the numbers lie that a tile reads, and the taps for them: `strips` where neighbouring
  // lines are summed together, else `rows`. Gathered lines may be read a vector beyond their end.
  struct Source {
    const T* data;
    const T* taps;
    const Strips& strips;
    const Rows& rows;
    int64_t spacing;
    const LineStrides& output_strides;
    bool gathered;
  };

  void run_in_place(const Tile& tile, const T* input, const T* taps, T* output) const {
    for (size_t d = 0; d < outer_.size(); ++d)
      input += (tile[d].begin * outer_[d].step + outer_[d].first) * outer_[d].input_stride;
    input += (tile.back().begin + line_.first) * channels_.count;
    const int64_t spacing = line_.tap_step * channels_.count;
    run_rows(
        tile,
        {input, taps, strips_in_place_, rows_in_place_, spacing, output_strides_in_place_, false},
        output);
  }

  void run_gathered(const Tile& tile, const T* input, const T* taps, T* output) const {
    const GatheredBlock<T> block(input, problem_.fill_value, outer_, line_, channels_, tile,
                                 kernel_.lanes);
    LineStrides output_strides;
    for (size_t d = 0; d < outer_.size(); ++d)
      output_strides.push_back(lines_between_outputs(outer_[d]) * block.strides()[d]);
    const TapLayout layout{outer_, line_, block.layout(), channels_.count, block.strides()};
    const bool together = are_together(tile), reorders = block.layout().reorders();
    const std::vector<T> ordered = reorders ? layout.reordered(taps) : std::vector<T>{};
    const Strips strips = together ? layout.strips(output_strides.back()) : Strips{};
    const Rows rows = together ? Rows{} : layout.rows();
    const int64_t spacing = block.layout().spacing * channels_.count;
    run_rows(tile,
             {block.data(), reorders ? ordered.data() : taps, strips, rows, spacing, output_strides,
              true},
             output);
  }

  // Neighbouring lines of outputs are summed together where they share lines of inputs.
  bool are_together(const Tile& tile) const {
    return outer_share_lines() && tile[outer_.size() - 1].size() >= lines_together;
  }
  bool outer_share_lines() const {
    if (outer_.empty()) return false;
    const SlidingAxis& axis = outer_.back();
    return axis.taps > axis.step / axis.tap_step && axis.taps <= most_rows_together;
  }

  // Each line of outputs in the tile.
  void run_rows(const Tile& tile, const Source& source, T* output) const {
    const bool together = are_together(tile);
    const int64_t neighbours = together ? tile[outer_.size() - 1].size() : 1;
    const bool vectors = together && tile.back().size() * channels_.count <= kernel_.lanes;
    const int64_t at_once = vectors ? neighbours : together ? lines_together : 1;
    Lines lines(*this, tile.back(), at_once, source.gathered);
    const TapStrips<T> strips = source.strips.of(source.taps);
    const TapRows<T> rows{source.taps, source.rows.data(), static_cast<int64_t>(source.rows.size()),
                          source.spacing};
    LineStrides sizes;
    for (size_t d = 0; d < outer_.size(); ++d) sizes.push_back(tile[d].size());
    if (together) sizes.back() = 1;
    LineStrides index(sizes.size(), 0);
    do {
      const T* from = source.data;
      T* to = output;
      for (size_t d = 0; d < index.size(); ++d) {
        from += index[d] * source.output_strides[d];
        to += index[d] * outer_[d].output_stride;
      }
      if (vectors)
        lines.write(to, outer_.back().output_stride, [&](T* line, int64_t, int64_t) {
          kernel_.sum_vectors(strips, from, line, neighbours);
        });
      else if (together)
        run_lines(strips, from, to, neighbours, lines);
      else
        lines.write(to, 0,
                    [&](T* line, int64_t, int64_t count) { kernel_.sum(rows, from, line, count); });
    } while (advance(index, sizes));
  }

  // Where a few neighbouring lines of outputs are summed: in place, or in a buffer from which they
  // are copied, where a line is no longer than a vector or short and no whole number of them.
  class Lines {
   public:
    Lines(const DirectCorrelation& owner, const Segment& line, int64_t count, bool gathered)
        : owner_(owner),
          line_(line),
          count_(count),
          outputs_(line.size() * owner.channels_.count),
          padded_(gathered ? (outputs_ + owner.kernel_.lanes - 1) / owner.kernel_.lanes *
                                 owner.kernel_.lanes
                           : std::max(outputs_, owner.kernel_.lanes)),
          in_place_(owner.output_in_place_ && outputs_ > owner.kernel_.lanes &&
                    (padded_ == outputs_ || outputs_ > padded_vectors * owner.kernel_.lanes)),
          buffer_(in_place_ ? 0 : count * padded_) {}

    // Calls sum(first line, distance of the lines, outputs of a line).
    template <class Sum>
    void write(T* to, int64_t pitch, const Sum& sum) {
      if (in_place_) return sum(to, pitch, outputs_);
      sum(buffer_.data(), padded_, padded_);
      for (int64_t l = 0; l < count_; ++l)
        owner_.copy_out(buffer_.data() + l * padded_, line_, to + l * pitch);
    }

   private:
    const DirectCorrelation& owner_;
    Segment line_;
    int64_t count_, outputs_;
    int64_t padded_;
    bool in_place_;
    ShortBuffer<T, 4096> buffer_;
  };

  // Neighbouring lines on the last of the outer axes; the last few may be summed twice.
  void run_lines(const TapStrips<T>& strips, const T* from, T* to, int64_t count,
                 Lines& lines) const {
    const int64_t pitch = outer_.back().output_stride;
    for (int64_t l = 0; l < count; l += lines_together) {
      const int64_t first = std::min(l, count - lines_together);
      lines.write(to + first * pitch, pitch, [&](T* line, int64_t distance, int64_t outputs) {
        kernel_.sum_lines(strips, from + first * strips.row_pitch, line, distance, outputs);
      });
    }
  }

  // Of the sums from a segment's first one on those that are asked for.
  void copy_out(const T* line, const Segment& segment, T* to) const {
    if (output_in_place_) {
      std::copy_n(line, segment.size() * channels_.count, to);
      return;
    }
    const int64_t first = (kept_ - segment.begin % kept_) % kept_;
    const int64_t count = std::max<int64_t>((segment.size() - first + kept_ - 1) / kept_, 0);
    copy_positions(line + first * channels_.count, {kept_ * channels_.count, 1}, to,
                   {line_.output_stride, channels_.output_stride}, {count, channels_.count});
  }

  const Correlation<T>& problem_;
  const DirectKernel<T>& kernel_;
  SlidingAxis line_;
  SlidingAxes outer_;
  Few<Tiling, 2> tilings_;
  Channels channels_;
  int64_t tiles_ = 0;
  int64_t kept_ = 1;
  bool output_in_place_ = false;
  bool reads_in_place_ = false;
  LineStrides output_strides_in_place_;
  Rows rows_in_place_;
  Strips strips_in_place_;
};

template <class T>
void correlate(const Correlation<T>& problem, int threads) {
  for (const SlidingAxis& axis : problem.sliding)
    if (axis.output_size == 0) return;
  for (const BatchAxis& axis : problem.batch)
    if (axis.size == 0) return;
  const bool channels = has_channels(problem.sliding, kernel_for(T{}).lanes);
  const size_t outer = problem.sliding.size() - (channels ? 2 : 1);
  const auto is_in_phase = [](const SlidingAxis& axis) { return axis.step % axis.tap_step == 0; };
  const auto first = problem.sliding.begin();
  if (std::all_of(first, first + static_cast<std::ptrdiff_t>(outer), is_in_phase))
    return DirectCorrelation<T>(problem).run(threads);
  Correlation<T> phase = problem;
  for_phases(problem.sliding, outer, 0, [&](const SlidingAxes& axes, int64_t offset) {
    phase.sliding = axes;
    phase.output = problem.output + offset;
    DirectCorrelation<T>(phase).run(threads);
  });
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
