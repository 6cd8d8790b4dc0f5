#include "faltung/kernels/transform.hpp"

#include "faltung/kernels/leaves.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

// A subtree of at most this many vectors of complex numbers stays in the first-level cache while
// all its levels are done; a larger one is split once and its children are done one by one.
inline constexpr int64_t cached_bytes = 16384;

template <class T, int Radix, bool Forward>
inline void pass(T* data, const Butterfly<T, Radix>& butterfly, int64_t count, int64_t step) {
  for (T* end = data + count * pair<T>; data != end; data += pair<T>) {
    Complex<T> x[Radix];
    for (int j = 0; j < Radix; ++j) x[j] = load_pair(data + j * step);
    Forward ? butterfly.split(x) : butterfly.join(x);
    for (int j = 0; j < Radix; ++j) store_pair(data + j * step, x[j]);
  }
}

// Columns of numbers: `size` coefficients, each of `width` vectors, `pitch` vectors apart.
struct Columns {
  int64_t size, width, pitch;

  Columns below(int64_t radix) const { return {size / radix, width, pitch}; }
  int64_t vectors() const { return size * width; }
};

// All nodes of one level in [node, node + nodes); `child` are the columns of one of their children.
template <class T, int Radix, bool Forward>
inline void pass_nodes(T* data, const T* powers, int64_t node, int64_t nodes, Columns child) {
  if (child.width == child.pitch) child = {1, child.vectors(), child.vectors()};
  powers += 2 * (Radix - 1) * node;
  const int64_t step = child.size * child.pitch * pair<T>;
  for (int64_t k = 0; k < nodes; ++k) {
    const Butterfly<T, Radix> butterfly(powers);
    for (int64_t i = 0; i < child.size; ++i)
      pass<T, Radix, Forward>(data + i * child.pitch * pair<T>, butterfly, child.width, step);
    data += Radix * step;
    powers += 2 * (Radix - 1);
  }
}

template <class T, bool Forward>
inline void pass_level(T* data, const TreeLevel<T>& level, int64_t node, int64_t nodes,
                       Columns child) {
  switch (level.radix) {
    case 2:
      return pass_nodes<T, 2, Forward>(data, level.powers, node, nodes, child);
    case 3:
      return pass_nodes<T, 3, Forward>(data, level.powers, node, nodes, child);
    case 4:
      return pass_nodes<T, 4, Forward>(data, level.powers, node, nodes, child);
    default:
      return pass_nodes<T, 5, Forward>(data, level.powers, node, nodes, child);
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
void forward_levels(T* data, const Subtree<T>& tree, Columns columns) {
  int64_t node = tree.node, nodes = 1;
  for (const TreeLevel<T>* level = tree.level; level != tree.levels_end; ++level) {
    columns = columns.below(level->radix);
    pass_level<T, true>(data, *level, node, nodes, columns);
    node *= level->radix;
    nodes *= level->radix;
  }
}

template <class T>
void backward_levels(T* data, const Subtree<T>& tree, Columns columns) {
  int64_t node = tree.node * columns.size, nodes = columns.size;
  columns.size = 1;
  for (const TreeLevel<T>* level = tree.levels_end; level != tree.level;) {
    --level;
    node /= level->radix;
    nodes /= level->radix;
    pass_level<T, false>(data, *level, node, nodes, columns);
    columns.size *= level->radix;
  }
}

template <class T>
void forward(T* data, const Subtree<T>& tree, int64_t width, int64_t pitch) {
  if (tree.level == tree.levels_end) return;
  const Columns columns{tree.size, width, pitch};
  if (is_cached<T>(columns.vectors())) return forward_levels(data, tree, columns);
  const Columns below = columns.below(tree.level->radix);
  pass_level<T, true>(data, *tree.level, tree.node, 1, below);
  for (int64_t j = 0; j < tree.level->radix; ++j)
    forward(data + j * below.size * pitch * pair<T>, child(tree, j), width, pitch);
}

template <class T>
void backward(T* data, const Subtree<T>& tree, int64_t width, int64_t pitch) {
  if (tree.level == tree.levels_end) return;
  const Columns columns{tree.size, width, pitch};
  if (is_cached<T>(columns.vectors())) return backward_levels(data, tree, columns);
  const Columns below = columns.below(tree.level->radix);
  for (int64_t j = 0; j < tree.level->radix; ++j)
    backward(data + j * below.size * pitch * pair<T>, child(tree, j), width, pitch);
  pass_level<T, false>(data, *tree.level, tree.node, 1, below);
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
  for (int64_t i = 0; i < lines; ++i) forward<T>(data + i * tree.size * pair<T>, tree, 1, 1);
  if (tree.split > 1)
    for_leaf_groups(data, constants_of(tree), lines * tree.size,
                    [](const auto& level, auto& x, int64_t) { level.split(x); });
}

template <class T>
void multiply(T* data, const T* spectrum, const Subtree<T>& tree, int64_t lines) {
  const int64_t step = tree.size * pair<T>;
  const Columns line{tree.size, 1, 1};
  if (lines > 1 || is_cached<T>(tree.size) || tree.level + 1 == tree.levels_end) {
    for (int64_t i = 0; i < lines; ++i) forward_levels<T>(data + i * step, tree, line);
    multiply_leaves<T>(data, spectrum, tree, lines * tree.size);
    for (int64_t i = 0; i < lines; ++i) backward_levels<T>(data + i * step, tree, line);
    return;
  }
  const int64_t radix = tree.level->radix, count = tree.size / radix;
  pass_level<T, true>(data, *tree.level, tree.node, 1, line.below(radix));
  for (int64_t j = 0; j < radix; ++j)
    multiply(data + j * count * pair<T>, spectrum + j * count * pair<T>, child(tree, j), 1);
  pass_level<T, false>(data, *tree.level, tree.node, 1, line.below(radix));
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

// Complex numbers as NumPy has them, real and imaginary parts in turn.
template <class T, int... K>
inline Complex<T> load_interleaved(const T* from, std::integer_sequence<int, K...>) {
  const Vector<T> a = load(from), b = load(from + lanes<T>);
  return {__builtin_shufflevector(a, b, (2 * K)...), __builtin_shufflevector(a, b, (2 * K + 1)...)};
}

template <class T, int... K>
inline void store_interleaved(T* to, Complex<T> x, std::integer_sequence<int, K...>) {
  constexpr int half = lanes<T> / 2;
  store(to, __builtin_shufflevector(x.re, x.im, (K / 2 + K % 2 * lanes<T>)...));
  store(to + lanes<T>, __builtin_shufflevector(x.re, x.im, (half + K / 2 + K % 2 * lanes<T>)...));
}

template <class T>
void from_halves(const T* x, const T* y, T* plus, T* minus, int64_t vectors, T factor) {
  for (int64_t i = 0; i < vectors * pair<T>; i += pair<T>) {
    const Complex<T> a = factor * load_interleaved<T>(x + i, AllLanes<T>{});
    const Complex<T> b = factor * load_interleaved<T>(y + i, AllLanes<T>{});
    store_pair(plus + i, a + times_i(b));
    store_pair(minus + i, conjugate(a - times_i(b)));
  }
}

template <class T>
void to_halves(const T* plus, const T* minus, T* x, T* y, int64_t vectors, T factor) {
  for (int64_t i = 0; i < vectors * pair<T>; i += pair<T>) {
    const Complex<T> p = factor * load_pair(plus + i);
    const Complex<T> m = factor * conjugate(load_pair(minus + i));
    store_interleaved<T>(x + i, p + m, AllLanes<T>{});
    store_interleaved<T>(y + i, times_i(m - p), AllLanes<T>{});
  }
}

template <class T>
constexpr TransformKernel<T> kernel = {
    lanes<T>,    groups,        forward<T>,  backward<T>,    to_spectrum<T>,
    multiply<T>, from_parts<T>, to_parts<T>, from_halves<T>, to_halves<T>,
};

}  // namespace

const TransformKernels transform_kernels = {kernel<float>, kernel<double>};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
