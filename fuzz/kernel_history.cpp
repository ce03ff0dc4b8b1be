// SPDX-License-Identifier: Apache-2.0
// Claim: through any history of events a record stays valid (K9); while its secret stays, every accepted step
// is above the one before and the last step never falls (K2); per secret, evaluated failures stay within 100
// + T/25,920 s + 5 per ticket issued, T being the movement of the last-seen time (K6); a refusal changes
// nothing but the throttle, the ticket's count, the count of wrong confirmations and the last-seen time, what
// had expired aside (K8); and a clock that is at most 30 s behind did not go back (K10).
//
// Input: history.hpp.
#include "fuzz/claim.hpp"
#include "fuzz/history.hpp"
#include "kernel/bytes.hpp"
#include "kernel/table.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;
using fuzz::Happening;

// What one secret has seen: nothing here is taken from the record's throttle.
struct Ledger {
  TotpKey secret{};
  Step last_step = 0;     // the highest accepted
  Seconds forward_s = 0;  // forward movement of the clock, as the record saw it
  std::uint64_t failures = 0;
  std::uint64_t tickets = 0;
};

bool same_secret(const TotpKey& a, const TotpKey& b) {
  return same_bytes(a.b, b.b, totp_key_bytes_max) == 1U;
}

bool same_records(const Record& a, const Record& b) {
  Encoded x, y;
  return encode(a, x) && encode(b, y) && same_bytes(x.b, y.b, record_bytes) == 1U;
}

// K8. `before` is the record with what had expired by now gone and, after a jump back, its deadlines moved
// along.
void claim_unchanged(const Happening& h) {
  Record before = advance(h.before, h.outcome.decided_at);
  const Record& after = h.outcome.record;
  if (before.state == State::enrolling && after.state != State::enrolling) {
    claim(before.enrollment_failures + 1U == enrollment_failures_limit);  // the tenth wrong code cancels
    end_enrollment(before);
  }
  if (h.outcome.by_ticket) {
    before.ticket_codes = static_cast<std::uint8_t>(before.ticket_codes - 1U);
    if (before.ticket_codes == 0) end_voucher(before);
  }
  before.enrollment_failures = after.enrollment_failures;
  before.throttle = after.throttle;
  claim(same_records(before, after));
}

void keep_account(const Happening& h, Ledger& ledger) {
  const Outcome& o = h.outcome;
  const bool by_code =
      static_cast<std::uint32_t>(h.event.kind) < kinds_count && need(h.event.kind, State::on) == Need::code;
  if (by_code && o.verdict == Verdict::accepted) {
    claim(o.step > ledger.last_step);
    ledger.last_step = o.step;
  }
  if (!same_secret(o.record.secret, ledger.secret)) {
    ledger = Ledger{};
    ledger.secret = o.record.secret;
    ledger.last_step = o.record.last_step;
  } else if (o.record.seen > h.before.seen) {
    ledger.forward_s += o.record.seen - h.before.seen;
  }
  if (absent(ledger.secret)) return;
  claim(o.record.last_step >= ledger.last_step);
  ledger.last_step = o.record.last_step;
  if (by_code && o.verdict == Verdict::rejected) ++ledger.failures;
  if (o.verdict == Verdict::accepted && h.event.kind == Kind::operator_unlock) ++ledger.tickets;
  claim(ledger.failures <= 100 + ledger.forward_s / budget_s_unit + ledger.tickets * ticket_codes_max);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Ledger ledger;
  fuzz::play(data, size, 600, [&ledger](const Happening& h) {
    const Outcome& o = h.outcome;
    claim(valid(o.record));
    const bool repeated = h.event.kind == Kind::begin_enrollment && h.before.state == State::enrolling;
    if (!o.write) claim((o.verdict != Verdict::accepted || repeated) && same_records(o.record, h.before));
    if (o.clock_went_back) claim(h.clock.now + clock_skew_s_max < h.before.seen);
    if (o.write && o.verdict != Verdict::accepted) claim_unchanged(h);
    if (o.write) keep_account(h, ledger);
  });
  return 0;
}
