// What the short way reads from Python: arrays by the buffer protocol.
#pragma once

#include <nanobind/nanobind.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

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

inline bool is_whole(Kind kind) {
  return kind == Kind::whole_signed || kind == Kind::whole_unsigned || kind == Kind::boolean;
}

// The numbers of an aligned array whose strides are whole numbers of them; `other` for anything
// else.
class Numbers {
 public:
  explicit Numbers(PyObject* array) {
    held_ = PyObject_GetBuffer(array, &view_, PyBUF_STRIDES | PyBUF_FORMAT) == 0;
    if (!held_) PyErr_Clear();
    if (!held_ || view_.ndim < 1 || view_.ndim > most_axes || view_.len == 0) return;
    const Kind found = kind_of_format();
    if (found == Kind::other || !is_aligned()) return;
    kind_ = found;
    // The types that are known have 2^n bytes: a shift, where each division would take longer
    // than everything else here.
    const int shift = std::countr_zero(static_cast<std::size_t>(view_.itemsize));
    count_ = view_.len >> shift;
    for (int d = 0; d < view_.ndim; ++d)
      strides_[static_cast<std::size_t>(d)] = view_.strides[d] >> shift;
  }
  ~Numbers() {
    if (held_) PyBuffer_Release(&view_);
  }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;

  Kind kind() const { return kind_; }
  Py_ssize_t bytes_of_number() const { return view_.itemsize; }
  int rank() const { return view_.ndim; }
  Py_ssize_t size(int axis) const { return view_.shape[axis]; }
  Py_ssize_t stride(int axis) const { return strides_[static_cast<std::size_t>(axis)]; }
  const std::array<std::int64_t, most_axes>& strides() const { return strides_; }
  Py_ssize_t count() const { return count_; }
  bool is_contiguous(char order) const { return PyBuffer_IsContiguous(&view_, order) != 0; }
  bool is_writable() const { return view_.readonly == 0; }
  // Whether two arrays without gaps have no byte in common.
  bool is_apart_from(const Numbers& other) const {
    const auto begin = [](const Numbers& x) { return static_cast<const char*>(x.view_.buf); };
    return begin(*this) + view_.len <= begin(other) ||
           begin(other) + other.view_.len <= begin(*this);
  }
  template <class T>
  T* data() const {
    return static_cast<T*>(view_.buf);
  }

 private:
  Kind kind_of_format() const {
    if (view_.format == nullptr) return Kind::other;
    const char code = view_.format[0];
    if (code == 'Z' && view_.format[1] != 0 && view_.format[2] == 0)
      return view_.format[1] == 'd'   ? Kind::complex128
             : view_.format[1] == 'f' ? Kind::complex64
                                      : Kind::other;
    if (code == 0 || view_.format[1] != 0) return Kind::other;
    if (code == 'd') return Kind::float64;
    if (code == 'f') return Kind::float32;
    if (code == '?') return Kind::boolean;
    if (std::strchr("bhilq", code)) return Kind::whole_signed;
    return std::strchr("BHILQ", code) ? Kind::whole_unsigned : Kind::other;
  }

  bool is_aligned() const {
    const auto low_bits = static_cast<std::uintptr_t>(view_.itemsize) - 1;
    auto places = reinterpret_cast<std::uintptr_t>(view_.buf);
    for (int d = 0; d < view_.ndim; ++d) places |= static_cast<std::uintptr_t>(view_.strides[d]);
    return (places & low_bits) == 0;
  }

  Py_buffer view_;
  bool held_;
  Kind kind_ = Kind::other;
  Py_ssize_t count_ = 0;
  std::array<std::int64_t, most_axes> strides_{};
};

}  // namespace reading
