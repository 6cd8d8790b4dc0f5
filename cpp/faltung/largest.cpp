#include "faltung/largest.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "faltung/kernels/largest.hpp"
#include "faltung/threads.hpp"

namespace faltung {
namespace {

using std::int64_t;

// Numbers that one task looks at.
constexpr int64_t chunk = 1 << 16;

float of_run(const float* data, int64_t count) {
  return FALTUNG_KERNELS_IN_USE(largest_kernels).of_float(data, count);
}
double of_run(const double* data, int64_t count) {
  return FALTUNG_KERNELS_IN_USE(largest_kernels).of_double(data, count);
}

// NaN is the largest of all.
template <class T>
T larger(T a, T b) {
  return a > b || std::isnan(a) ? a : b;
}

// Leaves out axes that repeat what is there, reverses negative strides, puts the shortest stride
// last and merges axes that follow on each other.
template <class T>
std::vector<ArrayAxis> simplified(const T*& data, std::vector<ArrayAxis> axes) {
  std::erase_if(axes, [](const ArrayAxis& axis) { return axis.size == 1 || axis.stride == 0; });
  for (ArrayAxis& axis : axes) {
    if (axis.stride > 0) continue;
    data += axis.stride * (axis.size - 1);
    axis.stride = -axis.stride;
  }
  std::sort(axes.begin(), axes.end(),
            [](const ArrayAxis& a, const ArrayAxis& b) { return a.stride > b.stride; });
  std::vector<ArrayAxis> merged;
  for (const ArrayAxis& axis : axes) {
    if (!merged.empty() && merged.back().stride == axis.size * axis.stride)
      merged.back() = {merged.back().size * axis.size, axis.stride};
    else
      merged.push_back(axis);
  }
  return merged;
}

template <class T>
T of_line(const T* data, ArrayAxis line) {
  if (line.stride == 1) return of_run(data, line.size);
  T most{0};
  for (int64_t i = 0; i < line.size; ++i) most = larger(most, std::abs(data[i * line.stride]));
  return most;
}

template <class T>
T largest(const T* data, std::vector<ArrayAxis> axes, int threads) {
  for (const ArrayAxis& axis : axes)
    if (axis.size == 0) return T{0};
  axes = simplified(data, std::move(axes));
  ArrayAxis line{1, 1};
  if (!axes.empty()) {
    line = axes.back();
    axes.pop_back();
  }
  int64_t lines = 1;
  for (const ArrayAxis& axis : axes) lines *= axis.size;
  const int64_t parts = (line.size + chunk - 1) / chunk;
  const int64_t lines_together = std::max<int64_t>(chunk / line.size, 1);
  const int64_t tasks = (lines + lines_together - 1) / lines_together * parts;
  std::vector<T> found(static_cast<size_t>(tasks));
  parallel_for(tasks, threads, [&](int64_t task) {
    const int64_t first = task % parts * chunk;
    const ArrayAxis part{std::min(chunk, line.size - first), line.stride};
    const int64_t begin = task / parts * lines_together;
    T most{0};
    for (int64_t i = begin; i < std::min(begin + lines_together, lines); ++i) {
      const T* at = data + first * line.stride;
      int64_t rest = i;
      for (size_t d = axes.size(); d-- > 0; rest /= axes[d].size)
        at += rest % axes[d].size * axes[d].stride;
      most = larger(most, of_line(at, part));
    }
    found[static_cast<size_t>(task)] = most;
  });
  T most{0};
  for (const T value : found) most = larger(most, value);
  return most;
}

template <class T>
T largest_part(const std::complex<T>* data, std::vector<ArrayAxis> axes, int threads) {
  for (ArrayAxis& axis : axes) axis.stride *= 2;
  axes.push_back({2, 1});
  return largest(reinterpret_cast<const T*>(data), std::move(axes), threads);
}

}  // namespace

float largest_magnitude(const float* data, std::vector<ArrayAxis> axes, int threads) {
  return largest(data, std::move(axes), threads);
}
double largest_magnitude(const double* data, std::vector<ArrayAxis> axes, int threads) {
  return largest(data, std::move(axes), threads);
}
float largest_magnitude(const std::complex<float>* data, std::vector<ArrayAxis> axes, int threads) {
  return largest_part(data, std::move(axes), threads);
}
double largest_magnitude(const std::complex<double>* data, std::vector<ArrayAxis> axes,
                         int threads) {
  return largest_part(data, std::move(axes), threads);
}

}  // namespace faltung
