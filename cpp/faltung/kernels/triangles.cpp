#include "faltung/kernels/triangles.hpp"

#include "faltung/kernels/complex.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

// As wide as the panels of a product of matrices, which makes the factors.
inline constexpr int width = 2;

inline Vector<double> alternating() {
  Vector<double> signs;
  for (int i = 0; i < lanes<double>; ++i) signs[i] = i % 2 ? -1 : 1;
  return signs;
}

void sum(const TriangleSums& sums) {
  Complex<double> left[width] = {}, right[width] = {};
  double sign = sums.first % 2 ? -1 : 1;
  for (int64_t n = 0; n < sums.count; ++n, sign = -sign) {
    const Complex<double> b = broadcast_pair(sums.b + 2 * n);
    for (int j = 0; j < width; ++j) {
      const int64_t at = (n * width + j) * lanes<double>;
      const Complex<double> even = {load(sums.even[0] + at), load(sums.even[1] + at)};
      const Complex<double> odd = {load(sums.odd[0] + at), load(sums.odd[1] + at)};
      left[j] = add_product(left[j], b, even + odd);
      right[j] = add_product(right[j], sign * b, even - odd);
    }
  }
  const Vector<double> signs = alternating();
  for (int j = 0; j < width; ++j) {
    store_pair(sums.left + j * pair<double>, left[j]);
    store_pair(sums.right + j * pair<double>, {signs * right[j].re, signs * right[j].im});
  }
}

}  // namespace

const TriangleKernels triangle_kernels = {lanes<double>, width, sum};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
