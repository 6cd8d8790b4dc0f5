#include "faltung/functions/rows.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "faltung/kernels/series.hpp"
#include "faltung/threads.hpp"

namespace faltung::functions {

namespace {

using std::int64_t;

// Points that are done together, and multiplications that one task makes at least.
constexpr int64_t together = 4 * series_points;
constexpr int64_t work_of_task = 1 << 18;

int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }

}  // namespace

int64_t used_length(const double* coefficients, int64_t length) {
  while (length > 1 && coefficients[length - 1] == 0) --length;
  return length;
}

void sum_rows(const Series& series, int64_t points, double* values, int threads) {
  const auto& kernels = FALTUNG_KERNELS_IN_USE(series_kernels);
  const int64_t rows = ceiling(work_of_task, series.length * (points + 1));
  parallel_for(ceiling(series.count, rows), threads, [&](int64_t task) {
    std::array<double, together> x{};
    for (int64_t i = task * rows; i < std::min((task + 1) * rows, series.count); ++i) {
      const double* const row = series.row(i);
      const int64_t length = used_length(row, series.length);
      for (int64_t j = 0; j < points; j += together) {
        double* const at = values + i * points + j;
        const int64_t size = std::min(together, points - j);
        std::copy_n(at, size, x.data());
        kernels.sum(row, length, x.data(), size);
        std::copy_n(x.data(), size, at);
      }
    }
  });
}

void weigh_rows(const Series& rows, const double* weights, double* sums, double* roots) {
  for (int64_t i = 0; i < rows.count; ++i) {
    const double* const row = rows.row(i);
    double largest = 0, sum = 0, squares = 0;
    for (int64_t k = 0; k < rows.length; ++k) {
      const double magnitude = std::abs(row[k]);
      // False for NaN as well, which the sum keeps.
      if (magnitude > largest) largest = magnitude;
      sum += weights[k] * magnitude;
    }
    // A power of two near the largest, or nearly so at the ends of the range.
    const double up = largest > 0 && std::isfinite(largest)
                          ? std::ldexp(1.0, -std::clamp(std::ilogb(largest), -1000, 1000))
                          : 1;
    for (int64_t k = 0; k < rows.length; ++k) {
      const double scaled = row[k] * up;
      squares += weights[k] * (scaled * scaled);
    }
    sums[i] = sum;
    roots[i] = std::sqrt(squares) / up;
  }
}

}  // namespace faltung::functions
