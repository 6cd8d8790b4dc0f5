#include "bindings.hpp"

NB_MODULE(_core, module) {
  module.doc() = "The compiled core: exact types in, no coercion, the GIL released while it works.";
  bind_system(module);
  bind_arrays(module);
  bind_costs(module);
  bind_transform(module);
  bind_layers(module);
  bind_functions(module);
  bind_laws(module);
  bind_series(module);
  bind_separable(module);
  bind_narrow(module);
  bind_small(module);
  bind_tails(module);
}
