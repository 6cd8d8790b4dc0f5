#include "faltung/functions/interpolation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "faltung/kernels/products.hpp"
#include "faltung/threads.hpp"

namespace faltung::functions {

namespace {

using std::int64_t;

// The leading part of a value, of size at most 1, has 21 bits.
constexpr double shift = 1.5 * 0x1p31;

constexpr int64_t rows_of_task = 64;

int64_t round_up(int64_t n, int64_t unit) { return (n + unit - 1) / unit * unit; }

const ProductKernel<double>& kernel() { return FALTUNG_KERNELS_IN_USE(product_double); }

// Matrices of `count` columns, one below the other, in the panels that the kernel reads.
std::vector<double> packed(int64_t count, const std::vector<const double*>& matrices) {
  const int64_t lanes = kernel().lanes, panel = lanes * kernel().vectors_in_panel;
  const int64_t columns = round_up(count, lanes);
  std::vector<double> panels;
  for (int64_t column = 0, width; column < columns; column += width) {
    width = columns - column >= panel ? panel : lanes;
    for (const double* matrix : matrices)
      for (int64_t j = 0; j < count; ++j)
        for (int64_t k = column; k < column + width; ++k)
          panels.push_back(k < count ? matrix[j * count + k] : 0.0);
  }
  return panels;
}

// Two factors whose product is 2^exponent, which itself may be no double.
struct Power {
  explicit Power(int exponent)
      : first(std::ldexp(1.0, exponent / 2)), second(std::ldexp(1.0, exponent - exponent / 2)) {}
  double times(double x) const { return x * first * second; }
  double first, second;
};

int exponent_of(const double* values, int64_t count) {
  double largest = 0;
  for (int64_t j = 0; j < count; ++j) largest = std::max(largest, std::abs(values[j]));
  int exponent = 0;
  if (std::isfinite(largest)) std::frexp(largest, &exponent);
  return exponent;
}

std::vector<int64_t> multiples(int64_t count, int64_t stride) {
  std::vector<int64_t> offsets(static_cast<std::size_t>(count));
  for (int64_t i = 0; i < count; ++i) offsets[i] = i * stride;
  return offsets;
}

}  // namespace

Interpolation::Interpolation(int64_t count, const double* whole, const double* leading,
                             const double* rest)
    : count_(count),
      columns_(round_up(count, kernel().lanes)),
      leading_(packed(count, {leading})),
      rest_(packed(count, {rest, whole})) {}

void Interpolation::coefficients(const double* values, int64_t rows, double* results,
                                 int threads) const {
  parallel_for((rows + rows_of_task - 1) / rows_of_task, threads, [&](int64_t task) {
    const int64_t first = task * rows_of_task;
    do_rows(values + first * count_, std::min(rows_of_task, rows - first),
            results + first * count_);
  });
}

void Interpolation::do_rows(const double* values, int64_t rows, double* results) const {
  // h and v - h of each row, next to each other.
  std::vector<double> split(2 * rows * count_);
  std::vector<int> exponents(rows);
  for (int64_t i = 0; i < rows; ++i) {
    const double* const row = values + i * count_;
    exponents[i] = exponent_of(row, count_);
    const Power scale(-exponents[i]);
    double* const high = split.data() + 2 * i * count_;
    for (int64_t j = 0; j < count_; ++j) {
      const double scaled = scale.times(row[j]);
      high[j] = (scaled + shift) - shift;
      high[count_ + j] = scaled - high[j];
    }
  }
  std::vector<double> exact(rows * columns_), small(rows * columns_);
  const std::vector<int64_t> places = multiples(rows, 2 * count_), steps = multiples(2 * count_, 1);
  kernel().multiply({split.data(), places.data(), rows, steps.data(), count_, leading_.data(),
                     columns_, nullptr, exact.data()});
  kernel().multiply({split.data(), places.data(), rows, steps.data(), 2 * count_, rest_.data(),
                     columns_, nullptr, small.data()});
  const double factor = 2 / static_cast<double>(count_);
  for (int64_t i = 0; i < rows; ++i) {
    const Power scale(exponents[i]);
    double* const to = results + i * count_;
    for (int64_t k = 0; k < count_; ++k) {
      const double total = factor * (exact[i * columns_ + k] + small[i * columns_ + k]);
      to[k] = scale.times(k == 0 ? 0.5 * total : total);
    }
  }
}

}  // namespace faltung::functions
