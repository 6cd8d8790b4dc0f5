// One function for each header of the core, called by module.cpp.
#pragma once

#include <nanobind/nanobind.h>

void bind_arrays(nanobind::module_& module);
void bind_costs(nanobind::module_& module);
void bind_functions(nanobind::module_& module);
void bind_laws(nanobind::module_& module);
void bind_layers(nanobind::module_& module);
void bind_separable(nanobind::module_& module);
void bind_series(nanobind::module_& module);
void bind_narrow(nanobind::module_& module);
void bind_small(nanobind::module_& module);
void bind_system(nanobind::module_& module);
void bind_tails(nanobind::module_& module);
void bind_transform(nanobind::module_& module);
