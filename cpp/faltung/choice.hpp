// Which method is predicted to be the faster one, by the table of costs.
#pragma once

#include <complex>

#include "faltung/direct.hpp"

namespace faltung {

// The time of `correlate_directly` on one thread, by the sizes of a problem.
double direct_nanoseconds(const Correlation<float>& problem);
double direct_nanoseconds(const Correlation<double>& problem);
double direct_nanoseconds(const Correlation<std::uint64_t>& problem);
double direct_nanoseconds(const Correlation<std::complex<float>>& problem);
double direct_nanoseconds(const Correlation<std::complex<double>>& problem);

// Whether that is no more than what `transform_size` says.
bool direct_is_faster(const Correlation<float>& problem);
bool direct_is_faster(const Correlation<double>& problem);
bool direct_is_faster(const Correlation<std::complex<float>>& problem);
bool direct_is_faster(const Correlation<std::complex<double>>& problem);

// The time of `correlate_by_lines` for lines of these lengths.
double lines_nanoseconds(const Correlation<float>& problem);
double lines_nanoseconds(const Correlation<double>& problem);

// What finding lines among so many taps takes.
double separation_nanoseconds(double taps);

// Whether the taps, `taps_together` in C order, come so near to a product of lines, and lines would
// be so much faster than the others, that the general way should look at them.
bool lines_may_be_faster(const Correlation<float>& problem, const float* taps_together);
bool lines_may_be_faster(const Correlation<double>& problem, const double* taps_together);

}  // namespace faltung
