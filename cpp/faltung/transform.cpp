// In numbered steps (see the functions of these names below):
//
// 1. Set aside the axes on which a single tap sits: along them the convolution is repeated.
//    On the others the transform makes all outputs, and the taps have zeros between them
//    (TransformLayout). Choose the blocks.
// 2. Find the power of two that scales each set of taps, and transform it (TapsTransform), unless
//    it is kept.
// 3. Convolve block by block, each scaled by a power of two of its own. Blocks that fit a
//    processor's cache are done side by side, each by one thread; all threads work together on a
//    larger one.
#include "faltung/transform.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>

#include "faltung/largest.hpp"
#include "faltung/scaling.hpp"
#include "faltung/taps_transform.hpp"
#include "faltung/threads.hpp"
#include "faltung/tree.hpp"

namespace faltung {
namespace {

using std::int64_t;

// A block of more bytes than this is worked on by all threads together; one that has several axes
// and is alone, from the second number of bytes on.
constexpr int64_t shared_bytes = 1 << 20;
constexpr int64_t lonely_bytes = 1 << 19;

template <class E>
class TransformCorrelation {
  using T = RealOf<E>;

 public:
  TransformCorrelation(const Correlation<E>& problem, const TransformLayout& layout,
                       const TapsTransform<E>& taps)
      : problem_(problem),
        layout_(layout),
        taps_(taps),
        block_(taps.block()),
        fill_(largest_magnitude(&problem.fill_value, {}, 1)) {}

  // False if something that is read is not finite; the blocks that are left are not begun then.
  // Spectra that are not given are made.
  bool run(const T* spectra, int threads) {
    finite_ = std::isfinite(fill_);
    const int64_t sets = taps_.sets();
    const bool side_by_side = sets > 1 && !is_shared(threads);
    const int inner = side_by_side ? 1 : threads;
    parallel_for(sets, side_by_side ? threads : 1, [&](int64_t set) {
      if (!finite_) return;
      if (spectra != nullptr) return run_blocks(set, spectra + set * block_.numbers(), inner);
      Buffer<T> spectrum(block_.numbers());
      taps_.transform(problem_.taps, set, spectrum.data(), is_shared(inner) ? inner : 1);
      run_blocks(set, spectrum.data(), inner);
    });
    return finite_;
  }

 private:
  // The input of repetition i % repetitions for taps i / repetitions.
  const E* input_at(int64_t i) const {
    return problem_.input + place_of(i / taps_.repetitions(), layout_.own_taps).input +
           place_of(i % taps_.repetitions(), layout_.same_taps).input;
  }

  E* output_at(int64_t i) const {
    return problem_.output + place_of(i / taps_.repetitions(), layout_.own_taps).output +
           place_of(i % taps_.repetitions(), layout_.same_taps).output;
  }

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
    const T most = largest_magnitude(at, box, threads);
    return std::isfinite(most) ? std::max(most, fill_) : most;
  }

  // Whether all threads work together on each block; that changes no bit of the result.
  bool is_shared(int threads) const {
    const int64_t bytes = block_.numbers() * static_cast<int64_t>(sizeof(T));
    if (bytes > shared_bytes) return true;
    return taps_.sets() * taps_.repetitions() * taps_.count_blocks() == 1 && threads > 1 &&
           layout_.sliding.size() > 1 && bytes > lonely_bytes;
  }

  // Step 3.
  void run_blocks(int64_t set, const T* spectrum, int threads) {
    const int64_t blocks = taps_.count_blocks();
    const bool shared = is_shared(threads);
    BufferPool<T> buffers(block_.numbers());
    const int side_by_side = shared ? 1 : threads, together = shared ? threads : 1;
    parallel_for(taps_.repetitions() * blocks, side_by_side, [&](int64_t task) {
      buffers.with_buffer([&](T* data) {
        run_block(set * taps_.repetitions() + task / blocks, task % blocks, spectrum, data,
                  together);
      });
    });
  }

  // Blocks are scaled one by one, so that large numbers take nothing from small ones far away.
  void run_block(int64_t i, int64_t block, const T* spectrum, T* data, int threads) {
    if (!finite_) return;
    const std::vector<AxisBlocks>& cut = taps_.blocks().axes;
    std::vector<Span> spans(layout_.sliding.size());
    for (size_t d = spans.size(); d-- > 0; block /= cut[d].count) {
      const SlidingAxis& axis = layout_.sliding[d];
      const int64_t begin = block % cut[d].count * cut[d].outputs;
      const int64_t outputs = std::min(cut[d].outputs, axis.output_size - begin);
      spans[d] = span_of(axis, begin, outputs, problem_.fill_value == E{0});
    }
    const T most = largest_read(i, spans, threads);
    if (!std::isfinite(most)) {
      finite_ = false;
      return;
    }
    const Scaling<T> scale(exponent_of(most), taps_.exponent(i / taps_.repetitions()),
                           block_.divisor());
    const Window<E> window(input_at(i), layout_.sliding, spans, problem_.fill_value);
    const Outputs<E> outputs{output_at(i), layout_.sliding, layout_.steps,
                             spans,        scale.factor,    scale.second_factor};
    block_.convolve(window, scale.input, spectrum, data, outputs, threads);
  }

  const Correlation<E>& problem_;
  const TransformLayout& layout_;
  const TapsTransform<E>& taps_;
  const BlockTransform<E>& block_;
  T fill_;  // its largest part
  std::atomic<bool> finite_{true};
};

template <class E>
bool is_empty(const Correlation<E>& problem) {
  return std::ranges::any_of(problem.sliding,
                             [](const SlidingAxis& axis) { return axis.output_size == 0; }) ||
         std::ranges::any_of(problem.batch, [](const BatchAxis& axis) { return axis.size == 0; });
}

int threads_of(int threads) { return threads <= 0 ? default_threads() : threads; }

template <class E>
bool correlate(const Correlation<E>& problem, int threads) {
  if (is_empty(problem)) return true;
  threads = threads_of(threads);
  TapsTransform<E> taps(problem);
  if (!taps.look_at_sizes(problem.taps, threads)) return false;
  return TransformCorrelation<E>(problem, taps.layout(), taps).run(nullptr, threads);
}

// Two forward transforms, the products of leaves, one backward transform; for complex numbers one
// addition more in each.
double roundings_of(const TransformSize& size, bool is_complex) {
  return std::sqrt(2) * static_cast<double>(size.leaf + 2) + 3 + 4 + (is_complex ? 3 : 0) +
         transform_roundings(size.radices);
}

template <class E>
TransformSize size_of(const Correlation<E>& problem) {
  using T = RealOf<E>;
  const TransformLayout layout = layout_of(problem.batch, problem.sliding);
  const Blocks blocks = blocks_for<E>(layout, problem.fill_value == E{0});
  const TransformKernel<T>& kernel = transform_kernel_for(T{});
  TransformSize size{{}, kernel.lanes, 0, sizeof(E), blocks.nanoseconds};
  for (const AxisBlocks& axis : blocks.axes) size.bytes *= axis.points;
  const auto add = [&](int64_t radix) { size.radices.push_back(radix); };
  for (size_t d = 0; d + 1 < blocks.axes.size(); ++d)
    std::ranges::for_each(radices_of(blocks.axes[d].points), add);
  const int64_t vectors = blocks.axes.back().points / (2 * kernel.lanes);
  std::ranges::for_each(radices_of(vectors), add);
  const int64_t split = split_of_leaves(points_of(blocks), kernel.lanes, kernel.groups);
  if (split > 1) add(split);
  size.leaf /= split;
  size.roundings = roundings_of(size, parts_of<E> == 2);
  return size;
}

template <class E>
double time_of(const Correlation<E>& problem) {
  const TransformLayout layout = layout_of(problem.batch, problem.sliding);
  return blocks_for<E>(layout, problem.fill_value == E{0}).nanoseconds;
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

double transform_nanoseconds(const Correlation<float>& problem) { return time_of(problem); }
double transform_nanoseconds(const Correlation<double>& problem) { return time_of(problem); }
double transform_nanoseconds(const Correlation<std::complex<float>>& problem) {
  return time_of(problem);
}
double transform_nanoseconds(const Correlation<std::complex<double>>& problem) {
  return time_of(problem);
}

// --- kept transforms ------------------------------------------------------------------------

template <class E>
struct KeptTransform<E>::Parts {
  TapsTransform<E> taps;
  bool fill_is_zero, finite;
  Buffer<RealOf<E>> spectra;

  Parts(const Correlation<E>& problem, int threads)
      : taps(problem),
        fill_is_zero(problem.fill_value == E{0}),
        finite(taps.look_at_sizes(problem.taps, threads)),
        spectra(taps.sets() * taps.block().numbers()) {
    if (!finite) return;
    for (int64_t set = 0; set < taps.sets(); ++set)
      taps.transform(problem.taps, set, spectra.data() + set * taps.block().numbers(), threads);
  }
};

template <class E>
KeptTransform<E>::KeptTransform(const Correlation<E>& problem, int threads)
    : problem_(problem),
      parts_(is_empty(problem) ? nullptr
                               : std::make_unique<const Parts>(problem, threads_of(threads))) {}

template <class E>
KeptTransform<E>::~KeptTransform() = default;

template <class E>
bool KeptTransform<E>::correlate(const Correlation<E>& problem, int threads) const {
  if (is_empty(problem)) return true;
  const TransformLayout layout = layout_of(problem.batch, problem.sliding);
  if (parts_ == nullptr || !are_alike(layout, parts_->taps.layout()) ||
      parts_->fill_is_zero != (problem.fill_value == E{0}))
    throw std::invalid_argument("the transform was kept for another problem");
  if (!parts_->finite) return false;
  return TransformCorrelation<E>(problem, layout, parts_->taps)
      .run(parts_->spectra.data(), threads_of(threads));
}

template class KeptTransform<float>;
template class KeptTransform<double>;
template class KeptTransform<std::complex<float>>;
template class KeptTransform<std::complex<double>>;

}  // namespace faltung
