// SPDX-License-Identifier: Apache-2.0
// Runs the writer thread and its queue. Operations of an account are handled in the order in which they came,
// and a batch holds each account once.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/service/service.hpp"

namespace twinlock::service {

struct Job {
  Operation operation;
  Done done;
  unsigned conflicts = 0;  // commits of it that ended in a conflict
};

// One account's jobs, oldest first, while the writer works on them. Jobs that are left go back in front of
// those that came in the meantime.
using JobLine = std::deque<Job>;

class Writer {
 public:
  // `work` settles at least one job of every line; called on the writer's thread.
  using Work = std::function<void(std::vector<JobLine>&)>;

  Writer(Work work, std::size_t queue_max, std::size_t batch_max);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer();  // finishes

  bool push(Job&& job);  // false: full or finishing, and the job was not taken
  void finish();         // settles what is queued, then joins; once, by one thread

 private:
  void loop();
  std::vector<JobLine> take();                  // requires the lock
  void put_back(std::vector<JobLine>&& lines);  // requires the lock

  const Work work_;
  const std::size_t queue_max_;
  const std::size_t batch_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Account, JobLine> waiting_;
  std::deque<Account> turns_;  // accounts that have jobs waiting and none in the batch, oldest first
  std::vector<Account> busy_;  // accounts in the batch, in its order
  std::size_t queued_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace twinlock::service
