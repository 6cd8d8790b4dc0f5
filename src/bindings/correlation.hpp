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
