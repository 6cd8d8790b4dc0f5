#include "faltung/taps_transform.hpp"

#include <atomic>
#include <cmath>

#include "faltung/largest.hpp"
#include "faltung/scaling.hpp"
#include "faltung/threads.hpp"

namespace faltung {

using std::int64_t;

template <class E>
TapsTransform<E>::TapsTransform(const Correlation<E>& problem)
    : layout_(layout_of(problem.batch, problem.sliding)),
      blocks_(blocks_for<E>(layout_, problem.fill_value == E{0})),
      block_(points_of(blocks_), transform_kernel_for(T{})) {}

template <class E>
int64_t TapsTransform<E>::count_blocks() const {
  int64_t count = 1;
  for (const AxisBlocks& axis : blocks_.axes) count *= axis.count;
  return count;
}

template <class E>
bool TapsTransform<E>::look_at_sizes(const E* taps, int threads) {
  std::vector<ArrayAxis> axes;
  for (size_t d = 0; d < layout_.sliding.size(); ++d)
    axes.push_back({layout_.sliding[d].taps, layout_.taps_strides[d]});
  const int64_t count = sets();
  exponents_.resize(static_cast<size_t>(count));
  std::atomic<bool> finite{true};
  parallel_for(count, count > 1 ? threads : 1, [&](int64_t set) {
    const E* at = taps + place_of(set, layout_.own_taps).taps;
    const T most = largest_magnitude(at, axes, count > 1 ? 1 : threads);
    if (std::isfinite(most))
      exponents_[static_cast<size_t>(set)] = exponent_of(most);
    else
      finite = false;
  });
  return finite;
}

template <class E>
void TapsTransform<E>::transform(const E* taps, int64_t set, T* spectrum, int threads) const {
  std::vector<SlidingAxis> axes;
  std::vector<Span> spans;
  taps += place_of(set, layout_.own_taps).taps;
  for (size_t d = 0; d < layout_.sliding.size(); ++d) {
    const int64_t count = layout_.sliding[d].taps, stride = layout_.taps_strides[d];
    taps += (count - 1) * stride;
    axes.push_back({count, -stride, count, 0, 1, 0, Boundary::fill});
    spans.push_back({0, count, 0, count, 0});
  }
  const Window<E> window(taps, axes, spans, E{0});
  const Scaling<T> scale(0, exponent(set), block_.divisor());
  block_.transform(window, scale.taps, spectrum, threads);
}

template class TapsTransform<float>;
template class TapsTransform<double>;
template class TapsTransform<std::complex<float>>;
template class TapsTransform<std::complex<double>>;

}  // namespace faltung
