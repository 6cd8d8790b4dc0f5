// out[x] = sum of taps[r, k] * in[offset[r] + k * spacing + x], a tile of outputs at a time.
//
// A tile holds `Tile` vectors of outputs in registers. Where a row has at least Spread vectors of
// taps, one load serves Spread of them:
//
//   tap k           o0 o1 o2 …        the load at k + 2·lanes is input of
//   tap k + lanes      o0 o1 o2 …     o2 under tap k, o1 under tap k + lanes,
//   tap k + 2·lanes       o0 o1 …     o0 under tap k + 2·lanes
//
// so a tile of 20 needs 23 loads for 80 products and the multiplier, not the load port, is the
// limit.
#include "faltung/kernels/direct.hpp"

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

inline constexpr int spread = vector_registers == 32 ? 4 : 3;
inline constexpr int wide_tile = vector_registers == 32 ? 20 : 10;
inline constexpr int narrow_tile = 4;

template <class T, int Tile>
inline void add_single_tap(Vector<T> (&sum)[Tile], const T* in, T tap) {
  const Vector<T> weight = broadcast(tap);
  for (int i = 0; i < Tile; ++i) sum[i] += weight * load(in + i * lanes<T>);
}

template <class T, int Tile>
inline void add_spread_taps(Vector<T> (&sum)[Tile], const T* in, const T* taps) {
  Vector<T> weight[spread];
  for (int s = 0; s < spread; ++s) weight[s] = broadcast(taps[s * lanes<T>]);
#pragma GCC unroll 32
  for (int m = 0; m < Tile + spread - 1; ++m) {
    Vector<T> x = load(in + m * lanes<T>);
    keep<T>(x);
#pragma GCC unroll 4
    for (int s = 0; s < spread; ++s)
      if (m - s >= 0 && m - s < Tile) sum[m - s] += weight[s] * x;
  }
}

// Adds the taps [first, last) of one row.
template <class T, int Tile>
inline void add_row(Vector<T> (&sum)[Tile], const TapRows<T>& rows, const T* in, const T* taps,
                    std::int64_t first, std::int64_t last) {
  std::int64_t k = first;
  if (rows.spacing == 1)
    for (; k + spread * lanes<T> <= last; k += spread * lanes<T>)
      for (int j = 0; j < lanes<T>; ++j) add_spread_taps<T, Tile>(sum, in + k + j, taps + k + j);
  for (; k < last; ++k) add_single_tap<T, Tile>(sum, in + k * rows.spacing, taps[k]);
}

template <class T, int Tile>
inline void move_to_total(Vector<T> (&sum)[Tile], Vector<T> (&total)[Tile]) {
  for (int i = 0; i < Tile; ++i) {
    total[i] += sum[i];
    sum[i] = Vector<T>{};
  }
}

// One tile of outputs: rows in blocks of at most block_taps taps, long rows in pieces.
template <class T, int Tile>
void sum_tile(const TapRows<T>& rows, const T* in, T* out) {
  Vector<T> total[Tile] = {};
  Vector<T> sum[Tile] = {};
  std::int64_t taps_in_block = 0;
  for (std::int64_t r = 0; r < rows.rows; ++r) {
    for (std::int64_t first = 0; first < rows.width; first += block_taps) {
      const std::int64_t left = rows.width - first;
      const std::int64_t count = left < block_taps ? left : block_taps;
      if (taps_in_block + count > block_taps) {
        move_to_total<T, Tile>(sum, total);
        taps_in_block = 0;
      }
      add_row<T, Tile>(sum, rows, in + rows.row_offsets[r], rows.taps + r * rows.width, first,
                       first + count);
      taps_in_block += count;
    }
  }
  move_to_total<T, Tile>(sum, total);
  for (int i = 0; i < Tile; ++i) store(out + i * lanes<T>, total[i]);
}

// The last vector may overlap the one before it: it computes the same numbers again.
template <class T>
void sum(const TapRows<T>& rows, const T* in, T* out, std::int64_t outputs) {
  std::int64_t x = 0;
  for (; x + wide_tile * lanes<T> <= outputs; x += wide_tile * lanes<T>)
    sum_tile<T, wide_tile>(rows, in + x, out + x);
  for (; x + narrow_tile * lanes<T> <= outputs; x += narrow_tile * lanes<T>)
    sum_tile<T, narrow_tile>(rows, in + x, out + x);
  for (; x + lanes<T> <= outputs; x += lanes<T>) sum_tile<T, 1>(rows, in + x, out + x);
  if (x < outputs) sum_tile<T, 1>(rows, in + outputs - lanes<T>, out + outputs - lanes<T>);
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
inline constexpr int lines_tile = vector_registers == 32 ? 5 : 2;

// Adds what input line `in` contributes to the output lines First … Last; `taps` is the row of taps
// for line 0, those of the lines below lie before it.
template <class T, int Tile, int First, int Last>
inline void add_line(Vector<T> (&sum)[lines][Tile], const TapPlanes<T>& planes, const T* in,
                     const T* taps) {
  for (std::int64_t k = 0; k < planes.width; ++k, in += planes.spacing) {
    Vector<T> x[Tile];
    for (int i = 0; i < Tile; ++i) {
      x[i] = load(in + i * lanes<T>);
      keep<T>(x[i]);
    }
#pragma GCC unroll 4
    for (int l = First; l <= Last; ++l) {
      const Vector<T> weight = broadcast(taps[k - l * planes.width]);
      for (int i = 0; i < Tile; ++i) sum[l][i] += weight * x[i];
    }
  }
}

template <class T, int Tile>
inline void add_line(Vector<T> (&sum)[lines][Tile], const TapPlanes<T>& planes, const T* in,
                     const T* taps, std::int64_t first, std::int64_t last) {
  switch (first * lines + last) {
    case 0 * lines + 0:
      return add_line<T, Tile, 0, 0>(sum, planes, in, taps);
    case 0 * lines + 1:
      return add_line<T, Tile, 0, 1>(sum, planes, in, taps);
    case 0 * lines + 2:
      return add_line<T, Tile, 0, 2>(sum, planes, in, taps);
    case 0 * lines + 3:
      return add_line<T, Tile, 0, 3>(sum, planes, in, taps);
    case 1 * lines + 2:
      return add_line<T, Tile, 1, 2>(sum, planes, in, taps);
    case 1 * lines + 3:
      return add_line<T, Tile, 1, 3>(sum, planes, in, taps);
    case 2 * lines + 3:
      return add_line<T, Tile, 2, 3>(sum, planes, in, taps);
    default:
      return add_line<T, Tile, 3, 3>(sum, planes, in, taps);
  }
}

template <class T, int Tile>
void sum_lines_tile(const TapPlanes<T>& planes, const T* in, T* out, std::int64_t out_pitch) {
  Vector<T> total[lines][Tile] = {};
  Vector<T> sum[lines][Tile] = {};
  std::int64_t taps_in_block = 0;
  const T* taps = planes.taps;
  for (std::int64_t p = 0; p < planes.planes; ++p) {
    const T* line = in + planes.plane_offsets[p];
    for (std::int64_t y = 0; y < planes.rows + lines - 1; ++y, line += planes.row_pitch) {
      if (taps_in_block + planes.width > block_taps) {
        for (int l = 0; l < lines; ++l) move_to_total<T, Tile>(sum[l], total[l]);
        taps_in_block = 0;
      }
      const std::int64_t first = y < planes.rows ? 0 : y - planes.rows + 1;
      const std::int64_t last = y < lines ? y : lines - 1;
      add_line<T, Tile>(sum, planes, line, taps + y * planes.width, first, last);
      taps_in_block += planes.width;
    }
    taps += planes.rows * planes.width;
  }
  for (int l = 0; l < lines; ++l) {
    move_to_total<T, Tile>(sum[l], total[l]);
    for (int i = 0; i < Tile; ++i) store(out + l * out_pitch + i * lanes<T>, total[l][i]);
  }
}

// As `sum`, the last vector may overlap the one before it.
template <class T>
void sum_lines(const TapPlanes<T>& planes, const T* in, T* out, std::int64_t out_pitch,
               std::int64_t outputs) {
  std::int64_t x = 0;
  for (; x + lines_tile * lanes<T> <= outputs; x += lines_tile * lanes<T>)
    sum_lines_tile<T, lines_tile>(planes, in + x, out + x, out_pitch);
  if constexpr (lines_tile > 3)
    for (; x + 3 * lanes<T> <= outputs; x += 3 * lanes<T>)
      sum_lines_tile<T, 3>(planes, in + x, out + x, out_pitch);
  for (; x + 2 * lanes<T> <= outputs; x += 2 * lanes<T>)
    sum_lines_tile<T, 2>(planes, in + x, out + x, out_pitch);
  for (; x + lanes<T> <= outputs; x += lanes<T>)
    sum_lines_tile<T, 1>(planes, in + x, out + x, out_pitch);
  if (x == outputs) return;
  x = outputs - lanes<T>;
  sum_lines_tile<T, 1>(planes, in + x, out + x, out_pitch);
}

}  // namespace

const DirectKernels direct_kernels = {
    {lanes<float>, sum<float>, sum_lines<float>},
    {lanes<double>, sum<double>, sum_lines<double>},
    {lanes<std::uint64_t>, sum<std::uint64_t>, sum_lines<std::uint64_t>},
};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
