#include "faltung/laws/terms.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

namespace faltung::laws {

namespace {

constexpr double negligible = -150;  // e^-150 of the largest weight: nothing, 10^9 times over

// Of all w_k e^(t k) the largest: its index.
std::size_t largest(const Term& term, double tilt) {
  std::size_t best = 0;
  double height = term.logarithms[0];
  for (std::size_t i = 1; i < term.places.size(); ++i) {
    const double here = term.logarithms[i] + tilt * static_cast<double>(term.places[i]);
    if (here > height) {
      height = here;
      best = i;
    }
  }
  return best;
}

Moments moments_of(const Term& term, double tilt) {
  const std::size_t top = largest(term, tilt);
  double sum = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < term.places.size(); ++i) {
    const auto distance = static_cast<double>(term.places[i] - term.places[top]);
    const double exponent = term.logarithms[i] - term.logarithms[top] + tilt * distance;
    if (exponent < negligible) continue;
    const double weight = std::exp(exponent);
    sum += weight;
    first += weight * distance;
    second += weight * distance * distance;
  }
  const auto place = static_cast<double>(term.places[top]);
  const double mean = first / sum;
  const double log = std::log(sum) + term.logarithms[top] + tilt * place - term.log_total.high;
  return {log, place + mean, std::max(second / sum - mean * mean, 0.0)};
}

// w_k e^(t (k - top)) / w_top for all k that count, and their sum.
std::vector<DoubleDouble> ratios(const Term& term, double tilt, std::size_t top,
                                 DoubleDouble& sum) {
  std::vector<DoubleDouble> result(term.places.size());
  sum = {0, 0};
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto distance = static_cast<double>(term.places[i] - term.places[top]);
    const double exponent = term.logarithms[i] - term.logarithms[top] + tilt * distance;
    if (exponent < negligible) continue;
    const Scaled factor = exponential(two_product(tilt, distance));
    const Scaled &weight = term.weights[i], &highest = term.weights[top];
    result[i] = Scaled{weight.value * factor.value / highest.value,
                       weight.exponent - highest.exponent + factor.exponent}
                    .number();
    sum = sum + result[i];
  }
  return result;
}

}  // namespace

Term::Term(std::vector<std::int64_t> all_places, std::vector<Scaled> all_weights,
           std::int64_t copies)
    : places(std::move(all_places)), weights(std::move(all_weights)), count(copies) {
  int largest = weights[0].exponent;
  for (const Scaled& weight : weights) {
    largest = std::max(largest, weight.exponent);
    logarithms.push_back(std::log(weight.value.high) + std::numbers::ln2 * weight.exponent);
  }
  const auto [least, most] = std::ranges::minmax(logarithms);
  spread = most - least;
  DoubleDouble total;
  for (const Scaled& weight : weights)
    total = total + Scaled{weight.value, weight.exponent - largest}.number();
  log_total = logarithm({total, largest});
}

Terms::Terms(std::vector<Term> terms) : terms_(std::move(terms)) {
  for (const Term& term : terms_) {
    last_ += term.places.back() * term.count;
    copies_ += term.count;
    entries_ += static_cast<std::int64_t>(term.places.size());
  }
}

Moments Terms::moments(double tilt) const {
  Moments all;
  for (const Term& term : terms_) {
    const Moments one = moments_of(term, tilt);
    const auto count = static_cast<double>(term.count);
    all.log += count * one.log;
    all.mean += count * one.mean;
    all.variance += count * one.variance;
  }
  return all;
}

double Terms::tilt_for(double goal) const {
  // 1. A bracket by doubling, 2. Newton's steps, halved intervals where they leave it.
  Moments here = moments(0);
  if (here.mean >= goal) return 0;
  double low = 0, high = 1 / std::sqrt(std::max(here.variance, 1.0));
  while ((here = moments(high)).mean < goal && high < largest_tilt) {
    low = high;
    high *= 2;
  }
  double tilt = high;
  for (int step = 0; step < 200; ++step) {
    const double excess = here.mean - goal;
    if (excess * excess <= 1e-4 * std::max(here.variance, 1e-4)) break;
    (excess > 0 ? high : low) = tilt;
    const double newton = tilt - excess / here.variance;
    tilt = newton > low && newton < high ? newton : 0.5 * (low + high);
    if (!(tilt > low && tilt < high)) break;
    here = moments(tilt);
  }
  return tilt;
}

double Terms::reach(double tilt, double side, double depth) const {
  // Chernoff: P(S - mean >= K'(t + s) - mean) <= exp(K(t + s) - K(t) - s K'(t + s)), s > 0.
  const Moments base = moments(tilt);
  const double end = side > 0 ? static_cast<double>(last_) - base.mean : base.mean;
  // The mean is a sum over all weights, rounded, times s.
  const double rounding = 0x1p-52 * static_cast<double>(entries_ + 16) * static_cast<double>(last_);
  const auto exponent = [&](double s, double& distance) {
    const Moments there = moments(tilt + side * s);
    distance = side * (there.mean - base.mean);
    return there.log - base.log - side * s * there.mean + rounding * s;
  };
  // What rounding does to the exponent: some ulp of tilt times place for each copy, and of K.
  const double steepness = std::fabs(tilt) + 1 / std::sqrt(std::max(base.variance, 1.0));
  const double goal = -depth - 1 - 1e-12 * (std::fabs(base.log) + static_cast<double>(copies_)) -
                      1e-14 * steepness * static_cast<double>(last_);
  double low = 0, high = 1 / std::sqrt(std::max(base.variance, 1.0)), distance = 0;
  while (exponent(high, distance) > goal) {
    low = high;
    high *= 2;
    if (end - distance < 0.5 || high > largest_tilt) return end + 1;  // nothing lies beyond
  }
  double best = distance;
  for (int step = 0; step < 5; ++step) {
    const double middle = 0.5 * (low + high);
    if (exponent(middle, distance) > goal) {
      low = middle;
    } else {
      high = middle;
      best = distance;
    }
  }
  return std::min(best, end) + 1;
}

Cumulant Terms::cumulant(double tilt) const {
  Cumulant all;
  double size = 0;
  for (const Term& term : terms_) {
    const std::size_t top = largest(term, tilt);
    DoubleDouble sum;
    ratios(term, tilt, top, sum);
    const auto count = static_cast<double>(term.count);
    const DoubleDouble log = logarithm({sum, 0}) + logarithm(term.weights[top]) - term.log_total;
    const DoubleDouble shift = two_product(tilt, static_cast<double>(term.places[top])) * count;
    all.value = all.value + (log * count + shift);
    size +=
        count * (std::fabs(log.high) + 2 * std::fabs(term.logarithms[top])) + std::fabs(shift.high);
    // Of what counts, no exponent exceeds the spread by more than 150: see `negligible`.
    all.error += count * roundoff_squared *
                 (8 * static_cast<double>(term.places.size()) + 8 * term.spread + 2048);
  }
  all.error += 16 * size * roundoff_squared;
  return all;
}

Cumulant Terms::log_last() const {
  Cumulant all;
  for (const Term& term : terms_) {
    const auto count = static_cast<double>(term.count);
    const DoubleDouble log = logarithm(term.weights.back()) - term.log_total;
    all.value = all.value + log * count;
    const double size = 2 * std::fabs(term.logarithms.back()) + std::fabs(term.log_total.high);
    all.error +=
        count * roundoff_squared * (16 * size + 512 + 8 * static_cast<double>(term.places.size()));
  }
  all.error += 16 * std::fabs(all.value.high) * roundoff_squared;
  return all;
}

std::vector<TiltedTerm> Terms::tilted(double tilt) const {
  std::vector<TiltedTerm> result;
  for (const Term& term : terms_) {
    const std::size_t top = largest(term, tilt);
    DoubleDouble sum;
    const std::vector<DoubleDouble> weights = ratios(term, tilt, top, sum);
    const Moments moments = moments_of(term, tilt);
    TiltedTerm one = {{}, {}, {}, term.count, moments.mean, moments.variance, 0};
    // Horner's rule takes 12 u^2 for a product, 64 u^2 for its root of unity and 3 u^2 for a sum.
    const double each = 128 * static_cast<double>(term.places.size());
    one.error = (each + 8 * term.spread + 2048) * roundoff_squared;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i].high <= 0) continue;
      one.places.push_back(term.places[i]);
      one.probabilities.push_back(weights[i] / sum);
      one.rounded.push_back(one.probabilities.back().high);
    }
    result.push_back(std::move(one));
  }
  return result;
}

}  // namespace faltung::laws
