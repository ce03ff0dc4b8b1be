// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/counters.hpp"

namespace twinlock::service {

void Counters::decided(const PreparedDecision& prepared) {
  if (prepared.clock_went_back) ++clock_went_back_;
  count_ticket(prepared);
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

void Counters::count_ticket(const PreparedDecision& prepared) {
  const bool accepted = prepared.decision.verdict == Verdict::accepted;
  if (prepared.kind == Kind::operator_unlock && accepted) ++tickets_issued_;
  if (prepared.decision.by_ticket) ++(accepted ? tickets_accepted_ : tickets_rejected_);
}

void Counters::failed(Failure failure) {
  ++failures_;
  if (failure == Failure::sealed) ++sealed_alarms_;
  if (failure == Failure::entropy) ++entropy_alarms_;
}

void Counters::committed(std::uint64_t changes) {
  ++batches_;
  commits_ += changes;
}

Metrics Counters::read() const {
  return {accepted_,       rejected_,       throttled_,        refused_,         failures_,
          conflicts_,      commits_,        batches_,          clock_went_back_, sealed_alarms_,
          entropy_alarms_, tickets_issued_, tickets_accepted_, tickets_rejected_};
}

}  // namespace twinlock::service
