// A task is a block of outputs. The inputs it reads are gathered, boundary applied, and widened
// into a block of the task's own, small enough for the second-level cache; there the kernels of the
// direct method sum, a few lines at a time, and the sums are narrowed on their way out:
//
//   input lines     widened once for a block     four lines of sums     output lines
//   uint8 …    ->   float …                 ->   float …           ->   uint8 …
//
// So no wide copy of the array is made, and the boundary costs nothing beyond the gathering.
#include "faltung/narrow_blocks.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "faltung/gather.hpp"
#include "faltung/kernels/direct.hpp"
#include "faltung/memory.hpp"
#include "faltung/narrow_lines.hpp"
#include "faltung/phases.hpp"
#include "faltung/tap_layout.hpp"
#include "faltung/threads.hpp"

namespace faltung {
namespace {

using namespace narrow_lines;

// A last axis of more is long enough to be a line of its own.
constexpr int64_t most_channels = 64;

// So few products are summed before a second thread has woken up.
constexpr double one_thread_products = 1 << 18;

// Outputs of a block on the axes beyond the line, the last of them first.
constexpr int64_t block_lines = 32, block_planes = 4;

int64_t longest_line(size_t outer_axes) {
  return outer_axes == 0 ? 8192 : outer_axes == 1 ? 1024 : 512;
}

template <class Bits>
void scatter(const void* from, int64_t count, int64_t stride, void* to) {
  const Bits* numbers = static_cast<const Bits*>(from);
  Bits* out = static_cast<Bits*>(to);
  for (int64_t i = 0; i < count; ++i) out[i * stride] = numbers[i];
}

// Whether a last axis that is only passed through (the channels of a picture) is taken together
// with the one before it: positions of its elements, taps so many apart.
bool has_channels(const SlidingAxes& axes) {
  const SlidingAxis& last = axes.back();
  if (axes.size() < 2 || last.taps != 1 || last.first != 0 || last.step != 1) return false;
  if (last.input_size != last.output_size || last.input_size > most_channels) return false;
  const SlidingAxis& before = axes[axes.size() - 2];
  return last.input_stride == 1 && before.input_stride == last.input_size &&
         last.output_stride == 1 && before.output_stride == last.output_size;
}

// The step of each outer axis is a multiple of its tap_step. Along the line the outputs between two
// that are asked for are computed as well.
template <class T>
class BlockCorrelation {
 public:
  BlockCorrelation(const NarrowCorrelation& problem, const TapSets<T>& taps)
      : problem_(problem),
        sets_(taps),
        output_bytes_(bytes_of(problem.output_type)),
        line_(problem.sliding.back()),
        outer_(problem.sliding.begin(), problem.sliding.end() - 1) {
    merge_channels();
    arrange_taps();
    cut_into_blocks();
  }

  void run(int threads) const {
    double products = static_cast<double>(tasks_of_batch()) * static_cast<double>(sets_.taps) *
                      static_cast<double>(line_.output_size * channels_);
    for (const SlidingAxis& axis : outer_) products *= static_cast<double>(axis.output_size);
    if (products < one_thread_products) threads = 1;
    BufferPool<T> pool(most_lines() * most_pitch() + most_sums() + most_raw());
    parallel_for(blocks_ * tasks_of_batch(), threads, [&](int64_t task) {
      pool.with_buffer([&](T* buffer) { run_task(task, buffer); });
    });
  }

 private:
  void merge_channels() {
    if (!has_channels(problem_.sliding)) return;
    channels_ = line_.input_size;
    line_ = outer_.back();
    line_.input_stride = line_.output_stride = 1;  // in positions
    outer_.pop_back();
  }

  // For pairs two neighbouring taps of a row, the last row's end filled with a zero, become one.
  void arrange_taps() {
    width_ = in_pairs<T> ? (line_.taps + 1) / 2 : line_.taps;
    rows_ = sets_.taps / line_.taps;
    if constexpr (!in_pairs<T>) return;
    const size_t rows = sets_.numbers.size() / static_cast<size_t>(line_.taps);
    paired_.assign(rows * static_cast<size_t>(width_), T{0});
    for (size_t r = 0; r < rows; ++r)
      for (int64_t k = 0; k < line_.taps; ++k) {
        const auto tap = static_cast<std::uint32_t>(
            sets_.numbers[r * static_cast<size_t>(line_.taps) + static_cast<size_t>(k)]);
        T& pair = paired_[r * static_cast<size_t>(width_) + static_cast<size_t>(k / 2)];
        pair =
            static_cast<T>(static_cast<std::uint32_t>(pair) | (k % 2 ? tap << 16 : tap & 0xffffU));
      }
  }

  void cut_into_blocks() {
    for (size_t d = 0; d < outer_.size(); ++d) {
      const size_t left = outer_.size() - d;
      longest_.push_back(left == 1 ? block_lines : left == 2 ? block_planes : 1);
    }
    longest_.push_back(std::max<int64_t>(longest_line(outer_.size()) / channels_ / line_.step, 1));
    for (size_t d = 0; d < longest_.size(); ++d) {
      counts_.push_back((axis(d).output_size + longest_[d] - 1) / longest_[d]);
      blocks_ *= counts_.back();
    }
  }

  const SlidingAxis& axis(size_t d) const { return d < outer_.size() ? outer_[d] : line_; }

  // What one block needs of working memory: its widened lines, sums of neighbouring ones, and a
  // line as it is stored.
  int64_t most_lines() const {
    int64_t lines = 1;
    for (size_t d = 0; d < outer_.size(); ++d)
      lines *=
          (std::min(longest_[d], outer_[d].output_size) - 1) * lines_between_outputs(outer_[d]) +
          outer_[d].taps;
    return lines;
  }
  int64_t most_outputs() const { return std::min(longest_.back(), line_.output_size); }
  int64_t most_positions() const { return line_.reach(most_outputs()); }
  int64_t most_pitch() const {
    return LineReader<T>(problem_, line_, channels_).pitch(most_positions());
  }
  int64_t most_sums() const {
    return (numbers_of(most_outputs()) + kernel_.lanes) * lines_together;
  }
  int64_t most_raw() const {
    const int64_t bytes = most_positions() * channels_ * bytes_of(problem_.input_type);
    return (bytes + static_cast<int64_t>(sizeof(T)) - 1) / static_cast<int64_t>(sizeof(T));
  }

  // Of a line's sums, those between the positions that are asked for included.
  int64_t numbers_of(int64_t positions) const {
    return ((positions - 1) * line_.step + 1) * channels_;
  }

  int64_t tasks_of_batch() const {
    int64_t count = 1;
    for (const BatchAxis& batch : problem_.batch) count *= batch.size;
    return count;
  }

  // One block: its outputs, its taps, and where its inputs, its outputs and its room are.
  struct Block {
    Few<Range, 4> outputs;
    int64_t input;
    const T* taps;
    char* output;
    T* room;
  };

  void run_task(int64_t task, T* room) const {
    // 1. Which block.
    int64_t index = task % blocks_;
    Few<Range, 4> block(longest_.size(), Range{});
    for (size_t d = block.size(); d-- > 0;) {
      const int64_t begin = index % counts_[d] * longest_[d];
      block[d] = {begin, std::min(longest_[d], axis(d).output_size - begin)};
      index /= counts_[d];
    }
    // 2. Where its operands and its outputs are.
    task /= blocks_;
    int64_t input = 0, output = 0, set = 0;
    for (size_t b = problem_.batch.size(); b-- > 0;) {
      const int64_t i = task % problem_.batch[b].size;
      task /= problem_.batch[b].size;
      input += i * problem_.batch[b].input_stride;
      output += i * problem_.batch[b].output_stride;
      set += i * sets_.strides[b];
    }
    for (size_t d = 0; d < block.size(); ++d)
      output += block[d].begin * axis(d).output_stride * (d < outer_.size() ? 1 : channels_);
    // 3. The inputs, widened, and the sums.
    const T* taps = (in_pairs<T> ? paired_.data() : sets_.numbers.data()) + set * rows_ * width_;
    run_block({std::move(block), input, taps,
               static_cast<char*>(problem_.output) + output * output_bytes_, room});
  }

  void run_block(const Block& block) const {
    Few<LineIndices, 4> sources;
    LineStrides sizes;
    for (size_t d = 0; d < outer_.size(); ++d) {
      const Range& outputs = block.outputs[d];
      sources.push_back(lines_read(outer_[d], outputs.begin, outputs.size));
      sizes.push_back(static_cast<int64_t>(sources.back().size()));
    }
    const LineReader<T> reader(problem_, line_, channels_);
    const auto line = reader.sources(block.outputs.back());
    const int64_t pitch = reader.pitch(line.positions());
    LineStrides strides(sizes.size(), pitch);
    for (size_t d = sizes.size(); d-- > 1;) strides[d - 1] = strides[d] * sizes[d];
    T* const sums = block.room + most_lines() * most_pitch();
    char* const raw = reinterpret_cast<char*>(sums + most_sums());
    LineStrides index(sizes.size(), 0);
    T* to = block.room + reader.lead(line);
    do {
      int64_t from = block.input;
      bool inside = true;
      for (size_t d = 0; d < index.size(); ++d) {
        const int64_t source = sources[d][static_cast<size_t>(index[d])];
        inside = inside && source >= 0;
        from += source * outer_[d].input_stride;
      }
      const char* first =
          static_cast<const char*>(problem_.input) + from * bytes_of(problem_.input_type);
      reader.read(line, inside ? first : nullptr, raw, to);
      to += pitch;
    } while (advance(index, sizes));
    sum_block(block, block.room + reader.lead(line), strides, sums);
  }

  void sum_block(const Block& block, const T* widened, const LineStrides& strides, T* sums) const {
    const int64_t positions = block.outputs.back().size;
    const int64_t computed = std::max(numbers_of(positions), kernel_.lanes);
    LineStrides sizes, output_strides;
    for (size_t d = 0; d < outer_.size(); ++d) {
      sizes.push_back(block.outputs[d].size);
      output_strides.push_back(lines_between_outputs(outer_[d]) * strides[d]);
    }
    const int64_t lines = sizes.empty() ? 1 : sizes.back();
    const bool together = lines >= lines_together &&
                          outer_.back().taps > outer_.back().step / outer_.back().tap_step &&
                          outer_.back().taps <= most_rows_together;
    if (together) sizes.back() = 1;
    const LineIndices offsets = row_offsets(strides);
    const Strips collected = together ? strips_of(offsets, output_strides.back()) : Strips{};
    const TapStrips<T> strips = collected.of(block.taps);
    const Rows rows = rows_of(offsets);
    LineStrides index(sizes.size(), 0);
    do {
      const T* from = widened;
      char* to = block.output;
      for (size_t d = 0; d < index.size(); ++d) {
        from += index[d] * output_strides[d];
        to += index[d] * outer_[d].output_stride * output_bytes_;
      }
      if (together) {
        sum_lines(strips, from, {lines, positions, computed}, sums, to);
      } else {
        kernel_.sum({block.taps, rows.data(), rows_, spacing()}, from, sums, computed);
        write(sums, positions, to);
      }
    } while (advance(index, sizes));
  }

  // What is summed at a time: `lines` lines of `outputs` positions, of which numbers are
  // `computed`.
  struct Sums {
    int64_t lines, outputs, computed;
  };

  Rows rows_of(const LineIndices& offsets) const {
    Rows rows;
    for (const int64_t offset : offsets)
      rows.push_back({static_cast<int64_t>(rows.size()) * width_, width_, offset});
    return rows;
  }

  Strips strips_of(const LineIndices& offsets, int64_t pitch) const {
    const int64_t height = outer_.back().taps, between = lines_between_outputs(outer_.back());
    Strips found{between * width_, pitch, spacing()};
    for (int64_t r = 0; r < rows_; ++r) {
      if (r % height >= between) continue;
      const int64_t tall = (height - r % height + between - 1) / between;
      found.add({r * width_, tall, width_, offsets[static_cast<size_t>(r)]});
    }
    found.put_tall_first();
    return found;
  }

  // Neighbouring lines on the last of the outer axes; the last few may be summed twice.
  void sum_lines(const TapStrips<T>& strips, const T* from, const Sums& part, T* sums,
                 char* to) const {
    const int64_t stride = outer_.back().output_stride * output_bytes_;
    for (int64_t l = 0; l < part.lines; l += lines_together) {
      const int64_t first = std::min(l, part.lines - lines_together);
      kernel_.sum_lines(strips, from + first * strips.row_pitch, sums, part.computed,
                        part.computed);
      for (int64_t i = 0; i < lines_together; ++i)
        write(sums + i * part.computed, part.outputs, to + (first + i) * stride);
    }
  }

  int64_t spacing() const { return (in_pairs<T> ? 2 : 1) * line_.tap_step * channels_; }

  LineIndices row_offsets(const LineStrides& strides) const {
    LineStrides sizes, index(outer_.size(), 0);
    LineIndices offsets;
    for (const SlidingAxis& outer : outer_) sizes.push_back(outer.taps);
    do {
      int64_t offset = 0;
      for (size_t d = 0; d < index.size(); ++d) offset += index[d] * strides[d];
      offsets.push_back(offset);
    } while (advance(index, sizes));
    return offsets;
  }

  // Moves the positions that are asked for together, and writes them.
  void write(T* sums, int64_t positions, char* to) const {
    for (int64_t i = 1; line_.step > 1 && i < positions; ++i) {
      const T* const from = sums + i * line_.step * channels_;
      T* const there = sums + i * channels_;
      *there = *from;  // written out because a compiler makes a call of each loop over channels
      for (int64_t c = 1; c < channels_; ++c) there[c] = from[c];
    }
    const int64_t count = positions * channels_;
    const auto narrow = conversions_.narrow[static_cast<int>(problem_.output_type)];
    if (line_.output_stride == 1) return narrow(sums, count, to);
    Buffer<char> raw(count * output_bytes_);
    narrow(sums, count, raw.data());
    FALTUNG_MOVE(scatter, output_bytes_)(raw.data(), count, line_.output_stride, to);
  }

  const NarrowCorrelation& problem_;
  const TapSets<T>& sets_;
  const DirectKernel<T>& kernel_ = kernel_for<T>();
  const Conversions<T>& conversions_ = conversions_for<T>();
  int64_t output_bytes_;
  SlidingAxis line_;
  SlidingAxes outer_;
  int64_t channels_ = 1, width_ = 0, rows_ = 0, blocks_ = 1;
  std::vector<T> paired_;
  std::vector<int64_t> longest_, counts_;
};

}  // namespace

bool is_narrow(const NarrowCorrelation& problem) {
  constexpr int64_t most_step = 4, most_reach = 1 << 12;
  const size_t last = problem.sliding.size() - 1;
  const SlidingAxis& line = problem.sliding[has_channels(problem.sliding) ? last - 1 : last];
  if (line.step == 1 && line.tap_step == 1) return true;
  return line.step <= most_step && (line.taps - 1) * line.tap_step <= most_reach;
}

std::int64_t bytes_of(NumberType type) { return std::int64_t{1} << (static_cast<int>(type) / 2); }

template <class T>
void correlate_in_blocks(const NarrowCorrelation& problem, const TapSets<T>& taps, int threads) {
  for (const SlidingAxis& axis : problem.sliding)
    if (axis.output_size == 0) return;
  for (const BatchAxis& axis : problem.batch)
    if (axis.size == 0) return;
  NarrowCorrelation phase = problem;
  const size_t outer = problem.sliding.size() - (has_channels(problem.sliding) ? 2 : 1);
  for_phases(problem.sliding, outer, 0, [&](const SlidingAxes& axes, int64_t offset) {
    phase.sliding = axes;
    phase.output = static_cast<char*>(problem.output) + offset * bytes_of(problem.output_type);
    BlockCorrelation<T>(phase, taps).run(threads);
  });
}

template void correlate_in_blocks(const NarrowCorrelation&, const TapSets<float>&, int);
template void correlate_in_blocks(const NarrowCorrelation&, const TapSets<double>&, int);
template void correlate_in_blocks(const NarrowCorrelation&, const TapSets<std::int32_t>&, int);

}  // namespace faltung
