// The convolution of two short lines, without any of the work that large problems need.
#pragma once

#include <complex>
#include <cstdint>

namespace faltung {

// Whether lines of so many numbers and taps are short enough for `convolve_line`.
bool is_short_line(std::int64_t size, std::int64_t count);

// out[i] = sum over k of taps[k] * input[start + i - k] for 0 <= i < outputs, zeros beyond the ends
// of the input: entries [start, start + outputs) of the full convolution. The same bits as
// correlate_directly. False, and nothing written, if a tap is not finite: an infinite tap must not
// meet the zeros beyond the ends.
bool convolve_line(const float* input, std::int64_t size, const float* taps, std::int64_t count,
                   float* out, std::int64_t start, std::int64_t outputs);
bool convolve_line(const double* input, std::int64_t size, const double* taps, std::int64_t count,
                   double* out, std::int64_t start, std::int64_t outputs);

// The same of complex numbers.
bool is_short_complex_line(std::int64_t size, std::int64_t count);
bool convolve_line(const std::complex<float>* input, std::int64_t size,
                   const std::complex<float>* taps, std::int64_t count, std::complex<float>* out,
                   std::int64_t start, std::int64_t outputs);
bool convolve_line(const std::complex<double>* input, std::int64_t size,
                   const std::complex<double>* taps, std::int64_t count, std::complex<double>* out,
                   std::int64_t start, std::int64_t outputs);

// Adds i times `count` / 2 complex numbers to the sums, real and imaginary parts in turn.
void add_turned(const float* numbers, std::int64_t count, float* sums);
void add_turned(const double* numbers, std::int64_t count, double* sums);

// Whether a direct sum of so many products, with so many taps for each output, needs no comparison
// with a transform: few products, or few taps for any number of outputs.
bool direct_is_best(double products, std::int64_t taps);

// Beyond these a direct sum is worth more than one thread.
inline constexpr double few_products = 1 << 18;

}  // namespace faltung
