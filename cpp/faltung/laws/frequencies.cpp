#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <stdexcept>

#include "faltung/laws/grid.hpp"
#include "faltung/laws/spectrum.hpp"

namespace faltung::laws {

namespace {

constexpr double most_work = 1e9;      // products in double, some seconds
constexpr double most_products = 2e8;  // the same in double-double
constexpr std::int64_t most_frequencies = std::int64_t{1} << 20;  // 64 MB in a window
constexpr std::int64_t shortest = 4;  // intervals of so few frequencies are not halved

class Finder {
 public:
  Finder(const std::vector<TiltedTerm>& terms, int bits, double depth)
      : terms_(terms), bits_(bits), depth_(depth) {
    for (const TiltedTerm& term : terms) {
      entries_ += static_cast<double>(term.places.size());
      deviation_ = std::max(deviation_, std::sqrt(term.variance));
      range_ = std::max(range_, static_cast<double>(term.places.back() - term.places.front()));
    }
  }

  std::vector<FrequencyRun> find() {
    const std::int64_t all = (std::int64_t{1} << (bits_ - 1)) + 1;
    // Intervals much wider than 1 / deviation cannot be skipped: begin with those, or with the
    // cells of a grid if transforms are faster than as many sums.
    const double cells = 2 * std::numbers::pi * (deviation_ + 1e-9);
    const int grid = std::min(bits_, 4 + static_cast<int>(std::ceil(std::log2(range_ + 2))));
    const double passes = std::ldexp(grid + 8, grid) * static_cast<double>(terms_.size());
    if (passes < cells * entries_) {
      search_grid(grid, all);
      return runs_;
    }
    const double width = std::ldexp(1 / cells, bits_);
    const auto step = static_cast<std::int64_t>(std::clamp(width, 1.0, static_cast<double>(all)));
    for (std::int64_t first = 0; first < all; first += step)
      search(first, std::min(first + step, all));
    return runs_;
  }

 private:
  // Cell m of the grid holds the frequencies m w - w / 2 … m w + w / 2 - 1, w = 2^(bits - grid).
  void search_grid(int grid, std::int64_t all) {
    const std::int64_t width = std::int64_t{1} << (bits_ - grid);
    const double radius = width > 1 ? std::ldexp(std::numbers::pi, -grid) : 0.0;
    const std::vector<double> bounds = bounds_on_grid(terms_, grid, radius);
    for (std::size_t m = 0; m < bounds.size(); ++m) {
      if (bounds[m] < -depth_) continue;
      const std::int64_t first = static_cast<std::int64_t>(m) * width - width / 2;
      search(std::max<std::int64_t>(first, 0), std::min(first + width, all));
    }
  }

  void search(std::int64_t first, std::int64_t last) {
    if (bound(first, last) < -depth_) return;
    if (last - first <= shortest) {
      include(first, last);
      return;
    }
    const std::int64_t middle = first + (last - first) / 2;
    search(first, middle);
    search(middle, last);
  }

  void include(std::int64_t first, std::int64_t last) {
    products_ += entries_ * static_cast<double>(last - first);
    found_ += last - first;
    if (products_ > most_products || found_ > most_frequencies)
      throw std::length_error("too many frequencies matter");
    if (!runs_.empty() && runs_.back().last == first)
      runs_.back().last = last;
    else
      runs_.push_back({first, last});
  }

  // A bound on the logarithm of the product of |phi|^count over an interval.
  double bound(std::int64_t first, std::int64_t last) {
    work_ += entries_;
    if (work_ > most_work) throw std::length_error("too many frequencies matter");
    const double unit = std::ldexp(2 * std::numbers::pi, -bits_);
    const double middle = 0.5 * static_cast<double>(first + last - 1) * unit;
    const double radius = 0.5 * static_cast<double>(last - 1 - first) * unit;
    double total = 0;
    for (const TiltedTerm& term : terms_) {
      const double square = largest_square(term, middle, radius);
      if (square < 1) total += 0.5 * static_cast<double>(term.count) * std::log(square);
    }
    return total;
  }

  static double largest_square(const TiltedTerm& term, double frequency, double radius) {
    std::complex<double> sum = 0, slope = 0;
    const std::size_t count = term.places.size();
    std::int64_t gap = 0;
    std::complex<double> step = 1;
    for (std::size_t i = count; i-- > 0;) {
      if (i + 1 < count) {
        const std::int64_t here = term.places[i + 1] - term.places[i];
        if (here != gap) {
          gap = here;
          step = std::polar(1.0, frequency * static_cast<double>(gap));
        }
        sum = multiply(sum, step);
        slope = multiply(slope, step);
      }
      const double distance = static_cast<double>(term.places[i]) - term.mean;
      sum += term.rounded[i];
      slope += term.rounded[i] * distance;
    }
    const double square = std::norm(sum);
    const double change = 2 * std::fabs(sum.real() * slope.imag() - sum.imag() * slope.real());
    const double rounding =
        2e-15 * (static_cast<double>(count) + 4) +
        1e-15 * frequency * static_cast<double>(term.places.back() - term.places.front());
    return largest_near(square + rounding, change + rounding * (1 + std::sqrt(term.variance)),
                        term.variance, radius);
  }

  // Without the recovery from infinities that operator* has.
  static std::complex<double> multiply(std::complex<double> a, std::complex<double> b) {
    return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
  }

  const std::vector<TiltedTerm>& terms_;
  int bits_;
  double depth_, entries_ = 0, deviation_ = 0, range_ = 0, work_ = 0, products_ = 0;
  std::int64_t found_ = 0;
  std::vector<FrequencyRun> runs_;
};

}  // namespace

std::vector<FrequencyRun> relevant_frequencies(const std::vector<TiltedTerm>& terms, int bits,
                                               double depth) {
  return Finder(terms, bits, depth).find();
}

}  // namespace faltung::laws
