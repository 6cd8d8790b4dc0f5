// A kernel as the product of one line of taps for each axis.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace faltung {

template <class T>
struct ProductLines {
  std::vector<std::vector<T>> lines;
  // No product of entries is off by more, relative to its tap; zeros are zeros.
  double deviation;
};

// The lines whose product the taps are, in C order: exactly where they are whole numbers times a
// power of two, else to within four unit round-offs of every tap for each axis of several taps.
// None if there are no such lines, if a tap is not finite, or if there are too many. The line of
// `carrier`, an axis of several taps if there is one, has the size of the taps; the magnitudes of
// every other line add up to at most one, so that what is summed along it first does not grow.
std::optional<ProductLines<float>> product_lines(const float* taps,
                                                 const std::vector<std::int64_t>& sizes,
                                                 std::size_t carrier);
std::optional<ProductLines<double>> product_lines(const double* taps,
                                                  const std::vector<std::int64_t>& sizes,
                                                  std::size_t carrier);

// No kernel with more taps is looked at.
inline constexpr std::int64_t most_product_taps = 1 << 20;

}  // namespace faltung
