#include "faltung/narrow.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/vector.h>

#include <stdexcept>

#include "bindings.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using Operand = nb::ndarray<nb::ro, nb::numpy, nb::device::cpu>;
using Result = nb::ndarray<nb::numpy, nb::device::cpu>;
using Floats = nb::ndarray<const float, nb::numpy, nb::device::cpu>;

void require(bool holds, const char* rule) {
  if (!holds) throw std::invalid_argument(rule);
}

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

// The axes are the batch axes, then one sliding axis for each entry of `first`.
template <class Taps>
faltung::NarrowCorrelation as_correlation(const Operand& input, const Taps& taps,
                                          const Result& output,
                                          const std::vector<std::int64_t>& first,
                                          const std::vector<faltung::Boundary>& boundaries,
                                          double fill_value) {
  const size_t rank = input.ndim(), sliding = first.size();
  require(sliding >= 1 && sliding <= rank, "one to all axes slide");
  require(taps.ndim() == rank && output.ndim() == rank, "operands have the same rank");
  require(boundaries.size() == sliding, "one boundary for each sliding axis");
  faltung::NarrowCorrelation problem{
      input.data(), type_of(input.dtype()), output.data(), type_of(output.dtype()), {}, {},
      fill_value};
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

bool correlate_whole(const Operand& input, const Operand& taps, const Result& output,
                     const std::vector<std::int64_t>& first,
                     const std::vector<faltung::Boundary>& boundaries, double fill_value,
                     int threads) {
  const auto problem = as_correlation(input, taps, output, first, boundaries, fill_value);
  const faltung::NumberType type = type_of(taps.dtype());
  require(output.dtype().bits != 32, "results have 8, 16 or 64 bits");
  const nb::gil_scoped_release release;
  const faltung::WholeSums sums = faltung::whole_sums(problem, taps.data(), type);
  if (sums == faltung::WholeSums::unproved) return false;
  faltung::correlate_whole(problem, taps.data(), type, sums, threads);
  return true;
}

void correlate_rounded(const Operand& input, const Floats& taps, const Result& output,
                       const std::vector<std::int64_t>& first,
                       const std::vector<faltung::Boundary>& boundaries, double fill_value,
                       int threads) {
  const auto problem = as_correlation(input, taps, output, first, boundaries, fill_value);
  require(output.dtype().bits <= 16, "results have 8 or 16 bits");
  const nb::gil_scoped_release release;
  faltung::correlate_rounded(problem, taps.data(), threads);
}

}  // namespace

#define ARRAY "numpy.typing.NDArray[typing.Any]"
#define SIGNATURE                                                                            \
  "input: " ARRAY ", taps: " ARRAY ", output: " ARRAY                                        \
  ", first: collections.abc.Sequence[int], boundaries: collections.abc.Sequence[Boundary], " \
  "fill_value: float, threads: int"

void bind_narrow(nb::module_& module) {
  module.def("correlate_whole", &correlate_whole, "input"_a.noconvert(), "taps"_a.noconvert(),
             "output"_a.noconvert(), "first"_a, "boundaries"_a, "fill_value"_a, "threads"_a,
             nb::sig("def correlate_whole(" SIGNATURE ") -> bool"),
             "As correlate_directly, for whole numbers of any types: exact, saturated in 8 and 16 "
             "bits. False, and nothing written, if it is not proved that no sum reaches 2**53.");
  module.def("correlate_rounded", &correlate_rounded, "input"_a.noconvert(), "taps"_a.noconvert(),
             "output"_a.noconvert(), "first"_a, "boundaries"_a, "fill_value"_a, "threads"_a,
             nb::sig("def correlate_rounded(" SIGNATURE ") -> None"),
             "As correlate_directly in float32, rounded to the nearest whole number, ties to even, "
             "and saturated; taps are finite and no sum overflows.");
}
