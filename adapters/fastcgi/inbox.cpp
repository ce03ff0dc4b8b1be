// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/inbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace twinlock::fastcgi {

Inbox::Inbox(std::size_t capacity) : wake_fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  deliveries_.reserve(capacity);
}

Inbox::~Inbox() {
  if (wake_fd_ >= 0) ::close(wake_fd_);
}

void Inbox::wake() {
  const std::uint64_t one = 1;
  // A write fails only when the counter is full, and then the loop is woken anyway.
  [[maybe_unused]] const ssize_t ignored = write(wake_fd_, &one, sizeof one);
}

void Inbox::forget_wakes() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t ignored = read(wake_fd_, &count, sizeof count);
}

void Inbox::put(Delivery delivery) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    first = deliveries_.empty();
    deliveries_.push_back(std::move(delivery));
  }
  if (first && owner_.load() != std::this_thread::get_id()) wake();
}

void Inbox::take(std::vector<Delivery>& into) {
  const std::lock_guard lock(mutex_);
  deliveries_.swap(into);
}

void Inbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  deliveries_.clear();
}

SlotSink::~SlotSink() {
  if (slot_ != nullptr) inbox_->put({.slot = slot_, .dropped = true, .answer = {}});
}

void SlotSink::deliver(EncodedResponse answer) {
  if (Slot* const slot = std::exchange(slot_, nullptr))
    inbox_->put({.slot = slot, .dropped = false, .answer = std::move(answer)});
}

}  // namespace twinlock::fastcgi
