// Pieces f_0, f_1, … and g_0, g_1, … of one width. On interval k of the result
//
//   h_k = sum over i + j = k of left(f_i, g_j) + sum over i + j = k - 1 of right(f_i, g_j)
//
//     j
//   2 |·.:          a pair fills a square of the (s, t - s) plane, which a line t = const cuts into
//   1 |  ·.:        a left triangle (.) and a right one (:)
//   0 |    ·.:
//     +--------- i
//
// Both sums are convolutions over the index of a piece, in which the product of two numbers is a
// bilinear map of two series. So in numbered steps (see `convolve_cells`):
//
// 1. Transform every coefficient of f and of g over the number of the piece, modulo X^K - i.
// 2. For each root of unity take the two triangles of two complex series, by the table.
// 3. Transform the coefficients of both back, and add them up.
//
// Both triangles come of the same products: the right triangle is the left one of both functions
// reversed, and reversing gives coefficient k the sign (-1)^k.
#include "faltung/functions/cells.hpp"

#include <algorithm>
#include <vector>

#include "faltung/kernels/products.hpp"
#include "faltung/kernels/transform.hpp"
#include "faltung/kernels/triangles.hpp"
#include "faltung/memory.hpp"
#include "faltung/threads.hpp"
#include "faltung/tree.hpp"

namespace faltung::functions {

namespace {

using std::int64_t;

// Roots of unity that one task does: their products stay in the second cache.
constexpr int64_t roots_of_task = 16;

int64_t ceiling(int64_t a, int64_t b) { return (a + b - 1) / b; }

// A coefficient for each of K roots of unity: K rows of vectors of complex numbers, real parts
// first.
class Spectrum {
 public:
  Spectrum(int64_t rows, int64_t vectors, int64_t lanes)
      : rows_(rows), vectors_(vectors), lanes_(lanes), numbers_(rows * row()) {}

  int64_t row() const { return 2 * lanes_ * vectors_; }
  int64_t at(int64_t column) const { return column / lanes_ * 2 * lanes_ + column % lanes_; }
  double* data() { return numbers_.data(); }
  const double* data() const { return numbers_.data(); }

  // Pieces i and i + K are the real and the imaginary part of row i.
  void load(const Series& cells) {
    std::fill_n(data(), rows_ * row(), 0.0);
    for (int64_t i = 0; i < cells.count; ++i) {
      const double* const from = cells.coefficients + i * cells.length;
      double* const to = data() + i % rows_ * row() + i / rows_ * lanes_;
      for (int64_t m = 0; m < cells.length; ++m) to[at(m)] = from[m];
    }
  }

  template <class Transform>
  void for_columns(Transform transform, const Subtree<double>& tree, int threads) {
    parallel_for(vectors_, threads, [&](int64_t v) {
      transform(data() + v * 2 * lanes_, tree, int64_t{1}, vectors_);
    });
  }

 private:
  int64_t rows_, vectors_, lanes_;
  Buffer<double> numbers_;
};

// The columns [column, column + width) of the table, for even m or for odd m: only m >= first_m
// and n >= first_n have any entry but zeros there, because entry k of (m, n) is zero for
// k > m + n + 1.
struct Panel {
  int64_t column, first_n, count_n;
  std::vector<int64_t> steps[2];  // where the m-th coefficient of f lies in its row
  std::vector<double> table[2];   // [n][m][column]
};

class PairProducts {
 public:
  PairProducts(const Series& f, const Series& g, const double* table, const Spectrum& spectrum)
      : f_length_(f.length), g_length_(g.length) {
    for (int64_t column = 0; column < f.length + g.length; column += width())
      panels_.push_back(panel_at(column, table, spectrum));
  }

  int64_t vectors() const { return static_cast<int64_t>(panels_.size()) * sums_.width; }

  // Step 2 for the rows [begin, end) of the spectra.
  void triangles(const Spectrum& f, const Spectrum& g, Spectrum& left, Spectrum& right,
                 int64_t begin, int64_t end) const {
    Buffer<double> even(2 * roots_of_task * g_length_ * width());
    Buffer<double> odd(2 * roots_of_task * g_length_ * width());
    const std::vector<double> b = factors(g, begin, end);
    for (const Panel& panel : panels_) {
      contract(panel, 0, f, {begin, end}, even.data());
      contract(panel, 1, f, {begin, end}, odd.data());
      const int64_t size = panel.count_n * width(), to = left.at(panel.column);
      for (int64_t w = begin; w < end; ++w) {
        const double* const e = even.data() + 2 * (w - begin) * size;
        const double* const o = odd.data() + 2 * (w - begin) * size;
        sums_.sum({{e, e + size},
                   {o, o + size},
                   b.data() + 2 * ((w - begin) * g_length_ + panel.first_n),
                   panel.first_n,
                   panel.count_n,
                   left.data() + w * left.row() + to,
                   right.data() + w * right.row() + to});
      }
    }
  }

 private:
  struct Range {
    int64_t begin, end;
  };

  int64_t width() const { return sums_.width * sums_.lanes; }

  Panel panel_at(int64_t column, const double* table, const Spectrum& spectrum) const {
    const int64_t first_m = std::max<int64_t>(0, column - g_length_);
    const int64_t first_n = std::max<int64_t>(0, column - f_length_);
    Panel panel{column, first_n, g_length_ - first_n, {}, {}};
    const int64_t length = f_length_ + g_length_, used = std::min(width(), length - column);
    for (int64_t m = first_m; m < f_length_; ++m) panel.steps[m % 2].push_back(spectrum.at(m));
    for (const int64_t parity : {0, 1}) {
      auto& to = panel.table[parity];
      to.reserve(panel.steps[parity].size() * static_cast<size_t>(panel.count_n * width()));
      for (int64_t n = first_n; n < g_length_; ++n)
        for (int64_t m = first_m + (first_m + parity) % 2; m < f_length_; m += 2) {
          const double* const from = table + (m * g_length_ + n) * length + column;
          to.insert(to.end(), from, from + used);
          to.resize(to.size() + static_cast<size_t>(width() - used));
        }
    }
    return panel;
  }

  // Rows of g as complex numbers next to each other.
  std::vector<double> factors(const Spectrum& g, int64_t begin, int64_t end) const {
    std::vector<double> b;
    b.reserve(static_cast<size_t>(2 * (end - begin) * g_length_));
    for (int64_t w = begin; w < end; ++w)
      for (int64_t n = 0; n < g_length_; ++n) {
        const double* const at = g.data() + w * g.row() + g.at(n);
        b.insert(b.end(), {at[0], at[sums_.lanes]});
      }
    return b;
  }

  // products[w][part][n][column] = sum of f[w][m] table[n][m][column] over the even or the odd m.
  void contract(const Panel& panel, int parity, const Spectrum& f, Range rows,
                double* products) const {
    const auto& steps = panel.steps[parity];
    const int64_t columns = panel.count_n * width(), count = 2 * (rows.end - rows.begin);
    if (steps.empty()) {
      std::fill_n(products, count * columns, 0.0);
      return;
    }
    std::vector<int64_t> offsets;
    for (int64_t w = rows.begin; w < rows.end; ++w)
      offsets.insert(offsets.end(), {w * f.row(), w * f.row() + sums_.lanes});
    FALTUNG_KERNELS_IN_USE(product_double)
        .multiply({f.data(), offsets.data(), count, steps.data(),
                   static_cast<int64_t>(steps.size()), panel.table[parity].data(), columns, nullptr,
                   products});
  }

  int64_t f_length_, g_length_;
  const TriangleKernels& sums_ = FALTUNG_KERNELS_IN_USE(triangle_kernels);
  std::vector<Panel> panels_;
};

// Step 3: left triangles count on their own interval, right ones on the next.
void add_up(const Spectrum& left, const Spectrum& right, int64_t roots, int64_t lanes,
            const Series& shape, double* results) {
  const int64_t pairs = shape.count - 1;
  const double divisor = static_cast<double>(roots);
  const auto at = [&](const Spectrum& from, int64_t k) {
    return from.data() + k % roots * from.row() + k / roots * lanes;
  };
  for (int64_t k = 0; k <= pairs; ++k) {
    double* const to = results + k * shape.length;
    std::fill_n(to, shape.length, 0.0);
    if (k < pairs)
      for (int64_t c = 0; c < shape.length; ++c) to[c] = at(left, k)[left.at(c)] / divisor;
    if (k > 0)
      for (int64_t c = 0; c < shape.length; ++c) to[c] += at(right, k - 1)[right.at(c)] / divisor;
  }
}

}  // namespace

double convolve_cells(const Series& f, const Series& g, const double* table, double* results,
                      int threads) {
  const TransformKernel<double>& kernel = FALTUNG_KERNELS_IN_USE(transform_kernels).of_double;
  const int64_t lanes = kernel.lanes, count = f.count + g.count;
  const int64_t roots = next_smooth(ceiling(count - 1, 2));
  const auto grown = tree_of<double>(roots, Ring::right_angle, 1);
  const Subtree<double> tree = grown->whole();
  // 1.
  Spectrum f_spectrum(roots, ceiling(f.length, lanes), lanes);
  Spectrum g_spectrum(roots, ceiling(g.length, lanes), lanes);
  for (auto [spectrum, cells] : {std::pair{&f_spectrum, &f}, std::pair{&g_spectrum, &g}}) {
    spectrum->load(*cells);
    spectrum->for_columns(kernel.forward, tree, threads);
  }
  // 2.
  const PairProducts products(f, g, table, f_spectrum);
  Spectrum left(roots, products.vectors(), lanes), right(roots, products.vectors(), lanes);
  parallel_for(ceiling(roots, roots_of_task), threads, [&](int64_t task) {
    const int64_t begin = task * roots_of_task;
    products.triangles(f_spectrum, g_spectrum, left, right, begin,
                       std::min(begin + roots_of_task, roots));
  });
  // 3.
  left.for_columns(kernel.backward, tree, threads);
  right.for_columns(kernel.backward, tree, threads);
  add_up(left, right, roots, lanes, {nullptr, count, f.length + g.length}, results);
  return transform_roundings(radices_of(roots));
}

}  // namespace faltung::functions
