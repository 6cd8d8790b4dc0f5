// Roots of unity, right to the last bit or very nearly so, the same on every machine.
#pragma once

#include <cstdint>
#include <vector>

namespace faltung {

// e^(2 pi i p / order) for every p: the product of an entry of a coarse and one of a fine table,
// both in twice the working precision. A value differs from the exact one by at most
// 0.5 u (1 + 2^-40), u the unit round-off.
class Roots {
 public:
  // order >= 4, a multiple of 4 and below 2^50.
  explicit Roots(std::int64_t order);

  // Writes the real and the imaginary part of root p, 0 <= p < order.
  void write(std::int64_t p, double* to) const;
  void write(std::int64_t p, float* to) const;

 private:
  // A number as the unevaluated sum of two doubles.
  struct Double2 {
    double high, low;
  };
  struct Root {
    Double2 cosine, sine;
  };

  static Root exact(std::int64_t p, std::int64_t order);

  std::int64_t fine_count_;
  std::vector<Root> fine_, coarse_;
};

}  // namespace faltung
