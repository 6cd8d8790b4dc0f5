// Exponential, logarithm and roots of unity in double-double, and complex numbers of that kind.
//
// Each reduces its argument exactly and sums Taylor's series to the end of the precision; the
// errors that are stated are multiples of u^2, u = 2^-53.
#pragma once

#include <cstdint>

#include "faltung/double_double.hpp"

namespace faltung::laws {

inline constexpr double roundoff_squared = 0x1p-106;

struct Complex {
  DoubleDouble real, imag;
};

// Error at most 12 u^2 |a| |b|: two products and a sum in each part, and sqrt(2) for both.
inline Complex operator*(const Complex& a, const Complex& b) {
  return {a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
}
inline Complex operator*(const Complex& a, DoubleDouble b) { return {a.real * b, a.imag * b}; }

// a / b, error at most 48 u^2 |a / b|.
Complex quotient(const Complex& a, const Complex& b);

// z^n for n >= 1 by squaring, |z| <= 1: error at most 24 n u^2 |z|^n as long as that is small.
Complex power(Complex z, std::int64_t n);

// value * 2^exponent with a value near 1, so that no exponential overflows.
struct Scaled {
  DoubleDouble value;
  int exponent = 0;

  DoubleDouble number() const;  // rounded where it underflows
};

// e^x for |x| < 10^9, relative error at most (64 + 4 |x|) u^2.
Scaled exponential(DoubleDouble x);

// log x, error at most (128 + 8 |log x|) u^2.
DoubleDouble logarithm(const Scaled& x);

// e^(2 pi i j / 2^bits), error at most 64 u^2; j is taken modulo 2^bits, bits <= 52.
Complex root_of_unity(std::uint64_t j, int bits);

}  // namespace faltung::laws
