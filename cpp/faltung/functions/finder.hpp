// Where a number stands in a rising sequence.
#pragma once

#include <cstdint>
#include <vector>

namespace faltung::functions {

// Buckets of one width over the sequence: rounding is monotone, so entries in lower buckets than
// that of x are below x, and those in higher ones above. The search is left with one bucket, which
// holds half an entry in the mean if they are spread evenly, and never takes longer than bisection.
class Finder {
 public:
  explicit Finder(std::vector<double> rising);

  const std::vector<double>& entries() const { return entries_; }

  // How many entries are at most x; 0 for NaN.
  std::int64_t count_up_to(double x) const;

 private:
  std::int64_t bucket(double x) const;

  std::vector<double> entries_;
  double scale_ = 0;                  // buckets for a unit of length
  std::vector<std::int64_t> starts_;  // how many entries there are before each bucket, and in all
};

}  // namespace faltung::functions
