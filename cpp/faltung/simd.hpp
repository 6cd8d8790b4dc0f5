// Vector types of the compiler behind named operations. Only kernel files include this header:
// its meaning changes with the instruction set they are compiled for.
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__SSE4_1__)
#include <immintrin.h>
#endif

// For functions that are given vectors by reference: called, they would find them in memory.
#if defined(__GNUC__)
#define FALTUNG_INLINED inline __attribute__((always_inline))
#else
#define FALTUNG_INLINED inline
#endif

namespace faltung::FALTUNG_INSTRUCTION_SET {

#if defined(__AVX512F__)
inline constexpr int vector_bytes = 64;
inline constexpr int vector_registers = 32;
#elif defined(__AVX2__)
inline constexpr int vector_bytes = 32;
inline constexpr int vector_registers = 16;
#elif defined(__aarch64__)
inline constexpr int vector_bytes = 16;
inline constexpr int vector_registers = 32;
#else
inline constexpr int vector_bytes = 16;
inline constexpr int vector_registers = 16;
#endif

template <class T>
using Vector __attribute__((vector_size(vector_bytes))) = T;

template <class T>
inline constexpr int lanes = vector_bytes / static_cast<int>(sizeof(T));

template <class T>
inline Vector<T> load(const T* from) {
  Vector<T> x;
  std::memcpy(&x, from, sizeof x);
  return x;
}

template <class T, class AnyVector>
inline void store(T* to, AnyVector x) {
  std::memcpy(to, &x, sizeof x);
}

template <class T>
inline Vector<T> broadcast(T x) {
  return x - Vector<T>{};
}

// Numbers of 8 and 16 bits as lanes of 32, where the compiler's own conversions fall short.
#if defined(__AVX512BW__)
inline constexpr bool converts_few_bits = true;
using Few8 __attribute__((vector_size(16))) = char;
using Few16 __attribute__((vector_size(32))) = short;

template <class From>
inline Vector<std::int32_t> load_few_bits(const From* from) {
  using Few __attribute__((vector_size(16 * sizeof(From)))) = From;
  constexpr bool is_signed = From(-1) < From(0);
  Few x;
  std::memcpy(&x, from, sizeof x);
  if constexpr (sizeof(From) == 1)
    return is_signed ? __builtin_ia32_pmovsxbd512_mask((Few8)x, Vector<int>{}, -1)
                     : __builtin_ia32_pmovzxbd512_mask((Few8)x, Vector<int>{}, -1);
  else
    return is_signed ? __builtin_ia32_pmovsxwd512_mask((Few16)x, Vector<int>{}, -1)
                     : __builtin_ia32_pmovzxwd512_mask((Few16)x, Vector<int>{}, -1);
}

// Keeps the low 8 or 16 bits of each lane.
template <class To>
inline void store_few_bits(To* to, Vector<std::int32_t> x) {
  if constexpr (sizeof(To) == 1)
    store(to, __builtin_ia32_pmovdb512_mask(x, Few8{}, -1));
  else
    store(to, __builtin_ia32_pmovdw512_mask(x, Few16{}, -1));
}
#else
inline constexpr bool converts_few_bits = false;
template <class From>
Vector<std::int32_t> load_few_bits(const From* from);
template <class To>
void store_few_bits(To* to, Vector<std::int32_t> x);
#endif

// The nearest whole numbers, ties to even; |x| < 2^31.
inline Vector<std::int32_t> nearest(Vector<float> x) {
#if defined(__AVX512F__)
  return (Vector<std::int32_t>)__builtin_ia32_cvtps2dq512_mask(x, Vector<std::int32_t>{}, -1, 4);
#elif defined(__AVX2__)
  return (Vector<std::int32_t>)__builtin_ia32_cvtps2dq256(x);
#elif defined(__SSE2__)
  return (Vector<std::int32_t>)__builtin_ia32_cvtps2dq(x);
#else
  Vector<std::int32_t> y;
  for (int i = 0; i < lanes<float>; ++i) y[i] = static_cast<std::int32_t>(__builtin_rintf(x[i]));
  return y;
#endif
}
inline Vector<std::int32_t> nearest(Vector<std::int32_t> x) { return x; }

// Packs work within 128 bits: of the vectors a, b … they make a0 b0 … a1 b1 …, the parts in pieces
// of `Words` 32 bits. This puts them in order.
template <int Vectors, int... Word>
FALTUNG_INLINED Vector<std::int32_t> in_order(Vector<std::int32_t> x,
                                              std::integer_sequence<int, Word...>) {
  constexpr int parts = vector_bytes / 16, words = 4 / Vectors;
  const auto source = [](int to) constexpr {
    const int piece = to / words, vector = piece / parts, part = piece % parts;
    return (part * Vectors + vector) * words + to % words;
  };
  return __builtin_shufflevector(x, x, source(Word)...);
}

// A vector of numbers of 8 or 16 bits from four or two of whole numbers, saturated.
#if defined(__SSE4_1__)
inline constexpr bool packs_few_bits = true;
#if defined(__AVX512BW__)
#define FALTUNG_PACK(function, a, b) (Vector<std::int32_t>)_mm512_##function((__m512i)a, (__m512i)b)
#elif defined(__AVX2__)
#define FALTUNG_PACK(function, a, b) (Vector<std::int32_t>)_mm256_##function((__m256i)a, (__m256i)b)
#else
#define FALTUNG_PACK(function, a, b) (Vector<std::int32_t>)_mm_##function((__m128i)a, (__m128i)b)
#endif
template <class To>
FALTUNG_INLINED Vector<std::int32_t> pack(const Vector<std::int32_t> (&x)[4 / sizeof(To)]) {
  constexpr bool is_signed = To(-1) < To(0);
  constexpr std::make_integer_sequence<int, lanes<std::int32_t>> words;
  if constexpr (sizeof(To) == 2)
    return in_order<2>(
        is_signed ? FALTUNG_PACK(packs_epi32, x[0], x[1]) : FALTUNG_PACK(packus_epi32, x[0], x[1]),
        words);
  if constexpr (sizeof(To) == 1) {
    const Vector<std::int32_t> low = FALTUNG_PACK(packs_epi32, x[0], x[1]);
    const Vector<std::int32_t> high = FALTUNG_PACK(packs_epi32, x[2], x[3]);
    return in_order<4>(
        is_signed ? FALTUNG_PACK(packs_epi16, low, high) : FALTUNG_PACK(packus_epi16, low, high),
        words);
  }
}
#undef FALTUNG_PACK
#else
inline constexpr bool packs_few_bits = false;
template <class To>
Vector<std::int32_t> pack(const Vector<std::int32_t> (&x)[4 / sizeof(To)]);
#endif

// The nearest whole numbers of two vectors.
#if defined(__AVX512BW__)
inline Vector<std::int32_t> nearest(Vector<double> low, Vector<double> high) {
  // All lanes chosen by a mask: without one, headers of GCC 12 warn of their own code.
  using Half __attribute__((vector_size(32))) = std::int32_t;
  const auto first = (Half)_mm512_maskz_cvtpd_epi32(-1, (__m512d)low);
  const auto second = (Half)_mm512_maskz_cvtpd_epi32(-1, (__m512d)high);
  return __builtin_shufflevector(first, second, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                                 15);
}
#elif defined(__AVX2__)
inline Vector<std::int32_t> nearest(Vector<double> low, Vector<double> high) {
  return (Vector<std::int32_t>)_mm256_set_m128i(_mm256_cvtpd_epi32((__m256d)high),
                                                _mm256_cvtpd_epi32((__m256d)low));
}
#elif defined(__SSE4_1__)
inline Vector<std::int32_t> nearest(Vector<double> low, Vector<double> high) {
  return (Vector<std::int32_t>)_mm_unpacklo_epi64(_mm_cvtpd_epi32((__m128d)low),
                                                  _mm_cvtpd_epi32((__m128d)high));
}
#else
Vector<std::int32_t> nearest(Vector<double> low, Vector<double> high);
#endif

// A number that holds two of 16 bits, the first in the lower half: a lane of pair_products.
using Pair = std::int32_t;

// In each lane the sum of the products of the first and of the second numbers of two pairs.
inline Vector<Pair> pair_products(Vector<Pair> a, Vector<Pair> b) {
#if defined(__AVX512BW__)
  return (Vector<Pair>)__builtin_ia32_pmaddwd512_mask((Vector<short>)a, (Vector<short>)b,
                                                      Vector<Pair>{}, -1);
#elif defined(__AVX2__)
  return (Vector<Pair>)__builtin_ia32_pmaddwd256((Vector<short>)a, (Vector<short>)b);
#elif defined(__SSE2__)
  return (Vector<Pair>)__builtin_ia32_pmaddwd128((Vector<short>)a, (Vector<short>)b);
#else
  // The lower number, its sign brought to the top and back.
  return ((a << 16) >> 16) * ((b << 16) >> 16) + (a >> 16) * (b >> 16);
#endif
}

// sum + a * b; for pairs both products are added.
template <class T>
inline Vector<T> plus_product(Vector<T> sum, Vector<T> a, Vector<T> b) {
  return sum + a * b;
}
template <>
inline Vector<Pair> plus_product<Pair>(Vector<Pair> sum, Vector<Pair> a, Vector<Pair> b) {
  return sum + pair_products(a, b);
}

// Keeps a loaded vector in its register. Without it GCC folds the load into each of its uses and a
// kernel that shares one load among four products becomes bound by loads.
template <class T>
inline void keep(Vector<T>& x) {
#if defined(__x86_64__)
  asm("" : "+v"(x));
#elif defined(__aarch64__)
  asm("" : "+w"(x));
#endif
}

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
