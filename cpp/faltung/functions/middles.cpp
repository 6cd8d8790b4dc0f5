#include "faltung/functions/middles.hpp"

#include <algorithm>
#include <vector>

#include "faltung/kernels/series.hpp"
#include "faltung/threads.hpp"

namespace faltung::functions {

namespace {

using std::int64_t;

constexpr int64_t pairs_of_task = 16;

}  // namespace

void integrate_middles(const MiddlePairs& pairs, const MiddleRule& rule, double* values,
                       int threads) {
  const auto& kernels = FALTUNG_KERNELS_IN_USE(series_kernels);
  const int64_t places = rule.node_count * rule.point_count;
  parallel_for((pairs.count + pairs_of_task - 1) / pairs_of_task, threads, [&](int64_t task) {
    std::vector<double> x((places + series_points - 1) / series_points * series_points);
    const int64_t end = std::min((task + 1) * pairs_of_task, pairs.count);
    for (int64_t r = task * pairs_of_task; r < end; ++r) {
      const double ratio = pairs.ratios[r];
      double* to = x.data();
      for (int64_t y = 0; y < rule.node_count; ++y)
        for (int64_t z = 0; z < rule.point_count; ++z)
          *to++ = std::clamp((1 - ratio) * rule.nodes[y] - ratio * rule.points[z], -1.0, 1.0);
      const double* const row = pairs.long_series.row(pairs.long_rows[r]);
      kernels.sum(row, used_length(row, pairs.long_series.length), x.data(), places);
      const double* const weighted = pairs.weighted + pairs.short_rows[r] * rule.point_count;
      for (int64_t y = 0; y < rule.node_count; ++y) {
        double sum = 0;
        for (int64_t z = 0; z < rule.point_count; ++z)
          sum += x[y * rule.point_count + z] * weighted[z];
        values[r * rule.node_count + y] = sum;
      }
    }
  });
}

}  // namespace faltung::functions
