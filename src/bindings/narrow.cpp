#include "faltung/narrow.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include <utility>

#include "bindings.hpp"
#include "layout.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using Operand = nb::ndarray<nb::ro, nb::numpy, nb::device::cpu>;
using Result = nb::ndarray<nb::numpy, nb::device::cpu>;

// bool counts as uint8.
faltung::NumberType type_of(nb::dlpack::dtype dtype) {
  const auto code = static_cast<nb::dlpack::dtype_code>(dtype.code);
  const bool is_signed = code == nb::dlpack::dtype_code::Int;
  require(is_signed || code == nb::dlpack::dtype_code::UInt || code == nb::dlpack::dtype_code::Bool,
          "operands are whole numbers");
  int log_bytes = 0;
  while ((8 << log_bytes) < dtype.bits) ++log_bytes;
  require((8 << log_bytes) == dtype.bits && log_bytes <= 3, "numbers have 8, 16, 32 or 64 bits");
  return static_cast<faltung::NumberType>(2 * log_bytes + (is_signed ? 0 : 1));
}

template <class Taps>
faltung::NarrowCorrelation as_correlation(const Operand& input, const Taps& taps,
                                          const Result& output,
                                          const std::vector<std::int64_t>& first,
                                          const std::vector<faltung::Boundary>& boundaries,
                                          const Steps& steps, double fill_value) {
  Axes axes = read_axes(input, taps, output, first, boundaries, steps);
  return {input.data(),          type_of(input.dtype()),  output.data(), type_of(output.dtype()),
          std::move(axes.batch), std::move(axes.sliding), fill_value};
}

bool correlate_whole(const Operand& input, const Operand& taps, const Result& output,
                     const std::vector<std::int64_t>& first,
                     const std::vector<faltung::Boundary>& boundaries, const Steps& steps,
                     double fill_value, int threads) {
  const auto problem = as_correlation(input, taps, output, first, boundaries, steps, fill_value);
  const faltung::NumberType type = type_of(taps.dtype());
  require(output.dtype().bits != 32, "results have 8, 16 or 64 bits");
  const nb::gil_scoped_release release;
  const faltung::WholeSums sums =
      faltung::whole_sums(problem, faltung::whole_bounds(problem, taps.data(), type));
  if (sums == faltung::WholeSums::unproved) return false;
  faltung::correlate_whole(problem, taps.data(), type, sums, threads);
  return true;
}

bool correlate_rounded(const Operand& input, const Operand& taps, const Result& output,
                       const std::vector<std::int64_t>& first,
                       const std::vector<faltung::Boundary>& boundaries, const Steps& steps,
                       double fill_value, int threads) {
  const auto problem = as_correlation(input, taps, output, first, boundaries, steps, fill_value);
  const bool in_float = taps.dtype() == nb::dtype<float>();
  require(in_float || taps.dtype() == nb::dtype<double>(), "taps are floats of 32 or 64 bits");
  require(output.dtype().bits <= 16, "results have 8 or 16 bits");
  if (!faltung::is_narrow(problem)) return false;
  const nb::gil_scoped_release release;
  in_float ? faltung::correlate_rounded(problem, static_cast<const float*>(taps.data()), threads)
           : faltung::correlate_rounded(problem, static_cast<const double*>(taps.data()), threads);
  return true;
}

double magnitude_bound(const Operand& input) {
  faltung::NarrowCorrelation problem{
      input.data(), type_of(input.dtype()), nullptr, type_of(input.dtype()), {}, {}, 0};
  for (size_t d = 0; d < input.ndim(); ++d)
    problem.batch.push_back({static_cast<std::int64_t>(input.shape(d)), input.stride(d), 0, 0});
  require_aligned(input);
  const nb::gil_scoped_release release;
  return faltung::magnitude_bound(problem);
}

}  // namespace

#define ARRAY "numpy.typing.NDArray[typing.Any]"
#define SIGNATURE                                                                            \
  "input: " ARRAY ", taps: " ARRAY ", output: " ARRAY                                        \
  ", first: collections.abc.Sequence[int], boundaries: collections.abc.Sequence[Boundary], " \
  "steps: collections.abc.Sequence[tuple[int, int]], fill_value: float, threads: int"

void bind_narrow(nb::module_& module) {
  module.def("correlate_whole", &correlate_whole, "input"_a.noconvert(), "taps"_a.noconvert(),
             "output"_a.noconvert(), "first"_a, "boundaries"_a, "steps"_a, "fill_value"_a,
             "threads"_a, nb::sig("def correlate_whole(" SIGNATURE ") -> bool"),
             "As correlate_directly, for whole numbers of any types: exact, saturated in 8 and 16 "
             "bits. False, and nothing written, if it is not proved that no sum reaches 2**53.");
  module.def(
      "magnitude_bound", &magnitude_bound, "input"_a.noconvert(),
      nb::sig("def magnitude_bound(input: " ARRAY ") -> float"),
      "At least every magnitude of whole numbers, and less than twice the largest and 2 more.");
  module.def(
      "correlate_rounded", &correlate_rounded, "input"_a.noconvert(), "taps"_a.noconvert(),
      "output"_a.noconvert(), "first"_a, "boundaries"_a, "steps"_a, "fill_value"_a, "threads"_a,
      nb::sig("def correlate_rounded(" SIGNATURE ") -> bool"),
      "As correlate_directly in the type of the taps, rounded to the nearest whole number, ties to "
      "even, and saturated; taps are finite and no sum overflows. False, and nothing written, "
      "where outputs or taps lie so far apart that another way is better.");
}
