// The short way: from two NumPy arrays to a third with as little between as can be.
#include "faltung/small.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "bindings.hpp"
#include "faltung/choice.hpp"
#include "faltung/direct.hpp"
#include "faltung/memory.hpp"
#include "faltung/narrow.hpp"
#include "faltung/transform.hpp"
#include "faltung/whole_transform.hpp"
#include "reading.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using namespace reading;

// One operand at least as long as the other on every axis, as `valid` asks for.
bool one_holds_the_other(const Numbers& a, const Numbers& v) {
  bool longer = true, shorter = true;
  for (int d = 0; d < a.rank(); ++d) {
    longer = longer && a.size(d) >= v.size(d);
    shorter = shorter && a.size(d) <= v.size(d);
  }
  return longer || shorter;
}

// With any boundary but `fill` the taps are `v`, however many.
bool changes_places(const Numbers& a, const Numbers& v, const Options& options) {
  return v.count() > a.count() && options.boundary == faltung::Boundary::fill;
}

Py_ssize_t count_taps(const Numbers& a, const Numbers& v, const Options& options) {
  return changes_places(a, v, options) ? a.count() : v.count();
}

double count_products(const Numbers& a, const Numbers& v, const Options& options) {
  auto products = static_cast<double>(count_taps(a, v, options));
  for (int d = 0; d < a.rank(); ++d)
    products *= static_cast<double>(range_of(options.mode, a.size(d), v.size(d)).size);
  return products;
}

bool is_whole(Kind kind) {
  return kind == Kind::whole_signed || kind == Kind::whole_unsigned || kind == Kind::boolean;
}

// Floats or complex numbers of one type; whole numbers that 63 bits hold.
bool go_together(const Numbers& a, const Numbers& v) {
  if (a.kind() == Kind::other || v.kind() == Kind::other) return false;
  if (!is_whole(a.kind()) || !is_whole(v.kind())) return a.kind() == v.kind();
  const auto fits = [](const Numbers& x) {
    return x.kind() != Kind::whole_unsigned || x.bytes_of_number() < 8;
  };
  return fits(a) && fits(v);
}

bool is_plain(const Numbers& a, const Numbers& v, const Options& options) {
  if (a.rank() != v.rank() || !go_together(a, v)) return false;
  return options.mode != Mode::valid || one_holds_the_other(a, v);
}

// The general way puts axes of one number first, and sums in that order.
bool is_in_order(const Numbers& input) {
  for (int d = 1; d < input.rank(); ++d)
    if (input.size(d) == 1 && input.size(d - 1) > 1) return false;
  return true;
}

template <class T>
faltung::Correlation<T> problem_of(const Numbers& input, const T* numbers, const Numbers& taps,
                                   const T* reversed, T* sums, const std::vector<Range>& ranges,
                                   const Options& options) {
  faltung::Correlation<T> problem{numbers, reversed, sums, {}, {}, T{0}};
  std::int64_t input_stride = input.count(), output_stride = 1;
  for (const Range& range : ranges) output_stride *= range.size;
  for (int d = 0; d < input.rank(); ++d) {
    input_stride /= input.size(d);
    output_stride /= ranges[d].size;
    problem.sliding.push_back({input.size(d), input_stride, ranges[d].size, output_stride,
                               taps.size(d), ranges[d].start - (taps.size(d) - 1),
                               options.boundary});
  }
  return problem;
}

template <class T>
void correlate_directly(const faltung::Correlation<T>& problem, bool large) {
  if (!large) return faltung::correlate_directly(problem, 1);
  const nb::gil_scoped_release release;
  faltung::correlate_directly(problem, 0);
}

// The operands as taken: the boundary `fill` is that of zeros, so they may change places.
struct Call {
  const Numbers &input, &taps;
  std::vector<Range> ranges;
  double products;
  bool large;

  Call(const Numbers& a, const Numbers& v, const Options& options)
      : input(changes_places(a, v, options) ? v : a),
        taps(changes_places(a, v, options) ? a : v),
        products(count_products(a, v, options)),
        large(products > faltung::few_products) {
    for (int d = 0; d < a.rank(); ++d)
      ranges.push_back(range_of(options.mode, a.size(d), v.size(d)));
  }
};

// The taps reversed along all axes are the taps read backwards. False where something is not
// finite, but for a direct sum of finite taps.
template <class T>
bool convolve_floats(const Call& call, const T* numbers, const T* weights, T* sums,
                     const Options& options) {
  const Numbers &input = call.input, &taps = call.taps;
  auto problem = problem_of<T>(input, numbers, taps, nullptr, sums, call.ranges, options);
  const bool directly = faltung::direct_is_faster(problem);
  if (directly && input.rank() == 1 && options.boundary == faltung::Boundary::fill &&
      faltung::is_short_line(input.count(), taps.count()))
    return faltung::convolve_line(numbers, input.count(), weights, taps.count(), sums,
                                  call.ranges[0].start, call.ranges[0].size);
  if (!is_in_order(input)) return false;
  std::vector<T> reversed(static_cast<size_t>(taps.count()));
  std::reverse_copy(weights, weights + taps.count(), reversed.begin());
  problem.taps = reversed.data();
  if (!directly) {
    const nb::gil_scoped_release release;
    return faltung::correlate_by_transform(problem, 0);
  }
  if (!std::all_of(reversed.begin(), reversed.end(), [](T tap) { return std::isfinite(tap); }))
    return false;
  correlate_directly(problem, call.large);
  return true;
}

template <class T>
bool convolve_floats(const Call& call, const Numbers& out, const Options& options) {
  const T *numbers = call.input.data<T>(), *weights = call.taps.data<T>();
  T* const sums = out.data<T>();
  if (out.rank() > 1) {
    const auto problem =
        problem_of<T>(call.input, numbers, call.taps, nullptr, sums, call.ranges, options);
    if (faltung::lines_may_be_faster(problem, weights)) return false;
  }
  return convolve_floats(call, numbers, weights, sums, options);
}

template <class E>
std::vector<E> backwards(const Numbers& from) {
  std::vector<E> reversed(static_cast<size_t>(from.count()));
  std::reverse_copy(from.data<E>(), from.data<E>() + from.count(), reversed.begin());
  return reversed;
}

// One part of the taps, 0 or 1, reversed.
template <class T>
std::vector<T> reversed_part(const Numbers& taps, int part) {
  std::vector<T> reversed(static_cast<size_t>(taps.count()));
  const T* numbers = taps.data<T>() + part;
  for (size_t k = reversed.size(); k-- > 0; numbers += 2) reversed[k] = *numbers;
  return reversed;
}

// With w = a + ib and x = p + iq: the parts of a x and of b x, summed as two channels of an array
// of real numbers, give ap - bq and aq + bp.
template <class T>
bool convolve_parts(const Call& call, const Numbers& out, const Options& options) {
  T* const sums = out.data<T>();
  const Py_ssize_t count = 2 * out.count();
  faltung::Buffer<T> turned(count);
  for (int part = 0; part < 2; ++part) {
    const std::vector<T> taps = reversed_part<T>(call.taps, part);
    if (!std::all_of(taps.begin(), taps.end(), [](T tap) { return std::isfinite(tap); }))
      return false;
    auto problem = problem_of<T>(call.input, call.input.data<T>(), call.taps, taps.data(),
                                 part == 0 ? sums : turned.data(), call.ranges, options);
    for (faltung::SlidingAxis& axis : problem.sliding) {
      axis.input_stride *= 2;
      axis.output_stride *= 2;
    }
    problem.sliding.push_back({2, 1, 2, 1, 1, 0, faltung::Boundary::fill});
    correlate_directly(problem, call.large);
  }
  faltung::add_turned(turned.data(), count, sums);
  return true;
}

// By a transform of complex numbers, or by two direct sums.
template <class T>
bool convolve_complex(const Call& call, const Numbers& out, const Options& options) {
  using E = std::complex<T>;
  auto problem = problem_of<E>(call.input, call.input.data<E>(), call.taps, nullptr, out.data<E>(),
                               call.ranges, options);
  if (!faltung::direct_is_faster(problem)) {
    if (!is_in_order(call.input)) return false;
    const std::vector<E> reversed = backwards<E>(call.taps);
    problem.taps = reversed.data();
    const nb::gil_scoped_release release;
    return faltung::correlate_by_transform(problem, 0);
  }
  if (out.rank() == 1 && options.boundary == faltung::Boundary::fill &&
      faltung::is_short_complex_line(call.input.count(), call.taps.count()))
    return faltung::convolve_line(problem.input, call.input.count(), call.taps.data<E>(),
                                  call.taps.count(), problem.output, call.ranges[0].start,
                                  call.ranges[0].size);
  return is_in_order(call.input) && convolve_parts<T>(call, out, options);
}

template <class T>
void widen(const Numbers& from, std::uint64_t* to) {
  const T* numbers = from.data<T>();
  for (Py_ssize_t i = 0; i < from.count(); ++i)
    to[i] = static_cast<std::uint64_t>(static_cast<std::int64_t>(numbers[i]));
}

// Whole numbers in 64 bits, negative ones modulo 2^64.
std::vector<std::uint64_t> widened(const Numbers& from) {
  std::vector<std::uint64_t> wide(static_cast<size_t>(from.count()));
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

// False unless max |input| times the sum of |taps| fits with room for the rounding of this test:
// the general way looks closer.
bool convolve_modulo(const Call& call, const Numbers& out, const Options& options) {
  const std::vector<std::uint64_t> numbers = widened(call.input);
  std::vector<std::uint64_t> reversed = widened(call.taps);
  std::reverse(reversed.begin(), reversed.end());
  double most = 0, sum = 0;
  for (const std::uint64_t number : numbers) most = std::max(most, magnitude(number));
  for (const std::uint64_t tap : reversed) sum += magnitude(tap);
  if (most * sum > 0.999 * static_cast<double>(std::numeric_limits<std::int64_t>::max()))
    return false;
  correlate_directly(problem_of(call.input, numbers.data(), call.taps, reversed.data(),
                                out.data<std::uint64_t>(), call.ranges, options),
                     call.large);
  return true;
}

faltung::NumberType type_of(const Numbers& numbers) {
  int type = numbers.kind() == Kind::whole_signed ? 0 : 1;
  for (Py_ssize_t bytes = numbers.bytes_of_number(); bytes > 1; bytes /= 2) type += 2;
  return static_cast<faltung::NumberType>(type);
}

// The numbers in C order from the last to the first.
std::vector<char> backwards(const Numbers& from) {
  const Py_ssize_t bytes = from.bytes_of_number(), count = from.count();
  std::vector<char> found(static_cast<size_t>(count * bytes));
  for (Py_ssize_t i = 0; i < count; ++i)
    std::memcpy(&found[static_cast<size_t>((count - 1 - i) * bytes)], from.data<char>() + i * bytes,
                static_cast<size_t>(bytes));
  return found;
}

bool convolve_whole(const Call& call, const Numbers& out, const Options& options) {
  const faltung::NumberType taps_type = type_of(call.taps);
  const auto shape = problem_of<std::uint64_t>(call.input, nullptr, call.taps, nullptr, nullptr,
                                               call.ranges, options);
  const faltung::NarrowCorrelation problem{call.input.data<void>(),
                                           type_of(call.input),
                                           out.data<void>(),
                                           type_of(out),
                                           shape.batch,
                                           shape.sliding,
                                           0};
  const std::vector<char> reversed = backwards(call.taps);
  const auto sums = faltung::whole_sums(problem, reversed.data(), taps_type);
  if (!faltung::direct_is_best(call.products, call.taps.count()) &&
      faltung::whole_transform_is_faster(problem, sums)) {
    if (!faltung::whole_transform_is_exact(
            problem, faltung::whole_bounds(problem, reversed.data(), taps_type)))
      return false;
    const nb::gil_scoped_release release;
    faltung::correlate_whole_by_transform(problem, reversed.data(), taps_type, 0);
    return true;
  }
  if (sums == faltung::WholeSums::unproved) return convolve_modulo(call, out, options);
  if (call.large) {
    const nb::gil_scoped_release release;
    faltung::correlate_whole(problem, reversed.data(), taps_type, sums, 0);
  } else {
    faltung::correlate_whole(problem, reversed.data(), taps_type, sums, 1);
  }
  return true;
}

nb::object shape_of_result(const Numbers& a, const Numbers& v, Mode mode) {
  if (a.rank() == 1) return nb::int_(range_of(mode, a.count(), v.count()).size);
  nb::list shape;
  for (int d = 0; d < a.rank(); ++d) shape.append(range_of(mode, a.size(d), v.size(d)).size);
  return nb::tuple(shape);
}

// New references that numpy.empty and numpy.float32 never give up: they live as long as NumPy.
PyObject* of_numpy(const char* name) {
  return nb::object(nb::module_::import_("numpy").attr(name)).release().ptr();
}

// The dtype of the result, as arithmetic_types has it.
PyObject* dtype_of_result(Kind a, Kind v) {
  static PyObject* const types[] = {of_numpy("float64"),   of_numpy("float32"),
                                    of_numpy("int64"),     of_numpy("uint64"),
                                    of_numpy("complex64"), of_numpy("complex128")};
  if (a == Kind::complex64 || a == Kind::complex128) return types[a == Kind::complex64 ? 4 : 5];
  if (!is_whole(a)) return types[a == Kind::float32];
  const bool unsigned_sums = a != Kind::whole_signed && v != Kind::whole_signed &&
                             !(a == Kind::boolean && v == Kind::boolean);
  return types[unsigned_sums ? 3 : 2];
}

bool fill(const Call& call, Kind kind, const Numbers& out, const Options& options) {
  switch (kind) {
    case Kind::float32:
      return convolve_floats<float>(call, out, options);
    case Kind::float64:
      return convolve_floats<double>(call, out, options);
    case Kind::complex64:
      return convolve_complex<float>(call, out, options);
    case Kind::complex128:
      return convolve_complex<double>(call, out, options);
    default:
      return convolve_whole(call, out, options);
  }
}

nb::object convolve_small(nb::handle a_array, nb::handle v_array, const nb::dict& given) {
  static PyObject* const empty = of_numpy("empty");
  Options options;
  if (!read_options(given, options)) return nb::none();
  const Numbers a(a_array.ptr()), v(v_array.ptr());
  if (!is_plain(a, v, options)) return nb::none();
  const nb::object shape = shape_of_result(a, v, options.mode);
  PyObject* arguments[] = {shape.ptr(), dtype_of_result(a.kind(), v.kind())};
  const nb::object result = nb::steal(PyObject_Vectorcall(empty, arguments, 2, nullptr));
  if (!result.is_valid()) nb::raise_python_error();
  const Numbers out(result.ptr());
  const Call call(a, v, options);
  return fill(call, a.kind(), out, options) ? result : nb::none();
}

}  // namespace

void bind_small(nb::module_& module) {
  module.def("convolve_small", &convolve_small, "a"_a, "v"_a, "options"_a,
             nb::sig("def convolve_small(a: object, v: object, options: dict[str, typing.Any]) -> "
                     "typing.Any"),
             "The convolution of two arrays of one float or complex type, or of whole numbers, "
             "with no option "
             "but a mode and a boundary; None for everything else.");
  module.def("direct_is_best", &faltung::direct_is_best, "products"_a, "taps"_a,
             "Whether a direct sum of so many products needs no comparison with a transform.");
}
