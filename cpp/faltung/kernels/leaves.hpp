// Products of the leaves of a tree of remainders: polynomials as long as a vector.
// Only kernel files include this header.
//
// Multiplied as they are, they cost as much as several levels of the tree. Where `groups` leaves
// stand side by side, their vectors are regrouped so that the tree can go on, down to polynomials
// as long as 128 bits (the picture is of two groups, c0 … c3 the parts of a leaf c):
//
//   a0 a1      a0 b0                    a0 + r a1   b0 + s b1      two polynomials of leaf a
//   b0 b1  →   a1 b1  → one level →     a0 - r a1   b0 - s b1      and two of leaf b
//
// What a level multiplies with is now different from group to group.
#pragma once

#include <utility>

#include "faltung/kernels/butterflies.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {

// Groups of 128 bits in a vector and numbers in a group.
inline constexpr int groups = vector_bytes / 16;
template <class T>
inline constexpr int group_lanes = lanes<T> / groups;

template <class T>
using AllLanes = std::make_integer_sequence<int, lanes<T>>;

// In every group of `Size` lanes: lane J of a.
template <int Size, int J, class T, int... K>
inline Vector<T> repeat(Vector<T> a, std::integer_sequence<int, K...>) {
  return __builtin_shufflevector(a, a, (K / Size * Size + J)...);
}

// In every group of `Size` lanes: those of b moved up by J; those of `wrapped` come in from below:
//   wrapped[Size-J] … wrapped[Size-1] b[0] … b[Size-1-J]
template <int Size, int J, class T, int... K>
inline Vector<T> rotate(Vector<T> wrapped, Vector<T> b, std::integer_sequence<int, K...>) {
  if constexpr (J == 0) return b;
  return __builtin_shufflevector(wrapped, b, (K % Size < J ? K + Size - J : lanes<T> + K - J)...);
}

// a b modulo X^Size - c in every group: the sum over j of a[j] times b moved up by j, what leaves
// at the top coming back at the bottom, times c.
template <int Size, class T, int... J>
inline Complex<T> multiply_groups(Complex<T> a, Complex<T> b, Complex<T> c,
                                  std::integer_sequence<int, J...>) {
  const Complex<T> wrapped = c * b;
  Vector<T> re_re{}, im_im{}, re_im{}, im_re{};
  const auto add = [&](Complex<T> one, Complex<T> moved) {
    re_re += one.re * moved.re;
    im_im += one.im * moved.im;
    re_im += one.re * moved.im;
    im_re += one.im * moved.re;
  };
  (add({repeat<Size, J, T>(a.re, AllLanes<T>{}), repeat<Size, J, T>(a.im, AllLanes<T>{})},
       {rotate<Size, J, T>(wrapped.re, b.re, AllLanes<T>{}),
        rotate<Size, J, T>(wrapped.im, b.im, AllLanes<T>{})}),
   ...);
  return {re_re - im_im, re_im + im_re};
}

// The same for one polynomial as long as a vector; its coefficients are read one by one.
template <class T, int... J>
inline void multiply_leaf(T* a, const T* b_data, Complex<T> c, std::integer_sequence<int, J...>) {
  const Complex<T> b = load_pair(b_data), wrapped = c * b;
  Vector<T> re_re{}, im_im{}, re_im{}, im_re{};
  const auto add = [&](T re, T im, Complex<T> moved) {
    re_re += re * moved.re;
    im_im += im * moved.im;
    re_im += re * moved.im;
    im_re += im * moved.re;
  };
  (add(a[J], a[lanes<T> + J],
       {rotate<lanes<T>, J, T>(wrapped.re, b.re, AllLanes<T>{}),
        rotate<lanes<T>, J, T>(wrapped.im, b.im, AllLanes<T>{})}),
   ...);
  store_pair<T>(a, {re_re - im_im, re_im + im_re});
}

// Every lane of group g is from[g]; a whole vector is read.
template <class T, int... K>
inline Vector<T> spread(const T* from, std::integer_sequence<int, K...>) {
  const Vector<T> x = load(from);
  return __builtin_shufflevector(x, x, (K / group_lanes<T>)...);
}

// Lane k of the result is lane (A if the group of k is even, else B)...: two groups of a, two of b.
template <int A, int B, class T, int... K>
inline Vector<T> two_groups(Vector<T> a, Vector<T> b, std::integer_sequence<int, K...>) {
  constexpr int size = group_lanes<T>, half = lanes<T> / 2;
  return __builtin_shufflevector(
      a, b,
      (K / half * lanes<T> + (K / size % (groups > 1 ? groups / 2 : 1) == 0 ? A : B) * size +
       K % size)...);
}

// Group g of x[h] and group h of x[g] change places.
template <class T>
inline void regroup(Vector<T> (&x)[2]) {
  const Vector<T> a = x[0], b = x[1];
  x[0] = two_groups<0, 0, T>(a, b, AllLanes<T>{});
  x[1] = two_groups<1, 1, T>(a, b, AllLanes<T>{});
}

template <class T>
inline void regroup(Vector<T> (&x)[4]) {
  const Vector<T> even01 = two_groups<0, 2, T>(x[0], x[1], AllLanes<T>{});
  const Vector<T> even23 = two_groups<0, 2, T>(x[2], x[3], AllLanes<T>{});
  const Vector<T> odd01 = two_groups<1, 3, T>(x[0], x[1], AllLanes<T>{});
  const Vector<T> odd23 = two_groups<1, 3, T>(x[2], x[3], AllLanes<T>{});
  x[0] = two_groups<0, 2, T>(even01, even23, AllLanes<T>{});
  x[1] = two_groups<0, 2, T>(odd01, odd23, AllLanes<T>{});
  x[2] = two_groups<1, 3, T>(even01, even23, AllLanes<T>{});
  x[3] = two_groups<1, 3, T>(odd01, odd23, AllLanes<T>{});
}

template <class T, int Count>
inline void regroup(Complex<T> (&x)[Count]) {
  Vector<T> re[Count], im[Count];
  for (int j = 0; j < Count; ++j) re[j] = x[j].re, im[j] = x[j].im;
  regroup<T>(re);
  regroup<T>(im);
  for (int j = 0; j < Count; ++j) x[j] = {re[j], im[j]};
}

// `groups` leaves and the level inside them. `powers` holds a, a^2 … a^(groups - 1) for each of
// their constants a^groups: real parts of the first power for all leaves, imaginary parts, …
template <class T>
struct LeafLevel {
  Butterfly<T, groups> butterfly;

  explicit LeafLevel(const T* powers) : butterfly(power(powers)) {}

  static Butterfly<T, groups> power(const T* powers) {
    const auto at = [&](int t) -> Complex<T> {
      return {spread(powers + 2 * groups * t, AllLanes<T>{}),
              spread(powers + 2 * groups * t + groups, AllLanes<T>{})};
    };
    if constexpr (groups == 4)
      return Butterfly<T, 4>(at(0), at(1), at(2));
    else
      return Butterfly<T, 2>(at(0));
  }

  void split(Complex<T> (&x)[groups]) const {
    regroup<T, groups>(x);
    butterfly.split(x);
  }

  void join(Complex<T> (&x)[groups]) const {
    butterfly.join(x);
    regroup<T, groups>(x);
  }

  // The constants of the children are a, -a, and for four i a, -i a.
  void multiply(Complex<T> (&x)[groups], const T* b) const {
    constexpr auto all = std::make_integer_sequence<int, group_lanes<T>>{};
    const Complex<T> a = butterfly.a;
    for (int j = 0; j < groups; ++j) {
      const Complex<T> turned = j < 2 ? a : times_i(a);
      const Complex<T> c = j % 2 == 0 ? turned : T(-1) * turned;
      x[j] = multiply_groups<group_lanes<T>, T>(x[j], load_pair(b + j * pair<T>), c, all);
    }
  }
};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
