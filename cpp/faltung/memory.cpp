#include "faltung/memory.hpp"

#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>

#if defined(__linux__)
#include <sys/mman.h>
#elif defined(_WIN32)
#include <malloc.h>
#endif

namespace faltung {
namespace {

constexpr std::size_t line_bytes = 64;
constexpr std::size_t huge_page_bytes = std::size_t{1} << 21;
// Below this the system's own allocator has memory at hand.
constexpr std::size_t kept_bytes = std::size_t{1} << 14;

void* allocate(std::size_t alignment, std::size_t size) {
#if defined(_WIN32)
  return _aligned_malloc(size, alignment);
#else
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
#endif
}

// Buffers that were freed, kept for the next call: the system fills every new page with
// zeros, which for a buffer that is used once takes as long as a pass of the transform.
class Reserve {
 public:
  // A kept buffer of at least `bytes` and at most twice as many, or null.
  void* take(std::size_t bytes) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock) return nullptr;
    for (Kept& slot : kept_) {
      if (slot.memory == nullptr || slot.bytes < bytes || slot.bytes > 2 * bytes) continue;
      total_ -= slot.bytes;
      return std::exchange(slot.memory, nullptr);
    }
    return nullptr;
  }

  // Whether the buffer is kept; if not, it is still the caller's.
  bool keep(void* memory, std::size_t bytes) {
    const std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock || total_ + bytes > most_bytes) return false;
    for (Kept& slot : kept_) {
      if (slot.memory != nullptr) continue;
      slot = {memory, bytes};
      total_ += bytes;
      return true;
    }
    return false;
  }

 private:
  struct Kept {
    void* memory = nullptr;
    std::size_t bytes = 0;
  };
  static constexpr std::size_t most_bytes = std::size_t{1} << 26;

  // Never waited for: a process that was forked off while another thread held it would hang.
  std::mutex mutex_;
  Kept kept_[16];
  std::size_t total_ = 0;
};

// Never destroyed: threads may still free buffers when the program ends.
Reserve& reserve() {
  static auto* const the_reserve = new Reserve;
  return *the_reserve;
}

void release(void* memory) {
#if defined(_WIN32)
  _aligned_free(memory);
#else
  std::free(memory);
#endif
}

bool is_huge(std::size_t size) { return size >= 2 * huge_page_bytes; }

}  // namespace

// Large buffers begin on a page of 2 MB and ask for such pages: a transform visits columns that
// lie far apart, and each small page of them would need an entry of its own in the page tables.
void* allocate_aligned(std::int64_t bytes) {
  const auto size = static_cast<std::size_t>(bytes);
  if (size >= kept_bytes)
    if (void* kept = reserve().take(size)) return kept;
  void* memory = allocate(is_huge(size) ? huge_page_bytes : line_bytes, size);
  if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
  if (is_huge(size)) madvise(memory, size, MADV_HUGEPAGE);
#endif
  return memory;
}

void free_aligned(void* memory, std::int64_t bytes) {
  const auto size = static_cast<std::size_t>(bytes);
  if (size < kept_bytes || !reserve().keep(memory, size)) release(memory);
}

}  // namespace faltung
