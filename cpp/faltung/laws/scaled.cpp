#include "faltung/laws/scaled.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace faltung::laws {
namespace {

constexpr DoubleDouble log_two = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

constexpr int halvings = 9;       // |r| / 2^9 <= 2^-10.5
constexpr int series_terms = 10;  // the rest is below (2^-10.5)^11 / 11! < 2^-140

// exp(r) for |r| <= log(2) / 2: Taylor's series of r / 2^9, then 9 squarings of 1 + s kept as s.
DoubleDouble exponential(DoubleDouble r) {
  const double scale = power_of_two(-halvings);
  const DoubleDouble x = {r.high * scale, r.low * scale};
  DoubleDouble sum;
  for (int k = series_terms; k > 0; --k) sum = (sum + 1.0) * x / static_cast<double>(k);
  for (int i = 0; i < halvings; ++i) sum = sum * sum + sum * 2.0;
  return sum + 1.0;
}

}  // namespace

double power_of_two(std::int64_t exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

ScaledNumber normalized(DoubleDouble mantissa, std::int64_t exponent) {
  if (mantissa.high == 0) return {};
  int shift = 0;
  const double high = std::frexp(mantissa.high, &shift);
  return {{high, std::ldexp(mantissa.low, -shift)}, exponent + shift};
}

ScaledNumber operator+(const ScaledNumber& a, const ScaledNumber& b) {
  constexpr std::int64_t negligible = 150;
  if (a.mantissa.high == 0) return b;
  if (b.mantissa.high == 0) return a;
  if (a.exponent < b.exponent) return b + a;
  const std::int64_t below = a.exponent - b.exponent;
  if (below > negligible) return a;
  const double scale = power_of_two(-below);
  const DoubleDouble other = {b.mantissa.high * scale, b.mantissa.low * scale};
  return normalized(a.mantissa + other, a.exponent);
}

ScaledNumber operator*(const ScaledNumber& a, const ScaledNumber& b) {
  return normalized(a.mantissa * b.mantissa, a.exponent + b.exponent);
}

ScaledNumber ScaledView::at(std::int64_t i) const {
  return {{high[i], low == nullptr ? 0.0 : low[i]}, exponents[i]};
}

ScaledVector::ScaledVector(std::int64_t length, bool with_low)
    : high(length), low(with_low ? length : 0), exponents(length) {}

ScaledVector::ScaledVector(const ScaledView& view)
    : high(view.high, view.high + view.length),
      exponents(view.exponents, view.exponents + view.length) {
  if (view.low != nullptr) low.assign(view.low, view.low + view.length);
}

ScaledView ScaledVector::view() const {
  return {high.data(), low.empty() ? nullptr : low.data(), exponents.data(), length()};
}

void ScaledVector::set(std::int64_t i, const ScaledNumber& number) {
  high[i] = number.mantissa.high;
  if (!low.empty()) low[i] = number.mantissa.low;
  exponents[i] = number.exponent;
}

ScaledVector multiplied(const ScaledView& numbers, const ScaledNumber& factor) {
  ScaledVector products(numbers.length, true);
  for (std::int64_t i = 0; i < numbers.length; ++i) products.set(i, numbers.at(i) * factor);
  return products;
}

ScaledVector prefix_sums(const ScaledView& numbers, bool backwards) {
  const std::int64_t n = numbers.length;
  ScaledVector sums(n + 1, true);
  ScaledNumber sum;
  for (std::int64_t k = 0; k < n; ++k) {
    sum = sum + numbers.at(backwards ? n - 1 - k : k);
    sums.set(backwards ? n - 1 - k : k + 1, sum);
  }
  return sums;
}

ScaledVector exponentials(const double* logarithms, std::int64_t length) {
  ScaledVector numbers(length, true);
  for (std::int64_t i = 0; i < length; ++i) {
    if (std::isinf(logarithms[i])) continue;
    const double count = std::nearbyint(logarithms[i] / log_two.high);
    const DoubleDouble rest = DoubleDouble{logarithms[i], 0} - log_two * count;
    numbers.set(i, normalized(exponential(rest), static_cast<std::int64_t>(count)));
  }
  return numbers;
}

}  // namespace faltung::laws
