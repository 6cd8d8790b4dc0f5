#include "faltung/instruction_sets.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>

namespace faltung {
namespace {

std::atomic<int> active{-1};

bool machine_has(InstructionSet isa) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  switch (isa) {
    case InstructionSet::v2:
      return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
    case InstructionSet::v3:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    case InstructionSet::v4:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512vl");
  }
  return false;
#else
  return isa == InstructionSet::baseline;
#endif
}

InstructionSet find_available(const std::string& name) {
  std::string known;
  for (InstructionSet isa : available_instruction_sets()) {
    if (name_of(isa) == name) return isa;
    known += (known.empty() ? "" : ", ") + name_of(isa);
  }
  throw std::invalid_argument("instruction set '" + name + "' is not available: this machine has " +
                              known);
}

}  // namespace

std::string name_of(InstructionSet isa) {
#define FALTUNG_CASE(name)   \
  case InstructionSet::name: \
    return #name;
  switch (isa) { FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_CASE) }
#undef FALTUNG_CASE
  return "unknown";
}

std::vector<InstructionSet> available_instruction_sets() {
  std::vector<InstructionSet> found;
#define FALTUNG_TRY(name) \
  if (machine_has(InstructionSet::name)) found.push_back(InstructionSet::name);
  FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_TRY)
#undef FALTUNG_TRY
  return found;
}

InstructionSet active_instruction_set() {
  const int current = active.load(std::memory_order_relaxed);
  if (current >= 0) return static_cast<InstructionSet>(current);
  const char* forced = std::getenv("FALTUNG_ISA");
  const InstructionSet isa =
      forced && *forced ? find_available(forced) : available_instruction_sets().back();
  active.store(static_cast<int>(isa), std::memory_order_relaxed);
  return isa;
}

void set_active_instruction_set(const std::string& name) {
  active.store(static_cast<int>(find_available(name)), std::memory_order_relaxed);
}

}  // namespace faltung
