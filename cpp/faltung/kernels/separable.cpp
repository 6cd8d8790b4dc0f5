// Sums along a line and across lines, a tile of outputs in registers at a time.
//
// Along a line every load crosses a cache line, so a load should serve several taps: taps k and
// k + lanes read the same vector for neighbouring vectors of outputs (see kernels/direct.cpp).
//
// Across lines no load does. Input line y serves tap y - l of each output line l:
//
//   input line   0  1  2  3  4        3 taps, a group of 3 lines of outputs
//   output 0     0  1  2
//   output 1        0  1  2
//   output 2           0  1  2
#include "faltung/kernels/separable.hpp"

#include <utility>

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

inline constexpr int along_tile = vector_registers == 32 ? 16 : 8;
inline constexpr int along_step = 4;
inline constexpr int group = vector_registers == 32 ? 6 : 4;
inline constexpr int across_tile = vector_registers == 32 ? 4 : 2;

// --- along a line -------------------------------------------------------------------------------

// Adds the taps j, j + lanes … j + (Spread - 1) lanes for j from first up to last.
template <class T, int Tile, int Spread>
inline void add_spread(Vector<T> (&sum)[Tile], const T* in, const T* taps, std::int64_t first,
                       std::int64_t last) {
  for (std::int64_t j = first; j < last; ++j) {
    Vector<T> weight[Spread];
    for (int s = 0; s < Spread; ++s) weight[s] = broadcast(taps[j + s * lanes<T>]);
#pragma GCC unroll 32
    for (int m = 0; m < Tile + Spread - 1; ++m) {
      Vector<T> x = load(in + j + m * lanes<T>);
      keep<T>(x);
#pragma GCC unroll 4
      for (int s = 0; s < Spread; ++s)
        if (m - s >= 0 && m - s < Tile) sum[m - s] += weight[s] * x;
    }
  }
}

// Adds fewer than four vectors of taps: the first `rest` loads serve one tap more than the others.
template <class T, int Tile>
inline void add_taps(Vector<T> (&sum)[Tile], const T* in, const T* taps, std::int64_t count) {
  const std::int64_t rest = count % lanes<T>;
  switch (count / lanes<T>) {
    case 0:
      return add_spread<T, Tile, 1>(sum, in, taps, 0, rest);
    case 1:
      add_spread<T, Tile, 2>(sum, in, taps, 0, rest);
      return add_spread<T, Tile, 1>(sum, in, taps, rest, lanes<T>);
    case 2:
      add_spread<T, Tile, 3>(sum, in, taps, 0, rest);
      return add_spread<T, Tile, 2>(sum, in, taps, rest, lanes<T>);
    default:
      add_spread<T, Tile, 4>(sum, in, taps, 0, rest);
      return add_spread<T, Tile, 3>(sum, in, taps, rest, lanes<T>);
  }
}

template <class T, int Tile>
inline void along_one_tile(const T* taps, std::int64_t width, std::int64_t spacing, const T* in,
                           T* out) {
  Vector<T> sum[Tile] = {};
  std::int64_t k = 0;
  if (spacing == 1) {
    for (; k + 4 * lanes<T> <= width; k += 4 * lanes<T>)
      add_spread<T, Tile, 4>(sum, in + k, taps + k, 0, lanes<T>);
    add_taps<T, Tile>(sum, in + k, taps + k, width - k);
    k = width;
  }
  for (; k < width; ++k) {
    const Vector<T> weight = broadcast(taps[k]);
    const T* from = in + k * spacing;
    for (int i = 0; i < Tile; ++i) sum[i] += weight * load(from + i * lanes<T>);
  }
  for (int i = 0; i < Tile; ++i) store(out + i * lanes<T>, sum[i]);
}

template <class T>
void along(const T* taps, std::int64_t width, std::int64_t spacing, const T* in, T* out,
           std::int64_t count) {
  std::int64_t x = 0;
  for (; x + along_tile * lanes<T> <= count; x += along_tile * lanes<T>)
    along_one_tile<T, along_tile>(taps, width, spacing, in + x, out + x);
  for (; x < count; x += along_step * lanes<T>)
    along_one_tile<T, along_step>(taps, width, spacing, in + x, out + x);
}

// Sums of 2^j numbers are made of two of 2^(j-1), for every place at once, and a sum of `width` of
// one for each bit of it, so it takes as many additions as it has bits and ones among them:
//
//   width 5 = 1 + 4        x[0] + (x[1] + x[2]) + (x[3] + x[4])
template <class T>
void along_equal(T weight, std::int64_t width, std::int64_t spacing, T* in, T* out,
                 std::int64_t count) {
  const Vector<T> factor = broadcast(weight);
  std::int64_t taken = 0;
  for (std::int64_t power = 1; power <= width; power *= 2) {
    if ((width & power) != 0) {
      const T* from = in + taken * spacing;
      for (std::int64_t x = 0; x < count; x += lanes<T>) {
        const Vector<T> sum = taken == 0 ? load(from + x) : load(out + x) + load(from + x);
        store(out + x, taken + power == width ? factor * sum : sum);
      }
      taken += power;
    }
    if (2 * power > width) break;
    const std::int64_t needed = count + (width - 2 * power) * spacing;
    for (std::int64_t x = 0; x < needed; x += lanes<T>)
      store(in + x, load(in + x) + load(in + x + power * spacing));
  }
}

// --- across lines -------------------------------------------------------------------------------

template <class T>
void slide(T weight, const T* enters, const T* leaves, T* total, std::int64_t count) {
  const Vector<T> factor = broadcast(weight);
  std::int64_t x = 0;
  for (; x + lanes<T> <= count; x += lanes<T>)
    store(total + x, load(total + x) + factor * (load(enters + x) - load(leaves + x)));
  for (; x < count; ++x) total[x] += weight * (enters[x] - leaves[x]);
}

// Adds what input line y contributes to the lines of outputs First … Last.
template <class T, int First, int Last, int Lines, int Tile>
inline void add_line(Vector<T> (&sum)[Lines][Tile], const AcrossLines<T>& sums, std::int64_t y,
                     std::int64_t x) {
  Vector<T> in[Tile];
  const T* from = sums.lines[y] + sums.offset + x;
  for (int i = 0; i < Tile; ++i) {
    in[i] = load(from + i * lanes<T>);
    keep<T>(in[i]);
  }
  const T* taps = sums.taps + y;
#pragma GCC unroll 8
  for (int l = First; l <= Last; ++l) {
    const Vector<T> weight = broadcast(taps[-l]);
    for (int i = 0; i < Tile; ++i) sum[l][i] += weight * in[i];
  }
}

// The first lines, which only the first lines of outputs read, and the last ones.
template <class T, int Lines, int Tile, int... Y>
inline void add_first(Vector<T> (&sum)[Lines][Tile], const AcrossLines<T>& sums,
                      [[maybe_unused]] std::int64_t x, std::integer_sequence<int, Y...>) {
  (add_line<T, 0, Y>(sum, sums, Y, x), ...);
}
template <class T, int Lines, int Tile, int... Y>
inline void add_last(Vector<T> (&sum)[Lines][Tile], const AcrossLines<T>& sums,
                     [[maybe_unused]] std::int64_t x, std::integer_sequence<int, Y...>) {
  (add_line<T, Y + 1, Lines - 1>(sum, sums, sums.width + Y, x), ...);
}

// Fewer taps than lines: each output line by itself.
template <class T, int Lines, int Tile>
inline void add_few(Vector<T> (&sum)[Lines][Tile], const AcrossLines<T>& sums, std::int64_t x) {
  for (std::int64_t k = 0; k < sums.width; ++k) {
    const Vector<T> weight = broadcast(sums.taps[k]);
#pragma GCC unroll 8
    for (int l = 0; l < Lines; ++l) {
      const T* from = sums.lines[l + k] + sums.offset + x;
      for (int i = 0; i < Tile; ++i) sum[l][i] += weight * load(from + i * lanes<T>);
    }
  }
}

template <class T, int Lines, int Tile>
inline void add_all(Vector<T> (&sum)[Lines][Tile], const AcrossLines<T>& sums, std::int64_t x) {
  if (sums.width < Lines) return add_few<T>(sum, sums, x);
  constexpr std::make_integer_sequence<int, Lines - 1> ends;
  add_first<T>(sum, sums, x, ends);
  for (std::int64_t y = Lines - 1; y < sums.width; ++y) add_line<T, 0, Lines - 1>(sum, sums, y, x);
  add_last<T>(sum, sums, x, ends);
}

// A tile of whole vectors. Leaves in `zero` what is not zero where a sum is not finite.
template <class T, int Lines, int Tile>
inline void across_one_tile(const AcrossLines<T>& sums, const LinesOut<T>& out, std::int64_t x,
                            Vector<T>& zero) {
  Vector<T> sum[Lines][Tile] = {};
  add_all<T>(sum, sums, x);
  Vector<T> zeros[Tile] = {};
  for (int l = 0; l < Lines; ++l)
    for (int i = 0; i < Tile; ++i) {
      T* to = out.to + l * out.pitch + x + i * lanes<T>;
      if (out.add) sum[l][i] += load(to);
      zeros[i] += T(0) * sum[l][i];
      store(to, sum[l][i]);
    }
  for (int i = 0; i < Tile; ++i) zero += zeros[i];
}

// What is left of the lines, less than a vector.
template <class T, int Lines>
void across_rest(const AcrossLines<T>& sums, const LinesOut<T>& out, std::int64_t x,
                 Vector<T>& zero) {
  Vector<T> sum[Lines][1] = {};
  add_all<T>(sum, sums, x);
  const auto bytes = sizeof(T) * static_cast<std::size_t>(out.count - x);
  for (int l = 0; l < Lines; ++l) {
    T* to = out.to + l * out.pitch + x;
    T part[lanes<T>] = {}, before[lanes<T>] = {};
    if (out.add) std::memcpy(before, to, bytes);
    std::memcpy(part, &sum[l][0], bytes);
    const Vector<T> total = load(part) + load(before);
    zero += T(0) * total;
    std::memcpy(to, &total, bytes);
  }
}

template <class T, int Lines>
bool across_lines(const AcrossLines<T>& sums, const LinesOut<T>& out) {
  Vector<T> zero = {};
  constexpr std::int64_t whole = across_tile * lanes<T>;
  std::int64_t x = 0;
  for (; x + whole <= out.count; x += whole)
    across_one_tile<T, Lines, across_tile>(sums, out, x, zero);
  // The last tile may overlap the one before it: it computes the same numbers again.
  if (x > 0 && x < out.count && !out.add) {
    across_one_tile<T, Lines, across_tile>(sums, out, out.count - whole, zero);
    x = out.count;
  }
  for (; x + lanes<T> <= out.count; x += lanes<T>) across_one_tile<T, Lines, 1>(sums, out, x, zero);
  if (x < out.count) across_rest<T, Lines>(sums, out, x, zero);
  bool finite = true;
  for (int i = 0; i < lanes<T>; ++i) finite = finite && zero[i] == T(0);
  return finite;
}

template <class T>
bool across(const AcrossLines<T>& sums, const LinesOut<T>& out) {
  return sums.outputs == 1 ? across_lines<T, 1>(sums, out) : across_lines<T, group>(sums, out);
}

}  // namespace

const SeparableKernels separable_kernels = {
    {lanes<float>, along_step * lanes<float>, group, along<float>, across<float>,
     along_equal<float>, slide<float>},
    {lanes<double>, along_step * lanes<double>, group, along<double>, across<double>,
     along_equal<double>, slide<double>},
};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
