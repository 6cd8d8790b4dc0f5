#include "faltung/block_transform.hpp"

#include <algorithm>
#include <stdexcept>

#include "faltung/threads.hpp"

namespace faltung {
namespace {

using std::int64_t;

// Columns that take more than this are copied, a group of them at a time, into a buffer of
// `group_bytes` where they lie close together.
constexpr int64_t in_place_bytes = 1 << 20;
constexpr int64_t group_bytes = 1 << 19;

// Rows that are longer are cut in two, those below being at most so long.
constexpr int64_t row_bytes = 1 << 19;

// Vectors that are read or written at a time.
constexpr int64_t piece_vectors = 64;

constexpr size_t most_axes = 64;

}  // namespace

int64_t split_of_leaves(const std::vector<int64_t>& points, int64_t lanes, int64_t groups) {
  const int64_t lines = points.size() > 1 ? points[points.size() - 2] : 1;
  return lines * (points.back() / (2 * lanes)) % groups == 0 ? groups : 1;
}

template <class E>
BlockTransform<E>::BlockTransform(const std::vector<int64_t>& points,
                                  const TransformKernel<T>& kernel)
    : kernel_(kernel), pair_(2 * kernel.lanes), points_(1) {
  if (points.size() > most_axes) throw std::invalid_argument("a transform has at most 64 axes");
  for (const int64_t count : points) points_ *= count;
  points_ /= 2;
  line_vectors_ = points.back() / pair_;
  add_axes({points.begin(), points.end() - 1});
  trees_.push_back(faltung::tree_of<T>(line_vectors_, Ring::right_angle,
                                       split_of_leaves(points, kernel.lanes, kernel.groups)));
  divisor_ = static_cast<double>(points_ / kernel.lanes * trees_.back()->split() * planes);
  if (passes_.empty()) cut_line(line_vectors_);
  row_vectors_ = line_vectors_ / trees_.back()->nodes(cut_level_);
}

template <class E>
void BlockTransform<E>::add_axes(const std::vector<int64_t>& points) {
  int64_t width = points_ / kernel_.lanes;
  for (const int64_t count : points) {
    trees_.push_back(faltung::tree_of<T>(count, Ring::circular, 1));
    width /= count;
    passes_.push_back({trees_.back()->whole(), count, width});
  }
}

// The last level stays below the cut, where the leaves are multiplied.
template <class E>
void BlockTransform<E>::cut_line(int64_t vectors) {
  const Tree<T>& tree = *trees_.back();
  const auto bytes = [&] {
    return vectors / tree.nodes(cut_level_) * pair_ * static_cast<int64_t>(sizeof(T));
  };
  while (bytes() > row_bytes && cut_level_ + 1 < tree.depth()) ++cut_level_;
  const int64_t rows = tree.nodes(cut_level_);
  passes_.push_back({tree.above(cut_level_), rows, vectors / rows});
}

template <class E>
auto BlockTransform<E>::tree_of_row(int64_t row) const -> Subtree<T> {
  return trees_.back()->below(cut_level_, cut_level_ > 0 ? row : 0);
}

// --- columns --------------------------------------------------------------------------------

template <class E>
int64_t BlockTransform<E>::group_width(const Pass& pass) const {
  const int64_t column_bytes = pass.rows * pair_ * static_cast<int64_t>(sizeof(T));
  if (pass.rows == 1 || column_bytes * pass.width <= in_place_bytes) return pass.width;
  return std::clamp<int64_t>(group_bytes / column_bytes, 1, pass.width);
}

// Calls task(group, piece) for the columns [begin, end) of a pass; `piece` has room for the two
// halves of a piece. Columns that stay in place are cut among the threads alone.
template <class E>
template <class Task>
void BlockTransform<E>::for_groups(const Pass& pass, T* data, Columns columns, int threads,
                                   const Task& task) const {
  const bool in_place = group_width(pass) == pass.width;
  const int64_t all = columns.end - columns.begin;
  const int64_t width =
      in_place ? std::max<int64_t>((all + threads - 1) / threads, 1) : group_width(pass);
  const int64_t piece = planes * piece_vectors * pair_, plane = pass.rows * width * pair_;
  BufferPool<T> buffers(piece + (in_place ? 0 : planes * plane));
  parallel_for((all + width - 1) / width, threads, [&](int64_t i) {
    const int64_t begin = columns.begin + i * width, count = std::min(width, columns.end - begin);
    buffers.with_buffer([&](T* buffer) {
      task(in_place ? Group{begin, count, pass.width, plane_numbers(), data + begin * pair_}
                    : Group{begin, count, count, plane, buffer + piece},
           reinterpret_cast<E*>(buffer));
    });
  });
}

template <class E>
void BlockTransform<E>::copy(const Pass& pass, T* data, const Group& group, bool in) const {
  T* far = data + group.begin * pair_;
  if (group.data == far) return;
  const int64_t count = group.width * pair_;
  for (int64_t r = 0; r < pass.rows; ++r, far += pass.width * pair_) {
    T* near = group.data + r * count;
    in ? std::copy_n(far, count, near) : std::copy_n(near, count, far);
  }
}

template <class E>
void BlockTransform<E>::copy_planes(const Pass& pass, T* data, const Group& group, bool in) const {
  Group one = group;
  for (int64_t p = 0; p < planes; ++p, one.data += group.plane)
    copy(pass, data + p * plane_numbers(), one, in);
}

template <class E>
void BlockTransform<E>::columns(const Pass& pass, T* data, bool forward, int threads) const {
  const auto transform = forward ? kernel_.forward : kernel_.backward;
  if (threads == 1 && group_width(pass) == pass.width)
    return transform(data, pass.tree, pass.width, pass.width);
  for_groups(pass, data, {0, pass.width}, threads, [&](const Group& group, E*) {
    copy(pass, data, group, true);
    transform(group.data, pass.tree, group.width, group.pitch);
    copy(pass, data, group, false);
  });
}

// The columns of axis 0 on the positions [begin, end) of axis 1; all if that is the line. Taps may
// be longer than the block: those beyond reach no output.
template <class E>
auto BlockTransform<E>::columns_on(int64_t begin, int64_t end) const -> Columns {
  if (trees_.size() < 3) return {0, passes_.front().width};
  const int64_t rows = passes_[1].rows, width = passes_.front().width / rows;
  begin = std::clamp<int64_t>(begin, 0, rows);
  return {begin * width, std::clamp(end, begin, rows) * width};
}

// --- reading and writing --------------------------------------------------------------------

// Cuts row `first_row` of a group of axis 0 where a line ends. Calls task(row, position, vectors,
// data): the indices of the axes before the line and the position on it of the piece's first
// real part.
template <class E>
template <class Task>
void BlockTransform<E>::for_pieces(int64_t first_row, const Group& group, const Task& task) const {
  const size_t before = trees_.size() - 1;
  int64_t row[most_axes];
  T* data = group.data + first_row * group.pitch * pair_;
  const int64_t cut_rows = cut_level_ > 0 ? first_row * row_vectors_ : 0;
  int64_t line = group.begin / row_vectors_, on_line = group.begin % row_vectors_;
  row[0] = first_row;
  for (size_t d = before; d-- > 1; line /= passes_[d].rows) row[d] = line % passes_[d].rows;
  for (int64_t rest = group.width; rest > 0;) {
    const int64_t vectors = std::min({piece_vectors, rest, row_vectors_ - on_line});
    task(row, (cut_rows + on_line) * kernel_.lanes, vectors, data);
    data += vectors * pair_;
    rest -= vectors;
    on_line += vectors;
    if (on_line < row_vectors_) continue;
    on_line = 0;
    for (size_t d = before; d-- > 1 && ++row[d] == passes_[d].rows;) row[d] = 0;
  }
}

namespace {

// Two halves of lines to the planes of a block, and back.
template <class T>
void split(const TransformKernel<T>& kernel, const T* x, const T* y, T* data, int64_t,
           int64_t vectors, T factor) {
  kernel.from_parts(x, y, data, vectors, factor);
}

template <class T>
void split(const TransformKernel<T>& kernel, const std::complex<T>* x, const std::complex<T>* y,
           T* data, int64_t plane, int64_t vectors, T factor) {
  kernel.from_halves(reinterpret_cast<const T*>(x), reinterpret_cast<const T*>(y), data,
                     data + plane, vectors, factor);
}

template <class T>
void join(const TransformKernel<T>& kernel, const T* data, int64_t, T* x, T* y, int64_t vectors,
          T factor) {
  kernel.to_parts(data, x, y, vectors, factor);
}

template <class T>
void join(const TransformKernel<T>& kernel, const T* data, int64_t plane, std::complex<T>* x,
          std::complex<T>* y, int64_t vectors, T factor) {
  kernel.to_halves(data, data + plane, reinterpret_cast<T*>(x), reinterpret_cast<T*>(y), vectors,
                   factor);
}

}  // namespace

template <class E>
void BlockTransform<E>::load_row(const Window<E>& window, T factor, int64_t first_row,
                                 const Group& group, E* piece) const {
  const int64_t half = line_vectors_ * kernel_.lanes;
  for_pieces(first_row, group, [&](const int64_t* row, int64_t position, int64_t vectors, T* data) {
    const int64_t count = vectors * kernel_.lanes;
    if (window.is_zero(row)) {
      for (int64_t p = 0; p < planes; ++p)
        std::fill_n(data + p * group.plane, vectors * pair_, T{0});
      return;
    }
    const int64_t offset = window.offset_of(row);
    const E* x = window.read(offset, position, count, piece);
    const E* y = window.read(offset, position + half, count, piece + count);
    split(kernel_, x, y, data, group.plane, vectors, factor);
  });
}

template <class E>
void BlockTransform<E>::load(const Window<E>& window, T factor, T* data, int threads) const {
  const Pass& pass = passes_.front();
  const Columns read = columns_on(0, window.length(1));
  if (read.end < pass.width)
    parallel_for(planes * pass.rows, threads, [&](int64_t r) {
      std::fill(data + (r * pass.width + read.end) * pair_, data + (r + 1) * pass.width * pair_,
                T{0});
    });
  for_groups(pass, data, read, threads, [&](const Group& group, E* piece) {
    for (int64_t r = 0; r < pass.rows; ++r) load_row(window, factor, r, group, piece);
    for (int64_t p = 0; p < planes; ++p)
      kernel_.forward(group.data + p * group.plane, pass.tree, group.width, group.pitch);
    copy_planes(pass, data, group, false);
  });
}

namespace {

// Where the part of [from, from + count) on the line of a block goes that are outputs. It comes
// from a scratch buffer: what is copied is written in whole lines of the cache wherever it begins.
template <class E>
class Target {
 public:
  Target(const Outputs<E>& outputs, E* row, int64_t from, int64_t count)
      : outputs_(outputs), row_(row), span_(outputs.spans.back()), from_(from) {
    begin_ = std::clamp<int64_t>(span_.offset, from, from + count);
    end_ = std::clamp<int64_t>(span_.offset + span_.outputs, begin_, from + count);
    // The first one that is asked for.
    const int64_t step = outputs.steps.back(), first = span_.begin + begin_ - span_.offset;
    begin_ = std::min(end_, begin_ + (step - first % step) % step);
  }

  bool empty() const { return begin_ == end_; }

  void write(const E* scratch) const {
    const int64_t stride = outputs_.axes.back().output_stride;
    const int64_t step = outputs_.steps.back();
    E* to = row_ + (span_.begin + begin_ - span_.offset) / step * stride;
    if (stride == 1 && step == 1 && outputs_.second_factor == RealOf<E>{1}) {
      std::copy_n(scratch + (begin_ - from_), end_ - begin_, to);
      return;
    }
    for (int64_t p = begin_; p < end_; p += step, to += stride)
      *to = outputs_.second_factor * scratch[p - from_];
  }

 private:
  const Outputs<E>& outputs_;
  E* row_;
  const Span& span_;
  int64_t from_, begin_, end_;
};

// The output of the line at `row`, null where the row is thrown away.
template <class E>
E* output_line(const Outputs<E>& outputs, const int64_t* row) {
  E* to = outputs.output;
  for (size_t d = 0; d + 1 < outputs.axes.size(); ++d) {
    const Span& span = outputs.spans[d];
    const int64_t i = row[d] - span.offset;
    if (i < 0 || i >= span.outputs || (span.begin + i) % outputs.steps[d] != 0) return nullptr;
    to += (span.begin + i) / outputs.steps[d] * outputs.axes[d].output_stride;
  }
  return to;
}

}  // namespace

template <class E>
void BlockTransform<E>::store_row(const Outputs<E>& outputs, int64_t first_row, const Group& group,
                                  E* piece) const {
  const int64_t half = line_vectors_ * kernel_.lanes;
  for_pieces(first_row, group,
             [&](const int64_t* row, int64_t position, int64_t vectors, const T* data) {
               E* to = output_line(outputs, row);
               if (to == nullptr) return;
               const int64_t count = vectors * kernel_.lanes;
               const Target<E> x(outputs, to, position, count);
               const Target<E> y(outputs, to, position + half, count);
               if (x.empty() && y.empty()) return;
               join(kernel_, data, group.plane, piece, piece + count, vectors, outputs.factor);
               x.write(piece);
               y.write(piece + count);
             });
}

template <class E>
void BlockTransform<E>::store(T* data, const Outputs<E>& outputs, int threads) const {
  const Pass& pass = passes_.front();
  const Span& on_axis_1 = outputs.spans[std::min<size_t>(1, outputs.spans.size() - 1)];
  const Columns written = columns_on(on_axis_1.offset, on_axis_1.offset + on_axis_1.outputs);
  for_groups(pass, data, written, threads, [&](const Group& group, E* piece) {
    copy_planes(pass, data, group, true);
    for (int64_t p = 0; p < planes; ++p)
      kernel_.backward(group.data + p * group.plane, pass.tree, group.width, group.pitch);
    for (int64_t r = 0; r < pass.rows; ++r) store_row(outputs, r, group, piece);
  });
}

// --- the whole ------------------------------------------------------------------------------

// Calls task(row, threads) for the rows of pass i, as many at a time as have leaves together: many
// side by side, or few one after the other, each by all threads.
template <class E>
template <class Task>
void BlockTransform<E>::for_rows(size_t i, int threads, const Task& task) const {
  const int64_t together = i + 1 == passes_.size() ? trees_.back()->lines() : 1;
  const int64_t tasks = passes_[i].rows / together;
  const bool side_by_side = tasks >= 4 * threads;
  parallel_for(tasks, side_by_side ? threads : 1,
               [&](int64_t t) { task(t * together, side_by_side ? 1 : threads); });
}

// The axes from pass `i` on, of the part of the data below row `row` of the pass before.
template <class E>
void BlockTransform<E>::transform_below(T* data, size_t i, int64_t row, int threads) const {
  if (i == passes_.size())
    return kernel_.to_spectrum(data, tree_of_row(row), trees_.back()->lines());
  const Pass& pass = passes_[i];
  if (i > 0) columns(pass, data, true, threads);
  for_rows(i, threads, [&](int64_t r, int inner) {
    transform_below(data + r * pass.width * pair_, i + 1, r, inner);
  });
}

template <class E>
void BlockTransform<E>::convolve_below(T* data, const T* spectrum, size_t i, int64_t row,
                                       int threads) const {
  if (i == passes_.size())
    return kernel_.multiply(data, spectrum, tree_of_row(row), trees_.back()->lines());
  const Pass& pass = passes_[i];
  if (i > 0) columns(pass, data, true, threads);
  for_rows(i, threads, [&](int64_t r, int inner) {
    const int64_t at = r * pass.width * pair_;
    convolve_below(data + at, spectrum + at, i + 1, r, inner);
  });
  if (i > 0) columns(pass, data, false, threads);
}

template <class E>
void BlockTransform<E>::transform(const Window<E>& window, T factor, T* spectrum,
                                  int threads) const {
  load(window, factor, spectrum, threads);
  for (int64_t p = 0; p < planes; ++p)
    transform_below(spectrum + p * plane_numbers(), 0, 0, threads);
}

template <class E>
void BlockTransform<E>::convolve(const Window<E>& window, T factor, const T* spectrum, T* data,
                                 const Outputs<E>& outputs, int threads) const {
  // 1. Read, and transform the first axis.
  load(window, factor, data, threads);
  // 2. Row by row: transform the other axes, multiply, transform back.
  for (int64_t p = 0; p < planes; ++p)
    convolve_below(data + p * plane_numbers(), spectrum + p * plane_numbers(), 0, 0, threads);
  // 3. Transform the first axis back; write.
  store(data, outputs, threads);
}

template class BlockTransform<float>;
template class BlockTransform<double>;
template class BlockTransform<std::complex<float>>;
template class BlockTransform<std::complex<double>>;

}  // namespace faltung
