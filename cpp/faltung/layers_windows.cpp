#include "faltung/layers_windows.hpp"

#include <algorithm>

namespace faltung {

using std::int64_t;

namespace {

// to[j] = row[first + j], zero outside the row.
template <class T>
void copy_row(const T* row, int64_t row_size, int64_t first, int64_t count, T* to) {
  const int64_t begin = std::clamp<int64_t>(-first, 0, count);
  const int64_t end = std::clamp<int64_t>(row_size - first, begin, count);
  std::fill(to, to + begin, T{0});
  if (begin < end) std::copy(row + first + begin, row + first + end, to + begin);
  std::fill(to + end, to + count, T{0});
}

}  // namespace

Field::Field(const Windows& windows, int64_t rows)
    : copied(!windows.lie_inside()),
      pitch(copied ? windows.reach_x() : windows.input.x),
      plane(copied ? windows.reach_y(rows) * pitch : windows.input.y * windows.input.x),
      size(copied ? windows.channels * plane : 0) {}

template <class T>
const T* Field::read(const Windows& windows, int64_t begin, const T* picture, T* copy) const {
  const int64_t first_y = windows.first.y + begin * windows.step.y;
  if (!copied) return picture + first_y * pitch + windows.first.x;
  T* to = copy;
  for (int64_t c = 0; c < windows.channels; ++c)
    for (int64_t i = 0; i < plane / pitch; ++i, to += pitch) {
      const int64_t y = first_y + i;
      if (y >= 0 && y < windows.input.y)
        copy_row(picture + (c * windows.input.y + y) * windows.input.x, windows.input.x,
                 windows.first.x, pitch, to);
      else
        std::fill(to, to + pitch, T{0});
    }
  return copy;
}

template const float* Field::read(const Windows&, int64_t, const float*, float*) const;
template const double* Field::read(const Windows&, int64_t, const double*, double*) const;

std::vector<int64_t> window_offsets(const Windows& windows, const Field& field, int64_t rows) {
  std::vector<int64_t> offsets;
  offsets.reserve(static_cast<size_t>(rows * windows.output.x));
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < windows.output.x; ++x)
      offsets.push_back(y * windows.step.y * field.pitch + x * windows.step.x);
  return offsets;
}

std::vector<int64_t> tap_offsets(const Windows& windows, const Field& field) {
  std::vector<int64_t> offsets;
  offsets.reserve(static_cast<size_t>(windows.steps()));
  for (int64_t c = 0; c < windows.channels; ++c)
    for (int64_t i = 0; i < windows.taps.y; ++i)
      for (int64_t j = 0; j < windows.taps.x; ++j)
        offsets.push_back(c * field.plane + i * field.pitch + j);
  return offsets;
}

}  // namespace faltung
