// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/counters.hpp"

namespace twinlock::service {

void Counters::decided(const PreparedDecision& prepared) {
  if (prepared.clock_went_back) ++clock_went_back_;
  switch (prepared.decision.verdict) {
    case Verdict::accepted:
      ++accepted_;
      break;
    case Verdict::rejected:
      ++rejected_;
      break;
    case Verdict::locked:
    case Verdict::waiting:
      ++throttled_;
      break;
    default:
      ++refused_;
      break;
  }
}

void Counters::failed(Failure failure) {
  ++failures_;
  if (failure == Failure::sealed) ++sealed_alarms_;
}

void Counters::committed(std::uint64_t changes) {
  ++batches_;
  commits_ += changes;
}

Metrics Counters::read() const {
  return {accepted_,  rejected_, throttled_, refused_,         failures_,
          conflicts_, commits_,  batches_,   clock_went_back_, sealed_alarms_};
}

}  // namespace twinlock::service
