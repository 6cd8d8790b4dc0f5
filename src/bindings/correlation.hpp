// The arrays that a function of the core correlates.
#pragma once

#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>

#include <utility>
#include <vector>

#include "layout.hpp"

template <class T>
using Operand = nanobind::ndarray<const T, nanobind::numpy, nanobind::device::cpu>;
template <class T>
using Result = nanobind::ndarray<T, nanobind::numpy, nanobind::device::cpu>;

template <class T>
faltung::Correlation<T> as_correlation(const Operand<T>& input, const Operand<T>& taps,
                                       const Result<T>& output,
                                       const std::vector<std::int64_t>& first,
                                       const std::vector<faltung::Boundary>& boundaries,
                                       const Steps& steps, T fill_value) {
  Axes axes = read_axes(input, taps, output, first, boundaries, steps);
  return {input.data(), taps.data(), output.data(), std::move(axes.batch), std::move(axes.sliding),
          fill_value};
}

// Binds what correlates a problem with a number of threads.
template <class T, class Correlate>
void bind_correlation(nanobind::module_& module, const char* name, const char* doc,
                      const Correlate& correlate) {
  using namespace nanobind::literals;
  module.def(
      name,
      [correlate](const Operand<T>& input, const Operand<T>& taps, const Result<T>& output,
                  const std::vector<std::int64_t>& first,
                  const std::vector<faltung::Boundary>& boundaries, const Steps& steps,
                  T fill_value, int threads) {
        const auto problem =
            as_correlation<T>(input, taps, output, first, boundaries, steps, fill_value);
        nanobind::gil_scoped_release release;
        return correlate(problem, threads);
      },
      "input"_a.noconvert(), "taps"_a.noconvert(), "output"_a.noconvert(), "first"_a,
      "boundaries"_a, "steps"_a, "fill_value"_a, "threads"_a, doc);
}
