#include <nanobind/ndarray.h>
#include <nanobind/stl/complex.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <utility>

#include "bindings.hpp"
#include "faltung/boundary.hpp"
#include "faltung/choice.hpp"
#include "faltung/direct.hpp"
#include "faltung/transform.hpp"
#include "faltung/tree.hpp"
#include "layout.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <class T>
using Operand = nb::ndarray<const T, nb::numpy, nb::device::cpu>;
template <class T>
using Result = nb::ndarray<T, nb::numpy, nb::device::cpu>;

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

template <class T>
void bind_correlate_directly(nb::module_& module) {
  module.def(
      "correlate_directly",
      [](const Operand<T>& input, const Operand<T>& taps, const Result<T>& output,
         const std::vector<std::int64_t>& first, const std::vector<faltung::Boundary>& boundaries,
         const Steps& steps, T fill_value, int threads) {
        const auto problem =
            as_correlation<T>(input, taps, output, first, boundaries, steps, fill_value);
        nb::gil_scoped_release release;
        faltung::correlate_directly(problem, threads);
      },
      "input"_a.noconvert(), "taps"_a.noconvert(), "output"_a.noconvert(), "first"_a,
      "boundaries"_a, "steps"_a, "fill_value"_a, "threads"_a,
      "output[i] = sum over k of taps[k] * input[first + i * steps[0] + k * steps[1]] on the last "
      "len(first) axes.");
}

template <class T>
void bind_transform(nb::module_& module) {
  module.def(
      "correlate_by_transform",
      [](const Operand<T>& input, const Operand<T>& taps, const Result<T>& output,
         const std::vector<std::int64_t>& first, const std::vector<faltung::Boundary>& boundaries,
         const Steps& steps, T fill_value, int threads) {
        const auto problem =
            as_correlation<T>(input, taps, output, first, boundaries, steps, fill_value);
        nb::gil_scoped_release release;
        return faltung::correlate_by_transform(problem, threads);
      },
      "input"_a.noconvert(), "taps"_a.noconvert(), "output"_a.noconvert(), "first"_a,
      "boundaries"_a, "steps"_a, "fill_value"_a, "threads"_a,
      "As correlate_directly; False, and the output half written, when an operand is not finite.");
}

using Sizes = std::vector<std::int64_t>;

template <class T>
faltung::TransformSize transform_size(const Sizes& input, const Sizes& taps, const Sizes& output,
                                      const Sizes& first,
                                      const std::vector<faltung::Boundary>& boundaries,
                                      const Steps& steps, std::pair<std::int64_t, bool> batch,
                                      bool fill_is_zero) {
  require(!input.empty() && input.size() == taps.size() && input.size() == output.size() &&
              input.size() == first.size() && input.size() == boundaries.size(),
          "one entry for each sliding axis");
  require_steps(steps, input.size());
  faltung::Correlation<T> problem{nullptr, nullptr, nullptr, {}, {}, fill_is_zero ? T{0} : T{1}};
  problem.batch.push_back({batch.first, 1, batch.second ? 1 : 0, 1});
  for (size_t d = 0; d < input.size(); ++d) {
    require(input[d] >= 1 && taps[d] >= 1 && output[d] >= 0, "sizes are not negative");
    const std::int64_t stride = d + 1 == input.size() ? 1 : 2;
    problem.sliding.push_back({input[d], stride, output[d], stride, taps[d], first[d],
                               boundaries[d], steps[d].first, steps[d].second});
  }
  return faltung::transform_size(problem);
}

// The time of a direct sum depends on these sizes alone.
template <class T>
double direct_nanoseconds(const Sizes& taps, const Sizes& output, const Steps& steps,
                          std::int64_t repetitions) {
  require(!taps.empty() && taps.size() == output.size(), "one entry for each sliding axis");
  require_steps(steps, taps.size());
  faltung::Correlation<T> problem{nullptr, nullptr, nullptr, {{repetitions, 0, 0, 0}}, {}, T{0}};
  for (size_t d = 0; d < taps.size(); ++d)
    problem.sliding.push_back({output[d], 0, output[d], 0, taps[d], 0, faltung::Boundary::fill,
                               steps[d].first, steps[d].second});
  return faltung::direct_nanoseconds(problem);
}

}  // namespace

void bind_arrays(nb::module_& module) {
  nb::enum_<faltung::Boundary>(module, "Boundary", "What lies outside the ends of an axis.")
      .value("fill", faltung::Boundary::fill)
      .value("edge", faltung::Boundary::edge)
      .value("mirror", faltung::Boundary::mirror)
      .value("symmetric", faltung::Boundary::symmetric)
      .value("wrap", faltung::Boundary::wrap);
  module.def("source_index", &faltung::source_index, "boundary"_a, "position"_a, "size"_a,
             "The index that a position reads, -1 where the fill value is.");
  bind_correlate_directly<float>(module);
  bind_correlate_directly<double>(module);
  bind_correlate_directly<std::uint64_t>(module);
  bind_transform<float>(module);
  bind_transform<double>(module);
  bind_transform<std::complex<float>>(module);
  bind_transform<std::complex<double>>(module);
  nb::class_<faltung::TransformSize>(module, "TransformSize", "What transforms are like.")
      .def_ro("radices", &faltung::TransformSize::radices)
      .def_ro("leaf", &faltung::TransformSize::leaf)
      .def_ro("bytes", &faltung::TransformSize::bytes)
      .def_ro("nanoseconds", &faltung::TransformSize::nanoseconds);
  module.def(
      "transform_size",
      [](const std::string& dtype, const Sizes& input, const Sizes& taps, const Sizes& output,
         const Sizes& first, const std::vector<faltung::Boundary>& boundaries, const Steps& steps,
         std::pair<std::int64_t, bool> batch, bool fill_is_zero) {
        const auto size = dtype == "float32"     ? transform_size<float>
                          : dtype == "float64"   ? transform_size<double>
                          : dtype == "complex64" ? transform_size<std::complex<float>>
                                                 : transform_size<std::complex<double>>;
        require(dtype == "float32" || dtype == "float64" || dtype == "complex64" ||
                    dtype == "complex128",
                "transforms are made of floats of 32 and 64 bits and complex numbers of these");
        return size(input, taps, output, first, boundaries, steps, batch, fill_is_zero);
      },
      "dtype"_a, "input"_a, "taps"_a, "output"_a, "first"_a, "boundaries"_a, "steps"_a, "batch"_a,
      "fill_is_zero"_a,
      "The transforms of a problem of these sizes; `batch` is how often it is repeated and whether "
      "each repetition has its own taps.");
  module.def(
      "direct_nanoseconds",
      [](const std::string& dtype, const Sizes& taps, const Sizes& output, const Steps& steps,
         std::int64_t batch) {
        if (dtype == "float32") return direct_nanoseconds<float>(taps, output, steps, batch);
        if (dtype == "float64") return direct_nanoseconds<double>(taps, output, steps, batch);
        if (dtype == "complex64")
          return direct_nanoseconds<std::complex<float>>(taps, output, steps, batch);
        if (dtype == "complex128")
          return direct_nanoseconds<std::complex<double>>(taps, output, steps, batch);
        return direct_nanoseconds<std::uint64_t>(taps, output, steps, batch);
      },
      "dtype"_a, "taps"_a, "output"_a, "steps"_a, "batch"_a,
      "The predicted time of a direct sum of these sizes on one thread, repeated `batch` times.");
}
