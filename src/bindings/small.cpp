// The short way: from two NumPy arrays to a third with as little between as can be.
#include "bindings.hpp"
#include "plain_call.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using namespace reading;

nb::object shape_of_result(const Numbers& a, const PlainCall& call) {
  std::array<Py_ssize_t, most_axes> sizes{};
  for (int i = 0; i < a.rank(); ++i)
    sizes[static_cast<std::size_t>(call.axis(i).number)] = call.axis(i).range.size;
  if (a.rank() == 1) return nb::int_(sizes[0]);
  nb::object shape = nb::steal(PyTuple_New(a.rank()));
  for (int d = 0; d < a.rank(); ++d)
    PyTuple_SET_ITEM(shape.ptr(), d, nb::int_(sizes[static_cast<std::size_t>(d)]).release().ptr());
  return shape;
}

// The type of the result, as arithmetic_types has it.
const NumpyType& type_of_result(Kind a, Kind v, const Options& options) {
  static const NumpyType types[] = {NumpyType("float64"),   NumpyType("float32"),
                                    NumpyType("int64"),     NumpyType("uint64"),
                                    NumpyType("complex64"), NumpyType("complex128")};
  if (options.narrow != nullptr) return options.narrow->numpy;
  if (a == Kind::complex64 || a == Kind::complex128) return types[a == Kind::complex64 ? 4 : 5];
  if (!is_whole(a)) return types[a == Kind::float32];
  const bool unsigned_sums = a != Kind::whole_signed && v != Kind::whole_signed &&
                             !(a == Kind::boolean && v == Kind::boolean);
  return types[unsigned_sums ? 3 : 2];
}

bool is_fortran(const Numbers& a) {
  return a.rank() > 1 && a.is_contiguous('F') && !a.is_contiguous('C');
}

// Whether `out` is an array such as `empty_result` makes, with no memory of the operands.
bool fits(const Numbers& out, const Numbers& a, const Numbers& v, const PlainCall& call) {
  if (out.kind() == Kind::other || out.rank() != a.rank() || !out.is_writable()) return false;
  for (int i = 0; i < a.rank(); ++i)
    if (out.size(call.axis(i).number) != call.axis(i).range.size) return false;
  for (const Numbers* operand : {&a, &v}) {
    const bool has_gaps = !operand->is_contiguous('C') && !operand->is_contiguous('F');
    if (has_gaps || !out.is_apart_from(*operand)) return false;
  }
  const nb::handle type = type_of_result(a.kind(), v.kind(), call.options).type;
  return out.is_contiguous(is_fortran(a) ? 'F' : 'C') &&
         nb::handle(call.options.out).attr("dtype").attr("type").is(type);
}

// In the memory order of the first operand.
nb::object empty_result(const Numbers& a, const Numbers& v, const PlainCall& call) {
  static PyObject* const empty = of_numpy("empty");
  static PyObject* const fortran = PyUnicode_InternFromString("F");
  const nb::object shape = shape_of_result(a, call);
  PyObject* arguments[] = {shape.ptr(), type_of_result(a.kind(), v.kind(), call.options).dtype,
                           fortran};
  nb::object result =
      nb::steal(PyObject_Vectorcall(empty, arguments, is_fortran(a) ? 3 : 2, nullptr));
  if (!result.is_valid()) nb::raise_python_error();
  return result;
}

bool fill(const PlainCall& call, const Numbers& out) {
  switch (call.taps.kind()) {
    case Kind::float32:
    case Kind::float64:
      return call.options.narrow == nullptr ? convolve_floats(call, out)
                                            : convolve_rounded(call, out);
    case Kind::complex64:
    case Kind::complex128:
      return convolve_complex(call, out);
    default:
      return convolve_whole(call, out);
  }
}

nb::object convolve_small(nb::handle a_array, nb::handle v_array, const nb::dict& given) {
  const Numbers a(a_array.ptr()), v(v_array.ptr());
  if (a.kind() == Kind::other || v.kind() == Kind::other) return nb::none();
  Options options;
  if (!read_options(given, a.rank(), options) || !is_plain(a, v, options)) return nb::none();
  const PlainCall call(a, v, options);
  nb::object result = options.out == nullptr ? empty_result(a, v, call) : nb::borrow(options.out);
  const Numbers out(result.ptr());
  if (options.out != nullptr && !fits(out, a, v, call)) return nb::none();
  return fill(call, out) ? result : nb::none();
}

}  // namespace

void bind_small(nb::module_& module) {
  module.def("convolve_small", &convolve_small, "a"_a, "v"_a, "options"_a,
             nb::sig("def convolve_small(a: object, v: object, options: dict[str, typing.Any]) -> "
                     "typing.Any"),
             "The convolution of two arrays of one float or complex type, or of whole numbers, "
             "with the options that it knows; None for everything else.");
  module.def("direct_is_best", &faltung::direct_is_best, "products"_a, "taps"_a,
             "Whether a direct sum of so many products needs no comparison with a transform.");
}
