// A convolution layer is a product of matrices: the windows of a picture (one row for each output
// position, one column for each tap) times the weights (one row for each tap, one column for each
// output channel). The gradient of the input is a convolution layer again, of the output's gradient
// with the weights reversed and their channels exchanged.
#include "faltung/layers.hpp"

#include <algorithm>

#include "faltung/layers_product.hpp"
#include "faltung/layers_windows.hpp"
#include "faltung/threads.hpp"

namespace faltung {
namespace {

using std::int64_t;

// A task computes about this many output positions of one picture, all channels.
inline constexpr int64_t positions_in_band = 512;

// Where output (channel, y, x) of a picture goes, in elements from the first one.
struct Grid {
  int64_t picture;
  int64_t channel;
  int64_t row;
  int64_t column;
};

// output[n, o, y, x] = initial[o] + sum over taps k of window(n, y, x)[k] * right[k, o]
template <class T>
struct Correlation2d {
  Windows windows;
  int64_t batch;
  const T* input;
  RightFactor<T> right;
  const T* initial;  // one number for each output channel, or null
  T* output;
  Grid grid;
};

template <class T>
class BandedCorrelation {
 public:
  BandedCorrelation(const Correlation2d<T>& problem, int threads)
      : problem_(problem),
        windows_(problem.windows),
        kernel_(product_kernel<T>()),
        band_rows_(
            std::clamp<int64_t>(positions_in_band / windows_.output.x, 1, windows_.output.y)),
        field_(windows_, band_rows_),
        columns_(round_up(problem.right.columns, kernel_.lanes)),
        window_offsets_(window_offsets(windows_, field_, band_rows_)),
        tap_offsets_(tap_offsets(windows_, field_)),
        panels_(problem.right.steps * columns_),
        initial_(columns_) {
    pack(kernel_, problem.right, panels_.data(), threads);
    std::fill(initial_.data(), initial_.data() + columns_, T{0});
    if (problem.initial != nullptr)
      std::copy_n(problem.initial, problem.right.columns, initial_.data());
  }

  void run(int threads) const {
    const int64_t bands = (windows_.output.y + band_rows_ - 1) / band_rows_;
    parallel_for(problem_.batch * bands, threads,
                 [&](int64_t task) { run_band(task / bands, task % bands * band_rows_); });
  }

 private:
  void run_band(int64_t picture, int64_t begin) const {
    const int64_t rows = std::min(band_rows_, windows_.output.y - begin);
    const int64_t positions = rows * windows_.output.x;
    const LayerBuffer<T> copy(field_.size), result(positions * columns_);
    const T* from =
        problem_.input + picture * windows_.channels * windows_.input.y * windows_.input.x;
    kernel_.multiply({field_.read(windows_, begin, from, copy.data()), window_offsets_.data(),
                      positions, tap_offsets_.data(), problem_.right.steps, panels_.data(),
                      columns_, initial_.data(), result.data()});
    const Grid& grid = problem_.grid;
    write(result.data(), rows, problem_.output + picture * grid.picture + begin * grid.row);
  }

  // From (position, channel) to (channel, row, column).
  void write(const T* result, int64_t rows, T* to) const {
    const Grid& grid = problem_.grid;
    const int64_t width = windows_.output.x, channels = problem_.right.columns;
    if (grid.column == 1 && grid.row == width) {
      kernel_.transpose(result, columns_, rows * width, channels, to, grid.channel);
      return;
    }
    for (int64_t o = 0; o < channels; ++o)
      for (int64_t y = 0; y < rows; ++y)
        for (int64_t x = 0; x < width; ++x)
          to[o * grid.channel + y * grid.row + x * grid.column] =
              result[(y * width + x) * columns_ + o];
  }

  const Correlation2d<T>& problem_;
  const Windows& windows_;
  const ProductKernel<T>& kernel_;
  const int64_t band_rows_;
  const Field field_;
  const int64_t columns_;
  const std::vector<int64_t> window_offsets_;
  const std::vector<int64_t> tap_offsets_;
  const LayerBuffer<T> panels_;
  const LayerBuffer<T> initial_;
};

// With stride s, the input rows r that the output row t meets under kernel row k are those with
// r + padding = s t + k. So the rows with (r + padding) % s == phase meet only the kernel rows
// phase, phase + s, …, and their gradient is a correlation of step 1 with these, reversed:
//
//   stride 2, kernel a b c:   rows of phase 0 see c a, rows of phase 1 see b
struct Phase {
  int64_t taps;    // kernel rows phase, phase + s, …
  int64_t origin;  // the first input row of this phase
  int64_t count;   // how many there are
  int64_t first;   // the output row that the first one's first tap reads
};

Phase phase_of(int64_t phase, int64_t input, int64_t kernel, int64_t stride, int64_t padding) {
  Phase found;
  found.taps = (kernel - phase + stride - 1) / stride;
  const int64_t first_output = (std::max<int64_t>(padding - phase, 0) + stride - 1) / stride;
  found.origin = first_output * stride + phase - padding;
  found.count = found.origin < input ? (input - found.origin + stride - 1) / stride : 0;
  found.first = first_output - (found.taps - 1);
  return found;
}

// Step (o, i, j) of a phase is weight [o, c, phase.y + s (taps - 1 - i), …]: reversed.
std::vector<int64_t> reversed_weights(const Convolution2d& layer, Pair phase, Pair taps) {
  std::vector<int64_t> offsets;
  for (int64_t o = 0; o < layer.out_channels; ++o)
    for (int64_t i = taps.y; i-- > 0;)
      for (int64_t j = taps.x; j-- > 0;)
        offsets.push_back((o * layer.in_channels * layer.kernel.y + phase.y + i * layer.stride.y) *
                              layer.kernel.x +
                          phase.x + j * layer.stride.x);
  return offsets;
}

template <class T>
void input_gradient_of_phase(const Convolution2d& layer, Pair phase, const T* output_gradient,
                             const T* weights, T* input_gradient, int threads) {
  const Phase y = phase_of(phase.y, layer.input.y, layer.kernel.y, layer.stride.y, layer.padding.y);
  const Phase x = phase_of(phase.x, layer.input.x, layer.kernel.x, layer.stride.x, layer.padding.x);
  if (y.count == 0 || x.count == 0) return;
  const std::vector<int64_t> steps = reversed_weights(layer, phase, {y.taps, x.taps});
  const int64_t plane = layer.input.y * layer.input.x;
  const Correlation2d<T> problem = {
      {layer.out_channels,
       layer.output(),
       {y.taps, x.taps},
       {y.first, x.first},
       {1, 1},
       {y.count, x.count}},
      layer.batch,
      output_gradient,
      {weights, steps.data(), static_cast<int64_t>(steps.size()), layer.in_channels,
       layer.kernel.y * layer.kernel.x},
      nullptr,
      input_gradient + y.origin * layer.input.x + x.origin,
      {layer.in_channels * plane, plane, layer.stride.y * layer.input.x, layer.stride.x}};
  BandedCorrelation<T>(problem, threads).run(threads);
}

}  // namespace

template <class T>
void convolve2d(const Convolution2d& layer, const T* input, const T* weights, const T* bias,
                T* output, int threads) {
  const Pair out = layer.output();
  const Windows windows = {layer.in_channels, layer.input,
                           layer.kernel,      {-layer.padding.y, -layer.padding.x},
                           layer.stride,      out};
  const std::vector<int64_t> steps = regular_offsets(windows.steps(), 1);
  const Correlation2d<T> problem = {
      windows,
      layer.batch,
      input,
      {weights, steps.data(), windows.steps(), layer.out_channels, windows.steps()},
      bias,
      output,
      {layer.out_channels * out.y * out.x, out.y * out.x, out.x, 1}};
  BandedCorrelation<T>(problem, threads).run(threads);
}

template <class T>
void convolve2d_input_gradient(const Convolution2d& layer, const T* output_gradient,
                               const T* weights, T* input_gradient, int threads) {
  // A stride longer than the kernel leaves out inputs.
  if (layer.stride.y > layer.kernel.y || layer.stride.x > layer.kernel.x)
    std::fill_n(input_gradient, layer.batch * layer.in_channels * layer.input.y * layer.input.x,
                T{0});
  for (int64_t y = 0; y < std::min(layer.stride.y, layer.kernel.y); ++y)
    for (int64_t x = 0; x < std::min(layer.stride.x, layer.kernel.x); ++x)
      input_gradient_of_phase(layer, {y, x}, output_gradient, weights, input_gradient, threads);
}

#define FALTUNG_INSTANTIATE(T)                                                           \
  template void convolve2d(const Convolution2d&, const T*, const T*, const T*, T*, int); \
  template void convolve2d_input_gradient(const Convolution2d&, const T*, const T*, T*, int);
FALTUNG_INSTANTIATE(float)
FALTUNG_INSTANTIATE(double)
#undef FALTUNG_INSTANTIATE

}  // namespace faltung
