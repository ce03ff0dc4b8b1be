// SPDX-License-Identifier: Apache-2.0
// Counts what the service does, for the metrics page. Any thread may call it.
#pragma once

#include <atomic>
#include <cstdint>

#include "adapters/service/prepare.hpp"

namespace twinlock::service {

class Counters {
 public:
  void decided(const PreparedDecision& prepared);  // once its answer may leave
  void failed(Failure failure);
  void conflict() { ++conflicts_; }
  void committed(std::uint64_t changes);  // one batch
  Metrics read() const;

 private:
  using Counter = std::atomic<std::uint64_t>;
  void count_ticket(const PreparedDecision& prepared);

  Counter accepted_{0}, rejected_{0}, throttled_{0}, refused_{0}, failures_{0};
  Counter conflicts_{0}, commits_{0}, batches_{0}, clock_went_back_{0}, sealed_alarms_{0}, entropy_alarms_{0};
  Counter tickets_issued_{0}, tickets_accepted_{0}, tickets_rejected_{0};
};

}  // namespace twinlock::service
