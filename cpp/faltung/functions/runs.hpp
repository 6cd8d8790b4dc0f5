// Adding up polynomials that live on overlapping runs of a grid.
#pragma once

#include <cstdint>

#include "faltung/functions/rows.hpp"

namespace faltung::functions {

// Series r lives on the intervals [start[r], stop[r]) of a grid: its variable runs from -1 to 1
// from the first break of the run to the last. A run may be empty.
struct Runs {
  Series series;
  const std::int64_t* start;
  const std::int64_t* stop;
};

// Sums over all runs, a row for each interval of the grid `breaks`, to which this adds.
struct RunSums {
  const double* breaks;
  std::int64_t intervals;
  double* coefficients;  // series.length of them, `stride` apart: of runs of one interval
  std::int64_t stride;
  const double* nodes;  // in [-1, 1]
  std::int64_t points;
  double* values;  // at the nodes of the interval, of all other runs
};

// Adds each series where it lives, in the order of the runs, whatever the number of threads.
void add_runs(const Runs& runs, const RunSums& sums, int threads);

// Runs that have numbers.
struct NumberedRuns {
  const std::int64_t* start;
  const std::int64_t* stop;
  std::int64_t count;
};

// Adds the `width` numbers of each run to those of every interval it covers.
void add_numbers(const NumberedRuns& runs, const double* numbers, std::int64_t width, double* sums);

}  // namespace faltung::functions
