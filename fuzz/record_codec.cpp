// SPDX-License-Identifier: Apache-2.0
// Claim: every decoded record re-encodes to the same bytes; every valid record, and no other, encodes, and
// decodes to itself (K14).
//
// Input: 224 bytes as a record's encoding. The same bytes are read a second time as choices that make a
// record: each deadline lies at most a little beyond what is allowed, each token is there or not, so that
// most are valid and the others are nearly so.
#include <cstdint>
#include <cstring>

#include "fuzz/claim.hpp"
#include "kernel/bytes.hpp"
#include "kernel/codec.hpp"

namespace {

using namespace twinlock;
using fuzz::claim;

bool same_bytes(const Encoded& a, const Encoded& b) { return std::memcmp(a.b, b.b, record_bytes) == 0; }

// What bytes say of themselves: decoded, they are valid and canonical; refused, nothing comes out.
void claim_decoded(const Encoded& bytes) {
  Record record;
  Encoded again;
  if (!decode(bytes, record)) {
    claim(encode(record, again));
    Encoded fresh;
    claim(encode(new_record(), fresh) && same_bytes(again, fresh));
    return;
  }
  claim(valid(record));
  claim(encode(record, again));
  claim(same_bytes(again, bytes));
}

class Choices {
 public:
  explicit Choices(const Encoded& bytes) : bytes_(bytes) {}

  std::uint8_t byte() { return bytes_.b[at_++ % record_bytes]; }
  std::uint8_t below(unsigned limit) { return static_cast<std::uint8_t>(byte() % limit); }
  std::uint64_t time() {
    std::uint64_t value = 0;
    for (int i = 0; i < 6; ++i) value = value << 8U | byte();
    return value;
  }
  // 0, or a point up to `length` after `seen`; now and then one second more than that.
  Seconds until(Seconds seen, Seconds length) {
    const std::uint8_t kind = byte();
    const std::uint64_t far = time();
    if (kind < 64) return 0;
    return kind == 255 ? seen + length + 1 : seen + far % (length + 1);
  }
  template <typename T>
  void fill(T& to, bool there) {
    for (std::uint8_t& b : to.b) b = there ? byte() : 0;
    if (there && byte() != 0) to.b[0] = static_cast<std::uint8_t>(to.b[0] | 1U);
  }

 private:
  const Encoded& bytes_;
  std::size_t at_ = 1;
};

void make_throttle(Choices& from, Record& r) {
  Throttle& t = r.throttle;
  for (std::uint32_t lane = 0; lane < lanes_count; ++lane) {
    t.failures[lane] = from.below(52);  // two lanes with 51 each are over the lock
    t.wait_until[lane] = from.until(r.seen, backoff_s_max);
  }
  t.unlock_credit = from.below(unlock_credit_max + 1);
  t.budget_until = from.until(r.seen, budget_s_full);
  t.recovery_until = from.until(r.seen, recovery_budget_s_full);
  for (std::size_t i = links_count; i-- > 0;) {
    const bool last = i + 1 == links_count;
    t.link_until[i] = last ? from.until(r.seen, link_s_window) : from.time() % (t.link_until[i + 1] + 1);
  }
}

Record make_record(const Encoded& bytes) {
  Choices from(bytes);
  Record r = new_record();
  r.state = static_cast<State>(from.below(5));
  r.policy = static_cast<Policy>(from.below(policies_count));
  r.seen = from.time() % clock_s_limit;
  const bool active = r.state == State::on || r.state == State::recovering;
  const bool enrolling = r.state == State::enrolling;
  if (enrolling && from.below(2) == 1) r.before = State::replacing;
  const bool replaces = r.state == State::replacing || r.before == State::replacing;
  if (active) {
    make_throttle(from, r);
    r.last_step = from.time() % (step_limit + 2);  // one above the highest
    r.enrolled_at = from.time() % clock_s_limit;
    r.last_used_at = from.time() % clock_s_limit;
  }
  if (enrolling) r.enrollment_failures = from.below(enrollment_failures_limit + 1);
  if (enrolling || r.state == State::recovering) r.deadline = from.until(r.seen, enrollment_s_max);
  if (replaces) r.grant_until = from.until(r.seen, grant_s_max);
  from.fill(r.secret, active);
  from.fill(r.pending, enrolling);
  from.fill(r.enrollment_id, active || enrolling);
  from.fill(r.epoch, active || replaces);
  from.fill(r.recovery_hash, active);
  from.fill(r.link_hash, r.state == State::recovering);
  from.fill(r.asker_hash, r.state == State::recovering);
  from.fill(r.grant_hash, r.grant_until != 0);
  return r;
}

bool same_fields(const Record& a, const Record& b) {
  return a.state == b.state && a.before == b.before && a.policy == b.policy &&
         a.enrollment_failures == b.enrollment_failures && a.seen == b.seen && a.last_step == b.last_step &&
         a.deadline == b.deadline && a.grant_until == b.grant_until && a.enrolled_at == b.enrolled_at &&
         a.last_used_at == b.last_used_at && a.throttle.unlock_credit == b.throttle.unlock_credit &&
         a.throttle.budget_until == b.throttle.budget_until &&
         a.throttle.recovery_until == b.throttle.recovery_until &&
         std::memcmp(a.throttle.failures, b.throttle.failures, sizeof a.throttle.failures) == 0 &&
         std::memcmp(a.throttle.wait_until, b.throttle.wait_until, sizeof a.throttle.wait_until) == 0 &&
         std::memcmp(a.throttle.link_until, b.throttle.link_until, sizeof a.throttle.link_until) == 0 &&
         std::memcmp(a.secret.b, b.secret.b, secret_bytes) == 0 &&
         std::memcmp(a.pending.b, b.pending.b, secret_bytes) == 0 && same(a.enrollment_id, b.enrollment_id) &&
         same(a.epoch, b.epoch) && same(a.recovery_hash, b.recovery_hash) && same(a.link_hash, b.link_hash) &&
         same(a.asker_hash, b.asker_hash) && same(a.grant_hash, b.grant_hash);
}

void claim_encoded(const Record& record) {
  Encoded bytes;
  claim(encode(record, bytes) == valid(record));
  if (!valid(record)) {
    claim(zero_bytes(bytes.b, record_bytes) == 1U);
    return;
  }
  Record back;
  claim(decode(bytes, back));
  claim(same_fields(back, record));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Encoded bytes{};
  std::memcpy(bytes.b, data, size < record_bytes ? size : record_bytes);
  claim_decoded(bytes);
  claim_encoded(make_record(bytes));
  return 0;
}
