// Where answers from any thread reach their event loop. Outlives the loop as long as a Reply is about.
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
  bool dropped = false;  // nobody answered
  Answer answer = {};
};

class Inbox {
 public:
  // Takes the memory for `capacity` deliveries: as many as there are slots, so that putting never allocates.
  explicit Inbox(std::size_t capacity);
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;
  ~Inbox();

  int wake_fd() const { return wake_fd_; }  // readable when something was put; -1: none could be had
  void wake();                              // from any thread
  void forget_wakes();                      // before take
  void bind_to_this_thread() { owner_ = std::this_thread::get_id(); }

  void put(Delivery delivery);             // from any thread; after close it is thrown away
  void take(std::vector<Delivery>& into);  // swaps; Requires: `into` is empty and has the capacity
  void close();

 private:
  const int wake_fd_;
  std::atomic<std::thread::id> owner_;  // takes before it sleeps: needs no wake
  std::mutex mutex_;
  bool closed_ = false;
  std::vector<Delivery> deliveries_;
};

// The sink behind one Reply.
class SlotSink final : public Reply::Sink {
 public:
  SlotSink(std::shared_ptr<Inbox> inbox, Slot* slot) : inbox_(std::move(inbox)), slot_(slot) {}
  SlotSink(const SlotSink&) = delete;
  SlotSink& operator=(const SlotSink&) = delete;
  ~SlotSink() override;
  void deliver(Answer answer) override;

 private:
  std::shared_ptr<Inbox> inbox_;
  Slot* slot_;  // nullptr: delivered
};

}  // namespace twinlock::fastcgi
