// Clenshaw's recurrence b_k = c_k + 2 x b_(k+1) - b_(k+2): each step waits for the one before, so
// several vectors of points go through it side by side.
#include "faltung/kernels/series.hpp"

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

constexpr int together = 4;
static_assert(series_points % (together * lanes<double>) == 0);

void sum_of_block(const double* coefficients, int64_t length, double* x) {
  Vector<double> twice[together], newer[together] = {}, older[together] = {};
  for (int j = 0; j < together; ++j) {
    const Vector<double> point = load(x + j * lanes<double>);
    twice[j] = point + point;
  }
  for (int64_t k = length - 1; k > 0; --k) {
    const Vector<double> coefficient = broadcast(coefficients[k]);
    for (int j = 0; j < together; ++j) {
      const Vector<double> newest = twice[j] * newer[j] + (coefficient - older[j]);
      older[j] = newer[j];
      newer[j] = newest;
    }
  }
  for (int j = 0; j < together; ++j) {
    const Vector<double> point = load(x + j * lanes<double>);
    store(x + j * lanes<double>, point * newer[j] + (broadcast(coefficients[0]) - older[j]));
  }
}

void sum(const double* coefficients, int64_t length, double* x, int64_t count) {
  for (int64_t i = 0; i < count; i += together * lanes<double>)
    sum_of_block(coefficients, length, x + i);
}

}  // namespace

const SeriesKernels series_kernels = {sum};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
