// The short way of floats and complex numbers: by lines, directly or by a transform, as the core
// chooses.
#include <algorithm>
#include <cmath>
#include <complex>

#include "faltung/choice.hpp"
#include "faltung/memory.hpp"
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
  const Problem<T> problem =
      call.problem<T>(call.input.data<T>(), nullptr, out.data<T>(), out.strides().data());
  if (is_short_line(call) && faltung::direct_is_faster(problem))
    return sum_short_line(call, problem);
  const auto lines = lines_of(call, problem);
  if (!lines.empty()) return sum_by_lines(call, problem, lines);
  return sum_directly_or_by_transform(call, problem, call.reversed_taps<T>().data());
}

// False where something is not finite.
template <class T>
bool transform_complex(const PlainCall& call, Problem<std::complex<T>> problem) {
  const auto reversed = call.reversed_taps<std::complex<T>>();
  problem.taps = reversed.data();
  const nb::gil_scoped_release release;
  return faltung::correlate_by_transform(problem, call.options.threads);
}

// Both parts of a number are two channels of an array of real numbers.
template <class T>
Problem<T> channels_of(const Problem<std::complex<T>>& problem, const T* taps, T* sums) {
  Problem<T> channels{
      reinterpret_cast<const T*>(problem.input), taps, sums, {}, problem.sliding, T{0}};
  for (faltung::SlidingAxis& axis : channels.sliding) {
    axis.input_stride *= 2;
    axis.output_stride *= 2;
  }
  channels.sliding.push_back({2, 1, 2, 1, 1, 0, faltung::Boundary::fill});
  return channels;
}

// With w = a + ib and x = p + iq: the channels of a x and of b x give ap - bq and aq + bp.
template <class T>
bool sum_channels(const PlainCall& call, const Problem<std::complex<T>>& problem,
                  Py_ssize_t outputs) {
  const auto reversed = call.reversed_taps<std::complex<T>>();
  std::vector<T> real, imaginary;
  for (const std::complex<T> tap : reversed) {
    if (!std::isfinite(tap.real()) || !std::isfinite(tap.imag())) return false;
    real.push_back(tap.real());
    imaginary.push_back(tap.imag());
  }
  T* const sums = reinterpret_cast<T*>(problem.output);
  faltung::Buffer<T> turned(2 * outputs);
  const auto direct = channels_of(problem, real.data(), sums);
  const auto crossed = channels_of(problem, imaginary.data(), turned.data());
  unlocked(call.is_large(), [&] {
    faltung::correlate_directly(direct, call.threads());
    faltung::correlate_directly(crossed, call.threads());
    faltung::add_turned(turned.data(), 2 * outputs, sums);
  });
  return true;
}

template <class T>
bool sum_complex(const PlainCall& call, const Numbers& out) {
  using E = std::complex<T>;
  const auto problem =
      call.problem<E>(call.input.data<E>(), nullptr, out.data<E>(), out.strides().data());
  if (!faltung::direct_is_faster(problem)) return transform_complex(call, problem);
  const PlainAxis& own = call.axis(0);
  const bool is_line = call.rank() == 1 && own.input_stride == 1 && own.taps_stride == 1;
  if (is_line && call.options.nothing_outside() &&
      faltung::is_short_complex_line(own.input_size, own.taps))
    return faltung::convolve_line(problem.input, own.input_size, call.taps.data<E>(), own.taps,
                                  problem.output, own.range.start, own.range.size);
  // The products that are turned lie as the result does.
  if (!out.is_contiguous('C') || !call.is_in_order()) return false;
  return sum_channels(call, problem, out.count());
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
