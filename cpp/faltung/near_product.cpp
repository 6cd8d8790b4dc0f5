#include "faltung/near_product.hpp"

#include <cmath>
#include <limits>

#include "faltung/outer_product.hpp"

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
  for (size_t d = 0; d < sizes.size(); ++d) {
    const LineThrough line(sizes, d, pivot);
    for (int64_t i = 0; i < line.size; ++i)
      lines[d].push_back(static_cast<double>(taps[line.first + i * line.stride]) / taps[pivot]);
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
  const double most = 8.0 * static_cast<double>(sizes.size()) *
                      static_cast<double>(std::numeric_limits<T>::epsilon());
  return all_products(lines_of(taps, sizes, pivot), [&](int64_t i, double product) {
    const double tap = taps[i] / scale;
    return std::abs(tap - product) <= most * std::abs(tap);
  });
}

}  // namespace

bool is_near_product(const float* taps, const std::vector<int64_t>& sizes) {
  return is_near(taps, sizes);
}
bool is_near_product(const double* taps, const std::vector<int64_t>& sizes) {
  return is_near(taps, sizes);
}

}  // namespace faltung
