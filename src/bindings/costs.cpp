#include "faltung/costs.hpp"

#include <nanobind/stl/string.h>

#include "bindings.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

nb::typed<nb::dict, nb::str, double> as_dict(const faltung::Costs& table) {
  nb::typed<nb::dict, nb::str, double> costs;
  for (const auto& [name, cost] : faltung::named_costs(table)) costs[name.c_str()] = cost;
  return costs;
}

void set_costs(const nb::typed<nb::dict, nb::str, double>& changed) {
  faltung::NamedCosts costs;
  for (const auto [key, value] : changed) {
    std::string name;
    double cost = 0;
    if (!nb::try_cast(key, name) || !nb::try_cast(value, cost))
      throw nb::type_error("costs are numbers by name");
    costs.emplace_back(name, cost);
  }
  faltung::set_costs(costs);
}

}  // namespace

void bind_costs(nb::module_& module) {
  module.def(
      "costs", [] { return as_dict(faltung::costs()); },
      "What the parts of each method are taken to cost, in nanoseconds on one thread.");
  module.def(
      "cost", [](const std::string& name) { return faltung::cost_of(faltung::costs(), name); },
      "name"_a, "One of costs().");
  module.def(
      "predicted_seconds",
      [](double nanoseconds) { return 1e-9 * (faltung::costs().call.general + nanoseconds); },
      "nanoseconds"_a, "The time of a call of the general way that takes so long in the core.");
  module.def(
      "shipped_costs", [] { return as_dict(faltung::shipped_costs()); },
      "The costs that the library comes with.");
  module.def("set_costs", &set_costs, "changed"_a,
             "Put a table of costs in use: the shipped one, but for what is named; ValueError for "
             "an unknown name and for a cost that is not above zero and finite.");
}
