#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "faltung/laws/recurrence.hpp"
#include "faltung/laws/tilted_sum.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

namespace laws = faltung::laws;

template <class T>
using Numbers = nb::ndarray<const T, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Table = nb::ndarray<double, nb::numpy, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Digits = nb::ndarray<std::uint64_t, nb::numpy, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

void require(bool holds, const char* rule) {
  if (!holds) throw std::invalid_argument(rule);
}

laws::Term term_of(const nb::handle& item) {
  const auto [places, high, low, exponents, count] =
      nb::cast<std::tuple<Numbers<std::int64_t>, Numbers<double>, Numbers<double>, Numbers<int>,
                          std::int64_t>>(item);
  const std::size_t length = places.shape(0);
  require(length >= 1 && high.shape(0) == length && low.shape(0) == length &&
              exponents.shape(0) == length && count >= 1,
          "as many places as weights, at least one, and a count");
  std::vector<std::int64_t> all(places.data(), places.data() + length);
  require(all[0] == 0 && std::ranges::is_sorted(all), "places ascend from 0");
  require(all.back() <= (std::int64_t{1} << 52) / count, "the largest sum is below 2^52");
  std::vector<laws::Scaled> weights(length);
  for (std::size_t i = 0; i < length; ++i) {
    require(high.data()[i] >= 0.25 && high.data()[i] <= 2, "a weight's mantissa is near 1");
    weights[i] = {{high.data()[i], low.data()[i]}, exponents.data()[i]};
  }
  return {std::move(all), std::move(weights), count};
}

void make_tilted_sum(laws::TiltedSum* self, const nb::typed<nb::list, nb::object>& items) {
  std::vector<laws::Term> terms;
  for (const nb::handle item : items) terms.push_back(term_of(item));
  require(!terms.empty(), "at least one term");
  new (self) laws::TiltedSum(std::move(terms));
}

laws::Kind kind_of(const std::string& name) {
  const std::pair<const char*, laws::Kind> kinds[] = {
      {"single", laws::Kind::single}, {"tail", laws::Kind::tail}, {"excess", laws::Kind::excess}};
  for (const auto& [known, kind] : kinds)
    if (name == known) return kind;
  throw std::invalid_argument("what is asked is a single, a tail or an excess");
}

void evaluate(laws::TiltedSum& sum, const Numbers<std::int64_t>& points, const std::string& name,
              const Table& results) {
  const laws::Kind kind = kind_of(name);
  const std::size_t count = points.shape(0);
  require(results.shape(0) == count && results.shape(1) == 3, "three numbers for each point");
  const std::span<const std::int64_t> all(points.data(), count);
  require(std::ranges::all_of(all, [&](auto x) { return sum.first() <= x && x <= sum.last(); }),
          "a point is out of range");
  nb::gil_scoped_release release;
  std::vector<laws::Logarithm> logarithms(count);
  sum.evaluate(all, kind, logarithms.data());
  double* target = results.data();
  for (const auto& logarithm : logarithms)
    for (const double number : {logarithm.high, logarithm.low, logarithm.error}) *target++ = number;
}

void run_recurrence(const Numbers<std::int64_t>& shifts, const Numbers<std::int64_t>& constants,
                    const Numbers<std::int64_t>& slopes, std::int64_t divisor, const Digits& rows) {
  const std::size_t count = shifts.shape(0);
  require(constants.shape(0) == count && slopes.shape(0) == count && divisor >= 1,
          "as many constants and slopes as shifts, and a positive divisor");
  const std::span<const std::int64_t> all(shifts.data(), count);
  require(std::ranges::all_of(all, [](auto shift) { return shift >= 1; }), "shifts are positive");
  const auto length = static_cast<std::int64_t>(rows.shape(0));
  const auto width = static_cast<std::int64_t>(rows.shape(1));
  require(length >= 1 && width >= 1, "at least one row and one digit");
  std::uint64_t* digits = rows.data();
  nb::gil_scoped_release release;
  laws::run_recurrence({all, {constants.data(), count}, {slopes.data(), count}, divisor}, length,
                       width, digits);
}

}  // namespace

void bind_tails(nb::module_& module) {
  nb::class_<laws::TiltedSum>(module, "TiltedSum", "Tails of a sum of independent lattice terms.")
      .def("__init__", make_tilted_sum, "terms"_a,
           "Terms: places from 0, mantissas high + low, exponents of 2, count.")
      .def_prop_ro("mean", &laws::TiltedSum::mean)
      .def_prop_ro("deviation", &laws::TiltedSum::deviation)
      .def_prop_ro("first", &laws::TiltedSum::first)
      .def_prop_ro("last", &laws::TiltedSum::last)
      .def("evaluate", evaluate, "points"_a.noconvert(), "kind"_a, "results"_a.noconvert(),
           "The logarithm of P(S = x), P(S >= x) or E max(S - x, 0) for each point, as kind says: "
           "high, low and a bound on the error.");
  module.def("run_recurrence", run_recurrence, "shifts"_a.noconvert(), "constants"_a.noconvert(),
             "slopes"_a.noconvert(), "divisor"_a, "rows"_a.noconvert(),
             "divisor k q[k] = sum of (constant + slope k) q[k - shift]; rows of 64-bit digits.");
}
