// The bits of |x|, read as whole numbers, are ordered as |x| is, with infinity above all numbers
// and NaN above infinity.
#include "faltung/kernels/largest.hpp"

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

template <class T>
struct Bits;
template <>
struct Bits<float> {
  using Type = std::int32_t;
};
template <>
struct Bits<double> {
  using Type = std::int64_t;
};

template <class T, class Integer>
inline Vector<Integer> larger(Vector<Integer> most, const T* from, Vector<Integer> mask) {
  Vector<Integer> bits;
  std::memcpy(&bits, from, sizeof bits);
  bits &= mask;
  return bits > most ? bits : most;
}

template <class T>
T largest(const T* numbers, int64_t count) {
  using Integer = typename Bits<T>::Type;
  constexpr Integer all_but_sign = static_cast<Integer>(~(std::uint64_t{1} << (sizeof(T) * 8 - 1)));
  const Vector<Integer> mask = all_but_sign - Vector<Integer>{};
  Vector<Integer> most[4] = {};
  int64_t i = 0;
  for (; i + 4 * lanes<T> <= count; i += 4 * lanes<T>)
    for (int j = 0; j < 4; ++j)
      most[j] = larger<T, Integer>(most[j], numbers + i + j * lanes<T>, mask);
  T rest[lanes<T>] = {};
  for (; i < count; i += lanes<T>) {
    for (int64_t j = 0; j < lanes<T>; ++j) rest[j] = i + j < count ? numbers[i + j] : T{0};
    most[0] = larger<T, Integer>(most[0], rest, mask);
  }
  Integer top = 0;
  for (const auto& vector : most)
    for (int j = 0; j < lanes<T>; ++j) top = vector[j] > top ? vector[j] : top;
  T result;
  std::memcpy(&result, &top, sizeof result);
  return result;
}

}  // namespace

const LargestKernels largest_kernels = {largest<float>, largest<double>};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
