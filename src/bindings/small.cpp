// The way of short lines: from two NumPy arrays to a third with as little between as can be.
#include "faltung/small.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "bindings.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

// Beyond these a call is long enough not to feel the general way.
constexpr Py_ssize_t most_products = 1 << 18;
constexpr Py_ssize_t most_numbers = 1 << 15;

// The numbers of a contiguous line of float32 or float64; none for anything else.
class Line {
 public:
  explicit Line(PyObject* array) {
    held_ = PyObject_GetBuffer(array, &view_, PyBUF_ND | PyBUF_FORMAT) == 0;
    if (!held_) PyErr_Clear();
  }
  ~Line() {
    if (held_) PyBuffer_Release(&view_);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  char format() const {
    if (!held_ || view_.ndim != 1 || view_.shape[0] == 0 || view_.format == nullptr) return 0;
    const bool is_aligned = reinterpret_cast<std::uintptr_t>(view_.buf) % 8 == 0;
    const bool is_float = !std::strcmp(view_.format, "d") || !std::strcmp(view_.format, "f");
    return is_aligned && is_float ? view_.format[0] : 0;
  }
  Py_ssize_t size() const { return view_.shape[0]; }
  template <class T>
  T* numbers() const {
    return static_cast<T*>(view_.buf);
  }

 private:
  Py_buffer view_;
  bool held_;
};

// Which entries of the full convolution are returned.
struct Range {
  Py_ssize_t start, size;
};

// False for options that are not just a mode.
bool find_range(const nb::dict& options, Py_ssize_t n, Py_ssize_t k, Range& range) {
  range = {0, n + k - 1};
  if (options.size() == 0) return true;
  if (options.size() > 1) return false;
  PyObject* mode = PyDict_GetItemString(options.ptr(), "mode");
  if (mode == nullptr || !PyUnicode_CheckExact(mode)) return false;
  if (!PyUnicode_CompareWithASCIIString(mode, "same"))
    range = {(k - 1) / 2, n};
  else if (!PyUnicode_CompareWithASCIIString(mode, "valid"))
    range = {std::min(n, k) - 1, std::max(n, k) - std::min(n, k) + 1};
  else
    return !PyUnicode_CompareWithASCIIString(mode, "full");
  return true;
}

template <class T>
bool convolve(const Line& a, const Line& v, const Line& out, Range range) {
  const bool swap = v.size() > a.size();
  const Line &input = swap ? v : a, &taps = swap ? a : v;
  return faltung::convolve_line(input.numbers<T>(), input.size(), taps.numbers<T>(), taps.size(),
                                out.numbers<T>(), range.start, range.size);
}

// New references that numpy.empty and numpy.float32 never give up: they live as long as NumPy.
PyObject* of_numpy(const char* name) {
  return nb::object(nb::module_::import_("numpy").attr(name)).release().ptr();
}

nb::object convolve_short(nb::handle a_array, nb::handle v_array, const nb::dict& options) {
  static PyObject* const empty = of_numpy("empty");
  static PyObject* const float32 = of_numpy("float32");
  const Line a(a_array.ptr()), v(v_array.ptr());
  const char format = a.format();
  Range range;
  if (!format || v.format() != format || std::max(a.size(), v.size()) > most_numbers ||
      a.size() * v.size() > most_products || !find_range(options, a.size(), v.size(), range))
    return nb::none();
  const nb::object size = nb::steal(PyLong_FromSsize_t(range.size));
  PyObject* arguments[] = {size.ptr(), float32};
  nb::object result =
      nb::steal(PyObject_Vectorcall(empty, arguments, format == 'f' ? 2 : 1, nullptr));
  if (!result.is_valid()) nb::raise_python_error();
  const Line out(result.ptr());
  const bool done = (format == 'f' ? convolve<float> : convolve<double>)(a, v, out, range);
  return done ? result : nb::none();
}

}  // namespace

void bind_small(nb::module_& module) {
  module.def("convolve_short", &convolve_short, "a"_a, "v"_a, "options"_a,
             nb::sig("def convolve_short(a: object, v: object, options: dict[str, typing.Any]) -> "
                     "typing.Any"),
             "The convolution of two short lines of one float type with no option but a mode; None "
             "for everything else.");
}
