// The layers of a convolutional network: forward, and the gradients backward.
//
// Arrays are in C order. Pictures are (batch, channels, height, width), weights are
// (out_channels, in_channels, kernel_height, kernel_width). As in every network library the layer
// called a convolution is a correlation: the weights are not reversed.
//
// Results have the same bits for any number of threads; threads <= 0 means the default. No output
// shares memory with an operand.
#pragma once

#include <cstdint>

namespace faltung {

struct Pair {
  std::int64_t y;
  std::int64_t x;
};

struct Convolution2d {
  std::int64_t batch;  // >= 0, all else >= 1 but the padding, which is >= 0
  std::int64_t in_channels;
  std::int64_t out_channels;
  Pair input;
  Pair kernel;
  Pair stride;
  Pair padding;

  // At least 1: the kernel fits into the padded picture.
  Pair output() const {
    return {(input.y + 2 * padding.y - kernel.y) / stride.y + 1,
            (input.x + 2 * padding.x - kernel.x) / stride.x + 1};
  }
};

// output[n, o, y, x] = bias[o] + sum over c, i, j of weights[o, c, i, j] *
//                      input[n, c, y * stride.y - padding.y + i, x * stride.x - padding.x + j]
// with zeros outside the picture; bias may be null.
//
// Error: |result - exact| <= gamma(m) (|weights| * |input| + |bias|), gamma(m) = m u / (1 - m u),
// m = min(n, 256) + ceil(n / 256), n = in_channels * kernel.y * kernel.x terms in each sum (Higham,
// Accuracy and Stability of Numerical Algorithms, 2nd ed., section 4.2).
template <class T>
void convolve2d(const Convolution2d& layer, const T* input, const T* weights, const T* bias,
                T* output, int threads);

// The gradient with respect to the input, given the one with respect to the output: the adjoint of
// convolve2d as a linear map of its input. Error as above with n = out_channels * kernel.y *
// kernel.x.
template <class T>
void convolve2d_input_gradient(const Convolution2d& layer, const T* output_gradient,
                               const T* weights, T* input_gradient, int threads);

// The gradient with respect to the weights: the adjoint of convolve2d as a linear map of them.
// Error as above with n = batch * output().y * output().x, and 16 more in m.
template <class T>
void convolve2d_weight_gradient(const Convolution2d& layer, const T* input,
                                const T* output_gradient, T* weight_gradient, int threads);

// A matrix with any strides, in elements.
template <class T>
struct Matrix {
  const T* data;
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t row_stride;
  std::int64_t column_stride;
};

// product[i, j] = initial[j] + sum over k of a[i, k] * b[k, j]; the product in C order, initial may
// be null. a.columns == b.rows >= 1. Error as above with n = a.columns.
template <class T>
void multiply_matrices(const Matrix<T>& a, const Matrix<T>& b, const T* initial, T* product,
                       int threads);

struct Pooling {
  std::int64_t planes;  // batch * channels
  Pair input;
  Pair window;  // 1 <= window <= input; rows and columns that fill no window are left out

  Pair output() const { return {input.y / window.y, input.x / window.x}; }
};

// The largest entry of each window, and where in its plane it lies: the first of equals, a NaN if
// there is one.
template <class T>
void pool_maximum(const Pooling& layer, const T* input, T* output, std::int32_t* places,
                  int threads);

// Puts each output's gradient at the place of the maximum and zeros elsewhere.
template <class T>
void pool_maximum_gradient(const Pooling& layer, const T* output_gradient,
                           const std::int32_t* places, T* input_gradient, int threads);

}  // namespace faltung
