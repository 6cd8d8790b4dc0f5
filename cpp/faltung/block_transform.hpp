// The transform of one n-dimensional block of numbers, and the product of two of them.
//
// The last axis is a line of 2 M real numbers that goes through M complex ones (see Ring); its
// transform stops at polynomials of one vector. The other axes are transformed whole. A block's
// complex numbers lie in memory as
//
//   [points of axis 0] … [points of axis rank - 2] [M / lanes] vectors
//
// A line too long for the cache is cut in two (the four-step transform of Bailey, FFTs in external
// or hierarchical memory, J. Supercomputing 4, 1990, without its twiddles and transpositions): the
// upper levels of its tree take the place of axis 0, and each of their nodes is a row.
//
// A block of complex numbers is two such planes: X^(2M) + 1 = (X^M - i)(X^M + i), so a line x of
// 2 M complex numbers is known by x[j] + i x[j + M] modulo the first factor, and by
// x[j] - i x[j + M] modulo the second, whose conjugate is a polynomial modulo the first one again.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "faltung/element.hpp"
#include "faltung/memory.hpp"
#include "faltung/tree.hpp"
#include "faltung/window.hpp"

namespace faltung {

// Where the outputs of a block go: entry `spans[d].offset + i` of axis d of the block's convolution
// is output `spans[d].begin + i`, of which every steps[d]-th is written. Each is multiplied by both
// factors, one after the other.
template <class E>
struct Outputs {
  E* output;
  SlidingAxes axes;
  std::vector<std::int64_t> steps;
  std::vector<Span> spans;
  RealOf<E> factor, second_factor;
};

// How many leaves of the lines of a block are split together (see Subtree), 1 if that does not come
// out even: the axes have so many points.
std::int64_t split_of_leaves(const std::vector<std::int64_t>& points, std::int64_t lanes,
                             std::int64_t groups);

// E is the type of the numbers, float, double or complex.
template <class E>
class BlockTransform {
 public:
  using T = RealOf<E>;

  // The points of each axis: 2 * lanes * (a smooth number) for the last one, smooth numbers before.
  BlockTransform(const std::vector<std::int64_t>& points, const TransformKernel<T>& kernel);

  // Real numbers in the buffer of a block, and what a product must be divided by.
  std::int64_t numbers() const { return planes * plane_numbers(); }
  double divisor() const { return divisor_; }

  // Fills `spectrum` with the transform of a window times `factor`.
  void transform(const Window<E>& window, T factor, T* spectrum, int threads) const;

  // Convolves the window, times `factor`, with what has the given spectrum; `data` is working
  // memory for `numbers()` numbers.
  void convolve(const Window<E>& window, T factor, const T* spectrum, T* data,
                const Outputs<E>& outputs, int threads) const;

 private:
  // Columns along one axis: `rows` coefficients, each of `width` vectors.
  struct Pass {
    Subtree<T> tree;
    std::int64_t rows, width;
  };
  // Some of the columns of a pass.
  struct Columns {
    std::int64_t begin, end;
  };
  // `width` of them from `begin` on, in a buffer of their own or in place: their rows begin `pitch`
  // vectors apart, their planes `plane` numbers.
  struct Group {
    std::int64_t begin, width, pitch, plane;
    T* data;
  };

  static constexpr std::int64_t planes = parts_of<E>;
  std::int64_t plane_numbers() const { return 2 * points_; }

  void add_axes(const std::vector<std::int64_t>& points);
  void cut_line(std::int64_t vectors);
  std::int64_t group_width(const Pass& pass) const;
  template <class Task>
  void for_groups(const Pass& pass, T* data, Columns columns, int threads, const Task& task) const;
  Columns columns_on(std::int64_t begin, std::int64_t end) const;
  template <class Task>
  void for_pieces(std::int64_t first_row, const Group& group, const Task& task) const;

  void load(const Window<E>& window, T factor, T* data, int threads) const;
  void load_row(const Window<E>& window, T factor, std::int64_t first_row, const Group& group,
                E* piece) const;
  void store(T* data, const Outputs<E>& outputs, int threads) const;
  void store_row(const Outputs<E>& outputs, std::int64_t first_row, const Group& group,
                 E* piece) const;
  void columns(const Pass& pass, T* data, bool forward, int threads) const;
  template <class Task>
  void for_rows(std::size_t i, int threads, const Task& task) const;
  void transform_below(T* data, std::size_t i, std::int64_t row, int threads) const;
  void convolve_below(T* data, const T* spectrum, std::size_t i, std::int64_t row,
                      int threads) const;
  void copy(const Pass& pass, T* data, const Group& group, bool in) const;
  void copy_planes(const Pass& pass, T* data, const Group& group, bool in) const;
  Subtree<T> tree_of_row(std::int64_t row) const;

  const TransformKernel<T>& kernel_;
  std::int64_t pair_;    // numbers in a vector of complex numbers
  std::int64_t points_;  // complex ones, of a plane
  double divisor_;
  std::vector<std::shared_ptr<const Tree<T>>> trees_;
  std::vector<Pass> passes_;  // axis 0 first; the line itself is not among them
  std::int64_t line_vectors_;
  std::int64_t cut_level_ = 0;  // levels of the line's tree that are columns
  std::int64_t row_vectors_;
};

}  // namespace faltung
