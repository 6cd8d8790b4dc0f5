#include <algorithm>

#include "faltung/layers.hpp"
#include "faltung/threads.hpp"

namespace faltung {
namespace {

using std::int64_t;

inline constexpr int64_t elements_in_task = 1 << 15;

// Calls work(first plane, last plane) for chunks of planes.
template <class Work>
void for_planes(const Pooling& layer, int threads, const Work& work) {
  const int64_t chunk = std::max<int64_t>(1, elements_in_task / (layer.input.y * layer.input.x));
  parallel_for((layer.planes + chunk - 1) / chunk, threads, [&](int64_t task) {
    work(task * chunk, std::min(layer.planes, (task + 1) * chunk));
  });
}

// The place in the plane of the largest entry of the window at `corner`. The choice is arithmetic:
// which entry is the largest cannot be predicted, and the compiler turns a select into a branch.
template <class T>
int64_t place_of_maximum(const T* plane, int64_t corner, const Pooling& layer) {
  int64_t best = corner;
  for (int64_t i = 0; i < layer.window.y; ++i)
    for (int64_t j = 0; j < layer.window.x; ++j) {
      const int64_t place = corner + i * layer.input.x + j;
      const T entry = plane[place], old = plane[best];
      const bool larger_or_first_nan = !(entry <= old) & (old == old);
      best += (place - best) & -static_cast<int64_t>(larger_or_first_nan);
    }
  return best;
}

}  // namespace

template <class T>
void pool_maximum(const Pooling& layer, const T* input, T* output, std::int32_t* places,
                  int threads) {
  const Pair out = layer.output();
  for_planes(layer, threads, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      const T* plane = input + p * layer.input.y * layer.input.x;
      for (int64_t y = 0, at = p * out.y * out.x; y < out.y; ++y)
        for (int64_t x = 0; x < out.x; ++x, ++at) {
          const int64_t corner = y * layer.window.y * layer.input.x + x * layer.window.x;
          const int64_t place = place_of_maximum(plane, corner, layer);
          output[at] = plane[place];
          places[at] = static_cast<std::int32_t>(place);
        }
    }
  });
}

template <class T>
void pool_maximum_gradient(const Pooling& layer, const T* output_gradient,
                           const std::int32_t* places, T* input_gradient, int threads) {
  const int64_t in_plane = layer.input.y * layer.input.x;
  const int64_t out_plane = layer.output().y * layer.output().x;
  for_planes(layer, threads, [&](int64_t begin, int64_t end) {
    std::fill(input_gradient + begin * in_plane, input_gradient + end * in_plane, T{0});
    for (int64_t p = begin; p < end; ++p)
      for (int64_t at = p * out_plane; at < (p + 1) * out_plane; ++at)
        input_gradient[p * in_plane + places[at]] = output_gradient[at];
  });
}

#define FALTUNG_INSTANTIATE(T)                                                  \
  template void pool_maximum(const Pooling&, const T*, T*, std::int32_t*, int); \
  template void pool_maximum_gradient(const Pooling&, const T*, const std::int32_t*, T*, int);
FALTUNG_INSTANTIATE(float)
FALTUNG_INSTANTIATE(double)
#undef FALTUNG_INSTANTIATE

}  // namespace faltung
