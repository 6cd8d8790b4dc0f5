// Which instruction sets the kernels were compiled for, which of them this machine has, and which
// one runs. FALTUNG_ISA in the environment forces one.
#pragma once

#include <string>
#include <vector>

namespace faltung {

#if defined(__x86_64__)
#define FALTUNG_FOR_EACH_INSTRUCTION_SET(DO, ...) \
  DO(v2 __VA_OPT__(, ) __VA_ARGS__)               \
  DO(v3 __VA_OPT__(, ) __VA_ARGS__)               \
  DO(v4 __VA_OPT__(, ) __VA_ARGS__)
#else
#define FALTUNG_FOR_EACH_INSTRUCTION_SET(DO, ...) DO(baseline __VA_OPT__(, ) __VA_ARGS__)
#endif

#define FALTUNG_NAME(isa) isa,
enum class InstructionSet { FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_NAME) };
#undef FALTUNG_NAME

std::string name_of(InstructionSet isa);

// Those this machine can run, the best one last.
std::vector<InstructionSet> available_instruction_sets();

// The one in use. Throws std::invalid_argument when FALTUNG_ISA names one that is not available.
InstructionSet active_instruction_set();

// Forces one. Throws std::invalid_argument when it is not available.
void set_active_instruction_set(const std::string& name);

// The constant `kernels` in the namespace of the instruction set in use.
#define FALTUNG_KERNELS_IN_USE(kernels)                                    \
  ([]() -> const auto& {                                                   \
    switch (active_instruction_set()) {                                    \
      FALTUNG_FOR_EACH_INSTRUCTION_SET(FALTUNG_RETURN_KERNELS_OF, kernels) \
    }                                                                      \
    __builtin_unreachable();                                               \
  }())
#define FALTUNG_RETURN_KERNELS_OF(isa, kernels) \
  case InstructionSet::isa:                     \
    return isa::kernels;

}  // namespace faltung
