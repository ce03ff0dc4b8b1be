// SPDX-License-Identifier: Apache-2.0
// Carries answers from any thread to the event loop of their connection. Lives as long as its loop or any
// Reply.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/fastcgi/message.hpp"
#include "adapters/fastcgi/slot.hpp"

namespace twinlock::fastcgi {

struct Delivery {
  Slot* slot = nullptr;
  bool dropped = false;  // the Reply was destroyed without an answer
  EncodedResponse answer = {};
};

class Inbox {
 public:
  // Allocates memory for `capacity` deliveries, one for each slot, so that put() never allocates.
  explicit Inbox(std::size_t capacity);
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;
  ~Inbox();

  int wake_fd() const { return wake_fd_; }  // readable after a put; -1: eventfd failed
  void wake();                              // from any thread
  void forget_wakes();                      // call before take
  void bind_to_this_thread() { owner_ = std::this_thread::get_id(); }

  void put(Delivery delivery);             // from any thread; dropped after close
  void take(std::vector<Delivery>& into);  // swaps; Requires: `into` is empty and has the capacity
  void close();

 private:
  const int wake_fd_;
  std::atomic<std::thread::id> owner_;  // the loop's thread: it takes before it sleeps, so it needs no wake
  std::mutex mutex_;
  bool closed_ = false;
  std::vector<Delivery> deliveries_;
};

// Delivers the answer of one Reply to the loop's inbox.
class SlotSink final : public Reply::Sink {
 public:
  SlotSink(std::shared_ptr<Inbox> inbox, Slot* slot) : inbox_(std::move(inbox)), slot_(slot) {}
  SlotSink(const SlotSink&) = delete;
  SlotSink& operator=(const SlotSink&) = delete;
  ~SlotSink() override;
  void deliver(EncodedResponse answer) override;

 private:
  std::shared_ptr<Inbox> inbox_;
  Slot* slot_;  // nullptr: delivered
};

}  // namespace twinlock::fastcgi
