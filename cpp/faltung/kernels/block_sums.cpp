// A tap serves every output of the block: output k needs the window at k - a. Taps that are a
// vector apart read the same vectors of the window, so each load serves several taps:
//
//              window:   s = -1    0     1     2
//   tap r           →          o0    o1    o2         output vector t of tap number j of the
//   tap r + lanes   →    o0    o1    o2               group needs the window's vector s = t - j
//
#include "faltung/kernels/block_sums.hpp"

#include "faltung/simd.hpp"

namespace faltung::FALTUNG_INSTRUCTION_SET {
namespace {

using std::int64_t;

inline constexpr int n = lanes<double>;
inline constexpr int tile = vector_registers == 32 ? 8 : 4;    // vectors of outputs
inline constexpr int shared = vector_registers == 32 ? 8 : 4;  // taps that share loads
static_assert(sum_block % (tile * n) == 0 && sum_block % (shared * n) == 0 && n % 2 == 0);

// `in` is where the first output reads for the first of the taps.
FALTUNG_INLINED void add_taps(Vector<double> (&sum)[tile], const double* taps, const double* in) {
  Vector<double> weight[shared];
#pragma GCC unroll 8
  for (int j = 0; j < shared; ++j) {
    weight[j] = broadcast(taps[j * n]);
    keep<double>(weight[j]);
  }
#pragma GCC unroll 16
  for (int s = 1 - shared; s < tile; ++s) {
    Vector<double> x = load(in + s * n);
    keep<double>(x);
#pragma GCC unroll 8
    for (int t = 0; t < tile; ++t)
      if (t - s >= 0 && t - s < shared) sum[t] = plus_product<double>(sum[t], weight[t - s], x);
  }
}

// Without rounding: what `high` + x loses goes to `low` (Knuth's two-sum).
FALTUNG_INLINED void add_exactly(Vector<double>& high, Vector<double>& low, Vector<double> x,
                                 Vector<double> more) {
  const Vector<double> sum = high + x, part = sum - high;
  low += ((high - (sum - part)) + (x - part)) + more;
  high = sum;
}

// Even and odd taps are summed apart: half as many roundings one after the other, and twice as
// many sums that do not wait for each other.
void add(const BlockProduct& product) {
  double taps[sum_block];
  for (int64_t a = 0; a < sum_block; a += n)
    store(taps + a, broadcast(product.scale) * load(product.taps + a));
  for (int64_t first = 0; first < sum_block; first += tile * n) {
    Vector<double> even[tile] = {}, odd[tile] = {};
    for (int64_t a = 0; a < sum_block; a += shared * n) {
      const double* const in = product.window + sum_block + first - a;
      for (int r = 0; r < n; r += 2) {
        add_taps(even, taps + a + r, in - r);
        add_taps(odd, taps + a + r + 1, in - r - 1);
      }
    }
#pragma GCC unroll 8
    for (int t = 0; t < tile; ++t) {
      double* const to_high = product.high + first + t * n;
      double* const to_low = product.low + first + t * n;
      Vector<double> high = load(to_high), low = load(to_low);
      add_exactly(high, low, even[t] + odd[t], Vector<double>{});
      store(to_high, high);
      store(to_low, low);
    }
  }
}

#if defined(__AVX512F__)
inline Vector<double> product_error(Vector<double> a, Vector<double> b, Vector<double> product) {
  return (Vector<double>)_mm512_fmsub_pd((__m512d)a, (__m512d)b, (__m512d)product);
}
#elif defined(__FMA__)
inline Vector<double> product_error(Vector<double> a, Vector<double> b, Vector<double> product) {
  return (Vector<double>)_mm256_fmsub_pd((__m256d)a, (__m256d)b, (__m256d)product);
}
#elif defined(__aarch64__)
inline Vector<double> product_error(Vector<double> a, Vector<double> b, Vector<double> product) {
  Vector<double> error;
  for (int i = 0; i < n; ++i) error[i] = __builtin_fma(a[i], b[i], -product[i]);
  return error;
}
#else
// Dekker 1971: halves of 26 bits, whose products are exact.
inline Vector<double> upper_half(Vector<double> a) {
  const Vector<double> large = 134217729.0 * a;
  return large - (large - a);
}
inline Vector<double> product_error(Vector<double> a, Vector<double> b, Vector<double> product) {
  const Vector<double> a_high = upper_half(a), b_high = upper_half(b);
  const Vector<double> a_low = a - a_high, b_low = b - b_high;
  return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
}
#endif

inline constexpr int precise_tile = vector_registers == 32 ? 4 : 2;

// The product of Ogita, Rump & Oishi 2005 ("Dot2"), with the low parts of both factors. `keep`
// stops the compiler from fusing the product with the sum, which would no longer be exact.
void add_precisely(const BlockProduct& product) {
  for (int64_t first = 0; first < sum_block; first += precise_tile * n) {
    Vector<double> high[precise_tile], low[precise_tile];
    for (int t = 0; t < precise_tile; ++t) {
      high[t] = load(product.high + first + t * n);
      low[t] = load(product.low + first + t * n);
    }
    for (int64_t a = 0; a < sum_block; ++a) {
      if (product.taps[a] == 0) continue;
      const Vector<double> tap = broadcast(product.scale * product.taps[a]);
      const Vector<double> tap_low = broadcast(product.scale * product.taps_low[a]);
      const int64_t at = sum_block + first - a;
#pragma GCC unroll 4
      for (int t = 0; t < precise_tile; ++t) {
        const Vector<double> x = load(product.window + at + t * n);
        const Vector<double> x_low = load(product.window_low + at + t * n);
        Vector<double> main = tap * x;
        keep<double>(main);
        Vector<double> error = product_error(tap, x, main);
        error = error + tap_low * x;
        error = error + tap * x_low;
        add_exactly(high[t], low[t], main, error);
      }
    }
    for (int t = 0; t < precise_tile; ++t) {
      store(product.high + first + t * n, high[t]);
      store(product.low + first + t * n, low[t]);
    }
  }
}

}  // namespace

const BlockSumKernels block_sum_kernels = {add, add_precisely};

}  // namespace faltung::FALTUNG_INSTRUCTION_SET
