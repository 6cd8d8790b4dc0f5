#include "faltung/near_product.hpp"

#include <cmath>
#include <limits>

namespace faltung {
namespace {

using std::int64_t;

template <class T>
int64_t index_of_largest(const T* taps, int64_t count) {
  int64_t largest = 0;
  for (int64_t i = 1; i < count; ++i)
    if (std::abs(taps[i]) > std::abs(taps[largest])) largest = i;
  return largest;
}

// The lines through the largest tap, all divided by it.
template <class T>
std::vector<std::vector<double>> lines_of(const T* taps, const std::vector<int64_t>& sizes,
                                          int64_t pivot) {
  std::vector<std::vector<double>> lines(sizes.size());
  int64_t stride = 1;
  for (size_t d = sizes.size(); d-- > 0; stride *= sizes[d]) {
    const int64_t first = pivot - pivot / stride % sizes[d] * stride;
    for (int64_t i = 0; i < sizes[d]; ++i)
      lines[d].push_back(static_cast<double>(taps[first + i * stride]) / taps[pivot]);
  }
  return lines;
}

template <class T>
bool is_near(const T* taps, const std::vector<int64_t>& sizes) {
  int64_t count = 1;
  for (const int64_t size : sizes) count *= size;
  const int64_t pivot = index_of_largest(taps, count);
  const double scale = taps[pivot];
  if (scale == 0 || !std::isfinite(scale)) return false;
  const auto lines = lines_of(taps, sizes, pivot);
  const double most = 8.0 * static_cast<double>(sizes.size()) *
                      static_cast<double>(std::numeric_limits<T>::epsilon());
  const int64_t row = sizes.back();
  for (int64_t i = 0; i < count; i += row) {
    double factor = 1;
    int64_t rest = i / row;
    for (size_t d = sizes.size() - 1; d-- > 0; rest /= sizes[d])
      factor *= lines[d][static_cast<size_t>(rest % sizes[d])];
    for (int64_t j = 0; j < row; ++j) {
      const double tap = taps[i + j] / scale;
      if (!(std::abs(tap - factor * lines.back()[static_cast<size_t>(j)]) <= most * std::abs(tap)))
        return false;
    }
  }
  return true;
}

}  // namespace

bool is_near_product(const float* taps, const std::vector<int64_t>& sizes) {
  return is_near(taps, sizes);
}
bool is_near_product(const double* taps, const std::vector<int64_t>& sizes) {
  return is_near(taps, sizes);
}

}  // namespace faltung
