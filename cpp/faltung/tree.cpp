#include "faltung/tree.hpp"

#include <algorithm>
#include <bit>
#include <list>
#include <mutex>

#include "faltung/roots.hpp"

namespace faltung {
namespace {

using std::int64_t;

// Where child j of a node stands on the circle, in radix-th parts of a turn.
int64_t position_of_child(int64_t radix, int64_t j) {
  constexpr int64_t of_four[4] = {0, 2, 1, 3};
  return radix == 4 ? of_four[j] : j;
}

int64_t powers_of_level(int64_t radix, int64_t nodes) { return 2 * (radix - 1) * nodes; }

}  // namespace

bool is_smooth(int64_t size) { return size == next_smooth(size); }

int64_t next_smooth(int64_t at_least) {
  int64_t best = INT64_MAX;
  const auto most = static_cast<std::uint64_t>(std::max<int64_t>(at_least, 1) - 1);
  for (const std::uint64_t odd : {1, 3, 5, 9, 15, 25, 27, 45})
    best = std::min(best, static_cast<int64_t>(odd << std::bit_width(most / odd)));
  return best;
}

std::vector<int64_t> radices_of(int64_t size) {
  std::vector<int64_t> radices;
  for (const int64_t prime : {5, 3})
    for (; size % prime == 0; size /= prime) radices.push_back(prime);
  int64_t fours = 0;
  for (; size % 4 == 0; size /= 4) ++fours;
  if (size == 2) radices.push_back(2);
  radices.insert(radices.end(), static_cast<size_t>(fours), 4);
  return radices;
}

double transform_roundings(const std::vector<int64_t>& radices) {
  constexpr double forward[] = {0, 0, 4.9, 9.0, 9.8, 19.7};
  constexpr double backward[] = {0, 0, 4.0, 8.1, 5.0, 13.1};
  double sum = 0;
  for (const int64_t radix : radices) sum += 2 * forward[radix] + backward[radix];
  return sum;
}

// A node of a level with P nodes has the constant e^(2 pi i (s + m) / P), s = 1/4 at a right angle
// and 0 on the circle: its children, m + P times their position among r, have (s + m') / (P r).
// The power t of the node's r-th root is e^(2 pi i t (s + m) / (P r)), a root of order 4 size.
template <class T>
Tree<T>::Tree(int64_t size, Ring ring, int64_t split) : size_(size), split_(split) {
  const std::vector<int64_t> radices = radices_of(size);
  const int64_t start = ring == Ring::right_angle ? 1 : 0;
  const Roots roots(4 * size * split_);
  int64_t total = 0, nodes = 1;
  for (const int64_t radix : radices) {
    total += powers_of_level(radix, nodes);
    nodes *= radix;
  }
  powers_.resize(static_cast<size_t>(total));
  T* to = powers_.data();
  std::vector<int64_t> positions{0};
  for (const int64_t radix : radices) {
    levels_.push_back({radix, to});
    const auto count = static_cast<int64_t>(positions.size());
    std::vector<int64_t> children;
    children.reserve(positions.size() * static_cast<size_t>(radix));
    for (const int64_t m : positions) {
      const int64_t step = split_ * (start + 4 * m) * (size / (count * radix));
      for (int64_t t = 1; t < radix; ++t, to += 2) roots.write(t * step % (4 * size * split_), to);
      for (int64_t j = 0; j < radix; ++j)
        children.push_back(m + count * position_of_child(radix, j));
    }
    positions = std::move(children);
  }
  if (ring == Ring::right_angle) add_leaves(positions, roots);
}

// A whole vector is read at the place of the last constants.
template <class T>
void Tree<T>::add_leaves(const std::vector<int64_t>& positions, const Roots& roots) {
  constexpr int64_t longest_vector = 64;
  const int64_t powers = std::max<int64_t>(split_ - 1, 1), order = 4 * size_ * split_;
  leaves_.resize(static_cast<size_t>(2 * powers * lines() * size_ + longest_vector));
  for (int64_t k = 0; k < lines() * size_; ++k) {
    const int64_t group = k / split_, member = k % split_;
    T* const to = leaves_.data() + 2 * powers * split_ * group + member;
    for (int64_t t = 1; t <= powers; ++t) {
      T root[2];
      roots.write(t * (1 + 4 * positions[static_cast<size_t>(k % size_)]) % order, root);
      to[2 * split_ * (t - 1)] = root[0];
      to[2 * split_ * (t - 1) + split_] = root[1];
    }
  }
}

template <class T>
int64_t Tree<T>::nodes(int64_t level) const {
  int64_t count = 1;
  for (int64_t i = 0; i < level; ++i) count *= levels_[static_cast<size_t>(i)].radix;
  return count;
}

template <class T>
Subtree<T> Tree<T>::above(int64_t level) const {
  return {levels_.data(), levels_.data() + level, nullptr, 1, 0, nodes(level)};
}

template <class T>
Subtree<T> Tree<T>::below(int64_t level, int64_t node) const {
  return {levels_.data() + level,
          levels_.data() + depth(),
          leaves_.empty() ? nullptr : leaves_.data(),
          split_,
          node,
          size_ / nodes(level)};
}

template class Tree<float>;
template class Tree<double>;

namespace {

// The numbers that all kept trees of one type may hold together.
constexpr int64_t kept_numbers = 8'000'000;

template <class T>
class Forest {
 public:
  std::shared_ptr<const Tree<T>> tree_of(int64_t size, Ring ring, int64_t split) {
    {
      const std::lock_guard lock(mutex_);
      if (auto found = find(size, ring, split)) return found;
    }
    auto grown = std::make_shared<const Tree<T>>(size, ring, split);
    const std::lock_guard lock(mutex_);
    if (auto found = find(size, ring, split)) return found;
    kept_.push_front({size, ring, split, grown});
    numbers_ += grown->numbers();
    while (numbers_ > kept_numbers && kept_.size() > 1) {
      numbers_ -= kept_.back().tree->numbers();
      kept_.pop_back();
    }
    return grown;
  }

 private:
  struct Entry {
    int64_t size;
    Ring ring;
    int64_t split;
    std::shared_ptr<const Tree<T>> tree;
  };

  // The one asked for last comes first.
  std::shared_ptr<const Tree<T>> find(int64_t size, Ring ring, int64_t split) {
    for (auto entry = kept_.begin(); entry != kept_.end(); ++entry)
      if (entry->size == size && entry->ring == ring && entry->split == split) {
        kept_.splice(kept_.begin(), kept_, entry);
        return entry->tree;
      }
    return nullptr;
  }

  std::mutex mutex_;
  std::list<Entry> kept_;
  int64_t numbers_ = 0;
};

}  // namespace

template <class T>
std::shared_ptr<const Tree<T>> tree_of(int64_t size, Ring ring, int64_t split) {
  // Never destroyed: threads may still ask for trees when the program ends.
  static auto* const forest = new Forest<T>;
  return forest->tree_of(size, ring, split);
}

template std::shared_ptr<const Tree<float>> tree_of(int64_t size, Ring ring, int64_t split);
template std::shared_ptr<const Tree<double>> tree_of(int64_t size, Ring ring, int64_t split);

}  // namespace faltung
