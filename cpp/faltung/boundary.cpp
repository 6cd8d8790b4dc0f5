#include "faltung/boundary.hpp"

#include <algorithm>

namespace faltung {
namespace {

std::int64_t remainder(std::int64_t a, std::int64_t period) {
  const std::int64_t r = a % period;
  return r < 0 ? r + period : r;
}

}  // namespace

std::int64_t source_index(Boundary boundary, std::int64_t position, std::int64_t size) {
  if (position >= 0 && position < size) return position;
  switch (boundary) {
    case Boundary::fill:
      return -1;
    case Boundary::edge:
      return std::clamp<std::int64_t>(position, 0, size - 1);
    case Boundary::mirror: {
      if (size == 1) return 0;
      const std::int64_t r = remainder(position, 2 * size - 2);
      return std::min(r, 2 * size - 2 - r);
    }
    case Boundary::symmetric: {
      const std::int64_t r = remainder(position, 2 * size);
      return std::min(r, 2 * size - 1 - r);
    }
    case Boundary::wrap:
      return remainder(position, size);
  }
  return -1;
}

}  // namespace faltung
