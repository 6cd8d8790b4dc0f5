// What one core of this machine can do at most: fused multiply-adds and copied bytes per second.
#include <chrono>
#include <cstdint>
#include <cstring>

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

#if defined(__AVX512F__)
constexpr int vector_bytes = 64;
#elif defined(__AVX2__)
constexpr int vector_bytes = 32;
#else
constexpr int vector_bytes = 16;
#endif

// Ten chains of additions, more than two multipliers of latency four can keep busy.
template <class T>
double multiply_adds_per_second() {
  using Vector [[gnu::vector_size(vector_bytes)]] = T;
  constexpr int chains = 10, steps = 20000;
  double fastest = 0;
  for (int round = 0; round < 200; ++round) {
    Vector sum[chains] = {}, x = Vector{} + T(1.0001), y = Vector{} + T(0.9999);
    const auto start = Clock::now();
    for (int step = 0; step < steps; ++step) {
#pragma GCC unroll 10
      for (int i = 0; i < chains; ++i) {
        sum[i] += x * y;
        asm volatile("" : "+v"(sum[i]));
      }
    }
    const double rate = double(chains) * steps * (vector_bytes / sizeof(T)) / seconds_since(start);
    fastest = rate > fastest ? rate : fastest;
  }
  return fastest;
}

}  // namespace

extern "C" double float_peak() { return multiply_adds_per_second<float>(); }
extern "C" double double_peak() { return multiply_adds_per_second<double>(); }

// Bytes read and bytes written per second, both counted.
extern "C" double copy_rate(const char* from, char* to, std::int64_t bytes) {
  double fastest = 0;
  for (int round = 0; round < 10; ++round) {
    const auto start = Clock::now();
    std::memcpy(to, from, static_cast<std::size_t>(bytes));
    const double rate = 2.0 * static_cast<double>(bytes) / seconds_since(start);
    fastest = rate > fastest ? rate : fastest;
  }
  return fastest;
}
