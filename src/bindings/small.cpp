// The way of small arrays: from two NumPy arrays to a third with as little between as can be.
#include "faltung/small.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "faltung/direct.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

// A direct sum is what the planner would choose for so many products of any kind, for more with
// not too many taps, and with few taps for any number of outputs.
constexpr double most_products = 1 << 18;
constexpr double most_products_of_some_taps = 1 << 21;
constexpr Py_ssize_t some_taps = 128;
constexpr Py_ssize_t few_taps = 24;
constexpr int most_axes = 4;

// The numbers of an array of float32 or float64 in C order; none of anything else.
class Numbers {
 public:
  explicit Numbers(PyObject* array) {
    held_ = PyObject_GetBuffer(array, &view_, PyBUF_ND | PyBUF_FORMAT) == 0;
    if (!held_) PyErr_Clear();
  }
  ~Numbers() {
    if (held_) PyBuffer_Release(&view_);
  }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;

  // 'd', 'f', or 0 for what is left to the general way.
  char format() const {
    if (!held_ || view_.ndim < 1 || view_.ndim > most_axes || view_.len == 0) return 0;
    if (view_.format == nullptr) return 0;
    const bool is_aligned = reinterpret_cast<std::uintptr_t>(view_.buf) % 8 == 0;
    const bool is_float = !std::strcmp(view_.format, "d") || !std::strcmp(view_.format, "f");
    return is_aligned && is_float ? view_.format[0] : 0;
  }
  int rank() const { return view_.ndim; }
  Py_ssize_t size(int axis) const { return view_.shape[axis]; }
  Py_ssize_t count() const { return view_.len / view_.itemsize; }
  template <class T>
  T* data() const {
    return static_cast<T*>(view_.buf);
  }

 private:
  Py_buffer view_;
  bool held_;
};

bool is(PyObject* text, const char* word) {
  return PyUnicode_CompareWithASCIIString(text, word) == 0;
}

enum class Mode { full, same, valid };

struct Options {
  Mode mode = Mode::full;
  faltung::Boundary boundary = faltung::Boundary::fill;
};

bool read_mode(PyObject* text, Mode& mode) {
  if (is(text, "full"))
    mode = Mode::full;
  else if (is(text, "same"))
    mode = Mode::same;
  else if (is(text, "valid"))
    mode = Mode::valid;
  else
    return false;
  return true;
}

bool read_boundary(PyObject* text, faltung::Boundary& boundary) {
  using faltung::Boundary;
  constexpr std::pair<const char*, Boundary> names[] = {{"zero", Boundary::fill},
                                                        {"edge", Boundary::edge},
                                                        {"mirror", Boundary::mirror},
                                                        {"symmetric", Boundary::symmetric},
                                                        {"wrap", Boundary::wrap}};
  for (const auto& [name, value] : names)
    if (is(text, name)) {
      boundary = value;
      return true;
    }
  return false;
}

// False for options other than a mode and one boundary that go together.
bool read_options(const nb::dict& given, Options& options) {
  PyObject *key, *value;
  Py_ssize_t position = 0;
  while (PyDict_Next(given.ptr(), &position, &key, &value)) {
    if (!PyUnicode_CheckExact(value)) return false;
    const bool known = (is(key, "mode") && read_mode(value, options.mode)) ||
                       (is(key, "boundary") && read_boundary(value, options.boundary));
    if (!known) return false;
  }
  return options.boundary == faltung::Boundary::fill || options.mode == Mode::same;
}

// Which entries of the full convolution of n and k numbers are returned on one axis.
struct Range {
  Py_ssize_t start, size;
};

Range range_of(Mode mode, Py_ssize_t n, Py_ssize_t k) {
  switch (mode) {
    case Mode::same:
      return {(k - 1) / 2, n};
    case Mode::valid:
      return {std::min(n, k) - 1, std::max(n, k) - std::min(n, k) + 1};
    default:
      return {0, n + k - 1};
  }
}

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
Py_ssize_t count_taps(const Numbers& a, const Numbers& v, const Options& options) {
  const bool swap = v.count() > a.count() && options.boundary == faltung::Boundary::fill;
  return swap ? a.count() : v.count();
}

double count_products(const Numbers& a, const Numbers& v, const Options& options) {
  auto products = static_cast<double>(count_taps(a, v, options));
  for (int d = 0; d < a.rank(); ++d)
    products *= static_cast<double>(range_of(options.mode, a.size(d), v.size(d)).size);
  return products;
}

bool is_direct_best(const Numbers& a, const Numbers& v, const Options& options) {
  const double products = count_products(a, v, options);
  const Py_ssize_t taps = count_taps(a, v, options);
  return products <= most_products || taps <= few_taps ||
         (taps <= some_taps && products <= most_products_of_some_taps);
}

bool is_small(const Numbers& a, const Numbers& v, const Options& options) {
  if (!a.format() || v.format() != a.format() || a.rank() != v.rank()) return false;
  if (!is_direct_best(a, v, options)) return false;
  return options.mode != Mode::valid || one_holds_the_other(a, v);
}

// The general way puts axes of one number first, and sums in that order.
bool is_in_order(const Numbers& input) {
  for (int d = 1; d < input.rank(); ++d)
    if (input.size(d) == 1 && input.size(d - 1) > 1) return false;
  return true;
}

// The taps reversed along all axes are the taps read backwards. The boundary `fill` is that of
// zeros, so the operands may change places.
template <class T>
bool convolve(const Numbers& a, const Numbers& v, const Numbers& out, const Options& options) {
  const bool swap = v.count() > a.count() && options.boundary == faltung::Boundary::fill;
  const Numbers &input = swap ? v : a, &taps = swap ? a : v;
  const bool large = count_products(a, v, options) > most_products;
  if (a.rank() == 1 && options.boundary == faltung::Boundary::fill && !large)
    return faltung::convolve_line(input.data<T>(), input.count(), taps.data<T>(), taps.count(),
                                  out.data<T>(), range_of(options.mode, a.count(), v.count()).start,
                                  out.count());
  if (!is_in_order(input)) return false;
  std::vector<T> reversed(taps.data<T>(), taps.data<T>() + taps.count());
  std::reverse(reversed.begin(), reversed.end());
  if (!std::all_of(reversed.begin(), reversed.end(), [](T tap) { return std::isfinite(tap); }))
    return false;
  faltung::Correlation<T> problem{input.data<T>(), reversed.data(), out.data<T>(), {}, {}, T{0}};
  std::int64_t input_stride = input.count(), output_stride = out.count();
  for (int d = 0; d < a.rank(); ++d) {
    input_stride /= input.size(d);
    output_stride /= out.size(d);
    const Py_ssize_t start = range_of(options.mode, a.size(d), v.size(d)).start;
    problem.sliding.push_back({input.size(d), input_stride, out.size(d), output_stride,
                               taps.size(d), start - (taps.size(d) - 1), options.boundary});
  }
  if (large) {
    const nb::gil_scoped_release release;
    faltung::correlate_directly(problem, 0);
  } else {
    faltung::correlate_directly(problem, 1);
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

nb::object convolve_small(nb::handle a_array, nb::handle v_array, const nb::dict& given) {
  static PyObject* const empty = of_numpy("empty");
  static PyObject* const float32 = of_numpy("float32");
  Options options;
  if (!read_options(given, options)) return nb::none();
  const Numbers a(a_array.ptr()), v(v_array.ptr());
  if (!is_small(a, v, options)) return nb::none();
  const bool single = a.format() == 'f';
  const nb::object shape = shape_of_result(a, v, options.mode);
  PyObject* arguments[] = {shape.ptr(), float32};
  nb::object result = nb::steal(PyObject_Vectorcall(empty, arguments, single ? 2 : 1, nullptr));
  if (!result.is_valid()) nb::raise_python_error();
  const Numbers out(result.ptr());
  const bool done = (single ? convolve<float> : convolve<double>)(a, v, out, options);
  return done ? result : nb::none();
}

}  // namespace

void bind_small(nb::module_& module) {
  module.def("convolve_small", &convolve_small, "a"_a, "v"_a, "options"_a,
             nb::sig("def convolve_small(a: object, v: object, options: dict[str, typing.Any]) -> "
                     "typing.Any"),
             "The convolution of two arrays of one float type and rank with no option but a mode "
             "and a boundary; None for everything else.");
}
