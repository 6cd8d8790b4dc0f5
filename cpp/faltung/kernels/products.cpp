// A tile of the product is kept in registers: rows_in_tile rows of one panel's columns.
//
//   step k:              right[k]      one load of each vector of the panel,
//                         x0  x1       shared by all rows
//   left[row 0, k]  ·     +=  +=
//   left[row 1, k]  ·     +=  +=       one broadcast of each left entry,
//   …                                  shared by all vectors
//
// 8 rows of 2 vectors need 10 loads for 16 products: the multipliers are the limit, not the loads.
#include "faltung/kernels/products.hpp"

#include <type_traits>
#include <utility>

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

inline constexpr int tile_rows = vector_registers == 32 ? 8 : 6;
inline constexpr int panel_vectors = 2;

// Rows beyond `rows` repeat the last one and are not stored.
struct Tile {
  int64_t offsets[tile_rows];
  int64_t rows;
};

inline Tile tile_at(const int64_t* row_offsets, int64_t first, int64_t rows) {
  Tile tile;
  tile.rows = rows - first < tile_rows ? rows - first : tile_rows;
  for (int i = 0; i < tile_rows; ++i)
    tile.offsets[i] = row_offsets[first + (i < tile.rows ? i : tile.rows - 1)];
  return tile;
}

// Where a panel's sums start and where they go.
template <class T>
struct Columns {
  const T* initial;  // null after the first block of steps, or for zeros
  bool add;          // to what `out` holds
  T* out;
  int64_t pitch;
};

template <class T, int Vectors>
inline void add_steps(Vector<T> (&sum)[tile_rows][Vectors], const T* const (&row)[tile_rows],
                      const int64_t* steps, int64_t count, const T* right) {
  for (int64_t k = 0; k < count; ++k, right += Vectors * lanes<T>) {
    const int64_t step = steps[k];
    Vector<T> x[Vectors];
#pragma GCC unroll 4
    for (int j = 0; j < Vectors; ++j) {
      x[j] = load(right + j * lanes<T>);
      keep<T>(x[j]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < tile_rows; ++i) {
      const Vector<T> weight = broadcast(row[i][step]);
#pragma GCC unroll 4
      for (int j = 0; j < Vectors; ++j) sum[i][j] += weight * x[j];
    }
  }
}

template <class T, int Vectors>
void multiply_tile(const T* left, const Tile& tile, const int64_t* steps, int64_t count,
                   const T* right, const Columns<T>& to) {
  const T* row[tile_rows];
  for (int i = 0; i < tile_rows; ++i) row[i] = left + tile.offsets[i];
  Vector<T> sum[tile_rows][Vectors] = {};
  add_steps<T, Vectors>(sum, row, steps, count, right);
#pragma GCC unroll 8
  for (int i = 0; i < tile_rows; ++i) {
    if (i >= tile.rows) break;
#pragma GCC unroll 4
    for (int j = 0; j < Vectors; ++j) {
      T* out = to.out + i * to.pitch + j * lanes<T>;
      Vector<T> total = sum[i][j];
      if (to.initial != nullptr) total += load(to.initial + j * lanes<T>);
      if (to.add) total += load(static_cast<const T*>(out));
      store(out, total);
    }
  }
}

template <class T, int Vectors>
void multiply_panel(const Product<T>& product, int64_t column, int64_t first, int64_t count) {
  constexpr int64_t width = Vectors * lanes<T>;
  const T* right = product.right + column * product.steps + first * width;
  const bool starts = first == 0;
  const T* initial = starts && product.initial != nullptr ? product.initial + column : nullptr;
  for (int64_t i = 0; i < product.rows; i += tile_rows) {
    const Columns<T> to = {initial, !starts, product.out + i * product.columns + column,
                           product.columns};
    multiply_tile<T, Vectors>(product.left, tile_at(product.row_offsets, i, product.rows),
                              product.step_offsets + first, count, right, to);
  }
}

// Blocks of equal length: a short one at the end would fetch and store each tile for little work.
template <class T>
void multiply(const Product<T>& product) {
  const int64_t blocks = (product.steps + block_steps - 1) / block_steps;
  for (int64_t b = 0; b < blocks; ++b) {
    const int64_t first = product.steps * b / blocks;
    const int64_t count = product.steps * (b + 1) / blocks - first;
    for (int64_t column = 0; column < product.columns; column += panel_vectors * lanes<T>) {
      if (product.columns - column >= panel_vectors * lanes<T>)
        multiply_panel<T, panel_vectors>(product, column, first, count);
      else
        multiply_panel<T, 1>(product, column, first, count);
    }
  }
}

// low:  a0 b0 a1 b1 …   high: the second halves in the same way
template <class T, bool High>
inline Vector<T> zip(Vector<T> a, Vector<T> b) {
  constexpr int n = lanes<T>;
#if defined(__clang__)
  return [&]<int... I>(std::integer_sequence<int, I...>) {
    return __builtin_shufflevector(a, b, ((High ? n / 2 : 0) + I / 2 + (I % 2) * n)...);
  }(std::make_integer_sequence<int, n>());
#else
  using Index = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  Vector<Index> order;
  for (int i = 0; i < n; ++i) order[i] = (High ? n / 2 : 0) + i / 2 + (i % 2) * n;
  return __builtin_shuffle(a, b, order);
#endif
}

// A square of lanes × lanes. Each round of a perfect shuffle moves one bit of the column number
// into the row number; after log2(lanes) rounds they have changed places (Stone 1971).
template <class T>
inline void transpose_square(const T* in, int64_t in_pitch, T* out, int64_t out_pitch) {
  constexpr int n = lanes<T>;
  Vector<T> x[n], y[n];
  for (int i = 0; i < n; ++i) x[i] = load(in + i * in_pitch);
  for (int round = 1; round < n; round *= 2) {
    for (int i = 0; i < n / 2; ++i) {
      y[2 * i] = zip<T, false>(x[i], x[i + n / 2]);
      y[2 * i + 1] = zip<T, true>(x[i], x[i + n / 2]);
    }
    for (int i = 0; i < n; ++i) x[i] = y[i];
  }
  for (int i = 0; i < n; ++i) store(out + i * out_pitch, x[i]);
}

template <class T>
void transpose(const T* in, int64_t in_pitch, int64_t rows, int64_t columns, T* out,
               int64_t out_pitch) {
  constexpr int64_t n = lanes<T>;
  const int64_t whole_rows = rows - rows % n, whole_columns = columns - columns % n;
  for (int64_t i = 0; i < whole_rows; i += n)
    for (int64_t j = 0; j < whole_columns; j += n)
      transpose_square(in + i * in_pitch + j, in_pitch, out + j * out_pitch + i, out_pitch);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = i < whole_rows ? whole_columns : 0; j < columns; ++j)
      out[j * out_pitch + i] = in[i * in_pitch + j];
}

}  // namespace

extern const ProductKernel<float> product_float;
extern const ProductKernel<double> product_double;
const ProductKernel<float> product_float = {lanes<float>, panel_vectors, tile_rows, multiply<float>,
                                            transpose<float>};
const ProductKernel<double> product_double = {lanes<double>, panel_vectors, tile_rows,
                                              multiply<double>, transpose<double>};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
