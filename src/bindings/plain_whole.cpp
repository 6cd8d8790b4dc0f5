// The short way of whole numbers, and of pictures with weights: directly, in the fastest type that
// is proved exact or good enough.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "faltung/choice.hpp"
#include "faltung/narrow.hpp"
#include "faltung/whole_transform.hpp"
#include "plain_call.hpp"

namespace nb = nanobind;

namespace reading {
namespace {

template <class T>
void widen(const Numbers& from, std::uint64_t* to) {
  const T* numbers = from.data<T>();
  for (Py_ssize_t i = 0; i < from.count(); ++i)
    to[i] = static_cast<std::uint64_t>(static_cast<std::int64_t>(numbers[i]));
}

// Whole numbers in 64 bits, negative ones modulo 2^64, of an array in C order.
std::vector<std::uint64_t> widened(const Numbers& from) {
  std::vector<std::uint64_t> wide(static_cast<std::size_t>(from.count()));
  const bool is_signed = from.kind() == Kind::whole_signed;
  switch (from.bytes_of_number()) {
    case 1:
      is_signed ? widen<std::int8_t>(from, wide.data()) : widen<std::uint8_t>(from, wide.data());
      break;
    case 2:
      is_signed ? widen<std::int16_t>(from, wide.data()) : widen<std::uint16_t>(from, wide.data());
      break;
    case 4:
      is_signed ? widen<std::int32_t>(from, wide.data()) : widen<std::uint32_t>(from, wide.data());
      break;
    default:
      widen<std::int64_t>(from, wide.data());
  }
  return wide;
}

double magnitude(std::uint64_t number) {
  return std::abs(static_cast<double>(static_cast<std::int64_t>(number)));
}

void sum_directly(const PlainCall& call, const faltung::Correlation<std::uint64_t>& problem) {
  if (!call.is_large()) return faltung::correlate_directly(problem, 1);
  const nb::gil_scoped_release release;
  faltung::correlate_directly(problem, call.threads());
}

// False unless max |input| times the sum of |taps| fits with room for the rounding of this test:
// the general way looks closer.
bool sum_modulo(const PlainCall& call, const Numbers& out) {
  if (!call.is_in_order() || !call.input.is_contiguous('C') || !call.taps.is_contiguous('C'))
    return false;
  const std::vector<std::uint64_t> numbers = widened(call.input);
  std::vector<std::uint64_t> reversed = widened(call.taps);
  std::reverse(reversed.begin(), reversed.end());
  double most = 0, sum = 0;
  for (const std::uint64_t number : numbers) most = std::max(most, magnitude(number));
  for (const std::uint64_t tap : reversed) sum += magnitude(tap);
  if (most * sum > 0.999 * static_cast<double>(std::numeric_limits<std::int64_t>::max()))
    return false;
  sum_directly(call, call.problem<std::uint64_t>(numbers.data(), reversed.data(),
                                                 out.data<std::uint64_t>(), out.strides().data()));
  return true;
}

faltung::NumberType type_of(const Numbers& numbers) {
  int type = numbers.kind() == Kind::whole_signed ? 0 : 1;
  for (Py_ssize_t bytes = numbers.bytes_of_number(); bytes > 1; bytes /= 2) type += 2;
  return static_cast<faltung::NumberType>(type);
}

template <class T>
std::vector<char> bytes_of_taps(const PlainCall& call) {
  const auto taps = call.reversed_taps<T>();
  const char* const first = reinterpret_cast<const char*>(taps.data());
  return {first, first + taps.size() * static_cast<Py_ssize_t>(sizeof(T))};
}

// The taps from the last to the first, as they are stored.
std::vector<char> reversed_bytes(const PlainCall& call) {
  switch (call.taps.bytes_of_number()) {
    case 1:
      return bytes_of_taps<std::uint8_t>(call);
    case 2:
      return bytes_of_taps<std::uint16_t>(call);
    case 4:
      return bytes_of_taps<std::uint32_t>(call);
    default:
      return bytes_of_taps<std::uint64_t>(call);
  }
}

faltung::NarrowCorrelation problem_of(const PlainCall& call, const Numbers& out) {
  auto shape = call.problem<std::uint64_t>(nullptr, nullptr, nullptr, out.strides().data());
  return {call.input.data<void>(),
          type_of(call.input),
          out.data<void>(),
          type_of(out),
          std::move(shape.batch),
          std::move(shape.sliding),
          0};
}

// Whether the numbers of input and output lie next to each other in the core's order.
bool is_dense(const PlainCall& call, const Numbers& out) {
  return call.options.narrow == nullptr && call.is_in_order() && call.input.is_contiguous('C') &&
         out.is_contiguous('C');
}

bool direct_is_best(const PlainCall& call) {
  return faltung::direct_is_best(call.products(), call.taps.count());
}

// By one transform, where it is faster and proved exact; nothing is written where it is not.
bool sum_by_transform(const PlainCall& call, const faltung::NarrowCorrelation& problem,
                      const faltung::WholeBounds& bounds, const char* reversed,
                      faltung::NumberType taps_type) {
  if (!faltung::whole_transform_is_exact(problem, bounds)) return false;
  const nb::gil_scoped_release release;
  faltung::correlate_whole_by_transform(problem, reversed, taps_type, call.options.threads);
  return true;
}

// What may stand for a picture whose results are rounded: more taps are left to a comparison.
constexpr Py_ssize_t most_rounded_taps = 225;
// No sum that is rounded comes near the ends of 32 bits.
constexpr double largest_rounded = 0x1p30;

template <class T>
bool round_sums(const PlainCall& call, const Numbers& out) {
  if (call.taps.count() > most_rounded_taps) return false;
  const auto reversed = call.reversed_taps<T>();
  double sum = 0;
  for (const T tap : reversed) sum += std::abs(static_cast<double>(tap));
  if (!(sum * 0x1p16 < largest_rounded / 2)) return false;
  const auto problem = problem_of(call, out);
  const nb::gil_scoped_release release;
  faltung::correlate_rounded(problem, reversed.data(), call.threads());
  return true;
}

}  // namespace

bool convolve_whole(const PlainCall& call, const Numbers& out) {
  const auto problem = problem_of(call, out);
  const faltung::NumberType taps_type = type_of(call.taps);
  const std::vector<char> reversed = reversed_bytes(call);
  const auto bounds = faltung::whole_bounds(problem, reversed.data(), taps_type);
  const auto sums = faltung::whole_sums(problem, bounds);
  if (!direct_is_best(call) && faltung::whole_transform_is_faster(problem, sums))
    return is_dense(call, out) &&
           sum_by_transform(call, problem, bounds, reversed.data(), taps_type);
  if (sums == faltung::WholeSums::unproved)
    return call.options.narrow == nullptr && sum_modulo(call, out);
  if (!call.is_large()) {
    faltung::correlate_whole(problem, reversed.data(), taps_type, sums, 1);
    return true;
  }
  const nb::gil_scoped_release release;
  faltung::correlate_whole(problem, reversed.data(), taps_type, sums, call.threads());
  return true;
}

bool convolve_rounded(const PlainCall& call, const Numbers& out) {
  return call.taps.kind() == Kind::float32 ? round_sums<float>(call, out)
                                           : round_sums<double>(call, out);
}

}  // namespace reading
