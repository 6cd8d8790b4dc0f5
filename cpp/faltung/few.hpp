// A list that is nearly always short. Calls of a microsecond make dozens of them, and each piece of
// memory from the heap would take a hundredth of the call.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <utility>
#include <vector>

namespace faltung {

// Up to N entries lie in the list itself; where there are more, all of them on the heap.
template <class T, std::size_t N>
class Few {
 public:
  Few() {}
  Few(std::initializer_list<T> entries) : Few(entries.begin(), entries.end()) {}
  template <class Iterator, class = typename std::iterator_traits<Iterator>::iterator_category>
  Few(Iterator first, Iterator last) {
    for (; first != last; ++first) push_back(*first);
  }
  Few(std::size_t count, const T& entry) {
    if (count > N)
      many_.assign(count, entry);
    else
      std::fill_n(own_.begin(), count, entry);
    size_ = count;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T* data() { return many_.empty() ? own_.data() : many_.data(); }
  const T* data() const { return many_.empty() ? own_.data() : many_.data(); }
  T* begin() { return data(); }
  const T* begin() const { return data(); }
  T* end() { return data() + size_; }
  const T* end() const { return data() + size_; }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }
  T& front() { return *begin(); }
  const T& front() const { return *begin(); }
  T& back() { return *(end() - 1); }
  const T& back() const { return *(end() - 1); }

  void push_back(T entry) {
    if (many_.empty() && size_ < N) {
      own_[size_++] = std::move(entry);
      return;
    }
    if (many_.empty()) many_.assign(own_.begin(), own_.end());
    many_.push_back(std::move(entry));
    ++size_;
  }
  void pop_back() {
    --size_;
    if (!many_.empty()) many_.pop_back();
  }

 private:
  std::size_t size_ = 0;
  std::array<T, N> own_;
  std::vector<T> many_;
};

}  // namespace faltung
