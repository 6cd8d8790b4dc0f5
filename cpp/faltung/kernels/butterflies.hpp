// One node of a tree of remainders, split into its children and put together again.
// Only kernel files include this header.
//
// `Butterfly<T, radix>::split(x, powers)` takes one coefficient of each of the radix parts of a
// node and leaves the same coefficient of each child; `join` undoes it, times radix.
#pragma once

#include "faltung/kernels/complex.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {

template <class T, int Radix>
struct Butterfly;

template <class T>
struct Butterfly<T, 2> {
  Complex<T> a;

  explicit Butterfly(const T* powers) : a(broadcast_pair(powers)) {}
  explicit Butterfly(Complex<T> power) : a(power) {}

  void split(Complex<T> (&x)[2]) const {
    const Complex<T> sum = add_product(x[0], a, x[1]);
    x[1] = opposite(x[0], sum);
    x[0] = sum;
  }

  void join(Complex<T> (&x)[2]) const {
    const Complex<T> difference = x[0] - x[1];
    x[0] = x[0] + x[1];
    x[1] = conjugate(a) * difference;
  }
};

// Two levels of radix 2 in one: X^4 - a^4 = (X^2 - a^2)(X^2 + a^2), and each of these again.
template <class T>
struct Butterfly<T, 4> {
  Complex<T> a, square, cube;

  explicit Butterfly(const T* powers)
      : a(broadcast_pair(powers)),
        square(broadcast_pair(powers + 2)),
        cube(broadcast_pair(powers + 4)) {}
  Butterfly(Complex<T> first, Complex<T> second, Complex<T> third)
      : a(first), square(second), cube(third) {}

  void split(Complex<T> (&x)[4]) const {
    const Complex<T> low0 = add_product(x[0], square, x[2]), high0 = opposite(x[0], low0);
    const Complex<T> low1 = add_product(x[1], square, x[3]), high1 = opposite(x[1], low1);
    x[0] = add_product(low0, a, low1);
    x[1] = opposite(low0, x[0]);
    x[2] = add_product(high0, times_i(a), high1);
    x[3] = opposite(high0, x[2]);
  }

  void join(Complex<T> (&x)[4]) const {
    const Complex<T> low = x[0] + x[1], high = x[2] + x[3];
    const Complex<T> low1 = x[0] - x[1], high1 = times_i(x[2] - x[3]);
    x[0] = low + high;
    x[1] = conjugate(a) * (low1 - high1);
    x[2] = conjugate(square) * (low - high);
    x[3] = conjugate(cube) * (low1 + high1);
  }
};

// With w1 = a x1, w2 = a^2 x2: children w0 + w1 + w2 and, z = (-1 + i sqrt 3) / 2,
// w0 - (w1 + w2) / 2 +- i sqrt(3) / 2 (w1 - w2).
template <class T>
struct Butterfly<T, 3> {
  static constexpr T half_root_3 = T(0.866025403784438646763723170752936183);
  Complex<T> a, square;

  explicit Butterfly(const T* powers)
      : a(broadcast_pair(powers)), square(broadcast_pair(powers + 2)) {}

  static void transform(Complex<T> (&x)[3], T sign) {
    const Complex<T> sum = x[1] + x[2];
    const Complex<T> turned = times_i((sign * half_root_3) * (x[1] - x[2]));
    const Complex<T> rest = x[0] - T(0.5) * sum;
    x[0] = x[0] + sum;
    x[1] = rest + turned;
    x[2] = rest - turned;
  }

  void split(Complex<T> (&x)[3]) const {
    x[1] = a * x[1];
    x[2] = square * x[2];
    transform(x, T(1));
  }

  void join(Complex<T> (&x)[3]) const {
    transform(x, T(-1));
    x[1] = conjugate(a) * x[1];
    x[2] = conjugate(square) * x[2];
  }
};

// The transform of five numbers by the sums and differences of opposite ones.
template <class T>
struct Butterfly<T, 5> {
  static constexpr T cos1 = T(0.309016994374947424102293417182819059);
  static constexpr T cos2 = T(-0.809016994374947424102293417182819059);
  static constexpr T sin1 = T(0.951056516295153572116439333379382143);
  static constexpr T sin2 = T(0.587785252292473129168705954639072769);
  const T* powers_;

  explicit Butterfly(const T* powers) : powers_(powers) {}

  static void transform(Complex<T> (&x)[5], T sign) {
    const Complex<T> sum1 = x[1] + x[4], sum2 = x[2] + x[3];
    const Complex<T> difference1 = sign * (x[1] - x[4]), difference2 = sign * (x[2] - x[3]);
    const Complex<T> even1 = x[0] + cos1 * sum1 + cos2 * sum2;
    const Complex<T> even2 = x[0] + cos2 * sum1 + cos1 * sum2;
    const Complex<T> odd1 = times_i(sin1 * difference1 + sin2 * difference2);
    const Complex<T> odd2 = times_i(sin2 * difference1 - sin1 * difference2);
    x[0] = x[0] + sum1 + sum2;
    x[1] = even1 + odd1;
    x[2] = even2 + odd2;
    x[3] = even2 - odd2;
    x[4] = even1 - odd1;
  }

  void split(Complex<T> (&x)[5]) const {
    for (int t = 1; t < 5; ++t) x[t] = broadcast_pair(powers_ + 2 * (t - 1)) * x[t];
    transform(x, T(1));
  }

  void join(Complex<T> (&x)[5]) const {
    transform(x, T(-1));
    for (int t = 1; t < 5; ++t) x[t] = conjugate(broadcast_pair(powers_ + 2 * (t - 1))) * x[t];
  }
};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
