#include "faltung/whole_transform.hpp"

#include <cmath>

#include "faltung/choice.hpp"
#include "faltung/costs.hpp"
#include "faltung/memory.hpp"
#include "faltung/transform.hpp"

namespace faltung {
namespace {

using std::int64_t;

// The unit round-off of double, and the error that is allowed, a little below one half.
constexpr double roundoff = 0x1p-53, most_error = 0.49;

template <class T>
Correlation<T> in_type(const NarrowCorrelation& problem) {
  return {nullptr, nullptr, nullptr, problem.batch, problem.sliding, T(problem.fill_value)};
}

double direct_nanoseconds(const NarrowCorrelation& problem, WholeSums sums) {
  if (sums == WholeSums::in_double) return direct_nanoseconds(in_type<double>(problem));
  if (sums == WholeSums::unproved)
    return direct_nanoseconds(
        Correlation<std::uint64_t>{nullptr, nullptr, nullptr, problem.batch, problem.sliding, 0});
  return direct_nanoseconds(in_type<float>(problem));
}

struct Counts {
  int64_t input = 1, taps = 1, outputs = 1;
  double reads = 1;  // positions of the input that are read

  explicit Counts(const NarrowCorrelation& problem) {
    for (const SlidingAxis& axis : problem.sliding) {
      input *= axis.input_size;
      taps *= axis.taps;
      outputs *= axis.output_size;
      reads *= static_cast<double>(axis.reach(axis.output_size));
    }
  }
};

// Adding 1.5 2^52 leaves no bits for fractions; |x| < 2^51, far above all sums that are proved.
double nearest_whole(double x) {
  constexpr double shift = 0x1.8p52;
  return x + shift - shift;
}

}  // namespace

bool whole_transform_is_faster(const NarrowCorrelation& problem, WholeSums sums) {
  const auto outputs = static_cast<double>(Counts(problem).outputs);
  const double transform = transform_nanoseconds(in_type<double>(problem));
  return transform + costs().call.whole * outputs < direct_nanoseconds(problem, sums);
}

// The 2-norms of all that is read and of the taps are at most their largest entries times the
// square roots of the counts.
bool whole_transform_is_exact(const NarrowCorrelation& problem, const WholeBounds& bounds) {
  const Counts counts(problem);
  const double m = transform_size(in_type<double>(problem)).roundings * roundoff;
  const double norms =
      bounds.input * bounds.tap * std::sqrt(counts.reads * static_cast<double>(counts.taps));
  return std::max(bounds.input, bounds.tap) < 0x1p53 && m / (1 - m) * norms < most_error;
}

void correlate_whole_by_transform(const NarrowCorrelation& problem, const void* taps,
                                  NumberType taps_type, int threads) {
  const auto& conversions = FALTUNG_KERNELS_IN_USE(narrow_kernels).of_double;
  const Counts counts(problem);
  Buffer<double> input(counts.input), tap_numbers(counts.taps), sums(counts.outputs);
  conversions.widen[static_cast<int>(problem.input_type)](problem.input, counts.input,
                                                          input.data());
  conversions.widen[static_cast<int>(taps_type)](taps, counts.taps, tap_numbers.data());
  auto wide = in_type<double>(problem);
  wide.input = input.data();
  wide.taps = tap_numbers.data();
  wide.output = sums.data();
  correlate_by_transform(wide, threads);
  double* const to = sums.data();
  for (int64_t i = 0; i < counts.outputs; ++i) to[i] = nearest_whole(to[i]);
  conversions.narrow[static_cast<int>(problem.output_type)](to, counts.outputs, problem.output);
}

}  // namespace faltung
