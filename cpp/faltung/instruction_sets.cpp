#include "faltung/instruction_sets.hpp"

#include <atomic>
#include <cstdlib>
#include <initializer_list>
#include <stdexcept>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace faltung {
namespace {

std::atomic<int> active{-1};

#if defined(__x86_64__)
// The processor's answers to CPUID leaves 1, 7 and 0x80000001, and which registers the system saves
// (XCR0).
struct Features {
  unsigned leaf1_ecx = 0;
  unsigned extended_ecx = 0;
  unsigned leaf7_ebx = 0;
  unsigned saved_registers = 0;

  Features() {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx)) leaf1_ecx = ecx;
    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) leaf7_ebx = ebx;
    if (__get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx)) extended_ecx = ecx;
    const bool can_ask = leaf1_ecx >> 27 & 1;
    if (can_ask) asm("xgetbv" : "=a"(saved_registers), "=d"(edx) : "c"(0));
  }
};

constexpr unsigned bits(std::initializer_list<int> positions) {
  unsigned mask = 0;
  for (const int position : positions) mask |= 1u << position;
  return mask;
}

// What each level of the x86-64 psABI adds, as far as kernels use it.
constexpr unsigned v2_leaf1 = bits({0, 9, 19, 20, 23});    // SSE3, SSSE3, SSE4.1, SSE4.2, POPCNT
constexpr unsigned v3_leaf1 = bits({12, 22, 28, 29});      // FMA, MOVBE, AVX, F16C
constexpr unsigned v3_leaf7 = bits({3, 5, 8});             // BMI1, AVX2, BMI2
constexpr unsigned v4_leaf7 = bits({16, 17, 28, 30, 31});  // AVX-512 F, DQ, CD, BW, VL
constexpr unsigned v3_extended = bits({5});                // LZCNT
constexpr unsigned ymm_saved = bits({1, 2});
constexpr unsigned zmm_saved = bits({1, 2, 5, 6, 7});

bool machine_has(InstructionSet isa) {
  static const Features machine;
  const auto holds = [](unsigned word, unsigned mask) { return (word & mask) == mask; };
  const bool v2 = holds(machine.leaf1_ecx, v2_leaf1);
  const bool v3 = v2 && holds(machine.leaf1_ecx, v3_leaf1) && holds(machine.leaf7_ebx, v3_leaf7) &&
                  holds(machine.extended_ecx, v3_extended) &&
                  holds(machine.saved_registers, ymm_saved);
  const bool v4 =
      v3 && holds(machine.leaf7_ebx, v4_leaf7) && holds(machine.saved_registers, zmm_saved);
  switch (isa) {
    case InstructionSet::v2:
      return v2;
    case InstructionSet::v3:
      return v3;
    case InstructionSet::v4:
      return v4;
  }
  return false;
}
#else
bool machine_has(InstructionSet isa) { return isa == InstructionSet::baseline; }
#endif

InstructionSet find_available(const std::string& name) {
  std::string known;
  for (InstructionSet isa : available_instruction_sets()) {
    if (name_of(isa) == name) return isa;
    known += (known.empty() ? "" : ", ") + name_of(isa);
  }
  throw std::invalid_argument("instruction set '" + name + "' is not available: this machine has " +
                              known + "; write one of these");
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
  const std::vector<InstructionSet> available = available_instruction_sets();
  if (available.empty())
    throw std::runtime_error("this processor is older than x86-64-v2 (SSE4.2), which is needed");
  const InstructionSet isa = forced && *forced ? find_available(forced) : available.back();
  active.store(static_cast<int>(isa), std::memory_order_relaxed);
  return isa;
}

void set_active_instruction_set(const std::string& name) {
  active.store(static_cast<int>(find_available(name)), std::memory_order_relaxed);
}

}  // namespace faltung
