#include "faltung/functions/panel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "faltung/functions/ellipse.hpp"
#include "faltung/functions/gauss.hpp"
#include "faltung/kernels/exponential.hpp"

namespace faltung::functions {

namespace {

constexpr double unit = 0x1p-53;
constexpr double infinity = std::numeric_limits<double>::infinity();

// Errors below this are no errors of doubles.
constexpr double least = 0x1p-1060;

// The largest half range of an exponent that one rule does.
constexpr double longest_exponent = 10;

// The exponent of the product of exponential weights: its value at the panel's centre, and slope.
struct Exponent {
  double value = 0, slope = 0;

  void add(const Strand& strand, double centre) {
    const Piece& piece = *strand.piece;
    if (piece.form != Form::exponential) return;
    value += piece.tilt * (strand.distance(centre) - piece.reference);
    slope += piece.tilt * strand.direction;
  }
};

// The weight of a singular piece; exponential ones are done for both pieces together.
double weight_of_power(const Piece& piece, double distance) {
  return piece.is_singular() ? weight_at(piece, distance) : 1;
}

// The sum of a geometric series that bounds a singular weight: the integral from 0 to x.
double singular_integral(const Piece& piece, double tilt, double x) {
  if (!(tilt > -1)) return infinity;
  return piece.size * weight_at(piece, x) * x / (tilt + 1);
}

bool is_infinite_at(const Strand& strand, double x) {
  return strand.piece->is_singular() && strand.piece->tilt < 0 && !(strand.distance(x) > 0);
}

double largest_on(const Strand& strand, Panel panel) {
  const double one = strand.distance(panel.begin), other = strand.distance(panel.end);
  return strand.piece->size *
         largest_weight(*strand.piece, std::max(one, 0.0), std::max(other, 0.0));
}

// The integral of the larger of two exponentials' products, both rising or both falling.
double bound_of_exponential(const Overlap& overlap, Panel panel) {
  Exponent exponent;
  exponent.add(overlap.f, panel.begin);
  exponent.add(overlap.g, panel.begin);
  const double length = panel.end - panel.begin, rise = exponent.slope * length;
  const double largest = std::exp(exponent.value + std::max(rise, 0.0));
  const double within = std::abs(rise) > 1 ? length / std::abs(rise) : length;
  return largest * within * overlap.f.piece->size * overlap.g.piece->size;
}

// A panel that begins at the end of a power, or of two: x^exponent is the weight of its rule, and
// the pieces go without it.
struct End {
  bool stripped = false;
  double exponent = 0;
  double factor = 1;  // the weights are factor x^exponent
  Piece bare[2];
  Overlap overlap;

  End(const Overlap& whole, Panel panel) : overlap(whole) {
    if (panel.begin > 0) return;
    take(overlap.f, bare[0]);
    take(overlap.g, bare[1]);
  }

  void take(Strand& strand, Piece& copy) {
    const Piece& piece = *strand.piece;
    if (piece.form != Form::power || strand.direction < 0 || strand.start > 0) return;
    stripped = true;
    exponent += piece.tilt;
    factor *= std::pow(piece.reference, -piece.tilt);
    copy = piece;
    copy.form = Form::plain;
    strand.piece = &copy;
  }

  // The integral of the weight.
  double mass(Panel panel) const {
    if (!stripped) return panel.end - panel.begin;
    return factor * std::pow(panel.end, exponent + 1) / (exponent + 1);
  }

  // The rule in x, its weights the weights of the sum.
  void rule(Panel panel, int count, GaussRule& rule) const {
    const double half = (panel.end - panel.begin) / 2, centre = panel.begin + half;
    if (stripped) {
      rule = gauss_power(count, exponent);
      const double scale = (exponent + 1) * mass(panel);
      for (int i = 0; i < count; ++i) rule.nodes[i] *= panel.end;
      for (int i = 0; i < count; ++i) rule.weights[i] *= scale;
    } else {
      const GaussRule& standard = gauss(count);
      for (int i = 0; i < count; ++i) rule.nodes[i] = centre + half * standard.nodes[i];
      for (int i = 0; i < count; ++i) rule.weights[i] = half * standard.weights[i];
    }
  }
};

int nodes_of_ellipse(const End& end, const Exponent& exponent, Panel panel, double tolerance,
                     double& error) {
  const Piece &f = *end.overlap.f.piece, &g = *end.overlap.g.piece;
  const double half = (panel.end - panel.begin) / 2, centre = panel.begin + half;
  const double at_f = end.overlap.f.distance(centre), at_g = end.overlap.g.distance(centre);
  const double mass = end.mass(panel) * std::exp(exponent.value) * weight_of_power(f, at_f) *
                      weight_of_power(g, at_g);
  const double allowed = std::max({tolerance, unit * mass * f.size * g.size, least});
  const double part = std::log(4 * mass) - std::log(allowed),
               slope = std::abs(exponent.slope) * half;
  const Around around_f(f, at_f, half), around_g(g, at_g, half);
  const int count = fewest_nodes(
      part,
      [&](const Ellipse& ellipse) {
        return slope * ellipse.real + around_f.logarithm(ellipse) + around_g.logarithm(ellipse);
      },
      error);
  error *= allowed;
  return count;
}

// Beyond degree k the Chebyshev series of e^(z x), |x| <= 1, comes to at most this part of 1: the
// sum of 2 I_j(z) over j > k, and I_j(z) <= (z / 2)^j / j! e^(z^2 / (4 j + 4)) (NIST Digital
// Library of Mathematical Functions, 10.14.4 and 10.25.2).
int degree_of_exponential(double z, double part, double& rest) {
  if (z == 0) return rest = 0, 0;
  double term = 1;
  for (int k = 0; k < 2 * most_nodes; ++k) {
    term *= z / 2 / (k + 1);
    const double ratio = z / 2 / (k + 2);
    if (ratio > 0.5 || 2 * term > part) continue;
    rest = 2 * term * std::exp(z * z / (4 * k + 8)) / (1 - ratio);
    if (rest <= part) return k;
  }
  return 2 * most_nodes;
}

// The degree up to which a polynomial's series is all of it but for this part of its size.
int degree_of_series(const Piece& piece, double part, double& rest) {
  int degree = piece.length - 1;
  while (degree > 0 && piece.rests[degree] <= part * piece.size) --degree;
  rest = piece.rests[degree + 1] / piece.size;
  return degree;
}

// Two polynomials times an exponential: a rule that is exact for the product of the first terms of
// all three series errs by twice what these leave out.
int nodes_of_exponential(const Overlap& overlap, const Exponent& exponent, Panel panel,
                         double allowed, double& error) {
  const Piece &f = *overlap.f.piece, &g = *overlap.g.piece;
  const double half = (panel.end - panel.begin) / 2, z = std::abs(exponent.slope) * half;
  if (z > longest_exponent) return 0;
  const double scale = 4 * half * std::exp(exponent.value) * f.size * g.size;
  const double part = allowed / (3 * scale), of_series = part * std::exp(-z);
  double rest = 0, rest_f = 0, rest_g = 0;
  const int degree = degree_of_exponential(z, part, rest) + degree_of_series(f, of_series, rest_f) +
                     degree_of_series(g, of_series, rest_g);
  error = scale * (rest + (rest_f + rest_g) * std::exp(z));
  return degree / 2 + 1 <= most_nodes ? degree / 2 + 1 : 0;
}

}  // namespace

Integral& Integral::operator+=(const Integral& other) {
  value += other.value;
  magnitude += other.magnitude;
  bound += other.bound;
  estimate += other.estimate;
  return *this;
}

double integral_bound(const Overlap& overlap, Panel panel) {
  const bool of_f = is_infinite_at(overlap.f, panel.begin);
  const bool of_g = is_infinite_at(overlap.g, panel.begin);
  const Piece &f = *overlap.f.piece, &g = *overlap.g.piece;
  if (of_f && of_g)
    return singular_integral(f, f.tilt + g.tilt, panel.end) * g.size * weight_at(g, panel.end);
  if (of_f) return singular_integral(f, f.tilt, panel.end) * largest_on(overlap.g, panel);
  if (of_g) return singular_integral(g, g.tilt, panel.end) * largest_on(overlap.f, panel);
  if (!f.is_singular() && !g.is_singular()) return bound_of_exponential(overlap, panel);
  return (panel.end - panel.begin) * largest_on(overlap.f, panel) * largest_on(overlap.g, panel);
}

int nodes_needed(const Overlap& whole, Panel panel, double tolerance, double& error) {
  const End end(whole, panel);
  const Overlap& overlap = end.overlap;
  const Piece &f = *overlap.f.piece, &g = *overlap.g.piece;
  const double centre = panel.begin + (panel.end - panel.begin) / 2;
  Exponent exponent;
  exponent.add(overlap.f, centre);
  exponent.add(overlap.g, centre);
  const double own = end.mass(panel) * std::exp(exponent.value) * f.size * g.size;
  if (!f.is_singular() && !g.is_singular() && !end.stripped)
    return nodes_of_exponential(overlap, exponent, panel, std::max({tolerance, unit * own, least}),
                                error);
  return nodes_of_ellipse(end, exponent, panel, tolerance, error);
}

double exponential_tilt(const Strand& strand) {
  return strand.piece->form == Form::exponential ? strand.piece->tilt : 0;
}

// A sum of products that is rounded at the end alone, by D. E. Knuth's exact addition and T. J.
// Dekker's exact product: "The Art of Computer Programming" 2, section 4.2.2.
class SumOfProducts {
 public:
  SumOfProducts& add(double a, double b) {
    const double product = a * b, total = high_ + product, back = total - high_;
    low_ += (high_ - (total - back)) + (product - back) + std::fma(a, b, -product);
    high_ = total;
    return *this;
  }
  double exponential() const { return std::exp(high_) * (1 + low_); }

 private:
  double high_ = 0, low_ = 0;
};

// Multiplies the rule's weights by both pieces' weights; those of two exponentials are one.
void multiply_weights(const Overlap& overlap, Panel panel, int count, GaussRule& rule) {
  const double tilt_f = exponential_tilt(overlap.f), tilt_g = exponential_tilt(overlap.g);
  if (tilt_f != 0 || tilt_g != 0) {
    // From their nearer ends to x = 0 distances are small, and farther on their common slope is
    // one.
    const double slope = tilt_f * overlap.f.direction + tilt_g * overlap.g.direction;
    const double centre = panel.begin + (panel.end - panel.begin) / 2;
    const double at_centre = SumOfProducts()
                                 .add(tilt_f, overlap.f.piece->near - overlap.f.piece->reference)
                                 .add(tilt_f, overlap.f.beyond)
                                 .add(tilt_g, overlap.g.piece->near - overlap.g.piece->reference)
                                 .add(tilt_g, overlap.g.beyond)
                                 .add(slope, centre)
                                 .exponential();
    double factors[most_nodes];
    for (int i = 0; i < count; ++i) factors[i] = slope * (rule.nodes[i] - centre);
    FALTUNG_KERNELS_IN_USE(exponential_kernels).exponentials(factors, count);
    for (int i = 0; i < count; ++i) rule.weights[i] *= at_centre * factors[i];
  }
  for (const Strand& strand : {overlap.f, overlap.g})
    if (strand.piece->is_singular())
      for (int i = 0; i < count; ++i)
        rule.weights[i] *= weight_at(*strand.piece, strand.distance(rule.nodes[i]));
}

Integral integral_of(const Overlap& whole, Panel panel, int count) {
  const End end(whole, panel);
  GaussRule rule;
  end.rule(panel, count, rule);
  return integral_by(end.overlap, panel, rule, count);
}

Integral integral_by(const Overlap& overlap, Panel panel, GaussRule& rule, int count) {
  double at[most_nodes] = {}, f[most_nodes], g[most_nodes];
  for (int i = 0; i < count; ++i) at[i] = overlap.f.distance(rule.nodes[i]);
  sum_series(*overlap.f.piece, at, count, f);
  for (int i = 0; i < count; ++i) at[i] = overlap.g.distance(rule.nodes[i]);
  sum_series(*overlap.g.piece, at, count, g);
  multiply_weights(overlap, panel, count, rule);
  const double* weights = rule.weights;
  const Piece &piece_f = *overlap.f.piece, &piece_g = *overlap.g.piece;
  Integral total;
  double of_f = 0, of_g = 0, of_both = 0;
  for (int i = 0; i < count; ++i) {
    const double value = weights[i] * f[i] * g[i];
    total.value += value;
    total.magnitude += std::abs(value);
    of_f += weights[i] * std::abs(f[i]);
    of_g += weights[i] * std::abs(g[i]);
    of_both += weights[i];
  }
  total.bound = 1.01 * (of_f * piece_g.error + of_g * piece_f.error +
                        of_both * piece_f.error * piece_g.error) +
                (count + 8) * unit * total.magnitude;
  total.estimate = of_f * piece_g.estimate + of_g * piece_f.estimate + unit * total.magnitude;
  return total;
}

}  // namespace faltung::functions
