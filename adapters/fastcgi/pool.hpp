// SPDX-License-Identifier: Apache-2.0
// Lends a fixed number of objects, all made at start, to any thread. Lends the one that was given back last,
// so that memory which was never needed is never touched.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace twinlock::fastcgi {

template <typename T>
class Pool {
 public:
  // make(): a std::unique_ptr<T>, called `count` times.
  template <typename Make>
  Pool(std::size_t count, Make make) {
    all_.reserve(count);
    free_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) all_.push_back(make());
    for (std::size_t i = count; i > 0; --i) free_.push_back(all_[i - 1].get());
  }

  T* take() {  // nullptr: all are lent
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return nullptr;
    T* const object = free_.back();
    free_.pop_back();
    return object;
  }

  void give_back(T* object) {
    const std::lock_guard lock(mutex_);
    free_.push_back(object);
  }

  bool empty() const {
    const std::lock_guard lock(mutex_);
    return free_.empty();
  }

  std::size_t lent() const {
    const std::lock_guard lock(mutex_);
    return all_.size() - free_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<T>> all_;
  std::vector<T*> free_;
};

}  // namespace twinlock::fastcgi
