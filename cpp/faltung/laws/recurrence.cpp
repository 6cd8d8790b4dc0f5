#include "faltung/laws/recurrence.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <stdexcept>
#include <vector>

namespace faltung::laws {

namespace {

using Digit = std::uint64_t;
__extension__ typedef unsigned __int128 Wide;

// sum += factor * digits modulo 2^(64 size), size >= count.
void add_product(Digit factor, const Digit* digits, std::size_t count, Digit* sum,
                 std::size_t size) {
  Digit carry = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Wide here = static_cast<Wide>(factor) * digits[i] + sum[i] + carry;
    sum[i] = static_cast<Digit>(here);
    carry = static_cast<Digit>(here >> 64);
  }
  for (std::size_t i = count; carry && i < size; ++i) {
    sum[i] += carry;
    carry = sum[i] < carry;
  }
}

// sum -= factor * digits modulo 2^(64 size).
void subtract_product(Digit factor, const Digit* digits, std::size_t count, Digit* sum,
                      std::size_t size) {
  Digit borrow = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Wide product = static_cast<Wide>(factor) * digits[i] + borrow;
    const auto low = static_cast<Digit>(product);
    borrow = static_cast<Digit>(product >> 64) + (sum[i] < low);
    sum[i] -= low;
  }
  for (std::size_t i = count; borrow && i < size; ++i) {
    const bool below = sum[i] < borrow;
    sum[i] -= borrow;
    borrow = below;
  }
}

// The inverse of an odd number modulo 2^64: Newton's steps double the 5 digits that are right.
Digit inverse(Digit odd) {
  Digit result = 3 * odd ^ 2;
  for (int step = 0; step < 4; ++step) result *= 2 - odd * result;
  return result;
}

// number / divisor, which leaves no remainder, from the lowest digit up (Jebelean, J. Symbolic
// Computation 15, 1993). Tells whether there was none.
bool divide_exactly(Digit divisor, Digit* number, std::size_t size) {
  const int zeros = std::countr_zero(divisor);
  if (zeros) {
    if (number[0] & ((Digit{1} << zeros) - 1)) return false;
    for (std::size_t i = 0; i + 1 < size; ++i)
      number[i] = number[i] >> zeros | number[i + 1] << (64 - zeros);
    number[size - 1] >>= zeros;
  }
  const Digit odd = divisor >> zeros, factor = inverse(odd);
  Digit borrow = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const Digit here = number[i] - borrow;
    const Digit below = number[i] < borrow;
    number[i] = here * factor;
    borrow = static_cast<Digit>(static_cast<Wide>(number[i]) * odd >> 64) + below;
  }
  return borrow == 0;
}

}  // namespace

void run_recurrence(const Recurrence& recurrence, std::int64_t length, std::int64_t width,
                    Digit* rows) {
  const auto stride = static_cast<std::size_t>(width);
  const auto used = [&](const Digit* digits, std::size_t size) {
    while (size > 0 && digits[size - 1] == 0) --size;
    return size;
  };
  std::vector<std::size_t> sizes(static_cast<std::size_t>(length));
  sizes[0] = used(rows, stride);
  std::vector<Digit> sum(stride + 2);
  for (std::int64_t k = 1; k < length; ++k) {
    const auto row = static_cast<std::size_t>(k);
    // Two digits more than the largest source hold the sum, so computing modulo these is exact.
    std::size_t size = 0;
    for (const std::int64_t shift : recurrence.shifts)
      if (shift <= k) size = std::max(size, sizes[static_cast<std::size_t>(k - shift)]);
    size += 2;
    std::fill_n(sum.begin(), size, 0);
    for (std::size_t t = 0; t < recurrence.shifts.size(); ++t) {
      if (recurrence.shifts[t] > k) continue;
      const auto from = static_cast<std::size_t>(k - recurrence.shifts[t]);
      const std::int64_t factor = recurrence.constants[t] + recurrence.slopes[t] * k;
      const Digit* digits = rows + from * stride;
      if (factor > 0)
        add_product(static_cast<Digit>(factor), digits, sizes[from], sum.data(), size);
      else if (factor < 0)
        subtract_product(static_cast<Digit>(-factor), digits, sizes[from], sum.data(), size);
    }
    const bool exact = divide_exactly(static_cast<Digit>(recurrence.divisor * k), sum.data(), size);
    sizes[row] = used(sum.data(), size);
    if (!exact || sizes[row] > stride) throw std::domain_error("a division is not exact");
    std::copy_n(sum.begin(), sizes[row], rows + row * stride);
  }
}

}  // namespace faltung::laws
