#include <algorithm>

#include "faltung/layers.hpp"
#include "faltung/layers_product.hpp"
#include "faltung/threads.hpp"

namespace faltung {
namespace {

using std::int64_t;

inline constexpr int64_t rows_in_task = 48;  // a multiple of every kernel's rows_in_tile
inline constexpr int64_t panels_in_task = 8;

}  // namespace

template <class T>
void multiply_matrices(const Matrix<T>& a, const Matrix<T>& b, const T* initial, T* product,
                       int threads) {
  const ProductKernel<T>& kernel = product_kernel<T>();
  const int64_t columns = round_up(b.columns, kernel.lanes);
  const int64_t columns_in_task = panels_in_task * kernel.vectors_in_panel * kernel.lanes;
  const LayerBuffer<T> panels(b.rows * columns), start(columns);
  const std::vector<int64_t> b_rows = regular_offsets(b.rows, b.row_stride);
  pack<T>(kernel, {b.data, b_rows.data(), b.rows, b.columns, b.column_stride}, panels.data(),
          threads);
  std::fill(start.data(), start.data() + columns, T{0});
  if (initial != nullptr) std::copy_n(initial, b.columns, start.data());

  const std::vector<int64_t> a_rows = regular_offsets(a.rows, a.row_stride);
  const std::vector<int64_t> a_columns = regular_offsets(a.columns, a.column_stride);
  const int64_t across = (columns + columns_in_task - 1) / columns_in_task;
  const int64_t down = (a.rows + rows_in_task - 1) / rows_in_task;
  parallel_for(down * across, threads, [&](int64_t task) {
    const int64_t row = task / across * rows_in_task, column = task % across * columns_in_task;
    const int64_t rows = std::min(rows_in_task, a.rows - row);
    const int64_t width = std::min(columns_in_task, columns - column);
    const LayerBuffer<T> result(rows * width);
    kernel.multiply({a.data, a_rows.data() + row, rows, a_columns.data(), a.columns,
                     panels.data() + column * b.rows, width, start.data() + column, result.data()});
    for (int64_t i = 0; i < rows; ++i)
      std::copy_n(result.data() + i * width, std::min(width, b.columns - column),
                  product + (row + i) * b.columns + column);
  });
}

template void multiply_matrices(const Matrix<float>&, const Matrix<float>&, const float*, float*,
                                int);
template void multiply_matrices(const Matrix<double>&, const Matrix<double>&, const double*,
                                double*, int);

}  // namespace faltung
