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

// A line between zeros as far as the taps reach, and for the whole vectors that the kernel reads:
//
//   | count - 1 zeros | input | count - 1 zeros | lanes zeros |
//
// `parts` real numbers, one after the other, make one number of the line.
template <class T>
struct PaddedLine {
  const DirectKernel<T>& kernel = kernel_for(T{});
  int64_t count, parts;
  T* begin;
  T* end;

  PaddedLine(const T* input, int64_t size, int64_t tap_count, int64_t parts_of_number, T* scratch)
      : count(tap_count), parts(parts_of_number), begin(scratch) {
    T* const first = std::fill_n(scratch, (count - 1) * parts, T{0});
    T* const last = std::copy_n(input, size * parts, first);
    end = std::fill_n(last, (count - 1) * parts + kernel.lanes, T{0});
  }

  // `reversed` real taps with room for a vector after them.
  void sum(T* reversed, int64_t start, T* out, int64_t outputs) const {
    const TapRow row{0, count, 0};
    const TapRows<T> rows{reversed, &row, 1, parts};
    const T* const from = begin + start * parts;
    if (outputs * parts >= kernel.lanes) return kernel.sum(rows, from, out, outputs * parts);
    T* const results = reversed + count;
    kernel.sum(rows, from, results, kernel.lanes);
    std::copy_n(results, outputs * parts, out);
  }
};

bool is_finite(float number) { return std::isfinite(number); }
bool is_finite(double number) { return std::isfinite(number); }
template <class T>
bool is_finite(std::complex<T> number) {
  return std::isfinite(number.real()) && std::isfinite(number.imag());
}

template <class T>
void convolve(const T* input, int64_t size, const T* taps, int64_t count, T* out, int64_t start,
              int64_t outputs) {
  T scratch[room];
  const PaddedLine<T> line(input, size, count, 1, scratch);
  std::reverse_copy(taps, taps + count, line.end);
  line.sum(line.end, start, out, outputs);
}

// The real parts of the taps times both parts of the line, then the imaginary ones.
template <class T>
void convolve(const std::complex<T>* input, int64_t size, const std::complex<T>* taps,
              int64_t count, std::complex<T>* out, int64_t start, int64_t outputs) {
  T scratch[room], turned[room];
  T* const sums = reinterpret_cast<T*>(out);
  const PaddedLine<T> line(reinterpret_cast<const T*>(input), size, count, 2, scratch);
  for (int64_t k = 0; k < count; ++k) line.end[count - 1 - k] = taps[k].real();
  line.sum(line.end, start, sums, outputs);
  for (int64_t k = 0; k < count; ++k) line.end[count - 1 - k] = taps[k].imag();
  line.sum(line.end, start, turned, outputs);
  add_turned(turned, 2 * outputs, sums);
}

template <class E>
bool convolve_any(const E* input, int64_t size, const E* taps, int64_t count, E* out, int64_t start,
                  int64_t outputs) {
  if (!std::all_of(taps, taps + count, [](E tap) { return is_finite(tap); })) return false;
  convolve(input, size, taps, count, out, start, outputs);
  return true;
}

template <class T>
void add_any(const T* numbers, int64_t count, T* sums) {
  for (int64_t i = 0; i < count; i += 2) {
    sums[i] -= numbers[i + 1];
    sums[i + 1] += numbers[i];
  }
}

}  // namespace

bool is_short_line(int64_t size, int64_t count) {
  return size + 3 * count <= room - most_lanes * 2;
}

bool is_short_complex_line(int64_t size, int64_t count) {
  return 2 * size + 5 * count <= room - most_lanes * 2;
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

bool convolve_line(const std::complex<float>* input, int64_t size, const std::complex<float>* taps,
                   int64_t count, std::complex<float>* out, int64_t start, int64_t outputs) {
  return convolve_any(input, size, taps, count, out, start, outputs);
}
bool convolve_line(const std::complex<double>* input, int64_t size,
                   const std::complex<double>* taps, int64_t count, std::complex<double>* out,
                   int64_t start, int64_t outputs) {
  return convolve_any(input, size, taps, count, out, start, outputs);
}

void add_turned(const float* numbers, int64_t count, float* sums) { add_any(numbers, count, sums); }
void add_turned(const double* numbers, int64_t count, double* sums) {
  add_any(numbers, count, sums);
}

}  // namespace faltung
