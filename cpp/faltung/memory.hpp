// Working memory for kernels: aligned, not initialised.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace faltung {

void* allocate_aligned(std::int64_t bytes);  // throws std::bad_alloc
void free_aligned(void* memory, std::int64_t bytes);

// `count` numbers that begin at a multiple of 64 bytes.
template <class T>
class Buffer {
 public:
  explicit Buffer(std::int64_t count)
      : bytes_(count * static_cast<std::int64_t>(sizeof(T))),
        data_(static_cast<T*>(allocate_aligned(bytes_))) {}
  ~Buffer() { free_aligned(data_, bytes_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  T* data() { return data_; }
  const T* data() const { return data_; }

 private:
  std::int64_t bytes_;
  T* data_;
};

// A buffer within the object itself where `Bytes` are enough.
template <class T, std::int64_t Bytes>
class ShortBuffer {
 public:
  explicit ShortBuffer(std::int64_t count) {
    if (count > room) longer_.emplace(count);
  }
  ShortBuffer(const ShortBuffer&) = delete;
  ShortBuffer& operator=(const ShortBuffer&) = delete;

  T* data() { return longer_ ? longer_->data() : reinterpret_cast<T*>(own_); }
  const T* data() const { return longer_ ? longer_->data() : reinterpret_cast<const T*>(own_); }

 private:
  static constexpr std::int64_t room = Bytes / static_cast<std::int64_t>(sizeof(T));

  alignas(64) unsigned char own_[Bytes];
  std::optional<Buffer<T>> longer_;
};

// Buffers of one size that tasks borrow, as many as there are tasks at work.
template <class T>
class BufferPool {
 public:
  explicit BufferPool(std::int64_t count) : count_(count) {}

  // Calls task(data) with a buffer that no other task has.
  template <class Task>
  void with_buffer(const Task& task) {
    std::unique_ptr<Buffer<T>> buffer = take();
    task(buffer->data());
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(buffer));
  }

 private:
  std::unique_ptr<Buffer<T>> take() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        auto buffer = std::move(idle_.back());
        idle_.pop_back();
        return buffer;
      }
    }
    return std::make_unique<Buffer<T>>(count_);
  }

  std::int64_t count_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Buffer<T>>> idle_;
};

}  // namespace faltung
