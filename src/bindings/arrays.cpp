#include <nanobind/ndarray.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>

#include "bindings.hpp"
#include "faltung/boundary.hpp"
#include "faltung/direct.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <class T>
using Operand = nb::ndarray<const T, nb::numpy, nb::device::cpu>;
template <class T>
using Result = nb::ndarray<T, nb::numpy, nb::device::cpu>;

void require(bool holds, const char* rule) {
  if (!holds) throw std::invalid_argument(rule);
}

// The axes of the arrays are the batch axes, then one sliding axis for each entry of `first`.
template <class T>
faltung::Correlation<T> as_correlation(const Operand<T>& input, const Operand<T>& taps,
                                       const Result<T>& output,
                                       const std::vector<std::int64_t>& first,
                                       const std::vector<faltung::Boundary>& boundaries,
                                       T fill_value) {
  const size_t rank = input.ndim(), sliding = first.size();
  require(sliding >= 1 && sliding <= rank, "one to all axes slide");
  require(taps.ndim() == rank && output.ndim() == rank, "operands have the same rank");
  require(boundaries.size() == sliding, "one boundary for each sliding axis");
  faltung::Correlation<T> problem{input.data(), taps.data(), output.data(), {}, {}, fill_value};
  for (size_t d = 0; d < rank - sliding; ++d) {
    require(input.shape(d) == output.shape(d) && taps.shape(d) == output.shape(d),
            "batch axes are broadcast before the call");
    problem.batch.push_back({static_cast<std::int64_t>(output.shape(d)), input.stride(d),
                             taps.stride(d), output.stride(d)});
  }
  std::int64_t taps_stride = 1;
  for (size_t d = rank; d-- > rank - sliding;) {
    require(taps.shape(d) >= 1 && input.shape(d) >= 1, "sliding axes are not empty");
    require(taps.shape(d) == 1 || taps.stride(d) == taps_stride, "taps are in C order");
    taps_stride *= static_cast<std::int64_t>(taps.shape(d));
  }
  for (size_t d = rank - sliding; d < rank; ++d)
    problem.sliding.push_back({static_cast<std::int64_t>(input.shape(d)), input.stride(d),
                               static_cast<std::int64_t>(output.shape(d)), output.stride(d),
                               static_cast<std::int64_t>(taps.shape(d)), first[d + sliding - rank],
                               boundaries[d + sliding - rank]});
  return problem;
}

template <class T>
void bind_correlate_directly(nb::module_& module) {
  module.def(
      "correlate_directly",
      [](const Operand<T>& input, const Operand<T>& taps, const Result<T>& output,
         const std::vector<std::int64_t>& first, const std::vector<faltung::Boundary>& boundaries,
         T fill_value, int threads) {
        const auto problem = as_correlation<T>(input, taps, output, first, boundaries, fill_value);
        nb::gil_scoped_release release;
        faltung::correlate_directly(problem, threads);
      },
      "input"_a.noconvert(), "taps"_a.noconvert(), "output"_a.noconvert(), "first"_a,
      "boundaries"_a, "fill_value"_a, "threads"_a,
      "output[i] = sum over k of taps[k] * input[i + first + k] on the last len(first) axes.");
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
}
