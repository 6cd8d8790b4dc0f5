// The convolution of functions made of pieces of one width, by a transform over their number.
#pragma once

#include <cstdint>

namespace faltung::functions {

// Chebyshev coefficients of `count` neighbouring pieces of one width, a row for each.
struct Cells {
  const double* coefficients;
  std::int64_t count, length;
};

// Row k of `results`, k = 0 … f.count + g.count - 1, becomes the f.length + g.length Chebyshev
// coefficients of the convolution over half a width, on the interval from the sum of the first
// ends and k widths on. `table` holds those of the left triangle of T_m and T_n, row by row,
// f.length times g.length of them. The result does not depend on the number of threads.
//
// Returns how many roundings the transforms amount to (m in docs/mathematics/functions.md).
double convolve_cells(const Cells& f, const Cells& g, const double* table, double* results,
                      int threads);

}  // namespace faltung::functions
