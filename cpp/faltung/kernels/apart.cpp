// By twos in registers: of two neighbouring vectors the even lanes make one and the odd lanes
// another. By fours that is done twice, and other even steps are made of these. Odd ones are dealt
// out one by one, a block that stays in the first-level cache at a time.
#include "faltung/kernels/apart.hpp"

#include <utility>

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

inline constexpr int64_t block = 64;

template <class T, int Odd, int... I>
FALTUNG_INLINED Vector<T> every_other(const Vector<T>& a, const Vector<T>& b,
                                      std::integer_sequence<int, I...>) {
  return __builtin_shufflevector(a, b, (2 * I + Odd)...);
}

template <class T>
FALTUNG_INLINED void split(const Vector<T>& a, const Vector<T>& b, Vector<T>& even,
                           Vector<T>& odd) {
  constexpr std::make_integer_sequence<int, lanes<T>> all;
  even = every_other<T, 0>(a, b, all);
  odd = every_other<T, 1>(a, b, all);
}

// Returns up to where whole vectors reach.
template <class T>
int64_t by_twos(const T* in, int64_t count, T* out, int64_t pitch) {
  int64_t q = 0;
  for (; q + lanes<T> <= count; q += lanes<T>) {
    const Vector<T> a = load(in + 2 * q), b = load(in + 2 * q + lanes<T>);
    Vector<T> even, odd;
    split<T>(a, b, even, odd);
    store(out + q, even);
    store(out + pitch + q, odd);
  }
  return q;
}

template <class T>
int64_t by_fours(const T* in, int64_t count, T* out, int64_t pitch) {
  int64_t q = 0;
  for (; q + lanes<T> <= count; q += lanes<T>) {
    Vector<T> even[2], odd[2], x[4];
    for (int i = 0; i < 2; ++i) {
      const T* from = in + 4 * q + 2 * i * lanes<T>;
      const Vector<T> a = load(from), b = load(from + lanes<T>);
      split<T>(a, b, even[i], odd[i]);
    }
    split<T>(even[0], even[1], x[0], x[2]);
    split<T>(odd[0], odd[1], x[1], x[3]);
    for (int p = 0; p < 4; ++p) store(out + p * pitch + q, x[p]);
  }
  return q;
}

template <class T>
void one_by_one(const T* in, int64_t step, int64_t count, T* out, int64_t pitch) {
  for (int64_t begin = 0; begin < count; begin += block) {
    const int64_t end = count - begin < block ? count : begin + block;
    for (int64_t p = 0; p < step; ++p)
      for (int64_t q = begin; q < end; ++q) out[p * pitch + q] = in[q * step + p];
  }
}

template <class T>
void take_apart(const T* in, int64_t step, int64_t count, T* out, int64_t pitch) {
  constexpr int64_t room = 2048;
  const int64_t done = step == 2   ? by_twos(in, count, out, pitch)
                       : step == 4 ? by_fours(in, count, out, pitch)
                                   : 0;
  if (done == count) return;
  if (step <= 4 || step % 2 != 0 || step > room / 32)
    return one_by_one(in + done * step, step, count - done, out + done, pitch);
  // Of factor * rest lines first `factor` of all, then each into `rest`.
  const int64_t factor = step % 4 == 0 ? 4 : 2, rest = step / factor;
  T part[room + 4 * lanes<T>];
  for (int64_t begin = 0, size; begin < count; begin += size) {
    size = count - begin < room / step ? count - begin : room / step;
    // Not a power of two apart, which would bring all to the same place of the cache.
    const int64_t apart = size * rest + lanes<T>;
    take_apart(in + begin * step, factor, size * rest, part, apart);
    for (int64_t p = 0; p < factor; ++p)
      take_apart(part + p * apart, rest, size, out + p * pitch + begin, factor * pitch);
  }
}

}  // namespace

const ApartKernels apart_kernels = {take_apart<float>, take_apart<double>,
                                    take_apart<std::uint64_t>};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
