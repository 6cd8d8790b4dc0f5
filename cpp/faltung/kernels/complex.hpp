// Vectors of complex numbers. Only kernel files include this header.
#pragma once

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {

template <class T>
struct Complex {
  Vector<T> re, im;
};

// A complex number takes this many elements in memory.
template <class T>
inline constexpr std::int64_t pair = 2 * lanes<T>;

template <class T>
inline Complex<T> load_pair(const T* from) {
  return {load(from), load(from + lanes<T>)};
}

template <class T>
inline void store_pair(T* to, Complex<T> x) {
  store(to, x.re);
  store(to + lanes<T>, x.im);
}

// The same number, its real part at from[0] and its imaginary part at from[1], in every lane.
template <class T>
inline Complex<T> broadcast_pair(const T* from) {
  return {broadcast(from[0]), broadcast(from[1])};
}

template <class T>
inline Complex<T> operator+(Complex<T> x, Complex<T> y) {
  return {x.re + y.re, x.im + y.im};
}

template <class T>
inline Complex<T> operator-(Complex<T> x, Complex<T> y) {
  return {x.re - y.re, x.im - y.im};
}

template <class T>
inline Complex<T> operator*(Complex<T> x, Complex<T> y) {
  return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

template <class T>
inline Complex<T> operator*(T factor, Complex<T> x) {
  return {factor * x.re, factor * x.im};
}

template <class T>
inline Complex<T> times_i(Complex<T> x) {
  return {-x.im, x.re};
}

template <class T>
inline Complex<T> conjugate(Complex<T> x) {
  return {x.re, -x.im};
}

// x + a y in four fused operations.
template <class T>
inline Complex<T> add_product(Complex<T> x, Complex<T> a, Complex<T> y) {
  return {x.re + a.re * y.re - a.im * y.im, x.im + a.re * y.im + a.im * y.re};
}

// x - a y where sum = x + a y is known: 2 x - sum, two fused operations.
template <class T>
inline Complex<T> opposite(Complex<T> x, Complex<T> sum) {
  return {T(2) * x.re - sum.re, T(2) * x.im - sum.im};
}

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
