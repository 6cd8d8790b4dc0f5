// Plain loops, which compilers turn into vectors; where they do it badly, numbers of 8 and 16 bits
// go through vectors of 32.
#include "faltung/kernels/narrow.hpp"

#include <cstddef>
#include <type_traits>

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

template <class From, class T>
void widen(const void* from, int64_t count, T* __restrict to) {
  const From* numbers = static_cast<const From*>(from);
  int64_t i = 0;
  if constexpr (converts_few_bits && sizeof(From) <= 2 && sizeof(T) == 4)
    for (; i + lanes<T> <= count; i += lanes<T>)
      store(to + i, __builtin_convertvector(load_few_bits(numbers + i), Vector<T>));
  for (; i < count; ++i) to[i] = static_cast<T>(numbers[i]);
}

template <class To>
struct Limits {
  static constexpr std::int32_t least = std::is_signed_v<To> ? -(1 << (sizeof(To) * 8 - 1)) : 0;
  static constexpr std::int32_t most = least + (1 << (sizeof(To) * 8)) - 1;
};

inline std::int32_t whole(float x) { return static_cast<std::int32_t>(__builtin_rintf(x)); }
inline std::int32_t whole(double x) { return static_cast<std::int32_t>(__builtin_rint(x)); }
inline std::int32_t whole(std::int32_t x) { return x; }

// Sums in double may be larger than 32 bits hold.
inline Vector<double> within_32_bits(Vector<double> x) {
  constexpr double least = -0x1p31, most = 0x1p31 - 1;
  x = x < least ? broadcast(least) : x;
  return x > most ? broadcast(most) : x;
}

template <class T, class To>
FALTUNG_INLINED void narrow_vector(const T* from, To* to) {
  constexpr int parts = 4 / sizeof(To);
  Vector<std::int32_t> x[parts];
  for (int p = 0; p < parts; ++p) {
    if constexpr (sizeof(T) == 4)
      x[p] = nearest(load(from + p * lanes<T>));
    else
      x[p] = nearest(within_32_bits(load(from + 2 * p * lanes<T>)),
                     within_32_bits(load(from + (2 * p + 1) * lanes<T>)));
  }
  store(to, pack<To>(x));
}

template <class T, class To>
void narrow_few_bits(const T* from, int64_t count, To* __restrict to) {
  constexpr std::int32_t least = Limits<To>::least, most = Limits<To>::most;
  int64_t i = 0;
  // The last vector may overlap the one before it.
  if constexpr (packs_few_bits)
    if (count >= lanes<To>) {
      for (; i + lanes<To> <= count; i += lanes<To>) narrow_vector(from + i, to + i);
      if (i < count) narrow_vector(from + count - lanes<To>, to + count - lanes<To>);
      return;
    }
  if constexpr (converts_few_bits && sizeof(T) == 4)
    for (; i + lanes<T> <= count; i += lanes<T>) {
      Vector<std::int32_t> x = nearest(load(from + i));
      x = x < least ? broadcast(least) : x;
      x = x > most ? broadcast(most) : x;
      store_few_bits(to + i, x);
    }
  for (; i < count; ++i) {
    T x = from[i];
    x = x < static_cast<T>(least) ? static_cast<T>(least) : x;
    x = x > static_cast<T>(most) ? static_cast<T>(most) : x;
    to[i] = static_cast<To>(whole(x));
  }
}

// A float that is whole and below 2^24 goes by way of 32 bits, for which every machine has vectors.
template <class T, class To>
void narrow(const T* from, int64_t count, void* to) {
  To* __restrict numbers = static_cast<To*>(to);
  if constexpr (sizeof(To) <= 2)
    narrow_few_bits(from, count, numbers);
  else if constexpr (std::is_same_v<T, float>)
    for (int64_t i = 0; i < count; ++i)
      numbers[i] = static_cast<To>(static_cast<std::int32_t>(from[i]));
  else
    for (int64_t i = 0; i < count; ++i) numbers[i] = static_cast<To>(static_cast<int64_t>(from[i]));
}

// The bits that occur in any of the numbers, those of -1 - x for a negative x.
template <class From>
std::uint64_t bound(const void* from, int64_t count) {
  using Bits = std::make_unsigned_t<From>;
  const From* numbers = static_cast<const From*>(from);
  Bits bits = 0;
  for (int64_t i = 0; i < count; ++i) {
    const From x = numbers[i];
    bits = static_cast<Bits>(bits | static_cast<Bits>(std::is_signed_v<From> && x < 0 ? ~x : x));
  }
  return bits + std::uint64_t{std::is_signed_v<From>};
}

void pair_up(std::int32_t* line, int64_t count, int64_t distance) {
  for (int64_t i = 0; i < count; ++i) {
    const auto low = static_cast<std::uint32_t>(line[i]) & 0xffffU;
    const auto high = static_cast<std::uint32_t>(line[i + distance]) << 16;
    line[i] = static_cast<std::int32_t>(low | high);
  }
}

}  // namespace

#define FALTUNG_FOR_EACH_TYPE(FUNCTION, ...)                                  \
  {FUNCTION(std::int8_t, __VA_ARGS__),  FUNCTION(std::uint8_t, __VA_ARGS__),  \
   FUNCTION(std::int16_t, __VA_ARGS__), FUNCTION(std::uint16_t, __VA_ARGS__), \
   FUNCTION(std::int32_t, __VA_ARGS__), FUNCTION(std::uint32_t, __VA_ARGS__), \
   FUNCTION(std::int64_t, __VA_ARGS__), FUNCTION(std::uint64_t, __VA_ARGS__)}
#define FALTUNG_WIDEN(type, sums) widen<type, sums>
#define FALTUNG_NARROW(type, sums) narrow<sums, type>
#define FALTUNG_BOUND(type, unused) bound<type>
#define FALTUNG_CONVERSIONS(sums) \
  {FALTUNG_FOR_EACH_TYPE(FALTUNG_WIDEN, sums), FALTUNG_FOR_EACH_TYPE(FALTUNG_NARROW, sums)}

const NarrowKernels narrow_kernels = {
    FALTUNG_CONVERSIONS(float),
    FALTUNG_CONVERSIONS(double),
    FALTUNG_CONVERSIONS(std::int32_t),
    FALTUNG_FOR_EACH_TYPE(FALTUNG_BOUND, unused),
    pair_up,
};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
