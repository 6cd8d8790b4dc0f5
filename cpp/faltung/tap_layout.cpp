#include "faltung/tap_layout.hpp"

namespace faltung {

using std::int64_t;

// Calls task(row of taps, where it starts relative to the input of the first tap), in C order.
template <class Task>
void TapLayout::for_rows(const Task& task) const {
  LineStrides sizes;
  for (const SlidingAxis& axis : outer) sizes.push_back(axis.taps);
  LineStrides index(sizes.size(), 0);
  int64_t row = 0;
  do {
    int64_t offset = 0;
    for (size_t d = 0; d < index.size(); ++d) offset += index[d] * strides[d];
    task(row++, offset);
  } while (advance(index, sizes));
}

Rows TapLayout::rows() const {
  Rows found;
  for_rows([&](int64_t row, int64_t offset) {
    for (int64_t p = 0, tap = row * line.taps; p < layout.jump; tap += layout.taps_of(p++))
      found.push_back({tap, layout.taps_of(p), offset + layout.place_of(p) * channels});
  });
  return found;
}

Strips TapLayout::strips(int64_t row_pitch) const {
  const SlidingAxis& axis = outer.back();
  const int64_t between = lines_between_outputs(axis);
  Strips found{between * line.taps, row_pitch, layout.spacing * channels};
  for_rows([&](int64_t row, int64_t offset) {
    const int64_t r = row % axis.taps, tall = (axis.taps - r + between - 1) / between;
    if (r >= between) return;
    for (int64_t p = 0, tap = row * line.taps; p < layout.jump; tap += layout.taps_of(p++))
      found.add({tap, tall, layout.taps_of(p), offset + layout.place_of(p) * channels});
  });
  found.put_tall_first();
  return found;
}

}  // namespace faltung
