#include "faltung/functions/convolve_at.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>
#include <vector>

#include "faltung/functions/log_panel.hpp"
#include "faltung/threads.hpp"

namespace faltung::functions {

namespace {

constexpr double unit = 0x1p-53;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Panels that one point may take.
constexpr int most_panels = 20'000;

// What is left out may come to this part of the magnitude.
constexpr double negligible = 0x1p-58;

// Below this an integral counts as zero.
constexpr double least = 0x1p-980;

// Points that one task does.
constexpr std::int64_t points_of_task = 16;

// A sum of doubles that is rounded at the end alone, if no more than 106 bits are in play: by
// D. E. Knuth's exact addition, "The Art of Computer Programming" 2, section 4.2.2.
class Sum {
 public:
  Sum& add(double x) {
    const double total = high_ + x;
    const double back = total - high_;
    low_ += (high_ - (total - back)) + (x - back);
    high_ = total;
    return *this;
  }
  double value() const { return high_ + low_; }

 private:
  double high_ = 0, low_ = 0;
};

// t less two ends of pieces. The anchors come first: what is left of them and of the two parts of
// the place is often nothing at all, and the small distances are then added exactly.
double beyond(const Place& t, const Piece& f, double end_f, const Piece& g, double end_g) {
  return Sum()
      .add(t.first)
      .add(-f.anchor)
      .add(t.second)
      .add(-g.anchor)
      .add(t.offset)
      .add(-end_f)
      .add(-end_g)
      .value();
}

// The values of s at which both pieces are there, f on [a, b] and g on [c, d]:
//
//      a --- gap --- low ======== high --- gap --- b          f(s)
//            t - d - low ======== high --- gap ------- t - c  g(t - s)
struct Meeting {
  double f_low, f_high, g_low, g_high;  // the gaps; one on either side is zero
  double length;
};

Meeting meeting_of(const Place& t, const Piece& f, const Piece& g) {
  const double left = beyond(t, f, f.low(), g, g.high());   // (t - d) - a
  const double right = beyond(t, f, f.high(), g, g.low());  // (t - c) - b
  Meeting meeting = {std::max(left, 0.0), std::max(-right, 0.0), std::max(-left, 0.0),
                     std::max(right, 0.0), 0};
  if (right > 0)
    meeting.length = left > 0 ? -beyond(t, f, f.high(), g, g.high()) : f.far - f.near;
  else
    meeting.length = left > 0 ? g.far - g.near : beyond(t, f, f.low(), g, g.low());
  return meeting;
}

// The piece along x from one end of the meeting: growing if that end is nearer to its anchor.
Strand strand_of(const Piece& piece, bool growing, double gap_here, double gap_there,
                 double length) {
  const double beyond = growing ? gap_here : gap_there + length;
  return {&piece, piece.near + beyond, growing ? 1.0 : -1.0, beyond};
}

Overlap from_low(const Meeting& at, const Piece& f, const Piece& g, double length) {
  return {strand_of(f, f.side > 0, at.f_low, at.f_high, at.length),
          strand_of(g, g.side < 0, at.g_low, at.g_high, at.length), length};
}

Overlap from_high(const Meeting& at, const Piece& f, const Piece& g, double length) {
  return {strand_of(f, f.side < 0, at.f_high, at.f_low, at.length),
          strand_of(g, g.side > 0, at.g_high, at.g_low, at.length), length};
}

// Where to cut a panel that no rule can do: a quarter of the way from a singularity at its
// beginning.
double cut_of(const Overlap& overlap, Panel panel, const Strand* near) {
  if (near) return log_middle(*near, panel);
  bool begins = false;
  for (const Strand& strand : {overlap.f, overlap.g})
    begins |= strand.piece->is_singular() && !(strand.distance(panel.begin) > 0);
  return panel.begin + (panel.end - panel.begin) / (begins ? 4 : 2);
}

struct Task {
  double bound;
  int overlap;
  Panel panel;

  bool operator<(const Task& other) const { return bound < other.bound; }
};

class Point {
 public:
  // The overlaps at t, those of singular pieces in two halves, each from its own end.
  void add_overlaps(Pieces f, Pieces g, const Place& t) {
    const double about = t.first + t.second + t.offset;
    for (const Piece& piece : f) {
      const double low = piece.anchor + piece.low(), high = piece.anchor + piece.high();
      const double slack = 8 * unit * (std::abs(about) + std::abs(low) + std::abs(high));
      const auto first = std::partition_point(g.begin(), g.end(), [&](const Piece& other) {
        return other.anchor + other.high() < (about - high) - slack;
      });
      for (auto other = first;
           other != g.end() && other->anchor + other->low() <= (about - low) + slack; ++other)
        add_meeting(meeting_of(t, piece, *other), piece, *other);
    }
  }

  Integral integral() {
    int done = 0;
    while (!tasks_.empty() && tasks_.top().bound * static_cast<double>(tasks_.size()) >
                                  negligible * std::max(total_.magnitude, least)) {
      const Task task = tasks_.top();
      tasks_.pop();
      // Where the product has no integral, no cut makes the bound finite.
      if (!(task.bound < infinity)) return {infinity, infinity, infinity, infinity};
      if (++done > most_panels) return {nan, infinity, infinity, infinity};
      const Overlap& overlap = overlaps_[task.overlap];
      const Strand* near = strand_near_singularity(overlap, task.panel);
      const double tolerance = unit / 8 * total_.magnitude;
      double error = 0;
      const int count = near ? log_nodes_needed(overlap, *near, task.panel, tolerance, error)
                             : nodes_needed(overlap, task.panel, tolerance, error);
      if (count > 0) {
        total_ += near ? log_integral_of(overlap, *near, task.panel, count)
                       : integral_of(overlap, task.panel, count);
        total_.bound += error;
      } else {
        const double cut = cut_of(overlap, task.panel, near);
        push(task.overlap, {task.panel.begin, cut});
        push(task.overlap, {cut, task.panel.end});
      }
    }
    for (; !tasks_.empty(); tasks_.pop()) total_.bound += tasks_.top().bound;
    total_.bound = 1.01 * total_.bound + done * unit * total_.magnitude;
    return total_;
  }

 private:
  void add_meeting(const Meeting& at, const Piece& f, const Piece& g) {
    if (!(at.length > 0)) return;
    if (!f.is_singular() && !g.is_singular()) {
      add(from_low(at, f, g, at.length));
    } else {
      add(from_low(at, f, g, at.length / 2));
      add(from_high(at, f, g, at.length / 2));
    }
  }

  void add(const Overlap& overlap) {
    overlaps_.push_back(overlap);
    push(static_cast<int>(overlaps_.size()) - 1, {0, overlap.length});
  }

  void push(int overlap, Panel panel) {
    const double bound = integral_bound(overlaps_[overlap], panel);
    if (bound > 0) tasks_.push({bound, overlap, panel});
  }

  std::vector<Overlap> overlaps_;
  std::priority_queue<Task> tasks_;
  Integral total_;
};

}  // namespace

void convolve_at(Pieces f, Pieces g, std::span<const Place> places, Integral* results,
                 int threads) {
  const auto count = static_cast<std::int64_t>(places.size());
  const std::int64_t tasks = (count + points_of_task - 1) / points_of_task;
  parallel_for(tasks, threads, [&](std::int64_t task) {
    const std::int64_t stop = std::min(count, (task + 1) * points_of_task);
    for (std::int64_t i = task * points_of_task; i < stop; ++i) {
      Point point;
      point.add_overlaps(f, g, places[i]);
      results[i] = point.integral();
    }
  });
}

}  // namespace faltung::functions
