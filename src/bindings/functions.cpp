#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "bindings.hpp"
#include "faltung/functions/chain.hpp"
#include "faltung/functions/convolve_at.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using faltung::functions::Chain;

template <class T, int Rank>
using Numbers = nb::ndarray<const T, nb::numpy, nb::ndim<Rank>, nb::c_contig, nb::device::cpu>;
using Row = nb::ndarray<double, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

void require(bool holds, const char* rule) {
  if (!holds) throw std::invalid_argument(rule);
}

void make_chain(Chain* self, const Numbers<std::uint8_t, 1>& forms,
                const Numbers<double, 2>& numbers, const Numbers<double, 2>& coefficients,
                const Numbers<std::int64_t, 1>& lengths) {
  const std::size_t count = forms.shape(0);
  require(numbers.shape(0) == count && numbers.shape(1) == 10 && coefficients.shape(0) == count &&
              lengths.shape(0) == count,
          "ten numbers, a row of coefficients and its length for each piece");
  const auto stride = static_cast<std::int64_t>(coefficients.shape(1));
  require(stride <= faltung::functions::most_coefficients, "at most 65 coefficients");
  const std::span<const std::int64_t> all(lengths.data(), count);
  require(std::ranges::all_of(all, [&](auto length) { return length >= 1 && length <= stride; }),
          "each piece has a coefficient, and at most as many as the row");
  const std::span<const std::uint8_t> kinds(forms.data(), count);
  require(std::ranges::all_of(kinds, [](auto form) { return form <= 3; }),
          "a form is 0, 1, 2 or 3");
  new (self) Chain({kinds, numbers.data(), coefficients.data(), lengths.data(), stride});
}

void evaluate(const Chain& chain, const Numbers<double, 1>& base,
              const std::optional<Numbers<double, 1>>& offset, const Row& values,
              const std::optional<Row>& errors, int threads) {
  const std::size_t count = base.shape(0);
  require((!offset || offset->shape(0) == count) && values.shape(0) == count &&
              (!errors || errors->shape(0) == count),
          "as many offsets, values and errors as points");
  double* bounds = errors ? errors->data() : nullptr;
  const double* offsets = offset ? offset->data() : nullptr;
  nb::gil_scoped_release release;
  chain.evaluate({base.data(), count}, offsets, values.data(), bounds, threads);
}

void convolve_at(
    const Chain& f, const Chain& g, const Numbers<double, 2>& places,
    const nb::ndarray<double, nb::numpy, nb::ndim<2>, nb::c_contig, nb::device::cpu>& results,
    int threads) {
  const std::size_t count = places.shape(0);
  require(places.shape(1) == 3, "a place is a sum of three numbers");
  require(results.shape(0) == count && results.shape(1) == 4, "four numbers for each place");
  nb::gil_scoped_release release;
  std::vector<faltung::functions::Place> points(count);
  for (std::size_t i = 0; i < count; ++i)
    points[i] = {places.data()[3 * i], places.data()[3 * i + 1], places.data()[3 * i + 2]};
  std::vector<faltung::functions::Integral> integrals(count);
  faltung::functions::convolve_at(f.pieces(), g.pieces(), points, integrals.data(), threads);
  double* target = results.data();
  for (const auto& integral : integrals)
    for (const double number :
         {integral.value, integral.magnitude, integral.bound, integral.estimate})
      *target++ = number;
}

}  // namespace

void bind_functions(nb::module_& module) {
  nb::class_<Chain>(module, "Chain", "Pieces of a function, each a weight times a polynomial.")
      .def("__init__", make_chain, "forms"_a.noconvert(), "numbers"_a.noconvert(),
           "coefficients"_a.noconvert(), "lengths"_a.noconvert(),
           "numbers: anchor, side, near, far, tilt, reference, deviation, expected, low, high.")
      .def("evaluate", evaluate, "base"_a.noconvert(), "offset"_a.noconvert().none(),
           "values"_a.noconvert(), "errors"_a.noconvert().none(), "threads"_a,
           "Values at base + offset, the sum not rounded, and bounds on their errors.");
  module.def("convolve_at", convolve_at, "f"_a, "g"_a, "places"_a.noconvert(),
             "results"_a.noconvert(), "threads"_a,
             "For each place its value, magnitude, and the bound and the estimate of its error.");
}
