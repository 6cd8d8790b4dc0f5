#include "faltung/functions/runs.hpp"

#include <algorithm>
#include <vector>

#include "faltung/kernels/series.hpp"
#include "faltung/threads.hpp"

namespace faltung::functions {

namespace {

using std::int64_t;

// Each task looks at all runs, so there are not more of them than this, nor smaller ones.
constexpr int64_t most_tasks = 256;
constexpr int64_t least_intervals = 16;

// The nodes of an interval in the variable of the run it belongs to: both differences are rounded
// relatively.
void place(const RunSums& sums, int64_t interval, int64_t start, int64_t stop, double* x) {
  const double low = sums.breaks[interval], high = sums.breaks[interval + 1];
  const double first = sums.breaks[start], last = sums.breaks[stop];
  const double centre = ((low - first) - (last - high)) / (last - first);
  const double ratio = (high - low) / (last - first);
  for (int64_t j = 0; j < sums.points; ++j)
    x[j] = std::clamp(centre + ratio * sums.nodes[j], -1.0, 1.0);
}

class Task {
 public:
  Task(const Runs& runs, const RunSums& sums)
      : runs_(runs),
        sums_(sums),
        x_((sums.points + series_points - 1) / series_points * series_points) {}

  // Adds run r where it meets the intervals [begin, end).
  void add(int64_t r, int64_t begin, int64_t end) {
    const int64_t start = runs_.start[r], stop = runs_.stop[r];
    const double* const row = runs_.series.row(r);
    if (stop - start == 1 && begin <= start && start < end) {
      double* const to = sums_.coefficients + start * sums_.stride;
      for (int64_t k = 0; k < runs_.series.length; ++k) to[k] += row[k];
    } else if (stop - start > 1 && start < end && stop > begin) {
      const int64_t length = used_length(row, runs_.series.length);
      for (int64_t t = std::max(start, begin); t < std::min(stop, end); ++t)
        add_values(t, start, stop, row, length);
    }
  }

 private:
  void add_values(int64_t interval, int64_t start, int64_t stop, const double* row,
                  int64_t length) {
    place(sums_, interval, start, stop, x_.data());
    kernels_.sum(row, length, x_.data(), sums_.points);
    double* const to = sums_.values + interval * sums_.points;
    for (int64_t j = 0; j < sums_.points; ++j) to[j] += x_[j];
  }

  const Runs& runs_;
  const RunSums& sums_;
  const SeriesKernels& kernels_ = FALTUNG_KERNELS_IN_USE(series_kernels);
  std::vector<double> x_;
};

}  // namespace

void add_runs(const Runs& runs, const RunSums& sums, int threads) {
  const int64_t step = std::max(least_intervals, sums.intervals / most_tasks + 1);
  parallel_for((sums.intervals + step - 1) / step, threads, [&](int64_t i) {
    Task task(runs, sums);
    for (int64_t r = 0; r < runs.series.count; ++r)
      task.add(r, i * step, std::min((i + 1) * step, sums.intervals));
  });
}

void add_numbers(const NumberedRuns& runs, const double* numbers, int64_t width, double* sums) {
  for (int64_t r = 0; r < runs.count; ++r)
    for (int64_t t = runs.start[r]; t < runs.stop[r]; ++t)
      for (int64_t k = 0; k < width; ++k) sums[t * width + k] += numbers[r * width + k];
}

}  // namespace faltung::functions
