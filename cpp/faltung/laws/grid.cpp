#include "faltung/laws/grid.hpp"

#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <utility>

namespace faltung::laws {

namespace {

using Number = std::complex<double>;

std::vector<Number> roots_of_unity(std::size_t length) {
  std::vector<Number> roots(length / 2);
  for (std::size_t j = 0; j < roots.size(); ++j)
    roots[j] = std::polar(
        1.0, 2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(length));
  return roots;
}

// The plain transform of radix 2, e^(+2 pi i j k / length), in place.
void transform(std::vector<Number>& values, const std::vector<Number>& roots) {
  const std::size_t length = values.size();
  for (std::size_t i = 1, j = 0; i < length; ++i) {
    std::size_t bit = length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(values[i], values[j]);
  }
  for (std::size_t half = 1; half < length; half *= 2)
    for (std::size_t start = 0; start < length; start += 2 * half)
      for (std::size_t j = 0; j < half; ++j) {
        const Number root = roots[j * (length / (2 * half))], b = values[start + half + j];
        const Number turned = {b.real() * root.real() - b.imag() * root.imag(),
                               b.real() * root.imag() + b.imag() * root.real()};
        const Number a = values[start + j];
        values[start + j] = a + turned;
        values[start + half + j] = a - turned;
      }
}

// p + i q with q the distances from the mean times p, in deviations; returns its Euclidean norm.
double load(const TiltedTerm& term, double deviation, std::vector<Number>& values) {
  std::fill(values.begin(), values.end(), Number(0));
  double norm = 0;
  for (std::size_t i = 0; i < term.places.size(); ++i) {
    const double distance = (static_cast<double>(term.places[i]) - term.mean) / deviation;
    const Number entry = term.rounded[i] * Number(1, distance);
    values[static_cast<std::size_t>(term.places[i]) & (values.size() - 1)] += entry;
    norm += std::abs(entry);
  }
  return norm;
}

}  // namespace

double largest_near(double square, double slope, double variance, double radius) {
  return square + 1.001 * radius * (slope + variance * radius);
}

std::vector<double> bounds_on_grid(const std::vector<TiltedTerm>& terms, int bits, double radius) {
  const std::size_t length = std::size_t{1} << bits;
  const std::vector<Number> roots = roots_of_unity(length);
  std::vector<double> total(length / 2 + 1);
  std::vector<Number> values(length);
  for (const TiltedTerm& term : terms) {
    const double deviation = std::sqrt(term.variance) + 1e-9;
    const double norm = load(term, deviation, values);
    transform(values, roots);
    // No entry of a transform is off by more than 8 u for each pass, times the sum of all moduli.
    const double error = 1e-15 * norm * (bits + 1);
    for (std::size_t m = 0; m < total.size(); ++m) {
      const Number here = values[m], there = std::conj(values[(length - m) & (length - 1)]);
      const Number phi = 0.5 * (here + there), rest = 0.5 * (here - there);
      // rest = i q, and the slope of |phi|^2 is 2 Re(conj(phi) i q)
      const double slope = 2 * deviation * std::fabs((std::conj(phi) * rest).real());
      const double square = largest_near(std::norm(phi) + 4 * error, slope + 8 * error * deviation,
                                         term.variance, radius);
      if (square < 1) total[m] += 0.5 * static_cast<double>(term.count) * std::log(square);
    }
  }
  return total;
}

}  // namespace faltung::laws
