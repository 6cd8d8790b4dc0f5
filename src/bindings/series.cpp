#include <nanobind/ndarray.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>

#include "bindings.hpp"
#include "faltung/functions/cells.hpp"
#include "faltung/functions/interpolation.hpp"
#include "faltung/functions/middles.hpp"
#include "faltung/functions/rows.hpp"
#include "faltung/functions/runs.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

namespace functions = faltung::functions;

template <class T, int Rank>
using Numbers = nb::ndarray<const T, nb::numpy, nb::ndim<Rank>, nb::c_contig, nb::device::cpu>;
template <int Rank>
using Results = nb::ndarray<double, nb::numpy, nb::ndim<Rank>, nb::c_contig, nb::device::cpu>;
using Indices = Numbers<std::int64_t, 1>;

void require(bool holds, const char* rule) {
  if (!holds) throw std::invalid_argument(rule);
}

template <class Array>
std::int64_t size(const Array& array, std::size_t axis) {
  return static_cast<std::int64_t>(array.shape(axis));
}

functions::Series series_of(const Numbers<double, 2>& coefficients) {
  require(coefficients.shape(1) >= 1, "a series has a coefficient");
  return {coefficients.data(), size(coefficients, 0), size(coefficients, 1)};
}

void require_between(const Indices& indices, std::int64_t low, std::int64_t high) {
  const std::span<const std::int64_t> all(indices.data(), indices.shape(0));
  require(std::ranges::all_of(all, [&](auto i) { return low <= i && i <= high; }),
          "an index is out of range");
}

void sum_rows(const Numbers<double, 2>& coefficients, const Results<2>& values, int threads) {
  const functions::Series series = series_of(coefficients);
  require(values.shape(0) == coefficients.shape(0), "a row of points for each series");
  nb::gil_scoped_release release;
  functions::sum_rows(series, size(values, 1), values.data(), threads);
}

void weigh_rows(const Numbers<double, 2>& rows, const Numbers<double, 1>& weights,
                const Results<1>& sums, const Results<1>& roots) {
  const functions::Series all = {rows.data(), size(rows, 0), size(rows, 1)};
  require(
      size(weights, 0) == all.length && size(sums, 0) == all.count && size(roots, 0) == all.count,
      "a weight for each column, and two numbers for each row");
  nb::gil_scoped_release release;
  functions::weigh_rows(all, weights.data(), sums.data(), roots.data());
}

double convolve_cells(const Numbers<double, 2>& f, const Numbers<double, 2>& g,
                      const Numbers<double, 3>& table, const Results<2>& results, int threads) {
  const std::size_t m = f.shape(1), n = g.shape(1);
  require(f.shape(0) >= 1 && g.shape(0) >= 1, "at least one piece each");
  require(table.shape(0) == m && table.shape(1) == n && table.shape(2) == m + n,
          "the coefficients of each pair of polynomials");
  require(results.shape(0) == f.shape(0) + g.shape(0) && results.shape(1) == m + n,
          "a row for each interval of the result");
  const functions::Series of_f = series_of(f), of_g = series_of(g);
  nb::gil_scoped_release release;
  return functions::convolve_cells(of_f, of_g, table.data(), results.data(), threads);
}

void make_interpolation(functions::Interpolation* self, const Numbers<double, 2>& whole,
                        const Numbers<double, 2>& leading, const Numbers<double, 2>& rest) {
  const std::size_t count = whole.shape(0);
  for (const auto* matrix : {&whole, &leading, &rest})
    require(count >= 1 && matrix->shape(0) == count && matrix->shape(1) == count,
            "three square matrices of one size");
  new (self) functions::Interpolation(static_cast<std::int64_t>(count), whole.data(),
                                      leading.data(), rest.data());
}

void interpolate(const functions::Interpolation& interpolation, const Numbers<double, 2>& values,
                 const Results<2>& results, int threads) {
  require(size(values, 1) == interpolation.count() && results.shape(0) == values.shape(0) &&
              results.shape(1) == values.shape(1),
          "rows of as many values and coefficients as there are nodes");
  nb::gil_scoped_release release;
  interpolation.coefficients(values.data(), size(values, 0), results.data(), threads);
}

void add_runs(const Numbers<double, 2>& coefficients, const Indices& start, const Indices& stop,
              const Numbers<double, 1>& breaks, const Numbers<double, 1>& nodes,
              const Results<2>& sums, const Results<2>& values, int threads) {
  const functions::Series series = series_of(coefficients);
  const std::int64_t intervals = size(sums, 0);
  require(start.shape(0) == coefficients.shape(0) && stop.shape(0) == coefficients.shape(0),
          "a run for each series");
  require(size(breaks, 0) == intervals + 1 && size(values, 0) == intervals &&
              values.shape(1) == nodes.shape(0) && sums.shape(1) >= coefficients.shape(1),
          "rows of sums and values for each interval, long enough");
  require_between(start, 0, intervals);
  require_between(stop, 0, intervals);
  nb::gil_scoped_release release;
  functions::add_runs({series, start.data(), stop.data()},
                      {breaks.data(), intervals, sums.data(), size(sums, 1), nodes.data(),
                       size(nodes, 0), values.data()},
                      threads);
}

void add_numbers(const Numbers<double, 2>& numbers, const Indices& start, const Indices& stop,
                 const Results<2>& sums) {
  require(start.shape(0) == numbers.shape(0) && stop.shape(0) == numbers.shape(0) &&
              sums.shape(1) == numbers.shape(1),
          "a run for each row of numbers, and as many sums");
  require_between(start, 0, size(sums, 0));
  require_between(stop, 0, size(sums, 0));
  nb::gil_scoped_release release;
  functions::add_numbers({start.data(), stop.data(), size(start, 0)}, numbers.data(), size(sums, 1),
                         sums.data());
}

void integrate_middles(const Numbers<double, 2>& weighted, const Indices& i,
                       const Numbers<double, 2>& coefficients, const Indices& j,
                       const Numbers<double, 1>& ratios, const Numbers<double, 1>& points,
                       const Numbers<double, 1>& nodes, const Results<2>& values, int threads) {
  const functions::Series series = series_of(coefficients);
  const std::int64_t count = size(ratios, 0);
  require(size(i, 0) == count && size(j, 0) == count && size(values, 0) == count &&
              weighted.shape(1) == points.shape(0) && values.shape(1) == nodes.shape(0),
          "two indices and a row of values for each ratio");
  require_between(i, 0, size(weighted, 0) - 1);
  require_between(j, 0, series.count - 1);
  nb::gil_scoped_release release;
  functions::integrate_middles({weighted.data(), i.data(), series, j.data(), ratios.data(), count},
                               {points.data(), size(points, 0), nodes.data(), size(nodes, 0)},
                               values.data(), threads);
}

}  // namespace

void bind_series(nb::module_& module) {
  module.def(
      "sum_rows", sum_rows, "coefficients"_a.noconvert(), "values"_a.noconvert(), "threads"_a,
      "Each row of points in [-1, 1] becomes the values of the Chebyshev series of that row.");
  module.def("weigh_rows", weigh_rows, "rows"_a.noconvert(), "weights"_a.noconvert(),
             "sums"_a.noconvert(), "roots"_a.noconvert(),
             "The weighted sum of sizes of each row, and the root of the weighted sum of squares.");
  module.def("convolve_cells", convolve_cells, "f"_a.noconvert(), "g"_a.noconvert(),
             "table"_a.noconvert(), "results"_a.noconvert(), "threads"_a,
             "The convolution of pieces of one width, over half a width; how many roundings the "
             "transforms amount to.");
  nb::class_<functions::Interpolation>(module, "Interpolation",
                                       "The matrix from values to coefficients, in two parts.")
      .def("__init__", make_interpolation, "whole"_a.noconvert(), "leading"_a.noconvert(),
           "rest"_a.noconvert(), "For the instruction set in use.")
      .def("coefficients", interpolate, "values"_a.noconvert(), "results"_a.noconvert(),
           "threads"_a, "Rows of values become rows of coefficients.");
  module.def("add_runs", add_runs, "coefficients"_a.noconvert(), "start"_a.noconvert(),
             "stop"_a.noconvert(), "breaks"_a.noconvert(), "nodes"_a.noconvert(),
             "sums"_a.noconvert(), "values"_a.noconvert(), "threads"_a,
             "Adds series over runs of intervals: coefficients over one interval, values at its "
             "nodes over several.");
  module.def("add_numbers", add_numbers, "numbers"_a.noconvert(), "start"_a.noconvert(),
             "stop"_a.noconvert(), "sums"_a.noconvert(),
             "Adds the numbers of each run to those of every interval it covers.");
  module.def("integrate_middles", integrate_middles, "weighted"_a.noconvert(), "i"_a.noconvert(),
             "coefficients"_a.noconvert(), "j"_a.noconvert(), "ratios"_a.noconvert(),
             "points"_a.noconvert(), "nodes"_a.noconvert(), "values"_a.noconvert(), "threads"_a,
             "Sums over the points z of weighted[i] times series j at (1 - ratio) y - ratio z.");
}
