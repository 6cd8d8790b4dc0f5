// out[x] = sum of tap * in[where it reads + x] over rows of taps, a tile of outputs at a time.
//
// A tile holds `Tile` vectors of outputs in registers. Where a row has more than one vector of
// taps, one load serves all taps that lie whole vectors apart, up to `spread` of them:
//
//   tap k           o0 o1 o2 …        the load at k + 2·lanes is input of
//   tap k + lanes      o0 o1 o2 …     o2 under tap k, o1 under tap k + lanes,
//   tap k + 2·lanes       o0 o1 …     o0 under tap k + 2·lanes
//
// so a tile of 20 needs 23 loads for 80 products and the multiplier, not the load port, is the
// limit. Most loads cross a border of the cache's lines and count twice.
#include "faltung/kernels/direct.hpp"

#include <type_traits>

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

inline constexpr int spread = vector_registers == 32 ? 8 : 3;

template <int First = 0, int...>
inline constexpr int largest = First;

// `spacing` and vectors are powers of two, by which nothing is divided.
inline int log2_of(int64_t power) { return __builtin_ctzll(static_cast<std::uint64_t>(power)); }

// A pair of taps serves two positions of the input, so there is one for every other.
template <class T>
inline constexpr int64_t neighbours = std::is_same_v<T, Pair> ? 2 : 1;

// How many taps lie in one vector.
template <class T>
inline int64_t teeth_of(int64_t spacing) {
  return int64_t{lanes<T>} >> log2_of(spacing);
}

// Adds `Taps` taps, `teeth` apart, whose inputs lie whole vectors apart.
template <class T, int Tile, int Taps>
FALTUNG_INLINED void add_taps(Vector<T> (&sum)[Tile], const T* in, const T* taps, int64_t teeth) {
  Vector<T> weight[Taps];
#pragma GCC unroll 8
  for (int s = 0; s < Taps; ++s) weight[s] = broadcast(taps[s * teeth]);
#pragma GCC unroll 32
  for (int m = 0; m < Tile + Taps - 1; ++m) {
    Vector<T> x = load(in + m * lanes<T>);
    keep<T>(x);
#pragma GCC unroll 8
    for (int s = 0; s < Taps; ++s)
      if (m - s >= 0 && m - s < Tile) sum[m - s] = plus_product<T>(sum[m - s], weight[s], x);
  }
}

// The same for the taps that lie j further, for each j in [begin, end). Neighbouring taps read
// inputs `spacing` apart, which divides a vector.
template <class T, int Tile, int Taps>
FALTUNG_INLINED void add_combs(Vector<T> (&sum)[Tile], const T* in, const T* taps, int64_t spacing,
                               int64_t begin, int64_t end) {
  const int64_t teeth = teeth_of<T>(spacing);
  for (int64_t j = begin; j < end; ++j)
    add_taps<T, Tile, Taps>(sum, in + j * spacing, taps + j, teeth);
}

// The same for combs of `count` taps, 0 <= count <= spread.
template <class T, int Tile>
FALTUNG_INLINED void add_combs(Vector<T> (&sum)[Tile], const T* in, const T* taps, int64_t spacing,
                               int64_t count, int64_t begin, int64_t end) {
  switch (count) {
    case 1:
      return add_combs<T, Tile, 1>(sum, in, taps, spacing, begin, end);
    case 2:
      return add_combs<T, Tile, 2>(sum, in, taps, spacing, begin, end);
    case 3:
      return add_combs<T, Tile, 3>(sum, in, taps, spacing, begin, end);
    default:
      break;
  }
  if constexpr (spread > 3) {
    if (count == 4) return add_combs<T, Tile, 4>(sum, in, taps, spacing, begin, end);
    if (count == 5) return add_combs<T, Tile, 5>(sum, in, taps, spacing, begin, end);
    if (count == 6) return add_combs<T, Tile, 6>(sum, in, taps, spacing, begin, end);
    if (count == 7) return add_combs<T, Tile, 7>(sum, in, taps, spacing, begin, end);
    if (count == 8) return add_combs<T, Tile, 8>(sum, in, taps, spacing, begin, end);
  }
}

// Adds `count` taps of one row: combs whose taps lie `teeth` apart, those at the end of which may
// be a part of a vector, in groups as even as can be. In the last group combs have one tap less
// where j is beyond the part. `spacing` divides a vector.
template <class T, int Tile>
FALTUNG_INLINED void add_row_of_combs(Vector<T> (&sum)[Tile], const T* in, const T* taps,
                                      int64_t count, int64_t spacing) {
  const int64_t teeth = teeth_of<T>(spacing);
  int64_t vectors = (count + teeth - 1) >> log2_of(teeth);
  int64_t groups = (vectors + spread - 1) / spread;
  for (; groups > 1; --groups) {
    const int64_t size = (vectors + groups - 1) / groups;
    add_combs<T, Tile>(sum, in, taps, spacing, size, 0, teeth);
    in += size * lanes<T>;
    taps += size * teeth;
    vectors -= size;
    count -= size * teeth;
  }
  const int64_t part = count - (vectors - 1) * teeth;
  add_combs<T, Tile>(sum, in, taps, spacing, vectors, 0, part);
  add_combs<T, Tile>(sum, in, taps, spacing, vectors - 1, part, teeth);
}

// Neighbouring inputs have a copy of the code of their own, in which the spacing is a constant.
template <class T, int Tile>
FALTUNG_INLINED void add_row(Vector<T> (&sum)[Tile], const T* in, const T* taps, int64_t count,
                             int64_t spacing) {
  if (spacing == neighbours<T>)
    return add_row_of_combs<T, Tile>(sum, in, taps, count, neighbours<T>);
  if (spacing <= lanes<T> && (spacing & (spacing - 1)) == 0)
    return add_row_of_combs<T, Tile>(sum, in, taps, count, spacing);
  for (int64_t k = 0; k < count; ++k) add_taps<T, Tile, 1>(sum, in + k * spacing, taps + k, 1);
}

// The first block of taps is stored, the others are added to what is there.
template <class T, int Tile>
FALTUNG_INLINED void store_block(const Vector<T> (&sum)[Tile], T* out, int64_t step, bool add) {
#pragma GCC unroll 32
  for (int i = 0; i < Tile; ++i) {
    T* to = out + i * step;
    store(to, add ? load(static_cast<const T*>(to)) + sum[i] : sum[i]);
  }
}

// One tile of outputs: as many whole rows as make a block of at most block_taps taps, a longer row
// in pieces.
template <class T, int Tile>
void sum_tile(const TapRows<T>& rows, const T* in, T* out) {
  bool add = false;
  for (int64_t r = 0, first = 0; r < rows.count;) {
    Vector<T> sum[Tile] = {};
    int64_t room = block_taps;
    do {
      const TapRow& row = rows.rows[r];
      const int64_t left = row.width - first;
      if (left > room && room < block_taps) break;
      const int64_t count = left < room ? left : room;
      add_row<T, Tile>(sum, in + row.first_input + first * rows.spacing,
                       rows.taps + row.first_tap + first, count, rows.spacing);
      room -= count;
      first += count;
      if (first == row.width) ++r, first = 0;
    } while (r < rows.count && room > 0);
    store_block<T, Tile>(sum, out, lanes<T>, add);
    add = true;
  }
}

// Tiles of `Tile` vectors from output x on, what is left by the smaller ones. Where the next
// smaller tile would not hold it, it is one tile more, which ends with the last output and begins
// among outputs that are there already: it computes the same numbers again.
//
//   | Tile | Tile |
//             | Tile |
template <class T, int Tile, int... Smaller>
void sum_from(int64_t x, const TapRows<T>& rows, const T* in, T* out, int64_t outputs) {
  constexpr int64_t size = Tile * lanes<T>;
  constexpr int64_t next = sizeof...(Smaller) == 0 ? 0 : largest<Smaller...> * lanes<T>;
  for (; x + size <= outputs; x += size) sum_tile<T, Tile>(rows, in + x, out + x);
  if (x == outputs) return;
  if (outputs - x > next && outputs >= size)
    return sum_tile<T, Tile>(rows, in + outputs - size, out + outputs - size);
  if constexpr (sizeof...(Smaller) > 0) sum_from<T, Smaller...>(x, rows, in, out, outputs);
}

template <class T>
void sum(const TapRows<T>& rows, const T* in, T* out, int64_t outputs) {
  if constexpr (vector_registers == 32)
    sum_from<T, 20, 12, 6, 3, 1>(0, rows, in, out, outputs);
  else
    sum_from<T, 10, 6, 3, 1>(0, rows, in, out, outputs);
}

// --- several lines ----------------------------------------------------------------------------
//
// Tap row j of output line l reads input line l + j, so input line y serves tap row y - l of each
// output line l for which there is such a row:
//
//   input line   0  1  2  3  4  5      3 rows of taps, 4 lines of outputs
//   output 0     0  1  2
//   output 1        0  1  2            every load of an input line is used up to four times
//   output 2           0  1  2
//   output 3              0  1  2

inline constexpr int lines = static_cast<int>(lines_together);

// The vectors of a tile lie next to each other on their lines. Where lines are so short that they
// have but one vector, the tile holds those of other groups of lines:
//
//   next to each other      of other lines
//     line 0  v0 v1 v2        line 0  v0    line 4  v1    line 8  v2
//     line 1  v0 v1 v2        line 1  v0    line 5  v1    line 9  v2
//     …                       …             …             …

// Some neighbouring columns of a strip: `taps` is that of the first of them in the first row.
template <class T>
struct Columns {
  const T* taps;
  int64_t count;
};

// Adds what one input line contributes to the output lines First … Last; `taps` are those for line
// 0, those for the lines below lie before them. The vectors are `step` apart.
template <class T, int Tile, int First, int Last>
FALTUNG_INLINED void add_line(Vector<T> (&sum)[lines][Tile], const TapStrips<T>& all, const T* in,
                              int64_t step, const Columns<T>& columns) {
  const int64_t tap_pitch = all.tap_pitch, spacing = all.spacing;
  const T* taps = columns.taps;
  const T* const end = taps + columns.count;
  do {
    Vector<T> x[Tile];
#pragma GCC unroll 8
    for (int i = 0; i < Tile; ++i) {
      x[i] = load(in + i * step);
      keep<T>(x[i]);
    }
#pragma GCC unroll 4
    for (int l = First; l <= Last; ++l) {
      Vector<T> weight = broadcast(taps[-l * tap_pitch]);
      keep<T>(weight);
#pragma GCC unroll 8
      for (int i = 0; i < Tile; ++i) sum[l][i] = plus_product<T>(sum[l][i], weight, x[i]);
    }
    in += spacing;
  } while (++taps != end);
}

// Columns of two taps at least: down the lines of input, as in the picture above, all columns of a
// line before the next, so that neighbouring loads are of neighbouring numbers.
template <class T, int Tile>
FALTUNG_INLINED void add_columns(Vector<T> (&sum)[lines][Tile], const TapStrips<T>& all,
                                 int64_t rows, const T* in, int64_t step, Columns<T> columns) {
  const auto next = [&] {
    in += all.row_pitch;
    columns.taps += all.tap_pitch;
  };
  add_line<T, Tile, 0, 0>(sum, all, in, step, columns), next();
  add_line<T, Tile, 0, 1>(sum, all, in, step, columns), next();
  if (rows == 2) {
    add_line<T, Tile, 1, 2>(sum, all, in, step, columns), next();
  } else {
    add_line<T, Tile, 0, 2>(sum, all, in, step, columns), next();
    for (int64_t y = 3; y < rows; ++y) add_line<T, Tile, 0, 3>(sum, all, in, step, columns), next();
    add_line<T, Tile, 1, 3>(sum, all, in, step, columns), next();
  }
  add_line<T, Tile, 2, 3>(sum, all, in, step, columns), next();
  add_line<T, Tile, 3, 3>(sum, all, in, step, columns);
}

// Adds columns of one tap, which no two lines of outputs share.
template <class T, int Tile>
FALTUNG_INLINED void add_singles(Vector<T> (&sum)[lines][Tile], const TapStrips<T>& all,
                                 const T* in, int64_t step, const Columns<T>& columns) {
  for (int64_t k = 0; k < columns.count; ++k, in += all.spacing) {
    const Vector<T> weight = broadcast(columns.taps[k]);
#pragma GCC unroll 4
    for (int l = 0; l < lines; ++l)
#pragma GCC unroll 8
      for (int i = 0; i < Tile; ++i)
        sum[l][i] = plus_product<T>(sum[l][i], weight, load(in + l * all.row_pitch + i * step));
  }
}

// Where a tile is read and written.
template <class T>
struct Lines {
  const T* in;
  T* out;
  int64_t step, out_step, out_pitch;
};

// The strips [begin, end) in blocks of `most` columns, each added by add(sum, strip, where it
// reads, columns). The first block is stored, or added too.
template <class T, int Tile, class Add>
FALTUNG_INLINED void sum_strips(const TapStrips<T>& all, const Lines<T>& at, const TapStrip* begin,
                                const TapStrip* end, int64_t most, bool first, const Add& add) {
  for (int64_t k = 0; begin != end; first = false) {
    Vector<T> sum[lines][Tile] = {};
    int64_t room = most;
    do {
      const int64_t left = begin->width - k, count = left < room ? left : room;
      add(sum, *begin, at.in + begin->first_input + k * all.spacing,
          Columns<T>{all.taps + begin->first_tap + k, count});
      room -= count;
      k += count;
      if (k == begin->width) ++begin, k = 0;
    } while (begin != end && room > 0);
#pragma GCC unroll 4
    for (int l = 0; l < lines; ++l)
      store_block<T, Tile>(sum[l], at.out + l * at.out_pitch, at.out_step, !first);
  }
}

// Not inlined: beside it the registers would not do for the sums of taller columns.
template <class T, int Tile>
[[gnu::noinline]] void sum_single_strips(const TapStrips<T>& all, const Lines<T>& at) {
  const auto add = [&](Vector<T>(&sum)[lines][Tile], const TapStrip&, const T* from,
                       const Columns<T>& columns) __attribute__((always_inline)) {
    add_singles<T, Tile>(sum, all, from, at.step, columns);
  };
  sum_strips<T, Tile>(all, at, all.strips + all.tall, all.strips + all.count, block_taps,
                      all.tall == 0, add);
}

// Blocks of at most block_taps taps, each of whole columns with those of the neighbours. Of other
// lines, outputs are one vector next to the other.
template <class T, int Tile, bool OfOtherLines = false>
void sum_lines_tile(const TapStrips<T>& all, const T* in, T* out, int64_t out_pitch) {
  const int64_t step = OfOtherLines ? lines * all.row_pitch : lanes<T>;
  const Lines<T> at{in, out, step, OfOtherLines ? lines * lanes<T> : lanes<T>, out_pitch};
  const auto add = [&](Vector<T>(&sum)[lines][Tile], const TapStrip& strip, const T* from,
                       const Columns<T>& columns) __attribute__((always_inline)) {
    add_columns<T, Tile>(sum, all, strip.rows, from, step, columns);
  };
  sum_strips<T, Tile>(all, at, all.strips, all.strips + all.tall,
                      block_taps / (all.most_rows + lines - 1), true, add);
  if (all.tall < all.count) sum_single_strips<T, Tile>(all, at);
}

template <class T>
void sum_lines_tile(int64_t vectors, const TapStrips<T>& strips, const T* in, T* out,
                    int64_t out_pitch) {
  if constexpr (vector_registers == 32) {
    if (vectors == 5) return sum_lines_tile<T, 5>(strips, in, out, out_pitch);
    if (vectors == 4) return sum_lines_tile<T, 4>(strips, in, out, out_pitch);
    if (vectors == 3) return sum_lines_tile<T, 3>(strips, in, out, out_pitch);
  }
  vectors == 2 ? sum_lines_tile<T, 2>(strips, in, out, out_pitch)
               : sum_lines_tile<T, 1>(strips, in, out, out_pitch);
}

// Tiles as even as can be. As in `sum_from`, the last one ends with the last output.
template <class T>
void sum_lines(const TapStrips<T>& strips, const T* in, T* out, int64_t out_pitch,
               int64_t outputs) {
  constexpr int64_t widest = vector_registers == 32 ? 5 : 2;
  for (int64_t x = 0; x < outputs;) {
    const int64_t left = (outputs - x + lanes<T> - 1) / lanes<T>;
    int64_t vectors = left >= 2 * widest ? widest : left > widest ? (left + 1) / 2 : left;
    if (vectors * lanes<T> > outputs) --vectors;
    const int64_t last = outputs - vectors * lanes<T>, at = x < last ? x : last;
    sum_lines_tile(vectors, strips, in + at, out + at, out_pitch);
    x = at + vectors * lanes<T>;
  }
}

// As many groups of lines at a time as registers hold. The last ones may be summed twice.
template <class T, int Tile>
void sum_vectors_from(int64_t line, const TapStrips<T>& strips, const T* in, T* out,
                      int64_t count) {
  constexpr int64_t size = Tile * lines;
  const auto tile = [&](int64_t at) {
    sum_lines_tile<T, Tile, true>(strips, in + at * strips.row_pitch, out + at * lanes<T>,
                                  lanes<T>);
  };
  for (; line + size <= count; line += size) tile(line);
  if (line == count) return;
  if (count - line > size - lines && count >= size) return tile(count - size);
  if constexpr (Tile > 1) sum_vectors_from<T, Tile - 1>(line, strips, in, out, count);
}

template <class T>
void sum_vectors(const TapStrips<T>& strips, const T* in, T* out, int64_t count) {
  sum_vectors_from<T, vector_registers == 32 ? 5 : 2>(0, strips, in, out, count);
}

}  // namespace

const DirectKernels direct_kernels = {
    {lanes<float>, sum<float>, sum_lines<float>, sum_vectors<float>},
    {lanes<double>, sum<double>, sum_lines<double>, sum_vectors<double>},
    {lanes<std::uint64_t>, sum<std::uint64_t>, sum_lines<std::uint64_t>,
     sum_vectors<std::uint64_t>},
    {lanes<Pair>, sum<Pair>, sum_lines<Pair>, sum_vectors<Pair>},
};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
