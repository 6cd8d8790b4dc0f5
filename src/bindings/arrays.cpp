#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "correlation.hpp"
#include "faltung/boundary.hpp"
#include "faltung/choice.hpp"
#include "faltung/direct.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

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

using Sizes = std::vector<std::int64_t>;

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
  module.attr("slice_nanoseconds") = faltung::slice_nanoseconds;
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
