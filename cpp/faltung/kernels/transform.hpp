// The transform of a convolution as a tree of remainders. One implementation for each instruction
// set.
//
// A line of n vectors of numbers is a polynomial modulo X^n - c. Where c = a^r, it is known by its
// remainders modulo X^(n/r) - a z^j, j = 0 … r - 1, z a primitive root of unity of order r: a node
// with r children, each again of that form (Fiduccia, Polynomial evaluation via the division
// algorithm: the fast Fourier transform revisited, STOC 1972). The leaves are polynomials as long
// as one vector of the machine; they are multiplied as they are:
//
//   X^32 - c                            one node, 4 vectors of 8 numbers
//   ├ X^8 - a   ├ X^8 + a   ├ X^8 - ia  └ X^8 + ia       four leaves of one vector
//
// Every number of a node is multiplied by the same constants, so no vector is ever shuffled and
// the tables are short. Complex numbers lie in memory as a vector of real parts followed by a
// vector of imaginary parts.
#pragma once

#include <cstdint>

#include "faltung/instruction_sets.hpp"

namespace faltung {

// All nodes of one level are split into `radix` children: 2, 3, 4 or 5. For node k with constant
// c = a^radix, `powers` holds a, a^2 … a^(radix - 1) at 2 (radix - 1) k, real part first. The
// children of four come in the order a, -a, ia, -ia; the others in the order a z^j.
template <class T>
struct TreeLevel {
  std::int64_t radix;
  const T* powers;
};

// The part of a tree below one node, down to the level before `levels_end`: `size` children are
// there, or leaves if `levels_end` is the end of the tree.
//
// Leaf k of the whole tree is a polynomial modulo X^lanes - c. `leaves` holds c at 2 k if `split`
// is
// 1. Else `split` leaves at a time are split once more, in registers: with c = a^split, it holds
// a, a^2 … for each group of so many leaves, all real parts of one power, then all imaginary ones.
// Where `split` does not divide the number of leaves, a group reaches into the next line, and the
// constants are there for as many lines as make whole groups.
template <class T>
struct Subtree {
  const TreeLevel<T>* level;
  const TreeLevel<T>* levels_end;
  const T* leaves;  // null if the tree ends above the leaves
  std::int64_t split;
  std::int64_t node;
  std::int64_t size;
};

template <class T>
struct TransformKernel {
  std::int64_t lanes;
  std::int64_t groups;  // how many leaves are split together

  // Splits a node into the remainders at its lowest level, and puts them together again, times
  // `size`. Each of the `size` coefficients consists of `width` vectors of complex numbers and
  // begins `pitch` vectors after the one before. The tree has no leaves.
  void (*forward)(T* data, const Subtree<T>& tree, std::int64_t width, std::int64_t pitch);
  void (*backward)(T* data, const Subtree<T>& tree, std::int64_t width, std::int64_t pitch);

  // data := data * spectrum * size * split modulo the node's polynomial, where `to_spectrum` was
  // done to the second factor. The tree has leaves; there are as many lines as its constants are
  // for.
  void (*to_spectrum)(T* data, const Subtree<T>& tree, std::int64_t lines);
  void (*multiply)(T* data, const T* spectrum, const Subtree<T>& tree, std::int64_t lines);

  // Real and imaginary parts, each times `factor`, to and from complex numbers as the transform
  // has them.
  void (*from_parts)(const T* real, const T* imaginary, T* data, std::int64_t vectors, T factor);
  void (*to_parts)(const T* data, T* real, T* imaginary, std::int64_t vectors, T factor);

  // Complex numbers x and y, times `factor`, as the transforms of a complex line have them (see
  // BlockTransform), and back: plus = x + i y, minus = conj(x - i y), and twice x and twice y.
  void (*from_halves)(const T* x, const T* y, T* plus, T* minus, std::int64_t vectors, T factor);
  void (*to_halves)(const T* plus, const T* minus, T* x, T* y, std::int64_t vectors, T factor);
};

struct TransformKernels {
  TransformKernel<float> of_float;
  TransformKernel<double> of_double;
};

#define FALTUNG_DECLARE(isa)                       \
  namespace isa {                                  \
  extern const TransformKernels transform_kernels; \
  }
FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_DECLARE)
#undef FALTUNG_DECLARE

}  // namespace faltung
