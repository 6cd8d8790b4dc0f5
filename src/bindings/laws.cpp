#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "faltung/laws/convolution.hpp"
#include "faltung/laws/entrywise.hpp"
#include "faltung/laws/orders.hpp"
#include "faltung/laws/products.hpp"
#include "faltung/laws/random_sum.hpp"
#include "faltung/laws/scaled.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

namespace laws = faltung::laws;

template <class T>
using Numbers = nb::ndarray<const T, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Doubles = Numbers<double>;
using Integers = Numbers<std::int64_t>;
using Given = std::tuple<Doubles, Doubles, Integers>;  // high and low parts, exponents

void require(bool holds, const char* rule) {
  if (!holds) throw std::invalid_argument(rule);
}

laws::ScaledView view_of(const Doubles& high, const Doubles& low, const Integers& exponents) {
  require(high.shape(0) == exponents.shape(0) && high.shape(0) >= 1, "an exponent for each number");
  require(low.shape(0) == 0 || low.shape(0) == high.shape(0),
          "low parts of all numbers or of none");
  return {high.data(), low.shape(0) == 0 ? nullptr : low.data(), exponents.data(),
          static_cast<std::int64_t>(high.shape(0))};
}

laws::ScaledView view_of(const Given& numbers) {
  return view_of(std::get<0>(numbers), std::get<1>(numbers), std::get<2>(numbers));
}

template <class T>
using Array = nb::ndarray<T, nb::numpy, nb::ndim<1>>;
using Arrays = std::tuple<Array<double>, Array<double>, Array<std::int64_t>>;
using WithError = std::tuple<Arrays, double, double>;

template <class T>
Array<T> as_array(std::vector<T>&& numbers) {
  auto owner = std::make_unique<std::vector<T>>(std::move(numbers));
  T* const data = owner->data();
  const std::size_t size = owner->size();
  nb::capsule capsule(owner.release(),
                      [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return Array<T>(data, {size}, capsule);
}

Arrays as_arrays(laws::ScaledVector&& numbers) {
  return Arrays(as_array(std::move(numbers.high)), as_array(std::move(numbers.low)),
                as_array(std::move(numbers.exponents)));
}

WithError with_error(laws::ScaledProduct&& product) {
  return {as_arrays(std::move(product.numbers)), product.error.bound, product.error.estimate};
}

// Works without the GIL.
template <class Work>
auto released(const Work& work) {
  nb::gil_scoped_release release;
  return work();
}

WithError convolve(const Doubles& a_high, const Doubles& a_low, const Integers& a_exponents,
                   const Doubles& b_high, const Doubles& b_low, const Integers& b_exponents,
                   bool precise, int threads) {
  const laws::ScaledView a = view_of(a_high, a_low, a_exponents),
                         b = view_of(b_high, b_low, b_exponents);
  const laws::Precision precision = precise ? laws::Precision::precise : laws::Precision::plain;
  return with_error(released([&] { return laws::product(a, b, precision, threads); }));
}

WithError power(const Doubles& high, const Doubles& low, const Integers& exponents, std::int64_t n,
                int threads) {
  const laws::ScaledView numbers = view_of(high, low, exponents);
  require(n >= 1, "one copy at least");
  return with_error(released([&] { return laws::power(numbers, n, threads); }));
}

WithError product(const Doubles& high, const Doubles& low, const Integers& exponents,
                  const Integers& offsets, int threads) {
  const std::span<const std::int64_t> all(offsets.data(), offsets.shape(0));
  require(all.size() >= 2 && all.front() == 0 &&
              all.back() == static_cast<std::int64_t>(high.shape(0)) &&
              std::ranges::adjacent_find(all, std::ranges::greater_equal{}) == all.end(),
          "offsets ascend from 0 to the number of all entries");
  const laws::ScaledList list = {view_of(high, low, exponents), all.data(),
                                 static_cast<std::int64_t>(all.size()) - 1};
  return with_error(released([&] { return laws::product_of(list, threads); }));
}

Arrays multiply(const Doubles& high, const Doubles& low, const Integers& exponents,
                double factor_high, double factor_low, std::int64_t factor_exponent) {
  const laws::ScaledView numbers = view_of(high, low, exponents);
  const laws::ScaledNumber factor = {{factor_high, factor_low}, factor_exponent};
  return as_arrays(released([&] { return laws::multiplied(numbers, factor); }));
}

Arrays prefix_sums(const Doubles& high, const Doubles& low, const Integers& exponents,
                   bool backwards) {
  const laws::ScaledView numbers = view_of(high, low, exponents);
  return as_arrays(released([&] { return laws::prefix_sums(numbers, backwards); }));
}

// Sums or products of entries of two vectors.
template <class Operation>
Arrays joined(const Given& a, const Given& b, const Operation& operation) {
  const laws::ScaledView x = view_of(a), y = view_of(b);
  return as_arrays(released([&] { return operation(x, y); }));
}

Arrays products(const Given& a, const Given& b) {
  require(std::get<0>(a).shape(0) == std::get<0>(b).shape(0), "as many of each");
  return joined(a, b, laws::products);
}

Arrays outer_products(const Given& a, const Given& b) { return joined(a, b, laws::outer_products); }

Arrays sums(const Given& a, const Given& b) {
  require(std::get<0>(a).shape(0) == std::get<0>(b).shape(0), "as many of each");
  return joined(a, b, laws::sums);
}

Arrays grouped(const Given& numbers, const Integers& groups, std::int64_t count) {
  const laws::ScaledView all = view_of(numbers);
  require(groups.shape(0) == std::get<0>(numbers).shape(0), "a group for each number");
  require(std::all_of(groups.data(), groups.data() + groups.shape(0),
                      [&](std::int64_t group) { return 0 <= group && group < count; }),
          "groups from 0 to count - 1");
  return as_arrays(released([&] { return laws::grouped(all, groups.data(), count); }));
}

Arrays random_sum(const Given& fixed, const std::optional<Given>& rising,
                  const std::tuple<double, double, std::int64_t>& first, std::int64_t length) {
  const auto [high, low, exponent] = first;
  require(length >= 1, "one number at least");
  const laws::RandomSum sum = {
      view_of(fixed), rising ? view_of(*rising) : laws::ScaledView{}, {{high, low}, exponent}};
  return as_arrays(released([&] { return laws::random_sum(sum, length); }));
}

Arrays order_statistic(const std::tuple<Given, Given, Given>& law, std::int64_t r, std::int64_t n,
                       const Given& first, const Given& later, int threads) {
  const auto& [here, below, above] = law;
  const laws::Order order = {view_of(here),  view_of(below), view_of(above), r, n,
                             view_of(first), view_of(later)};
  require(order.below.length == order.here.length && order.above.length == order.here.length,
          "as many sums as probabilities");
  require(1 <= r && r <= n && order.first.length == n - r + 1 && order.later.length == r + 1,
          "coefficients for each number of copies");
  return as_arrays(released([&] { return laws::order_statistic(order, threads); }));
}

Arrays exponentials(const Doubles& logarithms) {
  return as_arrays(released([&] {
    return laws::exponentials(logarithms.data(), static_cast<std::int64_t>(logarithms.shape(0)));
  }));
}

}  // namespace

void bind_laws(nb::module_& module) {
  module.def(
      "scaled_convolve", convolve, "a_high"_a.noconvert(), "a_low"_a.noconvert(),
      "a_exponents"_a.noconvert(), "b_high"_a.noconvert(), "b_low"_a.noconvert(),
      "b_exponents"_a.noconvert(), "precise"_a, "threads"_a,
      "The convolution of two vectors of scaled numbers, its relative bound and estimate; in "
      "double-double if it shall be precise.");
  module.def("scaled_power", power, "high"_a.noconvert(), "low"_a.noconvert(),
             "exponents"_a.noconvert(), "n"_a, "threads"_a,
             "The convolution of n copies, its relative bound and estimate.");
  module.def("scaled_product", product, "high"_a.noconvert(), "low"_a.noconvert(),
             "exponents"_a.noconvert(), "offsets"_a.noconvert(), "threads"_a,
             "The convolution of all vectors of a list, its relative bound and estimate.");
  module.def("scaled_multiply", multiply, "high"_a.noconvert(), "low"_a.noconvert(),
             "exponents"_a.noconvert(), "factor_high"_a, "factor_low"_a, "factor_exponent"_a,
             "Each number times one factor.");
  module.def("scaled_prefix_sums", prefix_sums, "high"_a.noconvert(), "low"_a.noconvert(),
             "exponents"_a.noconvert(), "backwards"_a,
             "The sums of the first 0, 1, … numbers, or of the last ones.");
  module.def("scaled_products", products, "a"_a.noconvert(), "b"_a.noconvert(),
             "Entry i of each by entry i of the other.");
  module.def("scaled_outer_products", outer_products, "a"_a.noconvert(), "b"_a.noconvert(),
             "Each number of one by each of the other, row by row.");
  module.def("scaled_sums", sums, "a"_a.noconvert(), "b"_a.noconvert(), "Entry i of each, added.");
  module.def("scaled_groups", grouped, "numbers"_a.noconvert(), "groups"_a.noconvert(), "count"_a,
             "The sums of all numbers with the same group.");
  module.def("scaled_random_sum", random_sum, "fixed"_a.noconvert(), "rising"_a.noconvert(),
             "first"_a, "length"_a,
             "g[s] = sum over j of (fixed[j] + (s - j) rising[j]) g[s - j] / s, after the first.");
  module.def("scaled_order_statistic", order_statistic, "law"_a.noconvert(), "r"_a, "n"_a,
             "first"_a.noconvert(), "later"_a.noconvert(), "threads"_a,
             "The probabilities of the r-th smallest of n copies, from those at, below and above.");
  module.def("scaled_exponentials", exponentials, "logarithms"_a.noconvert(),
             "exp of each number as scaled ones.");
}
