// The constants of a tree of remainders (see kernels/transform.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

#include "faltung/kernels/transform.hpp"
#include "faltung/roots.hpp"

namespace faltung {

// The polynomial at the top of a tree: X^size - 1, whose product is the circular convolution, or
// X^size - i, which makes a real line of 2 size numbers from size complex ones: x[j] + i x[j +
// size] is the line modulo X^size - i, and the product is the convolution modulo X^(2 size) + 1
// (right-angle convolution: Crandall & Fagin, Discrete weighted transforms and large-integer
// arithmetic, Math. Comp. 62, 1994).
enum class Ring { circular, right_angle };

template <class T>
class Tree {
 public:
  // `size` >= 1 has no prime factors but 2, 3 and 5. At a right angle the tree has leaves; they are
  // split once more, `split` at a time, unless it is 1.
  Tree(std::int64_t size, Ring ring, std::int64_t split);

  std::int64_t size() const { return size_; }
  std::int64_t numbers() const {
    return static_cast<std::int64_t>(powers_.size() + leaves_.size());
  }
  std::int64_t split() const { return split_; }
  // The lines whose leaves make whole groups of `split`.
  std::int64_t lines() const { return split_ / std::gcd(size_, split_); }
  std::int64_t depth() const { return static_cast<std::int64_t>(levels_.size()); }

  Subtree<T> whole() const { return below(0, 0); }

  // The levels above `level`, and the part below node `node` of that level.
  Subtree<T> above(std::int64_t level) const;
  Subtree<T> below(std::int64_t level, std::int64_t node) const;

  // The number of nodes of a level.
  std::int64_t nodes(std::int64_t level) const;

 private:
  void add_leaves(const std::vector<std::int64_t>& positions, const Roots& roots);

  std::int64_t size_, split_;
  std::vector<T> powers_, leaves_;
  std::vector<TreeLevel<T>> levels_;
};

// Whether a transform of this size is fast: an odd part of 1, 3, 5, 9, 15, 25, 27 or 45.
bool is_smooth(std::int64_t size);
std::int64_t next_smooth(std::int64_t at_least);

// The radices of the levels of a tree from the top: fives, threes, at most one two, fours.
std::vector<std::int64_t> radices_of(std::int64_t size);

// Roundings of two transforms forward, in the 2-norm, and one backward, in the 1-norm of the leaves
// (derived in docs/mathematics/arrays.md).
double transform_roundings(const std::vector<std::int64_t>& radices);

// A tree that was made before, if it is still kept, or a new one.
template <class T>
std::shared_ptr<const Tree<T>> tree_of(std::int64_t size, Ring ring, std::int64_t split);

}  // namespace faltung
