// exp(x) = 2^k exp(r) with k the nearest whole number to x / log 2, so that |r| <= 0.347. Taylor's
// series of degree 13 leaves out less than 5e-18 of exp(r).
#include "faltung/kernels/exponential.hpp"

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;
using std::uint64_t;

static_assert(exponential_points % lanes<double> == 0);

// log 2 as a sum of two numbers; the first has 32 bits, so that its multiples are exact.
constexpr double log2_high = 0x1.62e42feep-1, log2_low = 0x1.a39ef35793c76p-33;
constexpr double per_log2 = 0x1.71547652b82fep0;

// Added to a number below 2^50, it leaves the nearest whole number in the lowest bits.
constexpr double whole = 0x1.8p52;

// 1 / k!, from k = 13 down to 2.
constexpr double inverse_factorials[] = {
    1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
    1.0 / 5040,       1.0 / 720,       1.0 / 120,      1.0 / 24,      1.0 / 6,      1.0 / 2};

Vector<double> exponential(Vector<double> x) {
  const Vector<double> shifted = x * broadcast(per_log2) + broadcast(whole);
  const Vector<double> k = shifted - broadcast(whole);
  const Vector<double> r = (x - k * broadcast(log2_high)) - k * broadcast(log2_low);
  Vector<double> sum = broadcast(inverse_factorials[0]);
  for (int i = 1; i < 12; ++i) sum = sum * r + broadcast(inverse_factorials[i]);
  sum = broadcast(1.0) + (r + r * r * sum);
  // The lowest bits of `shifted` are k: they go to where the exponent is, negative ones modulo
  // 2^64.
  return (Vector<double>)((Vector<uint64_t>)sum + ((Vector<uint64_t>)shifted << 52));
}

void exponentials(double* x, int64_t count) {
  for (int64_t i = 0; i < count; i += lanes<double>) store(x + i, exponential(load(x + i)));
}

}  // namespace

const ExponentialKernels exponential_kernels = {exponentials};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
