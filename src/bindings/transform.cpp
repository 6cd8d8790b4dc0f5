#include "faltung/transform.hpp"

#include <nanobind/stl/complex.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <utility>

#include "bindings.hpp"
#include "correlation.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <class T>
void bind_correlate_by_transform(nb::module_& module) {
  bind_correlation<T>(
      module, "correlate_by_transform",
      "As correlate_directly; False, and the output half written, when an operand is not finite.",
      [](const faltung::Correlation<T>& problem, int threads) {
        return faltung::correlate_by_transform(problem, threads);
      });
}

// Whether two arrays have the sizes and strides of a problem's input and output.
template <class T>
bool are_laid_out(const Operand<T>& input, const Result<T>& output,
                  const faltung::Correlation<T>& problem) {
  const size_t batch = problem.batch.size(), rank = batch + problem.sliding.size();
  if (input.ndim() != rank || output.ndim() != rank) return false;
  const auto is = [](const auto& array, size_t d, std::int64_t size, std::int64_t stride) {
    return static_cast<std::int64_t>(array.shape(d)) == size && array.stride(d) == stride;
  };
  for (size_t d = 0; d < batch; ++d) {
    const faltung::BatchAxis& axis = problem.batch[d];
    if (!is(input, d, axis.size, axis.input_stride) ||
        !is(output, d, axis.size, axis.output_stride))
      return false;
  }
  for (size_t d = batch; d < rank; ++d) {
    const faltung::SlidingAxis& axis = problem.sliding[d - batch];
    if (!is(input, d, axis.input_size, axis.input_stride) ||
        !is(output, d, axis.output_size, axis.output_stride))
      return false;
  }
  require_aligned(input);
  require_aligned(output);
  return true;
}

template <class T>
void bind_kept_transform(nb::module_& module, const char* name) {
  using Kept = faltung::KeptTransform<T>;
  nb::class_<Kept>(module, name, "Taps that are transformed once for many inputs.")
      .def(
          "__init__",
          [](Kept* self, const Operand<T>& input, const Operand<T>& taps, const Result<T>& output,
             const std::vector<std::int64_t>& first,
             const std::vector<faltung::Boundary>& boundaries, const Steps& steps, T fill_value,
             int threads) {
            const auto problem =
                as_correlation<T>(input, taps, output, first, boundaries, steps, fill_value);
            nb::gil_scoped_release release;
            new (self) Kept(problem, threads);
          },
          "input"_a.noconvert(), "taps"_a.noconvert(), "output"_a.noconvert(), "first"_a,
          "boundaries"_a, "steps"_a, "fill_value"_a, "threads"_a,
          "Of a problem of these sizes; of its numbers none but the taps are read.")
      .def(
          "correlate",
          [](const Kept& kept, const Operand<T>& input, const Operand<T>& taps,
             const Result<T>& output, const std::vector<std::int64_t>& first,
             const std::vector<faltung::Boundary>& boundaries, const Steps& steps, T fill_value,
             int threads) {
            const auto problem =
                as_correlation<T>(input, taps, output, first, boundaries, steps, fill_value);
            nb::gil_scoped_release release;
            return kept.correlate(problem, threads);
          },
          "input"_a.noconvert(), "taps"_a.noconvert(), "output"_a.noconvert(), "first"_a,
          "boundaries"_a, "steps"_a, "fill_value"_a, "threads"_a,
          "As correlate_by_transform, of the taps that are kept and the sizes they are kept for.")
      .def(
          "repeat",
          [](const Kept& kept, const Operand<T>& input, const Result<T>& output, int threads) {
            auto problem = kept.problem();
            if (!are_laid_out(input, output, problem)) return false;
            problem.input = input.data();
            problem.output = output.data();
            nb::gil_scoped_release release;
            return kept.correlate(problem, threads);
          },
          "input"_a.noconvert(), "output"_a.noconvert(), "threads"_a,
          "The same for arrays laid out as those it was made for; False for others too.");
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

}  // namespace

void bind_transform(nb::module_& module) {
  bind_correlate_by_transform<float>(module);
  bind_correlate_by_transform<double>(module);
  bind_correlate_by_transform<std::complex<float>>(module);
  bind_correlate_by_transform<std::complex<double>>(module);
  bind_kept_transform<float>(module, "KeptTransformFloat32");
  bind_kept_transform<double>(module, "KeptTransformFloat64");
  bind_kept_transform<std::complex<float>>(module, "KeptTransformComplex64");
  bind_kept_transform<std::complex<double>>(module, "KeptTransformComplex128");
  nb::class_<faltung::TransformSize>(module, "TransformSize", "What transforms are like.")
      .def_ro("radices", &faltung::TransformSize::radices)
      .def_ro("leaf", &faltung::TransformSize::leaf)
      .def_ro("roundings", &faltung::TransformSize::roundings)
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
}
