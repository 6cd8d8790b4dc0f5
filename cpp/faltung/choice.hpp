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
double separation_nanoseconds(std::int64_t taps);

// Whether both together are less than what a direct sum and a transform take, so that it is worth
// to ask whether the taps are a product of lines.
bool lines_would_be_faster(const Correlation<float>& problem);
bool lines_would_be_faster(const Correlation<double>& problem);

}  // namespace faltung
