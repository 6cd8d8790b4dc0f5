// Powers of two that bring operands to a largest entry in [1, 2), so that no sum overflows.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace faltung {

// The exponent e of 2^e <= largest < 2^(e + 1), that of the smallest normal number for what
// is below it, that of 1 for nothing but zeros.
template <class T>
int exponent_of(T largest) {
  if (largest == T{0}) return 0;
  return std::max(std::ilogb(largest), std::numeric_limits<T>::min_exponent - 1);
}

// The powers of two by which one line of input and its taps are scaled, and those that scale the
// product back: two, because the first alone might overflow.
template <class T>
struct Scaling {
  T input, taps, factor, second_factor;

  Scaling(int input_exponent, int taps_exponent, double divisor)
      : input(std::ldexp(T{1}, -input_exponent)), taps(std::ldexp(T{1}, -taps_exponent)) {
    const int exponent = input_exponent + taps_exponent;
    const bool at_once = std::abs(exponent) < std::numeric_limits<T>::max_exponent / 2;
    const int second = at_once ? 0 : exponent - exponent / 2;
    factor = static_cast<T>(std::ldexp(1 / divisor, exponent - second));
    second_factor = std::ldexp(T{1}, second);
  }
};

}  // namespace faltung
