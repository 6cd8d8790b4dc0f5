#include "faltung/small.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "faltung/kernels/direct.hpp"

namespace faltung {
namespace {

using std::int64_t;

const DirectKernel<float>& kernel_for(float) {
  return FALTUNG_KERNELS_IN_USE(direct_kernels).of_float;
}
const DirectKernel<double>& kernel_for(double) {
  return FALTUNG_KERNELS_IN_USE(direct_kernels).of_double;
}

// Numbers that find room on the stack.
constexpr int64_t room = 2048, most_lanes = 16;

// Beyond the ends as far as the taps reach, and for the whole vectors that the kernel reads and
// writes:
//
//   | count - 1 zeros | input | count - 1 + lanes zeros |   taps reversed   outputs and lanes
template <class T>
void convolve(const T* input, int64_t size, const T* taps, int64_t count, T* out, int64_t start,
              int64_t outputs, T* scratch) {
  const DirectKernel<T>& kernel = kernel_for(T{});
  T* const first = scratch + count - 1;
  std::fill(scratch, first, T{0});
  std::copy_n(input, size, first);
  T* const reversed = std::fill_n(first + size, count - 1 + kernel.lanes, T{0});
  T* const results = std::reverse_copy(taps, taps + count, reversed);
  const TapRow row{0, count, 0};
  const TapRows<T> rows{reversed, &row, 1, 1};
  if (outputs >= kernel.lanes) return kernel.sum(rows, scratch + start, out, outputs);
  kernel.sum(rows, scratch + start, results, kernel.lanes);
  std::copy_n(results, outputs, out);
}

template <class T>
bool convolve_any(const T* input, int64_t size, const T* taps, int64_t count, T* out, int64_t start,
                  int64_t outputs) {
  if (!std::all_of(taps, taps + count, [](T tap) { return std::isfinite(tap); })) return false;
  T scratch[room];
  convolve(input, size, taps, count, out, start, outputs, scratch);
  return true;
}

}  // namespace

bool is_short_line(int64_t size, int64_t count) {
  return size + 3 * count <= room - most_lanes * 2;
}

bool direct_is_best(double products, int64_t taps) {
  return products <= few_products || taps <= 24 || (taps <= 128 && products <= 8 * few_products);
}

bool convolve_line(const float* input, int64_t size, const float* taps, int64_t count, float* out,
                   int64_t start, int64_t outputs) {
  return convolve_any(input, size, taps, count, out, start, outputs);
}
bool convolve_line(const double* input, int64_t size, const double* taps, int64_t count,
                   double* out, int64_t start, int64_t outputs) {
  return convolve_any(input, size, taps, count, out, start, outputs);
}

}  // namespace faltung
