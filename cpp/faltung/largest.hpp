// The largest magnitude in an array of any layout.
#pragma once

#include <complex>
#include <cstdint>
#include <vector>

namespace faltung {

struct ArrayAxis {
  std::int64_t size;
  std::int64_t stride;  // in elements, may be negative or zero
};

// The largest |x|; infinity or NaN if there is one. threads <= 0 means the default.
float largest_magnitude(const float* data, std::vector<ArrayAxis> axes, int threads);
double largest_magnitude(const double* data, std::vector<ArrayAxis> axes, int threads);

// Of complex numbers the largest part.
float largest_magnitude(const std::complex<float>* data, std::vector<ArrayAxis> axes, int threads);
double largest_magnitude(const std::complex<double>* data, std::vector<ArrayAxis> axes,
                         int threads);

}  // namespace faltung
