// The numbers of an array: real ones, or complex ones made of them.
#pragma once

#include <complex>
#include <cstdint>

namespace faltung {

template <class E>
struct ElementOf {
  using Real = E;
};
template <class T>
struct ElementOf<std::complex<T>> {
  using Real = T;
};
template <class E>
using RealOf = typename ElementOf<E>::Real;

// Real numbers in an element.
template <class E>
inline constexpr std::int64_t parts_of = sizeof(E) / sizeof(RealOf<E>);

}  // namespace faltung
