// Panels that begin near a singularity and are long: the logarithm of the distance from it is the
// variable of integration.
//
// With d = e^v the integral over d is that of f g d over v, and powers of d are exponentials there.
// So one rule does many times the distance at which the panel begins.
#pragma once

#include "faltung/functions/panel.hpp"

namespace faltung::functions {

// The strand whose singularity is near to the beginning of a panel, compared with its length, but
// not right there; the nearer one of two; or null.
const Strand* strand_near_singularity(const Overlap& overlap, Panel panel);

// As nodes_needed, for Gauss nodes in the logarithm of the strand's distance.
int log_nodes_needed(const Overlap& overlap, const Strand& main, Panel panel, double tolerance,
                     double& error);

// The integral by such a rule with `count` nodes.
Integral log_integral_of(const Overlap& overlap, const Strand& main, Panel panel, int count);

// Where to cut a panel that no such rule can do.
double log_middle(const Strand& main, Panel panel);

}  // namespace faltung::functions
