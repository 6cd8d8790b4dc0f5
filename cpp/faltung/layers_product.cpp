#include "faltung/layers_product.hpp"

#include <algorithm>

#include "faltung/threads.hpp"

namespace faltung {

using std::int64_t;

template <>
const ProductKernel<float>& product_kernel<float>() {
  return FALTUNG_KERNELS_IN_USE(product_float);
}
template <>
const ProductKernel<double>& product_kernel<double>() {
  return FALTUNG_KERNELS_IN_USE(product_double);
}

std::vector<int64_t> regular_offsets(int64_t count, int64_t stride) {
  std::vector<int64_t> offsets(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) offsets[static_cast<size_t>(i)] = i * stride;
  return offsets;
}

namespace {

// The first index after `begin` whose offset does not follow the one before it.
int64_t end_of_run(const int64_t* offsets, int64_t begin, int64_t size) {
  int64_t end = begin + 1;
  while (end < size && offsets[end] == offsets[end - 1] + 1) ++end;
  return end;
}

// One panel: `width` columns of which the last `width - count` are zeros. Steps that lie next to
// each other are transposed in squares.
template <class T>
void pack_panel(const ProductKernel<T>& kernel, const RightFactor<T>& right, int64_t column,
                int64_t count, int64_t width, T* to) {
  const T* from = right.data + column * right.column_stride;
  if (count < width) std::fill(to, to + right.steps * width, T{0});
  for (int64_t k = 0, end; k < right.steps; k = end) {
    end = end_of_run(right.step_offsets, k, right.steps);
    kernel.transpose(from + right.step_offsets[k], right.column_stride, count, end - k,
                     to + k * width, width);
  }
}

}  // namespace

template <class T>
void pack(const ProductKernel<T>& kernel, const RightFactor<T>& right, T* panels, int threads) {
  const int64_t columns = round_up(right.columns, kernel.lanes);
  const int64_t panel = kernel.vectors_in_panel * kernel.lanes;
  // The last panel is one vector wide where a whole one does not fit.
  const int64_t whole = columns / panel;
  parallel_for(whole + (columns - whole * panel) / kernel.lanes, threads, [&](int64_t i) {
    const int64_t width = i < whole ? panel : kernel.lanes;
    const int64_t column = i < whole ? i * panel : whole * panel + (i - whole) * kernel.lanes;
    pack_panel(kernel, right, column, std::min(width, right.columns - column), width,
               panels + column * right.steps);
  });
}

template void pack(const ProductKernel<float>&, const RightFactor<float>&, float*, int);
template void pack(const ProductKernel<double>&, const RightFactor<double>&, double*, int);

}  // namespace faltung
