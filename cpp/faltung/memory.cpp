#include "faltung/memory.hpp"

#include <cstdlib>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#elif defined(_WIN32)
#include <malloc.h>
#endif

namespace faltung {
namespace {

constexpr std::size_t line_bytes = 64;
constexpr std::size_t huge_page_bytes = std::size_t{1} << 21;

void* allocate(std::size_t alignment, std::size_t size) {
#if defined(_WIN32)
  return _aligned_malloc(size, alignment);
#else
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
#endif
}

}  // namespace

// Large buffers begin on a page of 2 MB and ask for such pages: a transform visits columns that
// lie far apart, and each small page of them would need an entry of its own in the page tables.
void* allocate_aligned(std::int64_t bytes) {
  const auto size = static_cast<std::size_t>(bytes);
  const bool huge = size >= 2 * huge_page_bytes;
  void* memory = allocate(huge ? huge_page_bytes : line_bytes, size);
  if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
  if (huge) madvise(memory, size, MADV_HUGEPAGE);
#endif
  return memory;
}

void free_aligned(void* memory) {
#if defined(_WIN32)
  _aligned_free(memory);
#else
  std::free(memory);
#endif
}

}  // namespace faltung
