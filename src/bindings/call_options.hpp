// The options of a call that the short way knows, read by name.
#pragma once

#include <nanobind/nanobind.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "faltung/boundary.hpp"
#include "reading.hpp"

namespace reading {

// A new reference that numpy.empty and numpy.float32 never give up: they live as long as NumPy.
inline PyObject* of_numpy(const char* name) {
  return nanobind::object(nanobind::module_::import_("numpy").attr(name)).release().ptr();
}

inline bool is(PyObject* text, const char* word) {
  return PyUnicode_CompareWithASCIIString(text, word) == 0;
}

// A type of NumPy's, and its dtype, which NumPy finds sooner.
struct NumpyType {
  PyObject *type, *dtype;

  explicit NumpyType(const char* name)
      : type(of_numpy(name)),
        dtype(nanobind::object(nanobind::module_::import_("numpy").attr("dtype")(name))
                  .release()
                  .ptr()) {}
};

enum class Mode { full, same, valid };

// A type of few bits, into which sums are saturated.
struct NarrowType {
  const char* name;
  Kind kind;
  Py_ssize_t bytes;
  NumpyType numpy{name};
};

struct Options {
  Mode mode = Mode::full;
  faltung::Boundary boundary = faltung::Boundary::fill;
  // Whether a constant lies outside; else, with `fill`, nothing does.
  bool constant = false;
  double fill_value = 0;
  // The axes on which the kernel slides, as bits; none for all.
  unsigned axes = 0;
  int axes_count = 0;
  int threads = 0;
  const NarrowType* narrow = nullptr;
  bool saturate = false;
  PyObject* out = nullptr;  // borrowed

  bool nothing_outside() const { return boundary == faltung::Boundary::fill && !constant; }
  bool slides(int axis) const { return axes == 0 || (axes >> axis & 1U) != 0; }
};

inline bool read_mode(PyObject* text, Mode& mode) {
  if (!PyUnicode_CheckExact(text)) return false;
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

inline bool read_boundary(PyObject* text, Options& options) {
  using faltung::Boundary;
  constexpr std::pair<const char*, Boundary> names[] = {
      {"zero", Boundary::fill},     {"constant", Boundary::fill},       {"edge", Boundary::edge},
      {"mirror", Boundary::mirror}, {"symmetric", Boundary::symmetric}, {"wrap", Boundary::wrap}};
  if (!PyUnicode_CheckExact(text)) return false;
  for (const auto& [name, value] : names)
    if (is(text, name)) {
      options.boundary = value;
      options.constant = is(text, "constant");
      return true;
    }
  return false;
}

// A whole number of Python's own type; false for others and beyond 32 bits.
inline bool read_int(PyObject* number, int& found) {
  if (!PyLong_CheckExact(number)) return false;
  int beyond = 0;
  const long value = PyLong_AsLongAndOverflow(number, &beyond);
  if (beyond != 0 || value != static_cast<int>(value)) return false;
  found = static_cast<int>(value);
  return true;
}

// One axis more, which comes after the others: a kernel with just these axes has them in order.
inline bool add_axis(PyObject* number, int rank, Options& options) {
  int axis = 0;
  if (!read_int(number, axis) || axis < -rank || axis >= rank) return false;
  if (axis < 0) axis += rank;
  if (options.axes >> axis != 0) return false;
  options.axes |= 1U << axis;
  ++options.axes_count;
  return true;
}

inline bool read_axes(PyObject* axes, int rank, Options& options) {
  if (axes == Py_None) return true;
  if (!PyTuple_CheckExact(axes)) return add_axis(axes, rank, options);
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(axes); ++i)
    if (!add_axis(PyTuple_GET_ITEM(axes, i), rank, options)) return false;
  return options.axes_count > 0;
}

inline bool read_threads(PyObject* threads, int& found) {
  if (threads == Py_None) return true;
  return read_int(threads, found) && found >= 1 && found <= 1024;
}

inline bool read_fill_value(PyObject* number, double& found) {
  int whole = 0;
  if (PyFloat_CheckExact(number))
    found = PyFloat_AS_DOUBLE(number);
  else if (read_int(number, whole))
    found = whole;
  else
    return false;
  return std::isfinite(found);
}

inline const NarrowType* narrow_type(PyObject* given) {
  static const NarrowType types[] = {{"uint8", Kind::whole_unsigned, 1},
                                     {"int8", Kind::whole_signed, 1},
                                     {"uint16", Kind::whole_unsigned, 2},
                                     {"int16", Kind::whole_signed, 2}};
  for (const NarrowType& known : types)
    if (given == known.numpy.type || given == known.numpy.dtype ||
        (PyUnicode_CheckExact(given) && is(given, known.name)))
      return &known;
  return nullptr;
}

inline bool read_out(PyObject* array, PyObject*& found) {
  static PyObject* const type = of_numpy("ndarray");
  if (array == Py_None) return true;
  found = array;
  return reinterpret_cast<PyObject*>(Py_TYPE(array)) == type;
}

inline bool read_option(PyObject* key, PyObject* value, int rank, Options& options) {
  const auto is_text = [value](const char* word) {
    return PyUnicode_CheckExact(value) && is(value, word);
  };
  if (is(key, "mode")) return read_mode(value, options.mode);
  if (is(key, "boundary")) return read_boundary(value, options);
  if (is(key, "fill_value")) return read_fill_value(value, options.fill_value);
  if (is(key, "axes")) return read_axes(value, rank, options);
  if (is(key, "out")) return read_out(value, options.out);
  if (is(key, "threads")) return read_threads(value, options.threads);
  if (is(key, "dtype")) return (options.narrow = narrow_type(value)) != nullptr;
  if (is(key, "overflow")) return options.saturate = is_text("saturate");
  return is(key, "method") && is_text("auto");
}

// False for options that are not known here or do not go together. `rank` is that of the first
// operand.
inline bool read_options(const nanobind::dict& given, int rank, Options& options) {
  PyObject *key, *value;
  Py_ssize_t position = 0;
  while (PyDict_Next(given.ptr(), &position, &key, &value))
    if (!PyUnicode_CheckExact(key) || !read_option(key, value, rank, options)) return false;
  if (options.saturate != (options.narrow != nullptr)) return false;
  if (options.fill_value != 0 && !options.constant) return false;
  return options.nothing_outside() || options.mode == Mode::same;
}

// Which entries of the full convolution of n and k numbers are returned on one axis.
struct Range {
  Py_ssize_t start, size;
};

inline Range range_of(Mode mode, Py_ssize_t n, Py_ssize_t k) {
  switch (mode) {
    case Mode::same:
      return {(k - 1) / 2, n};
    case Mode::valid:
      return {std::min(n, k) - 1, std::max(n, k) - std::min(n, k) + 1};
    default:
      return {0, n + k - 1};
  }
}

}  // namespace reading
