#include "faltung/layers.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bindings.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <class T, int Rank>
using Operand = nb::ndarray<const T, nb::numpy, nb::ndim<Rank>, nb::c_contig, nb::device::cpu>;
template <class T, int Rank>
using Result = nb::ndarray<T, nb::numpy, nb::ndim<Rank>, nb::c_contig, nb::device::cpu>;
template <class T>
using Strided = nb::ndarray<const T, nb::numpy, nb::ndim<2>, nb::device::cpu>;
template <class T>
using Initial = std::optional<Operand<T, 1>>;

using std::int64_t;

void require(bool holds, const char* rule) {
  if (!holds) throw std::invalid_argument(rule);
}

template <class Array>
faltung::Pair plane_of(const Array& pictures) {
  return {static_cast<int64_t>(pictures.shape(2)), static_cast<int64_t>(pictures.shape(3))};
}

template <class Array>
bool has_shape(const Array& pictures, int64_t batch, int64_t channels, faltung::Pair plane) {
  const faltung::Pair found = plane_of(pictures);
  return static_cast<int64_t>(pictures.shape(0)) == batch &&
         static_cast<int64_t>(pictures.shape(1)) == channels && found.y == plane.y &&
         found.x == plane.x;
}

bool fits(int64_t input, int64_t kernel, int64_t stride, int64_t padding) {
  constexpr int64_t most = int64_t{1} << 31;
  return kernel >= 1 && stride >= 1 && stride < most && padding >= 0 && padding < most &&
         kernel <= input + 2 * padding;
}

// The layer of three arrays that must fit together, whichever of them is the result.
template <class Input, class Weights, class Output>
faltung::Convolution2d layer_of(const Input& input, const Weights& weights, const Output& output,
                                std::pair<int64_t, int64_t> stride,
                                std::pair<int64_t, int64_t> padding) {
  const faltung::Convolution2d layer = {static_cast<int64_t>(input.shape(0)),
                                        static_cast<int64_t>(input.shape(1)),
                                        static_cast<int64_t>(weights.shape(0)),
                                        plane_of(input),
                                        plane_of(weights),
                                        {stride.first, stride.second},
                                        {padding.first, padding.second}};
  require(layer.in_channels >= 1 && layer.out_channels >= 1, "a layer has channels");
  require(fits(layer.input.y, layer.kernel.y, layer.stride.y, layer.padding.y) &&
              fits(layer.input.x, layer.kernel.x, layer.stride.x, layer.padding.x),
          "the kernel fits into the padded picture, stride >= 1, padding >= 0");
  require(static_cast<int64_t>(weights.shape(1)) == layer.in_channels,
          "weights are (out_channels, in_channels, height, width)");
  require(has_shape(output, layer.batch, layer.out_channels, layer.output()),
          "the output is (batch, out_channels, output height, output width)");
  return layer;
}

template <class T>
const T* initial_of(const Initial<T>& initial, int64_t size) {
  if (!initial) return nullptr;
  require(static_cast<int64_t>(initial->shape(0)) == size, "one initial number for each column");
  return initial->data();
}

template <class T>
void bind_convolution(nb::module_& module) {
  using Strides = std::pair<int64_t, int64_t>;
  module.def(
      "convolve2d",
      [](const Operand<T, 4>& input, const Operand<T, 4>& weights, const Initial<T>& bias,
         const Result<T, 4>& output, Strides stride, Strides padding, int threads) {
        const auto layer = layer_of(input, weights, output, stride, padding);
        const T* initial = initial_of(bias, layer.out_channels);
        nb::gil_scoped_release release;
        faltung::convolve2d(layer, input.data(), weights.data(), initial, output.data(), threads);
      },
      "input"_a.noconvert(), "weights"_a.noconvert(), "bias"_a.noconvert().none(),
      "output"_a.noconvert(), "stride"_a, "padding"_a, "threads"_a,
      "The layer's output: the correlation of the pictures with the weights, plus the bias.");
  module.def(
      "convolve2d_input_gradient",
      [](const Operand<T, 4>& output_gradient, const Operand<T, 4>& weights,
         const Result<T, 4>& input_gradient, Strides stride, Strides padding, int threads) {
        const auto layer = layer_of(input_gradient, weights, output_gradient, stride, padding);
        nb::gil_scoped_release release;
        faltung::convolve2d_input_gradient(layer, output_gradient.data(), weights.data(),
                                           input_gradient.data(), threads);
      },
      "output_gradient"_a.noconvert(), "weights"_a.noconvert(), "input_gradient"_a.noconvert(),
      "stride"_a, "padding"_a, "threads"_a, "The adjoint of convolve2d as a map of its input.");
  module.def(
      "convolve2d_weight_gradient",
      [](const Operand<T, 4>& input, const Operand<T, 4>& output_gradient,
         const Result<T, 4>& weight_gradient, Strides stride, Strides padding, int threads) {
        const auto layer = layer_of(input, weight_gradient, output_gradient, stride, padding);
        nb::gil_scoped_release release;
        faltung::convolve2d_weight_gradient(layer, input.data(), output_gradient.data(),
                                            weight_gradient.data(), threads);
      },
      "input"_a.noconvert(), "output_gradient"_a.noconvert(), "weight_gradient"_a.noconvert(),
      "stride"_a, "padding"_a, "threads"_a, "The adjoint of convolve2d as a map of its weights.");
}

template <class T>
faltung::Matrix<T> as_matrix(const Strided<T>& matrix) {
  return {matrix.data(), static_cast<int64_t>(matrix.shape(0)),
          static_cast<int64_t>(matrix.shape(1)), matrix.stride(0), matrix.stride(1)};
}

template <class T>
void bind_matrices(nb::module_& module) {
  module.def(
      "multiply_matrices",
      [](const Strided<T>& a, const Strided<T>& b, const Initial<T>& initial,
         const Result<T, 2>& product, int threads) {
        require(a.shape(1) == b.shape(0) && a.shape(1) >= 1, "columns of a are rows of b");
        require(product.shape(0) == a.shape(0) && product.shape(1) == b.shape(1),
                "the product has the rows of a and the columns of b");
        const auto left = as_matrix<T>(a), right = as_matrix<T>(b);
        const T* start = initial_of(initial, right.columns);
        nb::gil_scoped_release release;
        faltung::multiply_matrices(left, right, start, product.data(), threads);
      },
      "a"_a.noconvert(), "b"_a.noconvert(), "initial"_a.noconvert().none(), "product"_a.noconvert(),
      "threads"_a, "product[i, j] = initial[j] + sum of a[i, k] b[k, j].");
}

template <class Input, class Output>
faltung::Pooling pooling_of(const Input& input, const Output& output,
                            std::pair<int64_t, int64_t> window) {
  const auto batch = static_cast<int64_t>(input.shape(0));
  const auto channels = static_cast<int64_t>(input.shape(1));
  const faltung::Pooling layer = {batch * channels, plane_of(input), {window.first, window.second}};
  require(layer.window.y >= 1 && layer.window.x >= 1 && layer.window.y <= layer.input.y &&
              layer.window.x <= layer.input.x && layer.input.y * layer.input.x <= INT32_MAX,
          "the window fits into the picture");
  require(has_shape(output, batch, channels, layer.output()),
          "the output is (batch, channels, height / window, width / window)");
  return layer;
}

template <class T>
void bind_pooling(nb::module_& module) {
  using Window = std::pair<int64_t, int64_t>;
  module.def(
      "pool_maximum",
      [](const Operand<T, 4>& input, const Result<T, 4>& output,
         const Result<std::int32_t, 4>& places, Window window, int threads) {
        const auto layer = pooling_of(input, output, window);
        require(places.size() == output.size(), "one place for each output");
        nb::gil_scoped_release release;
        faltung::pool_maximum(layer, input.data(), output.data(), places.data(), threads);
      },
      "input"_a.noconvert(), "output"_a.noconvert(), "places"_a.noconvert(), "window"_a,
      "threads"_a, "The largest entry of each window and its place in the plane.");
  module.def(
      "pool_maximum_gradient",
      [](const Operand<T, 4>& output_gradient, const Operand<std::int32_t, 4>& places,
         const Result<T, 4>& input_gradient, Window window, int threads) {
        const auto layer = pooling_of(input_gradient, output_gradient, window);
        require(places.size() == output_gradient.size(), "one place for each output");
        const int64_t plane = layer.input.y * layer.input.x;
        require(std::all_of(places.data(), places.data() + places.size(),
                            [&](int64_t place) { return place >= 0 && place < plane; }),
                "each place lies in its plane");
        nb::gil_scoped_release release;
        faltung::pool_maximum_gradient(layer, output_gradient.data(), places.data(),
                                       input_gradient.data(), threads);
      },
      "output_gradient"_a.noconvert(), "places"_a.noconvert(), "input_gradient"_a.noconvert(),
      "window"_a, "threads"_a, "Each output's gradient at the place of its maximum.");
}

template <class T>
void bind_all(nb::module_& module) {
  bind_convolution<T>(module);
  bind_matrices<T>(module);
  bind_pooling<T>(module);
}

}  // namespace

void bind_layers(nb::module_& module) {
  bind_all<float>(module);
  bind_all<double>(module);
}
