// In numbered steps (see the functions of these names below):
//
// 1. Set aside the axes on which a single tap sits: along them the convolution is repeated. On the
//    others the transform makes all outputs, and the taps have zeros between them.
// 2. Choose the blocks.
// 3. Find the powers of two that scale operands to a largest entry in [1, 2), so that no sum
//    overflows: one for each set of taps, one for what each block reads.
// 4. Transform the taps, once for each set of them.
// 5. Convolve block by block. Blocks that fit a processor's cache are done side by side, each by
//    one thread; all threads work together on a larger one.
#include "faltung/transform.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "faltung/block_transform.hpp"
#include "faltung/blocks.hpp"
#include "faltung/gather.hpp"
#include "faltung/largest.hpp"
#include "faltung/threads.hpp"
#include "faltung/transform_layout.hpp"
#include "faltung/tree.hpp"

namespace faltung {
namespace {

using std::int64_t;
using namespace transform_layout;

const TransformKernel<float>& kernel_for(float) {
  return FALTUNG_KERNELS_IN_USE(transform_kernels).of_float;
}
const TransformKernel<double>& kernel_for(double) {
  return FALTUNG_KERNELS_IN_USE(transform_kernels).of_double;
}

// A block of more bytes than this is worked on by all threads together; one that has several axes
// and is alone, from the second number of bytes on.
constexpr int64_t shared_bytes = 1 << 20;
constexpr int64_t lonely_bytes = 1 << 17;

// Step 2.
template <class E>
Blocks blocks_for(const Correlation<E>& problem, const Layout& layout) {
  using T = RealOf<E>;
  const BlockCosts costs{kernel_for(T{}).lanes, sizeof(T), parts_of<E>,
                         product_of_sizes(layout.same_taps), problem.fill_value == E{0}};
  Blocks blocks = choose_blocks(layout.sliding, costs);
  blocks.nanoseconds *= static_cast<double>(product_of_sizes(layout.own_taps));
  return blocks;
}

std::vector<int64_t> points_of(const Blocks& blocks) {
  std::vector<int64_t> points;
  for (const AxisBlocks& axis : blocks.axes) points.push_back(axis.points);
  return points;
}

// The exponent e of 2^e <= largest < 2^(e + 1), that of the smallest normal number for what
// is below it, that of 1 for nothing but zeros.
template <class T>
int exponent_of(T largest) {
  if (largest == T{0}) return 0;
  return std::max(std::ilogb(largest), std::numeric_limits<T>::min_exponent - 1);
}

// The powers of two by which one line of input and its taps are scaled, and those that scale the
// product back: two, because the first alone might overflow.
template <class T>
struct Scaling {
  T input, taps, factor, second_factor;

  Scaling(int input_exponent, int taps_exponent, double divisor)
      : input(std::ldexp(T{1}, -input_exponent)), taps(std::ldexp(T{1}, -taps_exponent)) {
    const int exponent = input_exponent + taps_exponent;
    const bool at_once = std::abs(exponent) < std::numeric_limits<T>::max_exponent / 2;
    const int second = at_once ? 0 : exponent - exponent / 2;
    factor = static_cast<T>(std::ldexp(1 / divisor, exponent - second));
    second_factor = std::ldexp(T{1}, second);
  }
};

// The largest magnitude of a real number, or of a part of a complex one.
template <class T>
T largest_part(const T* data, const std::vector<ArrayAxis>& axes, int threads) {
  return largest_magnitude(data, axes, threads);
}

template <class T>
T largest_part(const std::complex<T>* data, std::vector<ArrayAxis> axes, int threads) {
  for (ArrayAxis& axis : axes) axis.stride *= 2;
  axes.push_back({2, 1});
  return largest_magnitude(reinterpret_cast<const T*>(data), std::move(axes), threads);
}

template <class E>
class TransformCorrelation {
  using T = RealOf<E>;

 public:
  explicit TransformCorrelation(const Correlation<E>& problem)
      : problem_(problem),
        layout_(layout_of(problem)),
        taps_sets_(product_of_sizes(layout_.own_taps)),
        repetitions_(product_of_sizes(layout_.same_taps)),
        blocks_(blocks_for(problem, layout_)),
        block_(points_of(blocks_), kernel_for(T{})) {}

  // Step 3, of the taps. False if something is not finite.
  bool look_at_sizes(int threads) {
    fill_ = largest_part(&problem_.fill_value, {}, 1);
    if (!std::isfinite(fill_)) return false;
    return find_exponents(taps_sets_, taps_exponents_, threads, [&](int64_t set, int inner) {
      const E* at = problem_.taps + place_of(set, layout_.own_taps).taps;
      return largest_part(at, layout_.taps, inner);
    });
  }

  // False if something that is read is not finite; the blocks that are left are not begun then.
  bool run(int threads) {
    const bool side_by_side = taps_sets_ > 1 && !is_shared(threads);
    parallel_for(taps_sets_, side_by_side ? threads : 1,
                 [&](int64_t set) { run_taps(set, side_by_side ? 1 : threads); });
    return finite_;
  }

 private:
  template <class Largest>
  bool find_exponents(int64_t count, std::vector<int>& exponents, int threads,
                      const Largest& largest) {
    exponents.resize(static_cast<size_t>(count));
    std::atomic<bool> finite{true};
    parallel_for(count, count > 1 ? threads : 1, [&](int64_t i) {
      const T most = largest(i, count > 1 ? 1 : threads);
      if (std::isfinite(most))
        exponents[static_cast<size_t>(i)] = exponent_of(most);
      else
        finite = false;
    });
    return finite;
  }

  // The input of repetition i % repetitions_ for taps i / repetitions_.
  const E* input_at(int64_t i) const {
    return problem_.input + place_of(i / repetitions_, layout_.own_taps).input +
           place_of(i % repetitions_, layout_.same_taps).input;
  }

  E* output_at(int64_t i) const {
    return problem_.output + place_of(i / repetitions_, layout_.own_taps).output +
           place_of(i % repetitions_, layout_.same_taps).output;
  }

  int taps_exponent(int64_t set) const { return taps_exponents_[static_cast<size_t>(set)]; }

  // The largest magnitude of what a block reads; it is in the cache when the block is read again.
  T largest_read(int64_t i, const std::vector<Span>& spans, int threads) const {
    const E* at = input_at(i);
    std::vector<ArrayAxis> box;
    for (size_t d = 0; d < spans.size(); ++d) {
      const SlidingAxis& axis = layout_.sliding[d];
      const SourceRange range = source_range(axis, spans[d]);
      at += range.begin * axis.input_stride;
      box.push_back({range.end - range.begin, axis.input_stride});
    }
    const T most = largest_part(at, box, threads);
    return std::isfinite(most) ? std::max(most, fill_) : most;
  }

  // Whether all threads work together on each block; that changes no bit of the result.
  bool is_shared(int threads) const {
    const int64_t bytes = block_.numbers() * static_cast<int64_t>(sizeof(T));
    if (bytes > shared_bytes) return true;
    return taps_sets_ * repetitions_ * blocks() == 1 && threads > 1 && layout_.sliding.size() > 1 &&
           bytes > lonely_bytes;
  }

  int64_t blocks() const {
    int64_t blocks = 1;
    for (const AxisBlocks& axis : blocks_.axes) blocks *= axis.count;
    return blocks;
  }

  // Step 4. The taps are reversed: a correlation is the convolution with them.
  void run_taps(int64_t set, int threads) {
    const E* taps = problem_.taps + place_of(set, layout_.own_taps).taps;
    const bool apart = std::ranges::any_of(layout_.tap_steps, [](int64_t s) { return s > 1; });
    std::vector<E> spread;
    std::vector<ArrayAxis> layout = layout_.taps;
    if (apart) {
      spread = spread_taps(taps, layout);
      taps = spread.data();
    }
    std::vector<SlidingAxis> axes;
    std::vector<Span> spans;
    for (const auto& [count, stride] : layout) {
      taps += (count - 1) * stride;
      axes.push_back({count, -stride, count, 0, 1, 0, Boundary::fill});
      spans.push_back({0, count, 0, count, 0});
    }
    Buffer<T> spectrum(block_.numbers());
    const Window<E> window(taps, axes, spans, E{0});
    const Scaling<T> scale(0, taps_exponent(set), block_.divisor());
    block_.transform(window, scale.taps, spectrum.data(), threads);
    run_blocks(set, spectrum.data(), threads);
  }

  // Returns the taps with the zeros between them; `layout` becomes that of these.
  std::vector<E> spread_taps(const E* taps, std::vector<ArrayAxis>& layout) const {
    std::vector<int64_t> sizes, index(layout.size(), 0), strides(layout.size());
    int64_t all = 1;
    for (const ArrayAxis& axis : layout_.taps) sizes.push_back(axis.size);
    for (size_t d = layout.size(); d-- > 0;) {
      strides[d] = all * layout_.tap_steps[d];
      layout[d] = {layout_.sliding[d].taps, all};
      all *= layout[d].size;
    }
    std::vector<E> spread(static_cast<size_t>(all));
    do {
      int64_t from = 0, to = 0;
      for (size_t d = 0; d < index.size(); ++d) {
        from += index[d] * layout_.taps[d].stride;
        to += index[d] * strides[d];
      }
      spread[static_cast<size_t>(to)] = taps[from];
    } while (advance(index, sizes));
    return spread;
  }

  // Step 5.
  void run_blocks(int64_t set, const T* spectrum, int threads) {
    const int64_t blocks = this->blocks();
    const bool shared = is_shared(threads);
    BufferPool<T> buffers(block_.numbers());
    const int side_by_side = shared ? 1 : threads, together = shared ? threads : 1;
    parallel_for(repetitions_ * blocks, side_by_side, [&](int64_t task) {
      buffers.with_buffer([&](T* data) {
        run_block(set * repetitions_ + task / blocks, task % blocks, spectrum, data, together);
      });
    });
  }

  // Blocks are scaled one by one, so that large numbers take nothing from small ones far away.
  void run_block(int64_t i, int64_t block, const T* spectrum, T* data, int threads) {
    if (!finite_) return;
    std::vector<Span> spans(layout_.sliding.size());
    for (size_t d = spans.size(); d-- > 0; block /= blocks_.axes[d].count) {
      const SlidingAxis& axis = layout_.sliding[d];
      const int64_t begin = block % blocks_.axes[d].count * blocks_.axes[d].outputs;
      const int64_t outputs = std::min(blocks_.axes[d].outputs, axis.output_size - begin);
      spans[d] = span_of(axis, begin, outputs, problem_.fill_value == E{0});
    }
    const T most = largest_read(i, spans, threads);
    if (!std::isfinite(most)) {
      finite_ = false;
      return;
    }
    const Scaling<T> scale(exponent_of(most), taps_exponent(i / repetitions_), block_.divisor());
    const Window<E> window(input_at(i), layout_.sliding, spans, problem_.fill_value);
    const Outputs<E> outputs{output_at(i), layout_.sliding, layout_.steps,
                             spans,        scale.factor,    scale.second_factor};
    block_.convolve(window, scale.input, spectrum, data, outputs, threads);
  }

  const Correlation<E>& problem_;
  T fill_ = 0;  // its largest part
  Layout layout_;
  int64_t taps_sets_, repetitions_;
  Blocks blocks_;
  BlockTransform<E> block_;
  std::vector<int> taps_exponents_;
  std::atomic<bool> finite_{true};
};

template <class E>
bool correlate(const Correlation<E>& problem, int threads) {
  for (const SlidingAxis& axis : problem.sliding)
    if (axis.output_size == 0) return true;
  for (const BatchAxis& axis : problem.batch)
    if (axis.size == 0) return true;
  if (threads <= 0) threads = default_threads();
  TransformCorrelation<E> correlation(problem);
  return correlation.look_at_sizes(threads) && correlation.run(threads);
}

template <class E>
TransformSize size_of(const Correlation<E>& problem) {
  using T = RealOf<E>;
  const Blocks blocks = blocks_for(problem, layout_of(problem));
  const TransformKernel<T>& kernel = kernel_for(T{});
  TransformSize size{
      {}, kernel.lanes, sizeof(E), std::max(blocks.nanoseconds, least_transform_nanoseconds)};
  for (const AxisBlocks& axis : blocks.axes) size.bytes *= axis.points;
  const auto add = [&](int64_t radix) { size.radices.push_back(radix); };
  for (size_t d = 0; d + 1 < blocks.axes.size(); ++d)
    std::ranges::for_each(radices_of(blocks.axes[d].points), add);
  const int64_t vectors = blocks.axes.back().points / (2 * kernel.lanes);
  std::ranges::for_each(radices_of(vectors), add);
  const int64_t split = split_of_leaves(points_of(blocks), kernel.lanes, kernel.groups);
  if (split > 1) add(split);
  size.leaf /= split;
  return size;
}

}  // namespace

bool correlate_by_transform(const Correlation<float>& problem, int threads) {
  return correlate(problem, threads);
}
bool correlate_by_transform(const Correlation<double>& problem, int threads) {
  return correlate(problem, threads);
}
bool correlate_by_transform(const Correlation<std::complex<float>>& problem, int threads) {
  return correlate(problem, threads);
}
bool correlate_by_transform(const Correlation<std::complex<double>>& problem, int threads) {
  return correlate(problem, threads);
}
TransformSize transform_size(const Correlation<float>& problem) { return size_of(problem); }
TransformSize transform_size(const Correlation<double>& problem) { return size_of(problem); }
TransformSize transform_size(const Correlation<std::complex<float>>& problem) {
  return size_of(problem);
}
TransformSize transform_size(const Correlation<std::complex<double>>& problem) {
  return size_of(problem);
}

}  // namespace faltung
