// Which method is predicted to be the faster one.
#pragma once

#include "faltung/direct.hpp"

namespace faltung {

// The time of `correlate_directly` on one thread, by the sizes of a problem.
double direct_nanoseconds(const Correlation<float>& problem);
double direct_nanoseconds(const Correlation<double>& problem);
double direct_nanoseconds(const Correlation<std::uint64_t>& problem);

// Whether that is no more than what `transform_size` says.
bool direct_is_faster(const Correlation<float>& problem);
bool direct_is_faster(const Correlation<double>& problem);

}  // namespace faltung
