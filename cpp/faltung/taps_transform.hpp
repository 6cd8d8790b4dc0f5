// What a convolution by transforms makes of the sizes of a problem and of its taps.
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/block_transform.hpp"
#include "faltung/direct.hpp"
#include "faltung/transform_layout.hpp"

namespace faltung {

template <class E>
class TapsTransform {
 public:
  using T = RealOf<E>;

  // Chooses the blocks; of the problem no number is read but the fill value.
  explicit TapsTransform(const Correlation<E>& problem);

  const TransformLayout& layout() const { return layout_; }
  const Blocks& blocks() const { return blocks_; }
  const BlockTransform<E>& block() const { return block_; }

  // How many sets of taps there are, and how often each is used.
  std::int64_t sets() const { return product_of_sizes(layout_.own_taps); }
  std::int64_t repetitions() const { return product_of_sizes(layout_.same_taps); }
  std::int64_t count_blocks() const;

  // Finds the exponents of all sets of taps. False if a tap is not finite.
  bool look_at_sizes(const E* taps, int threads);
  int exponent(std::int64_t set) const { return exponents_[static_cast<size_t>(set)]; }

  // The transform of one set of taps, `block().numbers()` numbers. The taps are reversed: a
  // correlation is the convolution with them.
  void transform(const E* taps, std::int64_t set, T* spectrum, int threads) const;

 private:
  TransformLayout layout_;
  Blocks blocks_;
  BlockTransform<E> block_;
  std::vector<int> exponents_;
};

}  // namespace faltung
