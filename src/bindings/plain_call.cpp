#include "plain_call.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace reading {
namespace {

// The lengths of the kernel on the axes of `a`: one where it does not slide.
struct KernelAxes {
  std::array<std::int64_t, most_axes> sizes{}, strides{};

  KernelAxes(const Numbers& a, const Numbers& v, const Options& options) {
    for (int d = 0, own = 0; d < a.rank(); ++d) {
      const bool slides = options.slides(d);
      const auto i = static_cast<std::size_t>(d);
      sizes[i] = slides ? v.size(own) : 1;
      strides[i] = slides ? v.stride(own++) : 0;
    }
  }
};

// One operand at least as long as the other on every axis, as `valid` asks for.
bool one_holds_the_other(const Numbers& a, const KernelAxes& v, const Options& options) {
  bool longer = true, shorter = true;
  for (int d = 0; d < a.rank(); ++d) {
    if (!options.slides(d)) continue;
    longer = longer && a.size(d) >= v.sizes[static_cast<std::size_t>(d)];
    shorter = shorter && a.size(d) <= v.sizes[static_cast<std::size_t>(d)];
  }
  return longer || shorter;
}

bool slides_on_all(const Numbers& a, const Options& options) {
  return options.axes == 0 || options.axes_count == a.rank();
}

bool ranks_fit(const Numbers& a, const Numbers& v, const Options& options) {
  if (options.axes == 0) return a.rank() == v.rank();
  return options.axes_count == v.rank();
}

// Of whole numbers those that 63 bits hold.
bool fits(const Numbers& x) { return x.kind() != Kind::whole_unsigned || x.bytes_of_number() < 8; }

// Floats or complex numbers of one type; whole numbers; pictures with weights.
bool go_together(const Numbers& a, const Numbers& v, const Options& options) {
  const Kind first = a.kind(), second = v.kind();
  const bool floats = first == Kind::float32 || first == Kind::float64;
  if (options.constant && (!floats || std::isinf(static_cast<float>(options.fill_value))))
    return false;
  if (is_whole(first) && is_whole(second)) return fits(a) && fits(v);
  if (options.narrow == nullptr) return first == second;
  return is_whole(first) && a.bytes_of_number() <= 2 &&
         (second == Kind::float32 || second == Kind::float64);
}

// The order of layout.py: axes of one number first, the contiguous one last.
bool comes_before(const PlainAxis& a, const PlainAxis& b) {
  const auto key = [](const PlainAxis& x) {
    return x.input_size > 1 ? std::abs(x.input_stride) : 0;
  };
  if ((a.input_size > 1) != (b.input_size > 1)) return b.input_size > 1;
  return key(a) > key(b);
}

// By insertion: equal axes keep their places, and std::stable_sort would ask for memory.
void put_in_order(PlainAxis* axes, int count) {
  for (int i = 1; i < count; ++i)
    for (int j = i; j > 0 && comes_before(axes[j], axes[j - 1]); --j)
      std::swap(axes[j], axes[j - 1]);
}

}  // namespace

bool changes_places(const Numbers& a, const Numbers& v, const Options& options) {
  return v.count() > a.count() && options.nothing_outside();
}

bool is_plain(const Numbers& a, const Numbers& v, const Options& options) {
  if (!ranks_fit(a, v, options) || !go_together(a, v, options)) return false;
  if (!slides_on_all(a, options)) {
    // Over the other axes the operands would be broadcast if they changed places.
    std::int64_t slid = 1;
    for (int d = 0; d < a.rank(); ++d) slid *= options.slides(d) ? a.size(d) : 1;
    if (v.count() > slid) return false;
  }
  const bool swapped = changes_places(a, v, options);
  if (swapped && options.narrow != nullptr && !is_whole(v.kind())) return false;
  return options.mode != Mode::valid || one_holds_the_other(a, {a, v, options}, options);
}

PlainCall::PlainCall(const Numbers& a, const Numbers& v, const Options& options)
    : input(changes_places(a, v, options) ? v : a),
      taps(changes_places(a, v, options) ? a : v),
      options(options),
      axes_{},
      products_(static_cast<double>(taps.count())) {
  const KernelAxes kernel(a, v, options);
  const bool swapped = &input == &v;
  for (int d = 0; d < rank(); ++d) {
    const auto i = static_cast<std::size_t>(d);
    const Range range = options.slides(d) ? range_of(options.mode, a.size(d), kernel.sizes[i])
                                          : Range{0, a.size(d)};
    products_ *= static_cast<double>(range.size);
    const auto boundary = options.slides(d) ? options.boundary : faltung::Boundary::fill;
    axes_[i] = swapped
                   ? PlainAxis{d,           kernel.sizes[i], kernel.strides[i], a.size(d),
                               a.stride(d), range,           boundary}
                   : PlainAxis{d,     a.size(d), a.stride(d), kernel.sizes[i], kernel.strides[i],
                               range, boundary};
  }
  put_in_order(axes_.data(), rank());
}

bool PlainCall::is_in_order() const {
  for (int i = 0; i < rank(); ++i)
    if (axis(i).number != i) return false;
  return true;
}

}  // namespace reading
