// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/writer.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace twinlock::service {

Writer::Writer(Work work, std::size_t queue_max, std::size_t batch_max)
    : work_(std::move(work)), queue_max_(queue_max), batch_max_(std::max<std::size_t>(batch_max, 1)) {
  thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() {
  if (thread_.joinable()) finish();
}

void Writer::finish() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool Writer::push(Job&& job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queued_ >= queue_max_) return false;
    const auto account = job.operation.account;
    auto& line = waiting_[account];
    const bool in_batch = std::find(busy_.begin(), busy_.end(), account) != busy_.end();
    if (line.empty() && !in_batch) turns_.push_back(account);
    line.push_back(std::move(job));
    ++queued_;
  }
  changed_.notify_one();
  return true;
}

std::vector<JobLine> Writer::take() {
  std::vector<JobLine> lines;
  while (!turns_.empty() && lines.size() < batch_max_) {
    lines.push_back(std::move(waiting_.at(turns_.front())));
    waiting_.erase(turns_.front());
    busy_.push_back(std::move(turns_.front()));
    turns_.pop_front();
  }
  return lines;
}

void Writer::put_back(std::vector<JobLine>&& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    JobLine& left = lines[i];
    const auto came = waiting_.find(busy_[i]);
    if (came != waiting_.end()) {
      std::move(came->second.begin(), came->second.end(), std::back_inserter(left));
      waiting_.erase(came);
    }
    if (left.empty()) continue;
    waiting_.emplace(busy_[i], std::move(left));
    turns_.push_back(busy_[i]);
  }
  busy_.clear();
}

static std::size_t jobs_in(const std::vector<JobLine>& lines) {
  const auto add = [](std::size_t sum, const JobLine& line) { return sum + line.size(); };
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0}, add);
}

void Writer::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !turns_.empty(); });
    if (turns_.empty()) return;
    auto lines = take();
    const auto taken = jobs_in(lines);
    lock.unlock();
    work_(lines);
    lock.lock();
    queued_ -= taken - jobs_in(lines);
    put_back(std::move(lines));
  }
}

}  // namespace twinlock::service
