#include "faltung/separable.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "faltung/choice.hpp"
#include "faltung/near_product.hpp"
#include "faltung/product_lines.hpp"
#include "layout.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <class T>
using Operand = nb::ndarray<const T, nb::numpy, nb::device::cpu>;
template <class T>
using Line = nb::ndarray<const T, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <class T>
using Result = nb::ndarray<T, nb::numpy, nb::device::cpu>;

template <class T>
void bind_correlate_by_lines(nb::module_& module) {
  module.def(
      "correlate_by_lines",
      [](const Operand<T>& input, const std::vector<Line<T>>& lines, const Result<T>& output,
         const std::vector<std::int64_t>& first, const std::vector<faltung::Boundary>& boundaries,
         const Steps& steps, T fill_value, bool add, bool whole, int threads) {
        const size_t rank = input.ndim();
        require(rank >= 1 && output.ndim() == rank && lines.size() == rank &&
                    first.size() == rank && boundaries.size() == rank,
                "one entry for each axis");
        require_steps(steps, rank);
        require_aligned(input);
        require_aligned(output);
        for (const Line<T>& line : lines) require_aligned(line);
        faltung::SeparableCorrelation<T> problem{input.data(), output.data(), {},   {},
                                                 fill_value,   add,           whole};
        for (size_t d = 0; d < rank; ++d) {
          require(input.shape(d) >= 1 && lines[d].shape(0) >= 1, "no axis and no line is empty");
          problem.axes.push_back({static_cast<std::int64_t>(input.shape(d)), input.stride(d),
                                  static_cast<std::int64_t>(output.shape(d)), output.stride(d),
                                  static_cast<std::int64_t>(lines[d].shape(0)), first[d],
                                  boundaries[d], steps[d].first, steps[d].second});
          problem.lines.push_back(lines[d].data());
        }
        nb::gil_scoped_release release;
        return faltung::correlate_by_lines(problem, threads);
      },
      "input"_a.noconvert(), "lines"_a.noconvert(), "output"_a.noconvert(), "first"_a,
      "boundaries"_a, "steps"_a, "fill_value"_a, "add"_a, "whole"_a, "threads"_a,
      "output[i] = sum over k of lines[0][k_0] lines[1][k_1] … * input[first + i * steps[0] + k * "
      "steps[1]], added to "
      "the output or not; whether all sums are finite.");
}

template <class T>
double lines_nanoseconds(const std::vector<std::int64_t>& taps,
                         const std::vector<std::int64_t>& output, const Steps& steps) {
  require(!taps.empty() && taps.size() == output.size(), "one entry for each axis");
  require_steps(steps, taps.size());
  faltung::Correlation<T> problem{nullptr, nullptr, nullptr, {}, {}, T{0}};
  for (size_t d = 0; d < taps.size(); ++d)
    problem.sliding.push_back({output[d], 0, output[d], 0, taps[d], 0, faltung::Boundary::fill,
                               steps[d].first, steps[d].second});
  return faltung::lines_nanoseconds(problem);
}

template <class T>
using Kernel = nb::ndarray<const T, nb::numpy, nb::c_contig, nb::device::cpu>;

template <class T>
std::vector<std::int64_t> sizes_of(const Kernel<T>& taps) {
  std::vector<std::int64_t> sizes;
  for (size_t d = 0; d < taps.ndim(); ++d)
    sizes.push_back(static_cast<std::int64_t>(taps.shape(d)));
  require(!sizes.empty() && taps.size() > 0, "there are taps");
  require_aligned(taps);
  return sizes;
}

template <class T>
void bind_kernels(nb::module_& module) {
  module.def(
      "is_near_product",
      [](const Kernel<T>& taps) { return faltung::is_near_product(taps.data(), sizes_of(taps)); },
      "taps"_a.noconvert(), "Whether a kernel is nearly a product of one line for each axis.");
  module.def(
      "product_lines",
      [](const Kernel<T>& taps,
         size_t carrier) -> std::optional<std::pair<std::vector<std::vector<T>>, double>> {
        const auto sizes = sizes_of(taps);
        require(carrier < sizes.size() && (sizes[carrier] > 1 || taps.size() == 1),
                "the carrier is an axis of several taps");
        auto found = faltung::product_lines(taps.data(), sizes, carrier);
        if (!found) return std::nullopt;
        return std::pair{std::move(found->lines), found->deviation};
      },
      "taps"_a.noconvert(), "carrier"_a,
      "Lines whose product the taps are, the one of `carrier` with their size, and what a product "
      "is off by, relative to its tap; None if there are none.");
}

}  // namespace

void bind_separable(nb::module_& module) {
  bind_kernels<float>(module);
  bind_kernels<double>(module);
  module.def(
      "lines_nanoseconds",
      [](int bytes_of_number, const std::vector<std::int64_t>& taps,
         const std::vector<std::int64_t>& output, const Steps& steps) {
        return (bytes_of_number == 4 ? lines_nanoseconds<float>
                                     : lines_nanoseconds<double>)(taps, output, steps);
      },
      "bytes_of_number"_a, "taps"_a, "output"_a, "steps"_a,
      "The predicted time of one term of lines of these lengths on one thread.");
  module.def("separation_nanoseconds", &faltung::separation_nanoseconds, "taps"_a,
             "The predicted time of finding lines among so many taps.");
  module.attr("most_product_taps") = faltung::most_product_taps;
  bind_correlate_by_lines<float>(module);
  bind_correlate_by_lines<double>(module);
}
