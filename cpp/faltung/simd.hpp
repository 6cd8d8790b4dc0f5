// Vector types of the compiler behind named operations. Only kernel files include this header:
// its meaning changes with the instruction set they are compiled for.
#pragma once

#include <cstdint>
#include <cstring>

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
