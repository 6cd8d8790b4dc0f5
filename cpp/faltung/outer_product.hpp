// The outer product of one line for each axis, entry by entry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace faltung {

// Calls visit(i, product) with the entries in C order as long as it returns true; whether it always
// did. `lines` holds one sequence of numbers for each axis, multiplied from the last but one axis
// to the first, the entry of the last axis at the end.
template <class Number, class Visit>
bool all_products(const std::vector<std::vector<Number>>& lines, const Visit& visit) {
  const std::vector<Number>& row = lines.back();
  std::size_t rows = 1;
  for (std::size_t d = 0; d + 1 < lines.size(); ++d) rows *= lines[d].size();
  std::int64_t i = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    Number factor = 1;
    std::size_t rest = r;
    for (std::size_t d = lines.size() - 1; d-- > 0; rest /= lines[d].size())
      factor *= lines[d][rest % lines[d].size()];
    for (const Number& number : row)
      if (!visit(i++, factor * number)) return false;
  }
  return true;
}

// The entries on the line along axis d of a C-ordered array of these sizes through entry `through`.
struct LineThrough {
  std::int64_t first, stride, size;

  LineThrough(const std::vector<std::int64_t>& sizes, std::size_t axis, std::int64_t through)
      : stride(1), size(sizes[axis]) {
    for (std::size_t d = axis + 1; d < sizes.size(); ++d) stride *= sizes[d];
    first = through - through / stride % size * stride;
  }
};

}  // namespace faltung
