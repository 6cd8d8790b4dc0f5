// What a direct sum consists of, counted from the sizes alone.
#pragma once

#include "faltung/direct.hpp"

namespace faltung {

// As `correlate_directly` cuts and sums it; near enough for a prediction, not to the last tile.
struct DirectWork {
  // Sums of their own, where taps lie apart on an axis before the line.
  double phases = 1;
  double tiles = 0;
  // Of the tiles that do not read in place: the numbers they copy, on so many lines.
  double gathered = 0, gathered_lines = 0;
  // Vectors of outputs, and how often a row of taps is begun for a line of them.
  double vectors = 0, rows = 0;
  // Vectors of outputs times taps, where neighbouring lines share each load, where several taps of
  // a row do, and where none does.
  double lines_taps = 0, shared_taps = 0, single_taps = 0;
};

template <class T>
DirectWork direct_work(const Correlation<T>& problem);

}  // namespace faltung
