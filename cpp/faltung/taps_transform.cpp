#include "faltung/taps_transform.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "faltung/gather.hpp"
#include "faltung/largest.hpp"
#include "faltung/scaling.hpp"
#include "faltung/threads.hpp"

namespace faltung {

namespace {

using std::int64_t;

// Returns a set of taps with the zeros between them; `spread_layout` becomes that of these.
template <class E>
std::vector<E> spread_taps(const TransformLayout& layout, const E* taps,
                           std::vector<ArrayAxis>& spread_layout) {
  std::vector<int64_t> sizes, index(layout.taps.size(), 0), strides(layout.taps.size());
  int64_t all = 1;
  for (const ArrayAxis& axis : layout.taps) sizes.push_back(axis.size);
  for (size_t d = layout.taps.size(); d-- > 0;) {
    strides[d] = all * layout.tap_steps[d];
    spread_layout[d] = {layout.sliding[d].taps, all};
    all *= spread_layout[d].size;
  }
  std::vector<E> spread(static_cast<size_t>(all));
  do {
    int64_t from = 0, to = 0;
    for (size_t d = 0; d < index.size(); ++d) {
      from += index[d] * layout.taps[d].stride;
      to += index[d] * strides[d];
    }
    spread[static_cast<size_t>(to)] = taps[from];
  } while (advance(index, sizes));
  return spread;
}

}  // namespace

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
  const int64_t count = sets();
  exponents_.resize(static_cast<size_t>(count));
  std::atomic<bool> finite{true};
  parallel_for(count, count > 1 ? threads : 1, [&](int64_t set) {
    const E* at = taps + place_of(set, layout_.own_taps).taps;
    const T most = largest_magnitude(at, layout_.taps, count > 1 ? 1 : threads);
    if (std::isfinite(most))
      exponents_[static_cast<size_t>(set)] = exponent_of(most);
    else
      finite = false;
  });
  return finite;
}

template <class E>
void TapsTransform<E>::transform(const E* taps, int64_t set, T* spectrum, int threads) const {
  taps += place_of(set, layout_.own_taps).taps;
  const bool apart = std::ranges::any_of(layout_.tap_steps, [](int64_t step) { return step > 1; });
  std::vector<ArrayAxis> layout = layout_.taps;
  std::vector<E> spread;
  if (apart) {
    spread = spread_taps(layout_, taps, layout);
    taps = spread.data();
  }
  SlidingAxes axes;
  std::vector<Span> spans;
  for (const auto& [count, stride] : layout) {
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
