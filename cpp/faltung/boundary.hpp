// What an array is taken to hold outside its ends, as a map from positions to indices.
#pragma once

#include <cstdint>

namespace faltung {

// The picture is of the array a b c d, continued by three on either side:
enum class Boundary {
  fill,       // v v v | a b c d | v v v   (v = 0: "zero", else "constant")
  edge,       // a a a | a b c d | d d d
  mirror,     // d c b | a b c d | c b a
  symmetric,  // c b a | a b c d | d c b
  wrap,       // b c d | a b c d | a b c
};

// The index in [0, size) that position p reads, any distance outside; -1 where the fill value is.
// size >= 1.
std::int64_t source_index(Boundary boundary, std::int64_t position, std::int64_t size);

}  // namespace faltung
