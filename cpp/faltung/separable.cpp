// The last axis is summed line by line, and the sums are kept in a ring as long as the next axis
// needs them. For a picture, a thread takes a strip of columns and goes down a band of rows:
//
//   ring of row sums     out
//   y     ─────┐
//   y + 1 ─────┤  taps
//   y + 2 ─────┼───────► a group of lines of outputs, each load of the ring shared by all
//   y + 3 ─────┘
//   y + 4 the next ones take the place of the first
//
// Where taps lie apart, a level is summed in phases of the outputs that read the same lines. Where
// outputs are a step apart, fewer lines of them are made, one at a time; along the line itself all
// are summed and those that are asked for moved together.
//
// With more axes the ring of the first one holds planes, each made in the same way. Tiles do not
// depend on the number of threads, and an output's sum not on its tile.
#include "faltung/separable.hpp"

#include <algorithm>
#include <utility>

#include "faltung/choice.hpp"
#include "faltung/kernels/separable.hpp"
#include "faltung/memory.hpp"
#include "faltung/phases.hpp"
#include "faltung/separable_levels.hpp"
#include "faltung/threads.hpp"

namespace faltung {
namespace {

using std::int64_t;
using namespace separable_levels;

const SeparableKernel<float>& kernel_for(float) {
  return FALTUNG_KERNELS_IN_USE(separable_kernels).of_float;
}
const SeparableKernel<double>& kernel_for(double) {
  return FALTUNG_KERNELS_IN_USE(separable_kernels).of_double;
}

// What the ring of lines, and the ring of planes, may take of the first and the second cache.
constexpr int64_t bytes_of_line_ring = 96 << 10, bytes_of_plane_ring = 512 << 10;

template <class T>
constexpr T one{1};

template <class T>
class SeparableSums {
 public:
  explicit SeparableSums(const SeparableCorrelation<T>& problem)
      : problem_(problem), kernel_(kernel_for(T{})) {
    for (size_t d = 0; d < problem.axes.size(); ++d)
      levels_.push_back({problem.axes[d], problem.lines[d], problem.axes[d].output_size});
    for (Level<T>& level : levels_) level.box = problem.whole && level.has_equal_taps();
    line_ = levels_.back();
    levels_.pop_back();
    merge_channels();
    take_out_passing_axes();
    cut_into_tiles();
  }

  bool run(int threads) const {
    if (threads != 1 && nanoseconds() < one_thread_nanoseconds) threads = 1;
    BufferPool<T> pool(numbers());
    std::vector<char> finite(static_cast<size_t>(tasks()));
    parallel_for(tasks(), threads, [&](int64_t task) {
      pool.with_buffer(
          [&](T* buffer) { finite[static_cast<size_t>(task)] = run_task(task, buffer); });
    });
    return std::all_of(finite.begin(), finite.end(), [](char each) { return each != 0; });
  }

  // What one task needs of working memory.
  int64_t numbers() const {
    int64_t count = gathered_size() + kernel_.group * pitch(), inner = pitch();
    if (line_.axis.step > 1) count += summed_size();
    for (size_t d = levels_.size(); d-- > 0; inner *= levels_[d].tile)
      count += room(levels_[d]) * inner;
    return count;
  }

 private:
  // --- how the work is cut ----------------------------------------------------------------------

  void merge_channels() {
    if (!has_channels(problem_)) return;
    channels_ = line_.axis.input_size;
    line_ = levels_.back();
    levels_.pop_back();
  }

  // The first level goes through its outputs in a band; axes without taps are no levels at all.
  void take_out_passing_axes() {
    std::vector<Level<T>> kept;
    for (const Level<T>& level : levels_)
      (level.passes_through() ? passing_ : kept).push_back(level);
    levels_ = std::move(kept);
    if (!levels_.empty()) return;
    if (passing_.empty()) {
      levels_.push_back({{1, 0, 1, 0, 1, 0, Boundary::fill}, &one<T>, 1});
    } else {
      levels_.push_back(passing_.back());
      passing_.pop_back();
    }
  }

  void cut_into_tiles() {
    const int64_t size = sizeof(T), planes = slots(levels_.front());
    // Whole vectors, so that the end of a tile costs nothing.
    const int64_t step = (kernel_.step + channels_ - 1) / channels_;
    const int64_t bytes =
        levels_.size() == 1 ? bytes_of_line_ring / slots(levels_.back()) : bytes_of_line_ring / 8;
    line_.tile = even_part(line_.axis.output_size,
                           std::max<int64_t>(bytes / size, 16 * kernel_.lanes) / channels_, step);
    int64_t left = bytes_of_plane_ring / size / planes / pitch();
    for (size_t d = levels_.size(); d-- > 1;) {
      const SlidingAxis& axis = levels_[d].axis;
      levels_[d].tile = even_part(axis.output_size, std::max(left, axis.taps), kernel_.group);
      left /= levels_[d].tile;
    }
    const SlidingAxis& first = levels_.front().axis;
    levels_.front().tile =
        even_part(first.output_size, std::max<int64_t>(16 * (first.taps - 1), 64), kernel_.group);
  }

  // The numbers from one line of a ring to the next; not a power of two, which would bring all
  // lines to the same place of the cache.
  int64_t pitch() const {
    const int64_t numbers = rounded_up(line_.tile * channels_, kernel_.step);
    return numbers % 256 == 0 ? numbers + kernel_.lanes : numbers;
  }

  int64_t slots(const Level<T>& level) const { return level.axis.taps + group_of(level) - 1; }

  int64_t room(const Level<T>& level) const { return slots(level) + (level.box ? 1 : 0); }

  // Lines of outputs share the loads of their inputs where they read neighbouring ones.
  int64_t group_of(const Level<T>& level) const { return level.step() == 1 ? kernel_.group : 1; }

  int64_t gathered_size() const {
    const int64_t taps = (line_.axis.taps - 1) * line_.axis.tap_step;
    return rounded_up(summed_size() + taps * channels_, kernel_.lanes) + kernel_.lanes;
  }

  // The numbers that are summed along a line, those between two that are asked for included.
  int64_t summed_size() const {
    return line_.axis.step == 1
               ? pitch()
               : rounded_up(line_.tile * line_.axis.step * channels_, kernel_.step);
  }

  int64_t tasks() const {
    int64_t count = line_.tiles();
    for (const Level<T>& level : levels_) count *= level.tiles();
    for (const Level<T>& level : passing_) count *= level.axis.output_size;
    return count;
  }

  double nanoseconds() const {
    return lines_nanoseconds(Correlation<T>{nullptr, nullptr, nullptr, {}, problem_.axes, T{0}});
  }

  // --- one tile ---------------------------------------------------------------------------------

  static Part part_of(const Level<T>& level, int64_t index) {
    const int64_t begin = index * level.tile;
    return {begin, std::min(begin + level.tile, level.axis.output_size)};
  }

  bool run_task(int64_t task, T* buffer) const {
    Tile<T> tile;
    tile.finite = true;
    const auto next = [&task](int64_t count) {
      const int64_t index = task % count;
      task /= count;
      return index;
    };
    tile.line_part = part_of(line_, next(line_.tiles()));
    for (const Level<T>& level : levels_) tile.parts.push_back(part_of(level, next(level.tiles())));
    const T* input = problem_.input;
    tile.output = problem_.output + tile.line_part.begin * line_.axis.output_stride;
    for (size_t d = 0; d < levels_.size(); ++d)
      tile.output += tile.parts[d].begin * levels_[d].axis.output_stride;
    for (const Level<T>& level : passing_) {
      const int64_t index = next(level.axis.output_size);
      input += index * level.axis.input_stride;
      tile.output += index * level.axis.output_stride;
    }
    lay_out(tile, buffer);
    run_level(0, input, tile, nullptr);
    return tile.finite;
  }

  void lay_out(Tile<T>& tile, T* buffer) const {
    int64_t inner = pitch();
    tile.rings.resize(levels_.size());
    for (size_t d = levels_.size(); d-- > 0; inner *= tile.parts[d].size()) {
      tile.rings[d] = {buffer, inner, buffer + slots(levels_[d]) * inner, {}};
      tile.rings[d].lines.resize(static_cast<size_t>(slots(levels_[d])));
      buffer += room(levels_[d]) * inner;
    }
    tile.unpacked = buffer;
    tile.gathered = buffer + kernel_.group * pitch();
    tile.summed = tile.gathered + gathered_size();
    std::fill_n(tile.gathered, gathered_size(), T{0});
    const int64_t count = line_.axis.reach(tile.line_part.size());
    const int64_t first = tile.line_part.begin * line_.axis.step + line_.axis.first;
    for (int64_t i = 0; i < count; ++i)
      tile.sources.push_back(source_index(line_.axis.boundary, first + i, line_.axis.input_size));
    tile.inside_begin = std::clamp<int64_t>(-first, 0, count);
    tile.inside_end = std::clamp<int64_t>(line_.axis.input_size - first, tile.inside_begin, count);
  }

  bool output_in_place() const { return line_.axis.output_stride == channels_; }

  // Fills `to` with the sums over the axes of level d and below; level 0 writes the outputs.
  // `from` is null where the input lies outside.
  void run_level(size_t d, const T* from, Tile<T>& tile, T* to) const {
    if (d == levels_.size()) return run_line(from, tile, to);
    if (levels_[d].box) return run_box(d, from, tile, to);
    const SlidingAxis& axis = levels_[d].axis;
    const Part part = tile.parts[d];
    Ring<T>& ring = tile.rings[d];
    const int64_t places = slots(levels_[d]);
    const auto after = [places](int64_t place) { return place + 1 == places ? 0 : place + 1; };
    const int64_t step = levels_[d].step(), group = group_of(levels_[d]);
    int64_t made = 0;
    for (int64_t i = 0, lines; i < part.size(); i += lines) {
      lines = part.size() - i >= group ? group : 1;
      const int64_t begin = i * step, end = begin + lines + axis.taps - 1;
      for (made = std::max(made, begin); made < end; ++made) {
        const int64_t position = part.begin * axis.step + axis.first + made * axis.tap_step;
        make_line(d, position, from, tile, ring.data + made % places * ring.inner);
      }
      for (int64_t j = 0, at = begin % places; j < end - begin; ++j, at = after(at))
        ring.lines[static_cast<size_t>(j)] = ring.data + at * ring.inner;
      const AcrossLines<T> sums{levels_[d].taps, axis.taps, ring.lines.data(), 0, lines};
      pass_on(d, sums, i, tile, to);
    }
  }

  // What the level below makes of one position of the input on axis d.
  void make_line(size_t d, int64_t position, const T* from, Tile<T>& tile, T* to) const {
    const SlidingAxis& axis = levels_[d].axis;
    const int64_t source = source_index(axis.boundary, position, axis.input_size);
    const bool inside = from != nullptr && source >= 0;
    run_level(d + 1, inside ? from + source * axis.input_stride : nullptr, tile, to);
  }

  // Sums for the outputs from i on, to the output or to the level above.
  void pass_on(size_t d, const AcrossLines<T>& sums, int64_t i, Tile<T>& tile, T* to) const {
    const int64_t inner = tile.rings[d].inner;
    if (d == 0)
      write_outputs(sums, i, tile);
    else
      kernel_.across(sums, {to + i * inner, inner, inner, false});
  }

  // Equal taps: from one output to the next the sum gains a line and loses one.
  void run_box(size_t d, const T* from, Tile<T>& tile, T* to) const {
    const SlidingAxis& axis = levels_[d].axis;
    const Part part = tile.parts[d];
    Ring<T>& ring = tile.rings[d];
    const auto line = [&](int64_t i) { return ring.data + i % slots(levels_[d]) * ring.inner; };
    for (int64_t i = 0, made = 0; i < part.size(); ++i) {
      for (; made < i + axis.taps; ++made)
        make_line(d, part.begin + axis.first + made, from, tile, line(made));
      for (int64_t k = 0; i == 0 && k < axis.taps; ++k)
        ring.lines[static_cast<size_t>(k)] = line(k);
      if (i == 0)
        kernel_.across({levels_[d].taps, axis.taps, ring.lines.data(), 0, 1},
                       {ring.total, ring.inner, ring.inner, false});
      else
        kernel_.slide(*levels_[d].taps, line(i + axis.taps - 1), line(i - 1), ring.total,
                      ring.inner);
      ring.lines.front() = ring.total;
      pass_on(d, {&one<T>, 1, ring.lines.data(), 0, 1}, i, tile, to);
    }
  }

  // The lines of outputs from position i of the first level on, for every line of its planes.
  void write_outputs(AcrossLines<T> sums, int64_t i, Tile<T>& tile) const {
    const int64_t pitch = levels_.front().axis.output_stride, inner = tile.rings.front().inner;
    const int64_t count = tile.line_part.size() * channels_;
    for (; sums.offset < inner; sums.offset += this->pitch()) {
      T* to = tile.output + i * pitch;
      int64_t line = sums.offset / this->pitch();
      for (size_t d = levels_.size(); d-- > 1; line /= tile.parts[d].size())
        to += line % tile.parts[d].size() * levels_[d].axis.output_stride;
      if (output_in_place()) {
        tile.finite &= kernel_.across(sums, {to, pitch, count, problem_.add});
        continue;
      }
      tile.finite &= kernel_.across(sums, {tile.unpacked, count, count, false});
      for (int64_t l = 0; l < sums.outputs; ++l)
        scatter(tile.unpacked + l * count, tile.line_part.size(), to + l * pitch);
    }
  }

  // Only where there are no channels: these lie next to each other in input and output.
  void scatter(const T* line, int64_t count, T* to) const {
    const int64_t stride = line_.axis.output_stride;
    for (int64_t x = 0; x < count; ++x)
      to[x * stride] = problem_.add ? to[x * stride] + line[x] : line[x];
  }

  // --- one line ---------------------------------------------------------------------------------

  void run_line(const T* from, Tile<T>& tile, T* to) const {
    const SlidingAxis& axis = line_.axis;
    if (axis.taps == 1 && *line_.taps == T{1} && axis.step == 1) return gather(from, tile, to);
    gather(from, tile, tile.gathered);
    const int64_t positions = (tile.line_part.size() - 1) * axis.step + 1;
    T* const sums = axis.step == 1 ? to : tile.summed;
    const int64_t count = rounded_up(positions * channels_, kernel_.step);
    if (line_.box) {
      std::fill(tile.gathered + axis.reach(tile.line_part.size()) * channels_,
                tile.gathered + gathered_size(), T{0});
      kernel_.along_equal(*line_.taps, axis.taps, channels_, tile.gathered, sums, count);
    } else {
      kernel_.along(line_.taps, axis.taps, axis.tap_step * channels_, tile.gathered, sums, count);
    }
    if (axis.step == 1) return;
    for (int64_t i = 0; i < tile.line_part.size(); ++i) {
      const T* const position = sums + i * axis.step * channels_;
      to[i * channels_] = *position;
      for (int64_t c = 1; c < channels_; ++c) to[i * channels_ + c] = position[c];
    }
  }

  void gather(const T* from, const Tile<T>& tile, T* to) const {
    const auto count = static_cast<int64_t>(tile.sources.size());
    if (from == nullptr) {
      std::fill_n(to, count * channels_, problem_.fill_value);
      return;
    }
    gather_range({0, tile.inside_begin}, from, tile, to);
    if (line_.axis.input_stride == channels_ && tile.inside_begin < tile.inside_end)
      std::copy_n(from + tile.sources[static_cast<size_t>(tile.inside_begin)] * channels_,
                  (tile.inside_end - tile.inside_begin) * channels_,
                  to + tile.inside_begin * channels_);
    else
      gather_range({tile.inside_begin, tile.inside_end}, from, tile, to);
    gather_range({tile.inside_end, count}, from, tile, to);
  }

  void gather_range(Part range, const T* from, const Tile<T>& tile, T* to) const {
    for (int64_t i = range.begin; i < range.end; ++i) {
      const int64_t source = tile.sources[static_cast<size_t>(i)];
      for (int64_t c = 0; c < channels_; ++c)
        to[i * channels_ + c] =
            source < 0 ? problem_.fill_value : from[source * line_.axis.input_stride + c];
    }
  }

  const SeparableCorrelation<T>& problem_;
  const SeparableKernel<T>& kernel_;
  Level<T> line_;
  std::vector<Level<T>> levels_, passing_;
  int64_t channels_ = 1;
};

template <class T>
bool correlate(const SeparableCorrelation<T>& problem, int threads) {
  for (const SlidingAxis& axis : problem.axes)
    if (axis.output_size == 0) return true;
  bool finite = true;
  SeparableCorrelation<T> phase = problem;
  for_phases(problem.axes, problem.axes.size() - (has_channels(problem) ? 2 : 1), 0,
             [&](const SlidingAxes& of_phase, int64_t offset) {
               phase.axes = of_phase;
               phase.output = problem.output + offset;
               finite &= SeparableSums<T>(phase).run(threads);
             });
  return finite;
}

}  // namespace

bool correlate_by_lines(const SeparableCorrelation<float>& problem, int threads) {
  return correlate(problem, threads);
}
bool correlate_by_lines(const SeparableCorrelation<double>& problem, int threads) {
  return correlate(problem, threads);
}

}  // namespace faltung
