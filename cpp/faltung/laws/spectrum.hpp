// The characteristic function of a tilted sum at the frequencies where it is not negligible, and
// the window of probabilities that these give.
//
// The trapezoidal rule with N = 2^bits frequencies gives the probabilities modulo N exactly
// (Poisson summation; Gruebel & Hermesmeier, ASTIN Bulletin 29, 1999; Trefethen & Weideman, SIAM
// Review 56, 2014): what lies outside a window of N points is all that is wrong, and Chernoff's
// bound says how much that is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "faltung/laws/terms.hpp"

namespace faltung::laws {

// Frequencies first, first + 1, …, last - 1 in units of 2 pi / N.
struct FrequencyRun {
  std::int64_t first = 0, last = 0;
};

// All frequencies from 0 to N / 2 at which the product of |phi|^count may exceed e^-depth.
//
// For g = |phi|^2, |g''| <= 2 variance, so on an interval of half width r around m
// g <= g(m) + |g'(m)| r + variance r^2: intervals where that is small enough are skipped, others
// halved. Throws std::length_error beyond `most_work` products.
std::vector<FrequencyRun> relevant_frequencies(const std::vector<TiltedTerm>& terms, int bits,
                                               double depth);

// What is asked of a sum S at x: P(S = x), P(S >= x), or the mean excess E max(S - x, 0).
enum class Kind { single, tail, excess };

// Probabilities of a tilted sum S around its mean, in double-double.
class Window {
 public:
  // For points at most `half_width` from the mean; what is neglected has probability e^-depth. A
  // window for the mean excess gives nothing else.
  Window(const Terms& terms, double tilt, double half_width, double depth, bool excess);

  double tilt() const { return tilt_; }
  std::size_t frequencies() const { return excess_.values.size() + single_.values.size(); }
  const Cumulant& cumulant() const { return cumulant_; }

  // P(S = x), or the sum over d >= 0 of P(S = x + d) e^(-tilt d), for the mean excess of
  // d P(S = x + d) e^(-tilt d), and a bound on its error.
  DoubleDouble value(std::int64_t x, Kind kind, double& error) const;

 private:
  struct Spectrum {
    std::vector<Complex> values;
    double size = 0, error = 0;  // the sum of absolute values, the bound on that of the errors

    void add(const Complex& value);
    void add(const Complex& value, const Complex& weight, double error_of_weight,
             double base_error);
  };

  void fill(const std::vector<TiltedTerm>& terms, double base_error);
  Complex weight_of_tail(std::int64_t j, DoubleDouble decay, double& error) const;
  Complex weight_of_excess(std::int64_t j, DoubleDouble decay, double& error) const;
  const Spectrum& spectrum(Kind kind) const;

  double tilt_, neglected_ = 0;
  bool only_excess_;
  Cumulant cumulant_;
  int bits_ = 3;
  std::int64_t reach_ = 0;  // how far a tail is summed
  std::vector<FrequencyRun> runs_;
  Spectrum single_, tail_, excess_;
};

}  // namespace faltung::laws
