// The short way of floats and complex numbers: by lines, directly or by a transform, as the core
// chooses.
#include <algorithm>
#include <cmath>

#include "faltung/choice.hpp"
#include "faltung/product_lines.hpp"
#include "faltung/separable.hpp"
#include "faltung/transform.hpp"
#include "plain_call.hpp"

namespace nb = nanobind;

namespace reading {
namespace {

template <class T>
using Problem = faltung::Correlation<T>;

// Runs without the lock where that is worth it.
template <class Work>
auto unlocked(bool large, const Work& work) {
  if (!large) return work();
  const nb::gil_scoped_release release;
  return work();
}

// Lines whose product the taps are, where they are predicted to be faster: those of the axes in the
// core's order, the last one of several taps the carrier.
template <class T>
std::vector<std::vector<T>> lines_of(const PlainCall& call, const Problem<T>& problem) {
  if (call.rank() < 2 || !faltung::lines_would_be_faster(problem)) return {};
  std::vector<std::int64_t> sizes;
  const std::vector<T> taps = call.taps_in_order<T>(sizes);
  int carrier = call.rank() - 1;
  while (call.axis(carrier).taps == 1) --carrier;
  auto found = faltung::product_lines(taps.data(), sizes,
                                      static_cast<std::size_t>(call.axis(carrier).number));
  if (!found) return {};
  std::vector<std::vector<T>> lines;
  for (int i = 0; i < call.rank(); ++i) {
    lines.push_back(std::move(found->lines[static_cast<std::size_t>(call.axis(i).number)]));
    std::reverse(lines.back().begin(), lines.back().end());
  }
  return lines;
}

template <class T>
bool sum_by_lines(const PlainCall& call, const Problem<T>& problem,
                  const std::vector<std::vector<T>>& lines) {
  faltung::SeparableCorrelation<T> made{problem.input,      problem.output, problem.sliding, {},
                                        problem.fill_value, false};
  for (const std::vector<T>& line : lines) made.lines.push_back(line.data());
  return unlocked(call.is_large(),
                  [&] { return faltung::correlate_by_lines(made, call.threads()); });
}

bool is_short_line(const PlainCall& call) {
  const PlainAxis& own = call.axis(0);
  return call.rank() == 1 && own.input_stride == 1 && call.options.nothing_outside() &&
         faltung::is_short_line(own.input_size, own.taps);
}

// Reverses and convolves along the only axis.
template <class T>
bool sum_short_line(const PlainCall& call, const Problem<T>& problem) {
  const PlainAxis& own = call.axis(0);
  std::vector<T> kept;
  const T* taps = call.taps.data<T>();
  if (own.taps_stride != 1) {
    std::vector<std::int64_t> sizes;
    kept = call.taps_in_order<T>(sizes);
    taps = kept.data();
  }
  return faltung::convolve_line(problem.input, own.input_size, taps, own.taps, problem.output,
                                own.range.start, own.range.size);
}

// False where something is not finite, but for a direct sum of finite taps.
template <class T>
bool sum_directly_or_by_transform(const PlainCall& call, Problem<T> problem, const T* reversed) {
  problem.taps = reversed;
  if (!faltung::direct_is_faster(problem)) {
    const nb::gil_scoped_release release;
    return faltung::correlate_by_transform(problem, call.options.threads);
  }
  const auto is_finite = [](T tap) { return std::isfinite(tap); };
  if (!std::all_of(reversed, reversed + call.taps.count(), is_finite)) return false;
  unlocked(call.is_large(), [&] { faltung::correlate_directly(problem, call.threads()); });
  return true;
}

template <class T>
bool sum_floats(const PlainCall& call, const Numbers& out) {
  const auto strides = strides_of(out);
  const Problem<T> problem =
      call.problem<T>(call.input.data<T>(), nullptr, out.data<T>(), strides.data());
  if (is_short_line(call) && faltung::direct_is_faster(problem))
    return sum_short_line(call, problem);
  const auto lines = lines_of(call, problem);
  if (!lines.empty()) return sum_by_lines(call, problem, lines);
  return sum_directly_or_by_transform(call, problem, call.reversed_taps<T>().data());
}

// The real parts, then the imaginary parts.
template <class T>
struct Parts {
  std::vector<T> numbers;

  explicit Parts(std::size_t count) : numbers(2 * count) {}
  T* part(std::size_t which) { return numbers.data() + which * (numbers.size() / 2); }
};

template <class T>
struct Complex {
  T real, imaginary;
};

template <class T>
Parts<T> split(const Complex<T>* from, std::size_t count) {
  Parts<T> parts(count);
  for (std::size_t i = 0; i < count; ++i) {
    parts.part(0)[i] = from[i].real;
    parts.part(1)[i] = from[i].imaginary;
  }
  return parts;
}

// With w = a + ib and x = p + iq: ap - bq and aq + bp, the four sums by the way of floats.
template <class T>
bool sum_complex(const PlainCall& call, const Numbers& out) {
  if (!call.input.is_contiguous('C') || !call.is_in_order()) return false;
  Parts<T> input = split(call.input.data<Complex<T>>(), call.input.count());
  const auto reversed = call.reversed_taps<Complex<T>>();
  Parts<T> taps = split(reversed.data(), reversed.size());
  const auto count = static_cast<std::size_t>(out.count());
  const auto strides = strides_of(out);
  Parts<T> first(count), second(count);
  for (std::size_t k = 0; k < 4; ++k) {
    T* const sums = (k / 2 == 0 ? first : second).part(k % 2);
    const auto problem = call.problem<T>(input.part(k / 2), nullptr, sums, strides.data());
    if (!sum_directly_or_by_transform(call, problem, taps.part(k % 2))) return false;
  }
  auto* const to = out.data<Complex<T>>();
  for (std::size_t i = 0; i < count; ++i)
    to[i] = {first.part(0)[i] - second.part(1)[i], first.part(1)[i] + second.part(0)[i]};
  return true;
}

}  // namespace

bool convolve_floats(const PlainCall& call, const Numbers& out) {
  return out.kind() == Kind::float32 ? sum_floats<float>(call, out) : sum_floats<double>(call, out);
}

bool convolve_complex(const PlainCall& call, const Numbers& out) {
  return out.kind() == Kind::complex64 ? sum_complex<float>(call, out)
                                       : sum_complex<double>(call, out);
}

}  // namespace reading
