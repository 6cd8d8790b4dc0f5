#include "faltung/laws/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace faltung::laws {

namespace {

constexpr double roundoff = 0x1p-53;

// phi(w) for w = 2 pi j / 2^bits by Horner's rule; a gap of places is one root of unity.
Complex transform(const TiltedTerm& term, std::int64_t j, int bits) {
  const std::size_t count = term.places.size();
  const auto frequency = static_cast<std::uint64_t>(j);
  Complex sum = {term.probabilities[count - 1], {0, 0}}, step;
  std::int64_t gap = 0;
  for (std::size_t i = count - 1; i-- > 0;) {
    const std::int64_t here = term.places[i + 1] - term.places[i];
    if (here != gap) {
      gap = here;
      step = root_of_unity(frequency * static_cast<std::uint64_t>(gap), bits);
    }
    sum = sum * step;
    sum.real = sum.real + term.probabilities[i];
  }
  const auto first = static_cast<std::uint64_t>(term.places[0]);
  return first ? sum * root_of_unity(frequency * first, bits) : sum;
}

}  // namespace

Window::Window(const Terms& terms, double tilt, double half_width, double depth, bool excess)
    : tilt_(tilt), only_excess_(excess), cumulant_(terms.cumulant(tilt)) {
  const double above = terms.reach(tilt, 1, depth), below = terms.reach(tilt, -1, depth);
  const double length = 2 * half_width + above + below + 2;
  while (std::ldexp(1, bits_) < length) ++bits_;
  if (bits_ > 52) throw std::length_error("the window is longer than 2^52 points");
  reach_ = static_cast<std::int64_t>(std::ceil(half_width + above)) + 1;
  const std::vector<TiltedTerm> tilted = terms.tilted(tilt);
  runs_ = relevant_frequencies(tilted, bits_, depth);
  // Both sides of the window, and N skipped frequencies of weight 1 / N, or N / j in a tail. In a
  // mean excess no weight is more than `reach` times that in a tail, nor what is behind a window
  // more than `last`.
  neglected_ = std::exp(-depth) * (6 + 2 * std::numbers::ln2 * bits_);
  if (excess) neglected_ *= static_cast<double>(reach_) + static_cast<double>(terms.last());
  double error = 0;  // phi^n is off by n times the error of phi, and by 24 n u^2 for the products
  for (const TiltedTerm& term : tilted)
    error += static_cast<double>(term.count) * (term.error + 32 * roundoff_squared);
  fill(tilted, error);
}

// The geometric sum of e^(-(tilt + i w) d) over d = 0 … reach - 1.
Complex Window::weight_of_tail(std::int64_t j, DoubleDouble decay, double& error) const {
  const auto frequency = static_cast<std::uint64_t>(j);
  if (tilt_ == 0 && j == 0) {
    error = 0;
    return {{static_cast<double>(reach_), 0}, {0, 0}};
  }
  const Complex ratio = root_of_unity(-frequency, bits_) * exponential({-tilt_, 0}).number();
  const Complex last =
      root_of_unity(-frequency * static_cast<std::uint64_t>(reach_), bits_) * decay;
  const Complex below = {-ratio.real + 1.0, -ratio.imag}, above = {-last.real + 1.0, -last.imag};
  const double size = std::hypot(below.real.high, below.imag.high);
  error =
      (256 + 8 * tilt_ * static_cast<double>(reach_)) * (1 + 2 / size) / size * roundoff_squared;
  return quotient(above, below);
}

// The sum of d r^d over d = 0 … D - 1, with r = e^(-(tilt + i w)) and D = reach: with the geometric
// sum G it is (r G - D r^D) / (1 - r).
Complex Window::weight_of_excess(std::int64_t j, DoubleDouble decay, double& error) const {
  const auto frequency = static_cast<std::uint64_t>(j);
  const auto count = static_cast<double>(reach_);
  if (tilt_ == 0 && j == 0) {
    const DoubleDouble sum = two_product(count, count - 1);
    error = 0;
    return {{0.5 * sum.high, 0.5 * sum.low}, {0, 0}};
  }
  const Complex ratio = root_of_unity(-frequency, bits_) * exponential({-tilt_, 0}).number();
  const Complex last =
      root_of_unity(-frequency * static_cast<std::uint64_t>(reach_), bits_) * decay;
  const Complex sum = ratio * weight_of_tail(j, decay, error);
  const DoubleDouble times = {count, 0};
  const Complex above = {sum.real - last.real * times, sum.imag - last.imag * times};
  const Complex below = {-ratio.real + 1.0, -ratio.imag};
  const double size = std::hypot(below.real.high, below.imag.high);
  const double end = count * std::hypot(last.real.high, last.imag.high);
  // |G| <= 2 / size; roots and powers as in a tail.
  const double terms = 2 / size + end;
  error += (terms * 512 * (1 + 1 / size) + end * (256 + 8 * tilt_ * count)) * roundoff_squared;
  error /= size;
  return quotient(above, below);
}

void Window::Spectrum::add(const Complex& value) {
  size += std::hypot(value.real.high, value.imag.high);
  values.push_back(value);
}

void Window::Spectrum::add(const Complex& value, const Complex& weight, double error_of_weight,
                           double base_error) {
  const double factor = std::hypot(weight.real.high, weight.imag.high);
  const double here = std::hypot(value.real.high, value.imag.high);
  size += here * factor;
  error += here * error_of_weight + base_error * factor;
  values.push_back(value * weight);
}

void Window::fill(const std::vector<TiltedTerm>& terms, double base_error) {
  const double distance = std::min(static_cast<double>(reach_), 1e4 / (tilt_ + 1e-300));
  const DoubleDouble decay = exponential(-two_product(tilt_, distance)).number();  // or nothing
  const double scale = std::ldexp(1, -bits_);
  for (const FrequencyRun& run : runs_)
    for (std::int64_t j = run.first; j < run.last; ++j) {
      Complex value = {{1, 0}, {0, 0}};
      for (const TiltedTerm& term : terms)
        value = value * power(transform(term, j, bits_), term.count);
      const bool alone = j == 0 || j == std::int64_t{1} << (bits_ - 1);  // its own conjugate
      value = value * DoubleDouble{alone ? scale : 2 * scale, 0};
      double error = 0;
      if (only_excess_) {
        const Complex weight = weight_of_excess(j, decay, error);
        excess_.add(value, weight, error, 2 * scale * base_error);
        continue;
      }
      single_.add(value);
      single_.error += 2 * scale * base_error;
      const Complex weight = weight_of_tail(j, decay, error);
      tail_.add(value, weight, error, 2 * scale * base_error);
    }
}

const Window::Spectrum& Window::spectrum(Kind kind) const {
  if (kind == Kind::excess) return excess_;
  return kind == Kind::tail ? tail_ : single_;
}

DoubleDouble Window::value(std::int64_t x, Kind kind, double& error) const {
  const Spectrum& spectrum = this->spectrum(kind);
  const auto point = static_cast<std::uint64_t>(x);
  const Complex step = root_of_unity(-point, bits_);
  DoubleDouble sum;
  std::size_t i = 0;
  for (const FrequencyRun& run : runs_) {
    Complex phase = root_of_unity(-point * static_cast<std::uint64_t>(run.first), bits_);
    for (std::int64_t j = run.first; j < run.last; ++j, ++i) {
      const Complex& value = spectrum.values[i];
      sum = sum + (value.real * phase.real - value.imag * phase.imag);
      phase = phase * step;
    }
  }
  const double rounding =
      static_cast<double>(spectrum.values.size() + 8) * 96 * roundoff_squared * spectrum.size;
  error = (spectrum.error + rounding) * (1 + 16 * roundoff) + neglected_;
  return sum;
}

}  // namespace faltung::laws
