// A kernel w[i, j] = u[i] v[j] is known from the row and the column through one of its entries.
// First the lines are sought among whole numbers (whole_lines.hpp). Else each line through the
// largest entry is made anew as the best one for the others, by least squares, which averages the
// rounding of the entries out, and the product of what is kept is compared with every tap.
#include "faltung/product_lines.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "faltung/near_product.hpp"
#include "faltung/outer_product.hpp"
#include "faltung/whole_lines.hpp"

namespace faltung {
namespace {

using std::int64_t;

using Sizes = std::vector<int64_t>;
template <class Number>
using Lines = std::vector<std::vector<Number>>;

// Each tap may be off by so many unit round-offs of its type for each axis.
constexpr int roundoffs_per_axis = 4;

int exponent_of(double x) {
  int exponent = 0;
  std::frexp(x, &exponent);
  return exponent;
}

bool is_smaller(double a, double b) { return std::abs(a) < std::abs(b); }

template <class T>
struct Taps {
  std::vector<T> numbers;
  Sizes sizes;

  T operator[](int64_t i) const { return numbers[static_cast<size_t>(i)]; }
  int64_t index_of_largest() const {
    return std::max_element(numbers.begin(), numbers.end(), is_smaller) - numbers.begin();
  }
};

// The lines in T, scaled so that all but one add up to at most one, that one with 2^power.
template <class T, class Number>
Lines<T> scaled(const Lines<Number>& lines, std::size_t carrier, int power) {
  Lines<double> made;
  for (const auto& line : lines) {
    double sum = 0;
    for (const Number number : line) sum += std::abs(static_cast<double>(number));
    const int own = exponent_of(sum);
    power += own;
    made.emplace_back();
    for (const Number number : line)
      made.back().push_back(std::ldexp(static_cast<double>(number), -own));
  }
  for (double& number : made[carrier]) number = std::ldexp(number, power);
  Lines<T> kept;
  for (const auto& line : made) kept.emplace_back(line.begin(), line.end());
  return kept;
}

// Whether the line is the whole one times a power of two: nothing was rounded, nor has it fallen
// below the smallest number or above the largest.
template <class T>
bool is_same(const std::vector<T>& line, const std::vector<int64_t>& whole) {
  const auto smaller = [](int64_t a, int64_t b) { return std::abs(a) < std::abs(b); };
  const auto at =
      static_cast<size_t>(std::max_element(whole.begin(), whole.end(), smaller) - whole.begin());
  const int power = exponent_of(static_cast<double>(whole[at])) - exponent_of(line[at]);
  return std::equal(line.begin(), line.end(), whole.begin(), [power](T number, int64_t exact) {
    return std::ldexp(static_cast<double>(number), power) == static_cast<double>(exact);
  });
}

template <class T>
std::optional<ProductLines<T>> exactly(const Taps<T>& taps, std::size_t carrier) {
  const auto whole = whole_lines({taps.numbers.begin(), taps.numbers.end()}, taps.sizes);
  if (!whole) return std::nullopt;
  ProductLines<T> found{scaled<T>(whole->lines, carrier, whole->exponent), 0};
  if (!std::equal(found.lines.begin(), found.lines.end(), whole->lines.begin(), is_same<T>))
    return std::nullopt;
  return found;
}

// The lines through the largest entry, all but the first divided by it.
Lines<long double> cross(const Taps<double>& taps) {
  const int64_t pivot = taps.index_of_largest();
  Lines<long double> lines(taps.sizes.size());
  for (size_t d = 0; d < lines.size(); ++d) {
    const LineThrough line(taps.sizes, d, pivot);
    for (int64_t i = 0; i < line.size; ++i)
      lines[d].push_back(taps[line.first + i * line.stride] / (d ? taps[pivot] : 1.0));
  }
  return lines;
}

// The best line along one axis for the others: the taps' products with these, over their norms.
std::vector<long double> best_line(const Taps<double>& taps, Lines<long double> lines,
                                   std::size_t axis) {
  for (size_t d = 0; d < lines.size(); ++d) {
    long double squares = 0;
    for (const long double number : lines[d]) squares += number * number;
    for (long double& number : lines[d]) number = d == axis ? 1 : number / squares;
  }
  const LineThrough along(taps.sizes, axis, 0);
  std::vector<long double> best(lines[axis].size(), 0);
  int64_t inner = 0;
  size_t entry = 0;
  all_products(lines, [&](int64_t i, long double weight) {
    best[entry] += taps[i] * weight;
    if (++inner < along.stride) return true;
    inner = 0;
    entry = entry + 1 == best.size() ? 0 : entry + 1;
    return true;
  });
  return best;
}

// A bound on what each product is off by, relative to its tap; infinite if a zero is off.
template <class T>
double deviation(const Taps<T>& taps, const Lines<T>& kept) {
  Lines<long double> lines;
  for (const auto& line : kept) lines.emplace_back(line.begin(), line.end());
  long double worst = 0;
  const bool measurable = all_products(lines, [&](int64_t i, long double product) {
    if (!std::isfinite(product)) return false;
    const long double tap = taps[i];
    if (tap == 0) return product == 0;
    const long double off = std::abs(tap - product);
    if (off > worst * std::abs(tap)) worst = off / std::abs(tap);
    return true;
  });
  if (!measurable) return std::numeric_limits<double>::infinity();
  // What rounding hides: the products, the difference, its comparison, the number returned.
  const auto unit = static_cast<double>(std::numeric_limits<long double>::epsilon());
  const auto found = static_cast<double>(worst);
  return found * (1 + 0x1p-50) + static_cast<double>(kept.size()) * unit * (1 + found);
}

template <class T>
std::optional<ProductLines<T>> to_rounding(const Taps<T>& taps, std::size_t carrier) {
  const int power = exponent_of(taps[taps.index_of_largest()]);
  Taps<double> unit{{}, taps.sizes};
  for (const T tap : taps.numbers) unit.numbers.push_back(std::ldexp(double{tap}, -power));
  Lines<long double> lines = cross(unit);
  for (size_t d = 0; d < lines.size(); ++d) lines[d] = best_line(unit, lines, d);
  ProductLines<T> found{scaled<T>(lines, carrier, power), 0};
  found.deviation = deviation(taps, found.lines);
  const double most = roundoffs_per_axis * static_cast<double>(lines.size()) *
                      static_cast<double>(std::numeric_limits<T>::epsilon()) / 2;
  if (!(found.deviation <= most)) return std::nullopt;
  return found;
}

// Axes of one tap have the line 1 and no round-offs.
template <class T>
std::optional<ProductLines<T>> find(const T* numbers, const Sizes& sizes, std::size_t carrier) {
  Taps<T> taps;
  std::size_t place = 0;
  int64_t count = 1;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (d == carrier) place = taps.sizes.size();
    if (sizes[d] > 1) taps.sizes.push_back(sizes[d]);
    count *= sizes[d];
  }
  if (taps.sizes.empty()) taps.sizes.push_back(1);
  if (count > most_product_taps || !is_near_product(numbers, taps.sizes)) return std::nullopt;
  taps.numbers.assign(numbers, numbers + count);
  auto found = exactly(taps, place);
  if (!found) found = to_rounding(taps, place);
  if (!found || taps.sizes.size() == sizes.size()) return found;
  ProductLines<T> with_ones{{}, found->deviation};
  auto next = found->lines.begin();
  for (size_t d = 0; d < sizes.size(); ++d)
    with_ones.lines.push_back(sizes[d] > 1 || (count == 1 && d == carrier) ? *next++
                                                                           : std::vector<T>{1});
  return with_ones;
}

}  // namespace

std::optional<ProductLines<float>> product_lines(const float* taps, const Sizes& sizes,
                                                 std::size_t carrier) {
  return find(taps, sizes, carrier);
}
std::optional<ProductLines<double>> product_lines(const double* taps, const Sizes& sizes,
                                                  std::size_t carrier) {
  return find(taps, sizes, carrier);
}

}  // namespace faltung
