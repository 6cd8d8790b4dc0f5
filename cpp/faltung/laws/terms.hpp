// Independent lattice terms, what exponential tilting does to them, and Chernoff's bounds.
//
// A tilt t turns weights w_k into w_k e^(t k) / M(t); the sum of all terms has the cumulant
// generating function K(t) = sum of count log(M(t) / M(0)), its mean under the tilt is K'(t) and
// its variance K''(t) (Daniels, Ann. Math. Statist. 25, 1954).
#pragma once

#include <cstdint>
#include <vector>

#include "faltung/laws/elementary.hpp"

namespace faltung::laws {

// Positive weights at ascending places, the first of which is 0; `count` independent copies.
struct Term {
  std::vector<std::int64_t> places;
  std::vector<Scaled> weights;
  std::int64_t count = 1;
  std::vector<double> logarithms;  // of the weights
  double spread = 0;               // the largest logarithm less the smallest
  DoubleDouble log_total;          // of the sum of the weights

  Term(std::vector<std::int64_t> all_places, std::vector<Scaled> all_weights, std::int64_t copies);
};

struct Moments {
  double log = 0, mean = 0, variance = 0;  // K(t), K'(t), K''(t)
};

struct Cumulant {
  DoubleDouble value;
  double error = 0;  // a bound
};

// One term under a tilt: probabilities at places, those too small to count left out.
struct TiltedTerm {
  std::vector<std::int64_t> places;
  std::vector<DoubleDouble> probabilities;
  std::vector<double> rounded;  // the same in double
  std::int64_t count = 1;
  double mean = 0, variance = 0;
  double error = 0;  // a bound on the error of the characteristic function that it has
};

// No tilt is larger: weights that are 2^28 powers of two apart are balanced by 1.9e8.
inline constexpr double largest_tilt = 4e8;

class Terms {
 public:
  explicit Terms(std::vector<Term> terms);

  std::int64_t last() const { return last_; }  // the largest value of the sum
  std::int64_t copies() const { return copies_; }
  std::int64_t entries() const { return entries_; }  // all weights together

  Moments moments(double tilt) const;  // in double

  // The tilt of at least 0 under which the mean is `goal` up to a hundredth of the deviation.
  double tilt_for(double goal) const;

  // The distance from the mean under `tilt`, above (side = 1) or below (-1), beyond which there is
  // a probability of at most e^-depth.
  double reach(double tilt, double side, double depth) const;

  Cumulant cumulant(double tilt) const;  // K(t) in double-double
  Cumulant log_last() const;             // the logarithm of the probability of the largest value

  std::vector<TiltedTerm> tilted(double tilt) const;

 private:
  std::vector<Term> terms_;
  std::int64_t last_ = 0, copies_ = 0, entries_ = 0;
};

}  // namespace faltung::laws
