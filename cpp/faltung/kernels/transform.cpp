#include "faltung/kernels/transform.hpp"

#include <utility>

#include "faltung/kernels/butterflies.hpp"

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
  return {tree.level + 1, tree.levels_end, tree.leaves, radix * tree.node + j, tree.size / radix};
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

// The lanes of b moved up by J; those of `wrapped` come in from below:
//   wrapped[n-J] … wrapped[n-1] b[0] … b[n-1-J]
template <int J, class T, int... K>
inline Vector<T> rotate(Vector<T> wrapped, Vector<T> b, std::integer_sequence<int, K...>) {
  if constexpr (J == 0) return b;
  return __builtin_shufflevector(wrapped, b, (lanes<T> - J + K)...);
}

// a b modulo X^lanes - c: the sum over j of a[j] times b moved up by j, what leaves at the top
// coming back at the bottom, times c.
template <class T, int... J>
inline void multiply_leaf(T* a, const T* b_data, Complex<T> c,
                          std::integer_sequence<int, J...> all) {
  const Complex<T> b = load_pair(b_data), wrapped = c * b;
  Vector<T> re_re{}, im_im{}, re_im{}, im_re{};
  const auto add = [&](T re, T im, Complex<T> moved) {
    re_re += re * moved.re;
    im_im += im * moved.im;
    re_im += re * moved.im;
    im_re += im * moved.re;
  };
  (add(a[J], a[lanes<T> + J],
       {rotate<J, T>(wrapped.re, b.re, all), rotate<J, T>(wrapped.im, b.im, all)}),
   ...);
  store_pair<T>(a, {re_re - im_im, re_im + im_re});
}

// The leaves of all nodes of the last level, a radix of 4.
template <class T>
void multiply_fours(T* a, const T* b, const T* powers, int64_t nodes) {
  constexpr auto all = std::make_integer_sequence<int, lanes<T>>{};
  for (int64_t k = 0; k < nodes; ++k, powers += 6) {
    const Complex<T> c = broadcast_pair(powers), ic = times_i(c);
    const Complex<T> constants[4] = {c, T(-1) * c, ic, T(-1) * ic};
    for (int j = 0; j < 4; ++j, a += pair<T>, b += pair<T>)
      multiply_leaf<T>(a, b, constants[j], all);
  }
}

template <class T>
void multiply_leaves(T* a, const T* b, const Subtree<T>& tree) {
  constexpr auto all = std::make_integer_sequence<int, lanes<T>>{};
  if (tree.leaves != nullptr) {
    for (int64_t k = 0; k < tree.size; ++k, a += pair<T>, b += pair<T>)
      multiply_leaf<T>(a, b, broadcast_pair(tree.leaves + 2 * k), all);
    return;
  }
  int64_t node = tree.node;
  for (const TreeLevel<T>* level = tree.level; level + 1 != tree.levels_end; ++level)
    node *= level->radix;
  multiply_fours(a, b, tree.levels_end[-1].powers + 6 * node, tree.size / 4);
}

template <class T>
void multiply(T* data, const T* spectrum, const Subtree<T>& tree) {
  if (is_cached<T>(tree.size) || tree.level + 1 == tree.levels_end) {
    forward_levels<T>(data, tree, 1);
    multiply_leaves<T>(data, spectrum, tree);
    return backward_levels<T>(data, tree, 1);
  }
  const int64_t radix = tree.level->radix, count = tree.size / radix;
  pass_level<T, true>(data, *tree.level, tree.node, 1, count);
  for (int64_t j = 0; j < radix; ++j)
    multiply(data + j * count * pair<T>, spectrum + j * count * pair<T>, child(tree, j));
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
    lanes<T>, forward<T>, backward<T>, multiply<T>, from_parts<T>, to_parts<T>,
};

}  // namespace

const TransformKernels transform_kernels = {kernel<float>, kernel<double>};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
