#include "faltung/functions/finder.hpp"

#include <algorithm>
#include <cmath>

namespace faltung::functions {

using std::int64_t;

namespace {

// Buckets for each entry: most are empty, so that hardly any point has to be compared.
constexpr int64_t buckets_per_entry = 8;

}  // namespace

Finder::Finder(std::vector<double> rising) : entries_(std::move(rising)) {
  const auto count = static_cast<int64_t>(entries_.size());
  const int64_t buckets = std::max<int64_t>(buckets_per_entry * count, 1);
  if (count > 1) scale_ = static_cast<double>(buckets) / (entries_.back() - entries_.front());
  if (!std::isfinite(scale_)) scale_ = 0;
  starts_.resize(static_cast<std::size_t>(buckets + 1));
  for (const double entry : entries_) ++starts_[static_cast<std::size_t>(bucket(entry) + 1)];
  for (std::size_t b = 1; b < starts_.size(); ++b) starts_[b] += starts_[b - 1];
}

int64_t Finder::bucket(double x) const {
  const auto buckets = static_cast<int64_t>(starts_.size()) - 1;
  const double place = entries_.empty() ? 0 : (x - entries_.front()) * scale_;
  if (!(place > 0)) return 0;
  return place < static_cast<double>(buckets) ? static_cast<int64_t>(place) : buckets - 1;
}

int64_t Finder::count_up_to(double x) const {
  const auto b = static_cast<std::size_t>(bucket(x));
  const auto begin = entries_.begin();
  return std::isnan(x) ? 0
                       : std::upper_bound(begin + starts_[b], begin + starts_[b + 1], x) - begin;
}

}  // namespace faltung::functions
