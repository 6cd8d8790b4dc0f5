#include "faltung/laws/elementary.hpp"

#include <cmath>

namespace faltung::laws {

namespace {

constexpr DoubleDouble log_of_two = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
constexpr DoubleDouble two_pi = {0x1.921fb54442d18p+2, 0x1.1a62633145c07p-52};

// Taylor's series of e^x - 1, |x| <= 0.35: the 27th term is below 2^-110 of the first.
DoubleDouble series_of_exponential(DoubleDouble x) {
  DoubleDouble term = x, sum = x;
  for (int k = 2; k <= 27; ++k) {
    term = term * x / static_cast<double>(k);
    sum = sum + term;
  }
  return sum;
}

// cos x and sin x for 0 <= x <= pi / 4: the terms of degree 30 are below 2^-110.
Complex cosine_and_sine(DoubleDouble x) {
  const DoubleDouble square = -(x * x);
  Complex term = {{1, 0}, x}, sum = term;
  for (int k = 1; k <= 14; ++k) {
    term.real = term.real * square / static_cast<double>((2 * k - 1) * (2 * k));
    term.imag = term.imag * square / static_cast<double>((2 * k) * (2 * k + 1));
    sum.real = sum.real + term.real;
    sum.imag = sum.imag + term.imag;
  }
  return sum;
}

}  // namespace

Complex quotient(const Complex& a, const Complex& b) {
  const DoubleDouble size = b.real * b.real + b.imag * b.imag;
  const Complex product = a * Complex{b.real, -b.imag};
  return {product.real / size, product.imag / size};
}

Complex power(Complex z, std::int64_t n) {
  Complex result = z;
  bool started = false;
  for (; n > 0; n >>= 1) {
    if (n & 1) {
      result = started ? result * z : z;
      started = true;
    }
    if (n > 1) z = z * z;
  }
  return result;
}

DoubleDouble Scaled::number() const {
  return {std::ldexp(value.high, exponent), std::ldexp(value.low, exponent)};
}

Scaled exponential(DoubleDouble x) {
  const double k = std::nearbyint(x.high / log_of_two.high);
  const DoubleDouble rest = x - log_of_two * k;
  return {series_of_exponential(rest) + 1.0, static_cast<int>(k)};
}

DoubleDouble logarithm(const Scaled& x) {
  // v e^-y = 1 + d with |d| of a few ulp of y, and log(1 + d) = d - d^2 / 2 up to d^3.
  const double y = std::log(x.value.high);
  const DoubleDouble d = x.value * exponential({-y, 0}).number() + -1.0;
  return d - d * d * 0.5 + y + log_of_two * static_cast<double>(x.exponent);
}

Complex root_of_unity(std::uint64_t j, int bits) {
  const std::uint64_t whole = std::uint64_t{1} << bits;
  j &= whole - 1;
  const bool lower = 2 * j > whole;  // the lower half plane is the mirror of the upper
  if (lower) j = whole - j;
  const bool left = 4 * j > whole;  // and the left half of that the mirror of the right
  if (left) j = whole / 2 - j;
  const bool steep = 8 * j > whole;
  const double turn =
      steep ? std::ldexp(static_cast<double>(whole) - 4 * static_cast<double>(j), -bits - 2)
            : std::ldexp(static_cast<double>(j), -bits);
  Complex z = cosine_and_sine(two_pi * turn);
  if (steep) z = {z.imag, z.real};
  if (left) z.real = -z.real;
  if (lower) z.imag = -z.imag;
  return z;
}

}  // namespace faltung::laws
