#include "faltung/costs.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace faltung {
namespace {

// Measured on one core with AVX-512.
constexpr Costs shipped{
    .direct_float = {.call = 660,
                     .axis = 870,
                     .tile = 460,
                     .gathered = 0.2,
                     .gathered_line = 4.3,
                     .vector = 2.3,
                     .row = 2.1,
                     .lines_tap = 0.22,
                     .shared_tap = 0.16,
                     .single_tap = 0.23},
    .direct_double = {.call = 820,
                      .axis = 860,
                      .tile = 290,
                      .gathered = 0.25,
                      .gathered_line = 9.3,
                      .vector = 1.95,
                      .row = 2.2,
                      .lines_tap = 0.22,
                      .shared_tap = 0.164,
                      .single_tap = 0.217},
    .direct_integer = {.call = 820,
                       .axis = 860,
                       .tile = 290,
                       .gathered = 0.25,
                       .gathered_line = 9.3,
                       .vector = 1.95,
                       .row = 2.2,
                       .lines_tap = 0.6,
                       .shared_tap = 0.6,
                       .single_tap = 0.6},
    .lines_float = {.call = 2000, .axis = 6500, .line = 18, .vector = 3.5, .tap = 0.24},
    .lines_double = {.call = 2000, .axis = 4300, .line = 15, .vector = 3.1, .tap = 0.235},
    .transform_float = {.call = 2570,
                        .axis = 1270,
                        .outside = 1.94,
                        .block = 610,
                        .point = 0.73,
                        .level = 0.146,
                        .uncached = 0.8,
                        .line = 30.6},
    .transform_double = {.call = 2800,
                         .axis = 1210,
                         .outside = 2.12,
                         .block = 450,
                         .point = 1.47,
                         .level = 0.3,
                         .uncached = 2.0,
                         .line = 30.8},
    .call = {.general = 60e3,
             .separation = 1000,
             .separation_tap = 27,
             .complex = 2.4,
             .whole = 4,
             .slice = 10},
    .plain = {.of_long_double = 2, .of_object = 50},
};

template <class Table, class Visit>
void for_direct(Table& table, const std::string& name, const Visit& visit) {
  visit(name + ".call", table.call);
  visit(name + ".axis", table.axis);
  visit(name + ".tile", table.tile);
  visit(name + ".gathered", table.gathered);
  visit(name + ".gathered_line", table.gathered_line);
  visit(name + ".vector", table.vector);
  visit(name + ".row", table.row);
  visit(name + ".lines_tap", table.lines_tap);
  visit(name + ".shared_tap", table.shared_tap);
  visit(name + ".single_tap", table.single_tap);
}

template <class Table, class Visit>
void for_lines(Table& table, const std::string& name, const Visit& visit) {
  visit(name + ".call", table.call);
  visit(name + ".axis", table.axis);
  visit(name + ".line", table.line);
  visit(name + ".vector", table.vector);
  visit(name + ".tap", table.tap);
}

template <class Table, class Visit>
void for_transform(Table& table, const std::string& name, const Visit& visit) {
  visit(name + ".call", table.call);
  visit(name + ".axis", table.axis);
  visit(name + ".outside", table.outside);
  visit(name + ".block", table.block);
  visit(name + ".point", table.point);
  visit(name + ".level", table.level);
  visit(name + ".uncached", table.uncached);
  visit(name + ".line", table.line);
}

// Calls visit(name, cost) for each cost of a table.
template <class Table, class Visit>
void for_each(Table& table, const Visit& visit) {
  for_direct(table.direct_float, "direct.float32", visit);
  for_direct(table.direct_double, "direct.float64", visit);
  for_direct(table.direct_integer, "direct.int64", visit);
  for_lines(table.lines_float, "lines.float32", visit);
  for_lines(table.lines_double, "lines.float64", visit);
  for_transform(table.transform_float, "transform.float32", visit);
  for_transform(table.transform_double, "transform.float64", visit);
  visit("call.general", table.call.general);
  visit("call.separation", table.call.separation);
  visit("call.separation_tap", table.call.separation_tap);
  visit("call.complex", table.call.complex);
  visit("call.whole", table.call.whole);
  visit("call.slice", table.call.slice);
  visit("plain.longdouble", table.plain.of_long_double);
  visit("plain.object", table.plain.of_object);
}

// The entry of that name.
template <class Table>
auto& entry(Table& table, const std::string& name) {
  decltype(&table.call.general) found = nullptr;
  for_each(table, [&](const std::string& known, auto& cost) {
    if (known == name) found = &cost;
  });
  if (!found) throw std::invalid_argument(name + " is no cost: the names are those of costs()");
  return *found;
}

void change(Costs& table, const std::string& name, double cost) {
  if (!(cost > 0 && std::isfinite(cost)))
    throw std::invalid_argument(name + " = " + std::to_string(cost) +
                                ": a cost is above zero and finite, in nanoseconds");
  entry(table, name) = cost;
}

std::atomic<const Costs*> current{&shipped};

// Tables are kept for ever, because calls may read them at any time, but no two that are the same.
const Costs* kept(const Costs& table) {
  static auto* const tables = new std::vector<std::unique_ptr<const Costs>>;
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  const NamedCosts wanted = named_costs(table);
  const auto same = std::ranges::find_if(
      *tables, [&](const auto& other) { return named_costs(*other) == wanted; });
  if (same != tables->end()) return same->get();
  return tables->emplace_back(std::make_unique<const Costs>(table)).get();
}

}  // namespace

const Costs& costs() { return *current.load(std::memory_order_acquire); }

const Costs& shipped_costs() { return shipped; }

NamedCosts named_costs(const Costs& table) {
  NamedCosts named;
  for_each(table, [&](const std::string& name, double cost) { named.emplace_back(name, cost); });
  return named;
}

double cost_of(const Costs& table, const std::string& name) { return entry(table, name); }

void set_costs(const NamedCosts& changed) {
  Costs table = shipped;
  for (const auto& [name, cost] : changed) change(table, name, cost);
  current.store(kept(table), std::memory_order_release);
}

}  // namespace faltung
