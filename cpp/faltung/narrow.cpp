// The proofs, and the taps in the type of the sums. All partial sums of whole numbers are whole and
// at most max |input| sum |taps| in magnitude, so every operation is exact where the type holds all
// whole numbers up to there.
#include "faltung/narrow.hpp"

#include <algorithm>
#include <cmath>

#include "faltung/narrow_blocks.hpp"

namespace faltung {
namespace {

using std::int64_t;

// Positions of `strides` that differ: an axis of stride zero has one.
struct Sets {
  std::vector<int64_t> sizes, strides, own;
  int64_t count = 1;
  int64_t taps = 1;

  explicit Sets(const NarrowCorrelation& problem) : own(problem.batch.size(), 0) {
    for (size_t b = problem.batch.size(); b-- > 0;) {
      const BatchAxis& axis = problem.batch[b];
      if (axis.taps_stride == 0) continue;
      own[b] = count;
      count *= axis.size;
      sizes.push_back(axis.size);
      strides.push_back(axis.taps_stride);
    }
    for (const SlidingAxis& axis : problem.sliding) taps *= axis.taps;
  }

  // Where set s begins.
  int64_t offset(int64_t s) const {
    int64_t offset = 0;
    for (size_t d = 0; d < sizes.size(); ++d) {
      offset += s % sizes[d] * strides[d];
      s /= sizes[d];
    }
    return offset;
  }
};

template <class T>
TapSets<T> widened_taps(const NarrowCorrelation& problem, const void* taps, NumberType type,
                        const Conversions<T>& conversions) {
  const Sets sets(problem);
  TapSets<T> found{std::vector<T>(static_cast<size_t>(sets.count * sets.taps)), sets.own,
                   sets.taps};
  for (int64_t s = 0; s < sets.count; ++s)
    conversions.widen[static_cast<int>(type)](
        static_cast<const char*>(taps) + sets.offset(s) * bytes_of(type), sets.taps,
        found.numbers.data() + s * sets.taps);
  return found;
}

template <class T>
TapSets<T> tap_sets(const NarrowCorrelation& problem, const T* taps) {
  const Sets sets(problem);
  TapSets<T> found{{}, sets.own, sets.taps};
  for (int64_t s = 0; s < sets.count; ++s)
    found.numbers.insert(found.numbers.end(), taps + sets.offset(s),
                         taps + sets.offset(s) + sets.taps);
  return found;
}

// Walks over the input in runs of numbers that lie next to each other, in any order.
class InputBound {
 public:
  explicit InputBound(const NarrowCorrelation& problem)
      : bytes_(bytes_of(problem.input_type)),
        first_(static_cast<const char*>(problem.input)),
        bound_(FALTUNG_KERNELS_IN_USE(narrow_kernels).bound[static_cast<int>(problem.input_type)]) {
    for (const BatchAxis& axis : problem.batch) add_axis(axis.size, axis.input_stride);
    for (const SlidingAxis& axis : problem.sliding) add_axis(axis.input_size, axis.input_stride);
    std::sort(axes_.begin(), axes_.end(),
              [](const Axis& a, const Axis& b) { return a.stride < b.stride; });
    while (!axes_.empty() && axes_.front().stride == run_) {
      run_ *= axes_.front().size;
      axes_.erase(axes_.begin());
    }
  }

  // At least every magnitude, less than twice the largest and 2 more.
  std::uint64_t find() const { return of_axes(axes_.size(), first_); }

 private:
  struct Axis {
    int64_t size, stride;
  };

  void add_axis(int64_t size, int64_t stride) {
    if (size == 1 || stride == 0) return;
    if (stride < 0) first_ += (size - 1) * stride * bytes_;
    axes_.push_back({size, std::abs(stride)});
  }

  std::uint64_t of_axes(size_t count, const char* from) const {
    if (count == 0) return bound_(from, run_);
    const Axis& axis = axes_[count - 1];
    std::uint64_t most = 0;
    for (int64_t i = 0; i < axis.size; ++i)
      most = std::max(most, of_axes(count - 1, from + i * axis.stride * bytes_));
    return most;
  }

  int64_t bytes_;
  const char* first_;
  std::uint64_t (*bound_)(const void*, int64_t);
  std::vector<Axis> axes_;
  int64_t run_ = 1;
};

// The sum over one set, the largest of all sets.
WholeBounds taps_bounds(const TapSets<double>& sets) {
  WholeBounds found{0, 0, 0};
  for (auto tap = sets.numbers.begin(); tap != sets.numbers.end();) {
    double sum = 0;
    for (int64_t k = 0; k < sets.taps; ++k, ++tap) {
      sum += std::abs(*tap);
      found.tap = std::max(found.tap, std::abs(*tap));
    }
    found.taps = std::max(found.taps, sum);
  }
  return found;
}

}  // namespace

double magnitude_bound(const NarrowCorrelation& problem) {
  double most = 0;
  if (problem.input_type == NumberType::int8 || problem.input_type == NumberType::uint8)
    most = problem.input_type == NumberType::int8 ? 128 : 255;
  else
    most = static_cast<double>(InputBound(problem).find());
  return std::max(most, std::abs(problem.fill_value));
}

WholeBounds whole_bounds(const NarrowCorrelation& problem, const void* taps, NumberType taps_type) {
  const auto& conversions = FALTUNG_KERNELS_IN_USE(narrow_kernels).of_double;
  WholeBounds bounds = taps_bounds(widened_taps(problem, taps, taps_type, conversions));
  bounds.input = magnitude_bound(problem);
  return bounds;
}

WholeSums whole_sums(const NarrowCorrelation& problem, const WholeBounds& bounds) {
  if (!is_narrow(problem)) return WholeSums::unproved;
  const double largest = bounds.input;
  // Where a tap or a magnitude was rounded it is so large that nothing is proved; the others, and
  // sums below 2^53, are exact, and one part in 2^40 is room for the product's rounding.
  const double most = std::max({largest * bounds.taps * (1 + 0x1p-40), largest, bounds.taps});
  if (most < 0x1p24) return WholeSums::in_float;
  if (most < 0x1p31 && largest < 0x1p15 && bounds.tap < 0x1p15) return WholeSums::in_pairs;
  return most < 0x1p53 ? WholeSums::in_double : WholeSums::unproved;
}

void correlate_whole(const NarrowCorrelation& problem, const void* taps, NumberType taps_type,
                     WholeSums sums, int threads) {
  const NarrowKernels& kernels = FALTUNG_KERNELS_IN_USE(narrow_kernels);
  if (sums == WholeSums::in_float)
    correlate_in_blocks(problem, widened_taps(problem, taps, taps_type, kernels.of_float), threads);
  else if (sums == WholeSums::in_pairs)
    correlate_in_blocks(problem, widened_taps(problem, taps, taps_type, kernels.of_pairs), threads);
  else
    correlate_in_blocks(problem, widened_taps(problem, taps, taps_type, kernels.of_double),
                        threads);
}

void correlate_rounded(const NarrowCorrelation& problem, const float* taps, int threads) {
  correlate_in_blocks(problem, tap_sets(problem, taps), threads);
}
void correlate_rounded(const NarrowCorrelation& problem, const double* taps, int threads) {
  correlate_in_blocks(problem, tap_sets(problem, taps), threads);
}

}  // namespace faltung
