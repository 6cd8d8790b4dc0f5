#include "faltung/kernels/transform.hpp"

#include "faltung/kernels/leaves.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

// A subtree of at most this many vectors of complex numbers stays in the first-level cache while
// all its levels are done; a larger one is split once and its children are done one by one.
inline constexpr int64_t cached_bytes = 16384;

template <class T, int Radix, bool Forward>
inline void pass(T* data, const T* powers, int64_t count) {
  const Butterfly<T, Radix> butterfly(powers);
  const int64_t step = count * pair<T>;
  for (T* end = data + step; data != end; data += pair<T>) {
    Complex<T> x[Radix];
    for (int j = 0; j < Radix; ++j) x[j] = load_pair(data + j * step);
    Forward ? butterfly.split(x) : butterfly.join(x);
    for (int j = 0; j < Radix; ++j) store_pair(data + j * step, x[j]);
  }
}

// All nodes of one level in [node, node + nodes), each of `count` vectors for each child.
template <class T, int Radix, bool Forward>
inline void pass_nodes(T* data, const T* powers, int64_t node, int64_t nodes, int64_t count) {
  powers += 2 * (Radix - 1) * node;
  for (int64_t k = 0; k < nodes; ++k) {
    pass<T, Radix, Forward>(data, powers, count);
    data += Radix * count * pair<T>;
    powers += 2 * (Radix - 1);
  }
}

template <class T, bool Forward>
inline void pass_level(T* data, const TreeLevel<T>& level, int64_t node, int64_t nodes,
                       int64_t count) {
  switch (level.radix) {
    case 2:
      return pass_nodes<T, 2, Forward>(data, level.powers, node, nodes, count);
    case 3:
      return pass_nodes<T, 3, Forward>(data, level.powers, node, nodes, count);
    case 4:
      return pass_nodes<T, 4, Forward>(data, level.powers, node, nodes, count);
    default:
      return pass_nodes<T, 5, Forward>(data, level.powers, node, nodes, count);
  }
}

template <class T>
inline bool is_cached(int64_t vectors) {
  return vectors * static_cast<int64_t>(sizeof(T)) * pair<T> <= cached_bytes;
}

template <class T>
inline Subtree<T> child(const Subtree<T>& tree, int64_t j) {
  const int64_t radix = tree.level->radix;
  return {tree.level + 1, tree.levels_end,       tree.leaves,
          tree.split,     radix * tree.node + j, tree.size / radix};
}

template <class T>
void forward_levels(T* data, const Subtree<T>& tree, int64_t width) {
  int64_t node = tree.node, nodes = 1, count = tree.size * width;
  for (const TreeLevel<T>* level = tree.level; level != tree.levels_end; ++level) {
    count /= level->radix;
    pass_level<T, true>(data, *level, node, nodes, count);
    node *= level->radix;
    nodes *= level->radix;
  }
}

template <class T>
void backward_levels(T* data, const Subtree<T>& tree, int64_t width) {
  int64_t node = tree.node, nodes = 1, count = tree.size * width;
  for (const TreeLevel<T>* level = tree.level; level != tree.levels_end; ++level) {
    count /= level->radix;
    node *= level->radix;
    nodes *= level->radix;
  }
  for (const TreeLevel<T>* level = tree.levels_end; level != tree.level;) {
    --level;
    node /= level->radix;
    nodes /= level->radix;
    pass_level<T, false>(data, *level, node, nodes, count);
    count *= level->radix;
  }
}

template <class T>
void forward(T* data, const Subtree<T>& tree, int64_t width) {
  if (tree.level == tree.levels_end) return;
  if (is_cached<T>(tree.size * width)) return forward_levels(data, tree, width);
  const int64_t radix = tree.level->radix, count = tree.size / radix * width;
  pass_level<T, true>(data, *tree.level, tree.node, 1, count);
  for (int64_t j = 0; j < radix; ++j) forward(data + j * count * pair<T>, child(tree, j), width);
}

template <class T>
void backward(T* data, const Subtree<T>& tree, int64_t width) {
  if (tree.level == tree.levels_end) return;
  if (is_cached<T>(tree.size * width)) return backward_levels(data, tree, width);
  const int64_t radix = tree.level->radix, count = tree.size / radix * width;
  for (int64_t j = 0; j < radix; ++j) backward(data + j * count * pair<T>, child(tree, j), width);
  pass_level<T, false>(data, *tree.level, tree.node, 1, count);
}

// The constants of the leaves of a tree.
template <class T>
inline const T* constants_of(const Subtree<T>& tree) {
  return tree.leaves + (tree.split > 1 ? 2 * (tree.split - 1) : 2) * tree.node * tree.size;
}

// Calls task(level, x, k) for every `groups` of so many leaves from `data` on, whose vectors are x,
// and stores what becomes of them.
template <class T, class Task>
void for_leaf_groups(T* data, const T* powers, int64_t leaves, const Task& task) {
  if constexpr (groups > 1) {
    for (int64_t k = 0; k < leaves; k += groups, powers += 2 * (groups - 1) * groups) {
      T* const at = data + k * pair<T>;
      Complex<T> x[groups];
      for (int j = 0; j < groups; ++j) x[j] = load_pair(at + j * pair<T>);
      task(LeafLevel<T>(powers), x, k);
      for (int j = 0; j < groups; ++j) store_pair(at + j * pair<T>, x[j]);
    }
  }
}

template <class T>
void multiply_leaves(T* data, const T* spectrum, const Subtree<T>& tree, int64_t leaves) {
  const T* constants = constants_of(tree);
  if (tree.split > 1)
    return for_leaf_groups(data, constants, leaves,
                           [spectrum](const auto& level, auto& x, int64_t k) {
                             level.split(x);
                             level.multiply(x, spectrum + k * pair<T>);
                             level.join(x);
                           });
  for (int64_t k = 0; k < leaves; ++k, data += pair<T>, spectrum += pair<T>, constants += 2)
    multiply_leaf<T>(data, spectrum, broadcast_pair(constants), AllLanes<T>{});
}

template <class T>
void to_spectrum(T* data, const Subtree<T>& tree, int64_t lines) {
  for (int64_t i = 0; i < lines; ++i) forward<T>(data + i * tree.size * pair<T>, tree, 1);
  if (tree.split > 1)
    for_leaf_groups(data, constants_of(tree), lines * tree.size,
                    [](const auto& level, auto& x, int64_t) { level.split(x); });
}

template <class T>
void multiply(T* data, const T* spectrum, const Subtree<T>& tree, int64_t lines) {
  const int64_t step = tree.size * pair<T>;
  if (lines > 1 || is_cached<T>(tree.size) || tree.level + 1 == tree.levels_end) {
    for (int64_t i = 0; i < lines; ++i) forward_levels<T>(data + i * step, tree, 1);
    multiply_leaves<T>(data, spectrum, tree, lines * tree.size);
    for (int64_t i = 0; i < lines; ++i) backward_levels<T>(data + i * step, tree, 1);
    return;
  }
  const int64_t radix = tree.level->radix, count = tree.size / radix;
  pass_level<T, true>(data, *tree.level, tree.node, 1, count);
  for (int64_t j = 0; j < radix; ++j)
    multiply(data + j * count * pair<T>, spectrum + j * count * pair<T>, child(tree, j), 1);
  pass_level<T, false>(data, *tree.level, tree.node, 1, count);
}

template <class T>
void from_parts(const T* real, const T* imaginary, T* data, int64_t vectors, T factor) {
  for (int64_t v = 0; v < vectors; ++v, real += lanes<T>, imaginary += lanes<T>, data += pair<T>)
    store_pair<T>(data, {factor * load(real), factor * load(imaginary)});
}

template <class T>
void to_parts(const T* data, T* real, T* imaginary, int64_t vectors, T factor) {
  for (int64_t v = 0; v < vectors; ++v, real += lanes<T>, imaginary += lanes<T>, data += pair<T>) {
    const Complex<T> x = load_pair(data);
    store(real, factor * x.re);
    store(imaginary, factor * x.im);
  }
}

template <class T>
constexpr TransformKernel<T> kernel = {
    lanes<T>, groups, forward<T>, backward<T>, to_spectrum<T>, multiply<T>, from_parts<T>, to_parts<T>,
};

}  // namespace

const TransformKernels transform_kernels = {kernel<float>, kernel<double>};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
