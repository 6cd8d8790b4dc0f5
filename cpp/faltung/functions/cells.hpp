// The convolution of functions made of pieces of one width, by a transform over their number.
#pragma once

#include "faltung/functions/rows.hpp"

namespace faltung::functions {

// The pieces of f and g are neighbours of one width. Row k of `results`, k = 0 … f.count + g.count
// - 1, becomes the f.length + g.length Chebyshev coefficients of the convolution over half a width,
// on the interval from the sum of the first ends and k widths on. `table` holds those of the left
// triangle of T_m and T_n, row by row, f.length times g.length of them. The result does not depend
// on the number of threads.
//
// Returns how many roundings the transforms amount to (m in docs/mathematics/functions.md).
double convolve_cells(const Series& f, const Series& g, const double* table, double* results,
                      int threads);

}  // namespace faltung::functions
