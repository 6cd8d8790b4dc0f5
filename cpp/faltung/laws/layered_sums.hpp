// The sums of one block of outputs, in plain doubles whatever their exponents.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/laws/pieces.hpp"

namespace faltung::laws {

// Products of pieces are added to the layer of their exponents: layer L holds sums in units of
// 2^(layer_bits L), which are 0 or between 2^-2 (piece_bits + joined_bits + 1) and 2^layer_bits
// times the number of products. Layers are added only when the totals are read.
class LayeredSums {
 public:
  explicit LayeredSums(bool precise) : precise_(precise) {}

  // Adds the products of taps and window, times 2^doublings.
  void add(const Piece& taps, const Piece& window, std::int64_t doublings);

  // Sum k is at least 2^exponent(k), which is no_exponent for a 0.
  std::int64_t exponent(std::int64_t k) const;

  ScaledNumber total(std::int64_t k) const;

 private:
  static constexpr std::int64_t layer_bits = 400;

  struct Layer {
    std::int64_t number;
    double high[sum_block];
    double low[sum_block];
  };

  Layer& layer(std::int64_t number);

  bool precise_;
  std::vector<Layer> layers_;
};

}  // namespace faltung::laws
