#include "faltung/choice.hpp"

#include <algorithm>
#include <numeric>
#include <type_traits>

#include "faltung/kernels/direct.hpp"
#include "faltung/transform.hpp"

namespace faltung {
namespace {

// Measured on one core with AVX-512 and the same everywhere, so that machines choose alike: for a
// vector of outputs and one tap, where a load serves several taps, where it does not, and of
// integers; for a vector of outputs beside its taps; for a call.
constexpr double shared_tap = 0.19, single_tap = 0.34, integer_tap = 0.6;
constexpr double vector = 2.0;
constexpr double call = 600;

// The same for a number that is gathered because outputs of a line are a step apart, and for the
// lines of outputs of a phase, where taps lie apart on another axis.
constexpr double gathered_number = 0.15, phase = 1500;

// The same where one axis is summed after the other.
constexpr double line_tap = 0.2, line_vector = 3.5, line_call = 2000;

// To find the lines.
constexpr double product_lines_call = 1000, product_lines_tap = 27;

template <class T>
std::int64_t lanes() {
  const DirectKernels& kernels = FALTUNG_KERNELS_IN_USE(direct_kernels);
  if constexpr (std::is_same_v<T, float>) return kernels.of_float.lanes;
  if constexpr (std::is_same_v<T, double>) return kernels.of_double.lanes;
  return kernels.of_integer.lanes;
}

// A last axis that is only passed through makes one line with the axis before it.
template <class T>
double vectors_of_outputs(const Correlation<T>& problem) {
  double lines = 1;
  for (const BatchAxis& axis : problem.batch) lines *= static_cast<double>(axis.size);
  std::int64_t line = 1;
  bool passed_through = true;
  for (size_t d = problem.sliding.size(); d-- > 0;) {
    const SlidingAxis& axis = problem.sliding[d];
    if (passed_through)
      line *= axis.output_size;
    else
      lines *= static_cast<double>(axis.output_size);
    passed_through = passed_through && axis.taps == 1;
  }
  return lines * static_cast<double>((line + lanes<T>() - 1) / lanes<T>());
}

template <class T>
double nanoseconds_of_tap(const Correlation<T>& problem) {
  if (std::is_same_v<T, std::uint64_t>) return integer_tap;
  const auto has_neighbours = [](const SlidingAxis& axis) { return axis.taps > 1; };
  const auto last = problem.sliding.end() - 1;
  const bool lines_share = std::any_of(problem.sliding.begin(), last, has_neighbours);
  // Taps that read one vector share its load.
  const std::int64_t pieces = last->step / std::gcd(last->step, last->tap_step);
  const std::int64_t spacing = last->tap_step * pieces / last->step;
  const bool combed = (spacing & (spacing - 1)) == 0 && spacing <= lanes<T>();
  const bool row_shares = combed && last->taps * spacing / pieces >= 2 * lanes<T>();
  return lines_share || row_shares ? shared_tap : single_tap;
}

// Beside the sums, where outputs or taps lie apart.
template <class T>
double nanoseconds_of_steps(const Correlation<T>& problem) {
  double numbers = 1, phases = 1;
  for (const BatchAxis& axis : problem.batch) numbers *= static_cast<double>(axis.size);
  for (size_t d = 0; d < problem.sliding.size(); ++d) {
    const SlidingAxis& axis = problem.sliding[d];
    const auto outputs = static_cast<double>(axis.output_size);
    const std::int64_t common = std::gcd(axis.step, axis.tap_step);
    numbers *= outputs * static_cast<double>(std::min(axis.step / common, axis.taps));
    if (d + 1 < problem.sliding.size())
      phases *= std::min(outputs, static_cast<double>(axis.tap_step / common));
  }
  const bool is_gathered = problem.sliding.back().step > 1;
  return (phases - 1) * phase + (is_gathered ? numbers * gathered_number : 0);
}

template <class T>
double nanoseconds(const Correlation<T>& problem) {
  double taps = 1;
  for (const SlidingAxis& axis : problem.sliding) taps *= static_cast<double>(axis.taps);
  return call + vectors_of_outputs(problem) * (taps * nanoseconds_of_tap(problem) + vector) +
         nanoseconds_of_steps(problem);
}

// A direct sum of complex numbers is four of their parts.
template <class T>
double nanoseconds(const Correlation<std::complex<T>>& problem) {
  const Correlation<T> part{nullptr, nullptr, nullptr, problem.batch, problem.sliding, T{0}};
  return call + 4 * (nanoseconds(part) - call);
}

template <class T>
bool is_faster(const Correlation<T>& problem) {
  const double direct = nanoseconds(problem);
  return direct <= least_transform_nanoseconds || direct <= transform_size(problem).nanoseconds;
}

// Where outputs are a step apart, lines share no loads, and all sums along a line are made.
template <class T>
double nanoseconds_of_lines(const Correlation<T>& problem) {
  double taps = 0, made = 1;
  for (const SlidingAxis& axis : problem.sliding) {
    const bool is_line = &axis == &problem.sliding.back();
    const auto step = static_cast<double>(axis.step);
    const double sums = is_line ? step : axis.step > axis.tap_step ? 2 : 1;
    if (axis.taps > 1) taps += made * sums * static_cast<double>(axis.taps);
    made *=
        std::clamp(step / static_cast<double>(axis.tap_step), 1.0, static_cast<double>(axis.taps));
  }
  return line_call + vectors_of_outputs(problem) * (taps * line_tap + line_vector) +
         nanoseconds_of_steps(problem);
}

template <class T>
bool lines_are_worth_a_look(const Correlation<T>& problem) {
  int axes = 0;
  std::int64_t taps = 1;
  for (const SlidingAxis& axis : problem.sliding) {
    axes += axis.taps > 1;
    taps *= axis.taps;
  }
  if (axes < 2) return false;
  const double lines = nanoseconds_of_lines(problem) + product_lines_nanoseconds(taps);
  return lines < nanoseconds(problem) && lines < transform_size(problem).nanoseconds;
}

}  // namespace

double lines_nanoseconds(const Correlation<float>& problem) {
  return nanoseconds_of_lines(problem);
}
double lines_nanoseconds(const Correlation<double>& problem) {
  return nanoseconds_of_lines(problem);
}

double product_lines_nanoseconds(std::int64_t taps) {
  return product_lines_call + product_lines_tap * static_cast<double>(taps);
}

bool lines_would_be_faster(const Correlation<float>& problem) {
  return lines_are_worth_a_look(problem);
}
bool lines_would_be_faster(const Correlation<double>& problem) {
  return lines_are_worth_a_look(problem);
}

double direct_nanoseconds(const Correlation<float>& problem) { return nanoseconds(problem); }
double direct_nanoseconds(const Correlation<double>& problem) { return nanoseconds(problem); }
double direct_nanoseconds(const Correlation<std::uint64_t>& problem) {
  return nanoseconds(problem);
}
double direct_nanoseconds(const Correlation<std::complex<float>>& problem) {
  return nanoseconds(problem);
}
double direct_nanoseconds(const Correlation<std::complex<double>>& problem) {
  return nanoseconds(problem);
}

bool direct_is_faster(const Correlation<float>& problem) { return is_faster(problem); }
bool direct_is_faster(const Correlation<double>& problem) { return is_faster(problem); }
bool direct_is_faster(const Correlation<std::complex<float>>& problem) {
  return is_faster(problem);
}
bool direct_is_faster(const Correlation<std::complex<double>>& problem) {
  return is_faster(problem);
}

}  // namespace faltung
