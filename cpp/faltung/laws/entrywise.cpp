#include "faltung/laws/entrywise.hpp"

namespace faltung::laws {
namespace {

template <class Operation>
ScaledVector joined(const ScaledView& a, const ScaledView& b, const Operation& operation) {
  ScaledVector results(a.length, true);
  for (std::int64_t i = 0; i < a.length; ++i) results.set(i, operation(a.at(i), b.at(i)));
  return results;
}

}  // namespace

ScaledVector products(const ScaledView& a, const ScaledView& b) {
  return joined(a, b, [](const ScaledNumber& x, const ScaledNumber& y) { return x * y; });
}

ScaledVector outer_products(const ScaledView& a, const ScaledView& b) {
  ScaledVector results(a.length * b.length, true);
  for (std::int64_t i = 0; i < a.length; ++i)
    for (std::int64_t j = 0; j < b.length; ++j) results.set(i * b.length + j, a.at(i) * b.at(j));
  return results;
}

ScaledVector sums(const ScaledView& a, const ScaledView& b) {
  return joined(a, b, [](const ScaledNumber& x, const ScaledNumber& y) { return x + y; });
}

ScaledVector grouped(const ScaledView& numbers, const std::int64_t* groups, std::int64_t count) {
  ScaledVector results(count, true);
  for (std::int64_t i = 0; i < numbers.length; ++i)
    results.set(groups[i], results.view().at(groups[i]) + numbers.at(i));
  return results;
}

}  // namespace faltung::laws
