// Correlation by transforms of blocks (overlap-save), every axis and every boundary.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <vector>

#include "faltung/direct.hpp"

namespace faltung {

// What `correlate_directly` returns, to rounding. False, and only part of the output written, when
// a tap, the fill value or a number that is read is not finite. threads <= 0 means the default; the
// result does not depend on their number.
//
// Error: docs/mathematics/arrays.md derives a bound on every output,
// c u norm(taps) norm(input of its block).
bool correlate_by_transform(const Correlation<float>& problem, int threads);
bool correlate_by_transform(const Correlation<double>& problem, int threads);
bool correlate_by_transform(const Correlation<std::complex<float>>& problem, int threads);
bool correlate_by_transform(const Correlation<std::complex<double>>& problem, int threads);

// Taps that are transformed once for many inputs; safe to be used by many threads at once.
template <class E>
class KeptTransform {
 public:
  // Of the problem the taps are read, but neither input nor output.
  KeptTransform(const Correlation<E>& problem, int threads);
  ~KeptTransform();
  KeptTransform(const KeptTransform&) = delete;
  KeptTransform& operator=(const KeptTransform&) = delete;

  // The bits of `correlate_by_transform` for a problem with these taps, the same sizes, boundaries
  // and order of the axes, with another input; throws std::invalid_argument for any other.
  bool correlate(const Correlation<E>& problem, int threads) const;

  // The problem it was made for, which may be asked with another input and output.
  const Correlation<E>& problem() const { return problem_; }

 private:
  struct Parts;
  Correlation<E> problem_;
  std::unique_ptr<const Parts> parts_;
};

// What a problem's transforms are like.
struct TransformSize {
  // The radices of all levels of all axes, and the length of the polynomials that are multiplied.
  std::vector<std::int64_t> radices;
  std::int64_t leaf;
  double roundings;    // the bound's m: c = m u / (1 - m u) with the unit round-off u
  std::int64_t bytes;  // of one block in the memory
  double nanoseconds;  // predicted, on one thread
};
TransformSize transform_size(const Correlation<float>& problem);
TransformSize transform_size(const Correlation<double>& problem);
TransformSize transform_size(const Correlation<std::complex<float>>& problem);
TransformSize transform_size(const Correlation<std::complex<double>>& problem);

// The predicted time alone.
double transform_nanoseconds(const Correlation<float>& problem);
double transform_nanoseconds(const Correlation<double>& problem);
double transform_nanoseconds(const Correlation<std::complex<float>>& problem);
double transform_nanoseconds(const Correlation<std::complex<double>>& problem);

}  // namespace faltung
