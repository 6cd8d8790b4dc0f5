// Kernels of whole numbers as products of lines of whole numbers, exactly.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace faltung {

// The kernel is 2^exponent times the product of the lines.
struct WholeLines {
  std::vector<std::vector<std::int64_t>> lines;
  int exponent;
};

// The lines of a kernel of rank one, finite and not all zero; none if it is not, or has more than
// 62 bits. If the entries are whole (times a power of two) and the rank is one, then a row divided
// by the greatest common divisor of its entries and the quotient of the column are whole too (the
// lemma of Gauss). No entry of a line has more significant bits than the taps have: it divides one.
std::optional<WholeLines> whole_lines(const std::vector<double>& taps,
                                      const std::vector<std::int64_t>& sizes);

}  // namespace faltung
