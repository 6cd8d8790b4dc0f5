// What the layers share: memory that vectors can be loaded from, and the right factor of a product
// in the order in which the kernel reads it.
#pragma once

#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "faltung/kernels/products.hpp"

namespace faltung {

// Numbers at the start of a cache line, not initialised: a vector load that crosses two lines
// costs twice. Empty buffers hold no memory.
template <class T>
class LayerBuffer {
 public:
  explicit LayerBuffer(std::int64_t size = 0)
      : data_(size > 0 ? static_cast<T*>(
                             ::operator new(sizeof(T) * static_cast<std::size_t>(size), alignment))
                       : nullptr) {}
  T* data() const { return data_.get(); }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Free {
    void operator()(T* memory) const { ::operator delete(memory, alignment); }
  };
  std::unique_ptr<T, Free> data_;
};

template <class T>
const ProductKernel<T>& product_kernel();  // of the instruction set in use

inline std::int64_t round_up(std::int64_t n, std::int64_t unit) {
  return (n + unit - 1) / unit * unit;
}

// The tables of a product whose left factor has regular strides.
std::vector<std::int64_t> regular_offsets(std::int64_t count, std::int64_t stride);

// Entry (k, j) of the right factor lies at data[step_offsets[k] + j * column_stride].
template <class T>
struct RightFactor {
  const T* data;
  const std::int64_t* step_offsets;
  std::int64_t steps;
  std::int64_t columns;
  std::int64_t column_stride;
};

// Copies the right factor into panels; columns are filled up to whole vectors with zeros. `panels`
// has room for steps * round_up(columns, lanes) numbers.
template <class T>
void pack(const ProductKernel<T>& kernel, const RightFactor<T>& right, T* panels, int threads);

}  // namespace faltung
