// The gradient of the weights: for each tap and output channel the product of the tap's inputs with
// the output's gradient, summed over all positions of all pictures. The windows serve as in the
// forward direction, with rows and steps exchanged: now the taps are the rows.
//
// Each group of pictures has a sum of its own; the sums are added in the order of the groups. The
// groups depend on the batch alone, so the bits do not depend on the number of threads.
#include <algorithm>

#include "faltung/layers.hpp"
#include "faltung/layers_product.hpp"
#include "faltung/layers_windows.hpp"
#include "faltung/threads.hpp"

namespace faltung {
namespace {

using std::int64_t;

inline constexpr int64_t most_groups = 16;
inline constexpr int64_t most_partial_sums = 1 << 24;  // numbers in all groups' sums
inline constexpr int64_t taps_in_task = 96;            // a multiple of every kernel's rows_in_tile

template <class T>
class WeightGradient {
 public:
  WeightGradient(const Convolution2d& layer, const T* input, const T* output_gradient)
      : layer_(layer),
        input_(input),
        output_gradient_(output_gradient),
        windows_{layer.in_channels, layer.input,
                 layer.kernel,      {-layer.padding.y, -layer.padding.x},
                 layer.stride,      layer.output()},
        kernel_(product_kernel<T>()),
        field_(windows_, windows_.output.y),
        picture_(windows_.channels * layer.input.y * layer.input.x),
        field_pitch_(field_.copied ? field_.size : picture_),
        positions_(windows_.output.y * windows_.output.x),
        taps_(windows_.steps()),
        columns_(round_up(layer.out_channels, kernel_.lanes)),
        groups_(std::clamp<int64_t>(most_partial_sums / (taps_ * columns_), 1,
                                    std::min(layer.batch, most_groups))),
        fields_(layer.batch * field_.size),
        panels_(layer.batch * positions_ * columns_),
        sums_(groups_ * taps_ * columns_) {}

  void run(T* weight_gradient, int threads) const {
    parallel_for(layer_.batch, threads, [&](int64_t picture) {
      field_.read(windows_, 0, input_ + picture * picture_, fields_.data() + picture * field_.size);
    });
    parallel_for(groups_, threads, [&](int64_t group) { pack_group(group); });
    const std::vector<int64_t> taps = tap_offsets(windows_, field_), steps = positions();
    const int64_t tasks = (taps_ + taps_in_task - 1) / taps_in_task;
    parallel_for(groups_ * tasks, threads, [&](int64_t task) {
      multiply_group(task / tasks, task % tasks * taps_in_task, taps, steps);
    });
    parallel_for(tasks, threads,
                 [&](int64_t task) { add_groups(task * taps_in_task, weight_gradient); });
  }

 private:
  int64_t first_of(int64_t group) const { return layer_.batch * group / groups_; }
  int64_t size_of(int64_t group) const { return first_of(group + 1) - first_of(group); }

  // The windows of all positions of all pictures of the largest group.
  std::vector<int64_t> positions() const {
    const std::vector<int64_t> one = window_offsets(windows_, field_, windows_.output.y);
    const int64_t pictures = (layer_.batch + groups_ - 1) / groups_;
    std::vector<int64_t> all;
    all.reserve(static_cast<size_t>(pictures * positions_));
    for (int64_t n = 0; n < pictures; ++n)
      for (const int64_t offset : one) all.push_back(n * field_pitch_ + offset);
    return all;
  }

  // The output's gradient, from (picture, channel, position) to (picture and position, channel).
  void pack_group(int64_t group) const {
    std::vector<int64_t> steps;
    steps.reserve(static_cast<size_t>(size_of(group) * positions_));
    for (int64_t n = 0; n < size_of(group); ++n)
      for (int64_t p = 0; p < positions_; ++p)
        steps.push_back(n * layer_.out_channels * positions_ + p);
    const T* from = output_gradient_ + first_of(group) * layer_.out_channels * positions_;
    pack<T>(
        kernel_,
        {from, steps.data(), static_cast<int64_t>(steps.size()), layer_.out_channels, positions_},
        panels_.data() + first_of(group) * positions_ * columns_, 1);
  }

  const T* first_window(int64_t picture) const {
    if (field_.copied) return fields_.data() + picture * field_.size;
    return field_.read<T>(windows_, 0, input_ + picture * picture_, nullptr);
  }

  void multiply_group(int64_t group, int64_t first_tap, const std::vector<int64_t>& taps,
                      const std::vector<int64_t>& steps) const {
    kernel_.multiply({first_window(first_of(group)), taps.data() + first_tap,
                      std::min(taps_in_task, taps_ - first_tap), steps.data(),
                      size_of(group) * positions_,
                      panels_.data() + first_of(group) * positions_ * columns_, columns_, nullptr,
                      sums_.data() + (group * taps_ + first_tap) * columns_});
  }

  void add_groups(int64_t first_tap, T* weight_gradient) const {
    const int64_t count = std::min(taps_in_task, taps_ - first_tap);
    T* total = sums_.data() + first_tap * columns_;
    for (int64_t group = 1; group < groups_; ++group) {
      const T* sum = total + group * taps_ * columns_;
      for (int64_t i = 0; i < count * columns_; ++i) total[i] += sum[i];
    }
    kernel_.transpose(total, columns_, count, layer_.out_channels, weight_gradient + first_tap,
                      taps_);
  }

  const Convolution2d& layer_;
  const T* input_;
  const T* output_gradient_;
  const Windows windows_;
  const ProductKernel<T>& kernel_;
  const Field field_;
  const int64_t picture_;
  const int64_t field_pitch_;
  const int64_t positions_;
  const int64_t taps_;
  const int64_t columns_;
  const int64_t groups_;
  const LayerBuffer<T> fields_;
  const LayerBuffer<T> panels_;
  const LayerBuffer<T> sums_;
};

}  // namespace

template <class T>
void convolve2d_weight_gradient(const Convolution2d& layer, const T* input,
                                const T* output_gradient, T* weight_gradient, int threads) {
  if (layer.batch == 0) {
    std::fill_n(weight_gradient,
                layer.out_channels * layer.in_channels * layer.kernel.y * layer.kernel.x, T{0});
    return;
  }
  WeightGradient<T>(layer, input, output_gradient).run(weight_gradient, threads);
}

template void convolve2d_weight_gradient(const Convolution2d&, const float*, const float*, float*,
                                         int);
template void convolve2d_weight_gradient(const Convolution2d&, const double*, const double*,
                                         double*, int);

}  // namespace faltung
