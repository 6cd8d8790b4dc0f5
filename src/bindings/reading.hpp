// What the way of small arrays reads from Python: arrays by the buffer protocol, options by name.
#pragma once

#include <nanobind/nanobind.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "faltung/boundary.hpp"

namespace reading {

constexpr int most_axes = 4;

// What kind of numbers an array holds.
enum class Kind {
  other,
  float32,
  float64,
  complex64,
  complex128,
  whole_signed,
  whole_unsigned,
  boolean
};

// The numbers of an aligned array in C order; `other` for anything else.
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

  Kind kind() const {
    if (!held_ || view_.ndim < 1 || view_.ndim > most_axes || view_.len == 0) return Kind::other;
    if (view_.format == nullptr) return Kind::other;
    if (reinterpret_cast<std::uintptr_t>(view_.buf) % view_.itemsize != 0) return Kind::other;
    if (std::strcmp(view_.format, "Zd") == 0) return Kind::complex128;
    if (std::strcmp(view_.format, "Zf") == 0) return Kind::complex64;
    if (view_.format[1] != 0) return Kind::other;
    const char code = view_.format[0];
    if (code == 'd') return Kind::float64;
    if (code == 'f') return Kind::float32;
    if (code == '?') return Kind::boolean;
    if (std::strchr("bhilq", code)) return Kind::whole_signed;
    return std::strchr("BHILQ", code) ? Kind::whole_unsigned : Kind::other;
  }
  Py_ssize_t bytes_of_number() const { return view_.itemsize; }
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

inline bool is(PyObject* text, const char* word) {
  return PyUnicode_CompareWithASCIIString(text, word) == 0;
}

enum class Mode { full, same, valid };

struct Options {
  Mode mode = Mode::full;
  faltung::Boundary boundary = faltung::Boundary::fill;
};

inline bool read_mode(PyObject* text, Mode& mode) {
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

inline bool read_boundary(PyObject* text, faltung::Boundary& boundary) {
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
inline bool read_options(const nanobind::dict& given, Options& options) {
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
