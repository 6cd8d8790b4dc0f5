#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "faltung/instruction_sets.hpp"
#include "faltung/threads.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

std::string compiler() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__);
#else
  return "gcc " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__);
#endif
}

std::vector<std::string> available() {
  std::vector<std::string> names;
  for (const auto isa : faltung::available_instruction_sets())
    names.push_back(faltung::name_of(isa));
  return names;
}

}  // namespace

void bind_system(nb::module_& module) {
  module.attr("version") = FALTUNG_VERSION;
  module.def("compiler", &compiler, "Name and version of the compiler that built the core.");
  module.def("available_instruction_sets", &available,
             "Instruction sets this machine can run, the best one last.");
  module.def(
      "instruction_set", [] { return faltung::name_of(faltung::active_instruction_set()); },
      "The instruction set in use.");
  module.def("set_instruction_set", &faltung::set_active_instruction_set, "name"_a,
             "Force one of available_instruction_sets(); ValueError for any other.");
  module.def("available_processors", &faltung::available_processors,
             "Processors this process may use.");
  module.def("default_threads", &faltung::default_threads,
             "Threads used where a call does not say.");
  module.def("set_default_threads", &faltung::set_default_threads, "threads"_a,
             "Set default_threads(); at least 1.");
}
