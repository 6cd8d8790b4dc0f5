#include "faltung/laws/layered_sums.hpp"

#include <algorithm>
#include <cmath>

#include "faltung/kernels/block_sums.hpp"

namespace faltung::laws {

LayeredSums::Layer& LayeredSums::layer(std::int64_t number) {
  for (Layer& layer : layers_)
    if (layer.number == number) return layer;
  layers_.push_back({number, {}, {}});
  return layers_.back();
}

void LayeredSums::add(const Piece& taps, const Piece& window, std::int64_t doublings) {
  const std::int64_t exponent = taps.exponent + window.exponent + doublings;
  const std::int64_t rest = (exponent % layer_bits + layer_bits) % layer_bits;
  Layer& to = layer((exponent - rest) / layer_bits);
  const BlockProduct product = {taps.high, window.high, power_of_two(rest), to.high,
                                to.low,    taps.low,    window.low};
  const BlockSumKernels& kernels = FALTUNG_KERNELS_IN_USE(block_sum_kernels);
  precise_ ? kernels.add_precisely(product) : kernels.add(product);
}

std::int64_t LayeredSums::exponent(std::int64_t k) const {
  std::int64_t largest = no_exponent;
  for (const Layer& layer : layers_)
    if (layer.high[k] > 0)  // the low part is far less than half of it
      largest = std::max(largest, layer.number * layer_bits + std::ilogb(layer.high[k]) - 1);
  return largest;
}

ScaledNumber LayeredSums::total(std::int64_t k) const {
  ScaledNumber sum;
  for (const Layer& layer : layers_) {
    const DoubleDouble part = quick_sum(layer.high[k], layer.low[k]);
    sum = sum + normalized(part, layer.number * layer_bits);
  }
  return sum;
}

}  // namespace faltung::laws
