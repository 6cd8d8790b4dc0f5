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
  bind_correlation<T>(
      module, "correlate_directly",
      "output[i] = sum over k of taps[k] * input[first + i * steps[0] + k * steps[1]] on the last "
      "len(first) axes.",
      [](const faltung::Correlation<T>& problem, int threads) {
        return faltung::correlate_directly(problem, threads);
      });
}

using Sizes = std::vector<std::int64_t>;

template <class T>
double direct_nanoseconds(const Sizes& input, const Sizes& taps, const Sizes& output,
                          const Sizes& first, const Steps& steps, std::int64_t repetitions) {
  require(!taps.empty() && input.size() == taps.size() && taps.size() == output.size() &&
              taps.size() == first.size(),
          "one entry for each sliding axis");
  require_steps(steps, taps.size());
  faltung::Correlation<T> problem{nullptr, nullptr, nullptr, {{repetitions, 0, 0, 0}}, {}, T{0}};
  for (size_t d = 0; d < taps.size(); ++d) {
    require(input[d] >= 1 && taps[d] >= 1 && output[d] >= 0, "sizes are not negative");
    problem.sliding.push_back({input[d], 0, output[d], 0, taps[d], first[d],
                               faltung::Boundary::fill, steps[d].first, steps[d].second});
  }
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
  module.def(
      "direct_nanoseconds",
      [](const std::string& dtype, const Sizes& input, const Sizes& taps, const Sizes& output,
         const Sizes& first, const Steps& steps, std::int64_t batch) {
        const auto nanoseconds = dtype == "float32"      ? direct_nanoseconds<float>
                                 : dtype == "float64"    ? direct_nanoseconds<double>
                                 : dtype == "complex64"  ? direct_nanoseconds<std::complex<float>>
                                 : dtype == "complex128" ? direct_nanoseconds<std::complex<double>>
                                                         : direct_nanoseconds<std::uint64_t>;
        return nanoseconds(input, taps, output, first, steps, batch);
      },
      "dtype"_a, "input"_a, "taps"_a, "output"_a, "first"_a, "steps"_a, "batch"_a,
      "The predicted time of a direct sum of these sizes on one thread, repeated `batch` times.");
}
