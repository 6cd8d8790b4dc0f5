#include "faltung/direct_work.hpp"

#include <algorithm>
#include <numeric>
#include <type_traits>
#include <vector>

#include "faltung/gather.hpp"
#include "faltung/kernels/direct.hpp"
#include "faltung/tiles.hpp"

namespace faltung {
namespace {

using std::int64_t;

int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }

template <class T>
int64_t lanes_of() {
  const DirectKernels& kernels = FALTUNG_KERNELS_IN_USE(direct_kernels);
  if constexpr (std::is_same_v<T, float>) return kernels.of_float.lanes;
  if constexpr (std::is_same_v<T, double>) return kernels.of_double.lanes;
  return kernels.of_integer.lanes;
}

// The interior of an axis lies between two borders.
struct Border {
  int64_t begin, end, outputs;

  explicit Border(const SlidingAxis& axis) : outputs(axis.output_size) {
    const Interior interior(axis);
    begin = interior.begin;
    end = interior.end;
  }

  // As `segments_of` has it.
  void widen(int64_t least) {
    if (end - begin < least) {
      begin = end = outputs;
    } else if (end - begin >= 4 * least) {
      if (begin > 0) begin = std::max(begin, least);
      if (end < outputs) end = std::min(end, outputs - least);
    }
  }
};

// All tiles of the axes before the line, or those of the interior: how many there are, and how many
// lines they read together, the neighbours that the taps reach included.
struct OuterTiles {
  double count = 1, lines = 1;

  OuterTiles(const SlidingAxis* axes, size_t number, TileLengths lengths, bool interior) {
    for (size_t d = 0; d < number; ++d) {
      const size_t left = number - d;
      const int64_t longest = left == 1 ? lengths.lines : left == 2 ? lengths.planes : 1;
      const Border border(axes[d]);
      int64_t outputs = border.end - border.begin, segments = ceiling(outputs, longest);
      if (!interior) {
        segments += ceiling(border.begin, longest) + ceiling(border.outputs - border.end, longest);
        outputs = border.outputs;
      }
      count *= static_cast<double>(segments);
      const int64_t between = lines_between_outputs(axes[d]);
      lines *= static_cast<double>(outputs * between + segments * (axes[d].taps - between));
    }
  }
};

class Counting {
 public:
  // The axes before the line, the line, and the channels of each of its positions.
  Counting(const SlidingAxis* outer, size_t number, const SlidingAxis& line, int64_t channels,
           int64_t lanes)
      : outer_(outer), number_(number), line_(line), channels_(channels), lanes_(lanes) {
    for (size_t d = 0; d < number; ++d) {
      lines_ *= static_cast<double>(outer[d].output_size);
      rows_ *= static_cast<double>(outer[d].taps);
    }
    if (!makes_sums_between(number > 0, line.step, rows_ * static_cast<double>(line.taps), lanes))
      return;
    line_.output_size = (line.output_size - 1) * line.step + 1;
    line_.step = 1;
  }

  DirectWork count() {
    const auto outputs = lines_ * static_cast<double>(line_.output_size * channels_);
    const double products = outputs * rows_ * static_cast<double>(line_.taps);
    if (is_one_tile(number_ > 0, outputs, products))
      add_one_tile();
    else if (number_ > 0 && line_.output_size < whole_line_vectors * least())
      add_whole_lines();
    else
      add_inside_and_ends();
    add_sums();
    return work_;
  }

 private:
  int64_t least() const { return ceiling(lanes_, channels_); }

  // The numbers of a gathered line of so many outputs.
  double gathered(int64_t outputs) const {
    return static_cast<double>(LineLayout(line_, outputs).positions() * channels_ + lanes_);
  }

  void add_one_tile() {
    double lines = 1;
    for (size_t d = 0; d < number_; ++d)
      lines *= static_cast<double>((outer_[d].output_size - 1) * lines_between_outputs(outer_[d]) +
                                   outer_[d].taps);
    work_.tiles = 1;
    work_.gathered_lines = lines;
    work_.gathered = lines * gathered(line_.output_size);
  }

  void add_whole_lines() {
    const OuterTiles all(outer_, number_, whole_line_tiles, false);
    work_.tiles = all.count;
    work_.gathered_lines = all.lines;
    work_.gathered = all.lines * gathered(line_.output_size);
  }

  void add_inside_and_ends() {
    const int64_t pieces = line_.step > 1 ? LineLayout(line_, line_.output_size).jump : 1;
    const int64_t longest = std::max(longest_line(number_ > 0, pieces) / channels_, least());
    Border border(line_);
    border.widen(line_.step == 1 ? least() : INT64_MAX);
    const OuterTiles all(outer_, number_, inside_tiles, false);
    const OuterTiles interior(outer_, number_, inside_tiles, true);
    const int64_t inside = border.end - border.begin;
    const auto segments = static_cast<double>(ceiling(inside, longest));
    work_.tiles = all.count * segments;
    work_.gathered_lines = (all.lines - interior.lines) * segments;
    work_.gathered = work_.gathered_lines * (gathered(0) + static_cast<double>(inside * channels_) /
                                                               std::max(segments, 1.0));
    for (const int64_t end : {border.begin, line_.output_size - border.end})
      if (end > 0) add_end(end, longest);
  }

  void add_end(int64_t outputs, int64_t longest) {
    const bool wide = outputs * channels_ > 4 * lanes_;
    const OuterTiles tiles(outer_, number_, wide ? inside_tiles : end_tiles, false);
    const int64_t segments = ceiling(outputs, longest);
    work_.tiles += tiles.count * static_cast<double>(segments);
    work_.gathered_lines += tiles.lines * static_cast<double>(segments);
    work_.gathered += tiles.lines * static_cast<double>(segments) * gathered(outputs / segments);
  }

  void add_sums() {
    const auto vectors = static_cast<double>(ceiling(line_.output_size * channels_, lanes_));
    const auto width = static_cast<double>(line_.taps);
    work_.vectors = lines_ * vectors;
    if (are_lines_together()) {
      const SlidingAxis& axis = outer_[number_ - 1];
      const auto groups = static_cast<double>(ceiling(axis.output_size, lines_together));
      const double lines = lines_ / static_cast<double>(axis.output_size) * groups;
      work_.lines_taps = lines * lines_together * vectors * rows_ * width;
      work_.rows = lines * rows_ / static_cast<double>(axis.taps) * width *
                   static_cast<double>(lines_between_outputs(axis));
      return;
    }
    // Taps of a piece share loads where vectors are a whole number of spacings apart.
    const LineLayout layout(line_, line_.output_size);
    const int64_t jump = line_.step > 1 ? layout.jump : 1, spacing = layout.spacing;
    work_.rows = lines_ * rows_ * static_cast<double>(jump);
    const bool combed = (spacing & (spacing - 1)) == 0 && spacing <= lanes_;
    const bool shared = combed && line_.taps * spacing >= 2 * lanes_ * jump && channels_ == 1;
    (shared ? work_.shared_taps : work_.single_taps) = lines_ * vectors * rows_ * width;
  }

  bool are_lines_together() const {
    if (number_ == 0) return false;
    const SlidingAxis& axis = outer_[number_ - 1];
    return axis.output_size >= lines_together && axis.taps > axis.step / axis.tap_step &&
           axis.taps <= most_rows_together;
  }

  const SlidingAxis* outer_;
  size_t number_;
  SlidingAxis line_;
  int64_t channels_, lanes_;
  double lines_ = 1, rows_ = 1;
  DirectWork work_;
};

bool are_phases(const SlidingAxis& axis) { return axis.step % axis.tap_step != 0; }

// As `for_phases` has it; returns their number.
double take_phase(SlidingAxis& axis) {
  const int64_t phases = axis.tap_step / std::gcd(axis.step, axis.tap_step);
  const int64_t all = std::max<int64_t>(std::min(phases, axis.output_size), 1);
  axis.output_size = ceiling(axis.output_size, phases);
  axis.step *= phases;
  return static_cast<double>(all);
}

}  // namespace

template <class T>
DirectWork direct_work(const Correlation<T>& problem) {
  const size_t number = problem.sliding.size() - 1;
  const SlidingAxis& last = problem.sliding.back();
  const bool channels = number > 0 && last.taps == 1 && last.first == 0 && last.step == 1 &&
                        last.input_size == last.output_size && last.output_size <= most_channels;
  const size_t before = channels ? number - 1 : number;
  // The first phase stands for all.
  double phases = 1;
  const SlidingAxis* outer = problem.sliding.data();
  SlidingAxes of_phase;
  if (std::any_of(outer, outer + before, are_phases)) {
    of_phase = problem.sliding;
    for (size_t d = 0; d < before; ++d) phases *= take_phase(of_phase[d]);
    outer = of_phase.data();
  }
  DirectWork work = Counting(outer, before, problem.sliding[before],
                             channels ? last.output_size : 1, lanes_of<T>())
                        .count();
  work.phases = phases;
  double repetitions = phases;
  for (const BatchAxis& axis : problem.batch) repetitions *= static_cast<double>(axis.size);
  for (double* part : {&work.tiles, &work.gathered, &work.gathered_lines, &work.vectors, &work.rows,
                       &work.lines_taps, &work.shared_taps, &work.single_taps})
    *part *= repetitions;
  return work;
}

template DirectWork direct_work(const Correlation<float>& problem);
template DirectWork direct_work(const Correlation<double>& problem);
template DirectWork direct_work(const Correlation<std::uint64_t>& problem);

}  // namespace faltung
