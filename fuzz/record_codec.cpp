// SPDX-License-Identifier: Apache-2.0
// Claim: every decoded record re-encodes to the same bytes; every valid record, and no other, encodes, and
// decodes to itself (K14).
//
// Input: 294 bytes as a record's encoding. The same bytes are read a second time as choices that make a
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
  // 0, or a point up to `length` after `seen`; now and then `seen` itself, or one second more than that.
  Seconds until(Seconds seen, Seconds length) {
    const std::uint8_t kind = byte();
    const std::uint64_t far = time();
    if (kind < 64) return 0;
    if (kind == 254) return seen;
    return kind == 255 ? seen + length + 1 : seen + 1 + far % length;
  }
  // 0, or a moment; now and then one that no clock says.
  Seconds moment() {
    const std::uint8_t kind = byte();
    const std::uint64_t at = time();
    if (kind < 32) return 0;
    return kind == 255 ? at % clock_s_min : clock_s_min + at % (clock_s_limit - clock_s_min);
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
    t.failures[lane] = from.below(46);  // with a ticket's ten they are over the lock
    if (t.failures[lane] > free_failures_max || from.byte() == 0)
      t.wait_until[lane] = from.until(r.seen, backoff_s_max);
  }
  t.ticket_failures = from.below(11);
  t.budget_until = from.until(r.seen, budget_s_full);
  t.recovery_until = from.until(r.seen, recovery_budget_s_full);
  for (std::size_t i = links_count; i-- > 0;) {
    const bool last = i + 1 == links_count;
    const Seconds limit = last ? link_s_window : t.link_until[i + 1] - r.seen;
    if (last || t.link_until[i + 1] > r.seen) t.link_until[i] = from.until(r.seen, limit);
  }
}

void make_factor(Choices& from, Record& r) {
  make_throttle(from, r);
  r.last_step = from.time() % (step_limit + 2);  // one above the highest
  r.enrolled_at = from.moment();
  r.last_used_at = from.moment();
  r.recovery_drawn_at = from.moment();
  r.recovery_saved_at = from.byte() < 128 ? 0 : from.moment();
  r.secret_length = static_cast<std::uint8_t>(totp_key_bytes_min - 1 + from.below(51));  // 15 to 65
  r.ticket_codes = from.below(ticket_codes_max + 2);
  if (r.ticket_codes != 0) r.voucher_until = from.until(r.seen, ticket_s_max);
  for (std::size_t i = 0; i < r.secret_length && i < totp_key_bytes_max; ++i) r.secret.b[i] = from.byte();
}

Record make_record(const Encoded& bytes) {
  Choices from(bytes);
  Record r = new_record();
  r.state = static_cast<State>(from.below(5));
  r.policy = static_cast<Policy>(from.below(policies_count));
  r.host_word = static_cast<HostWord>(from.below(host_words_count));
  r.seen = from.moment();
  if (r.policy == Policy::required) r.policy_from = from.moment();
  const bool active = r.state == State::on || r.state == State::recovering;
  const bool enrolling = r.state == State::enrolling;
  if (enrolling && from.below(2) == 1) r.before = State::replacing;
  const bool replaces = r.state == State::replacing || r.before == State::replacing;
  if (active) make_factor(from, r);
  if (!active && from.below(2) == 1) r.throttle.begin_until = from.until(r.seen, begin_budget_s_full);
  if (enrolling) r.enrollment_failures = from.below(enrollment_failures_limit + 1);
  if (enrolling || r.state == State::recovering) r.deadline = from.until(r.seen, enrollment_s_max);
  if (replaces) r.voucher_until = from.until(r.seen, grant_s_max);
  from.fill(r.pending, enrolling);
  from.fill(r.enrollment_id, active || enrolling);
  from.fill(r.epoch, active || replaces);
  from.fill(r.recovery_hash, active && r.recovery_drawn_at != 0);
  from.fill(r.link_hash, r.state == State::recovering);
  from.fill(r.asker_hash, r.state == State::recovering);
  from.fill(r.voucher_hash, r.voucher_until != 0);
  return r;
}

bool same_throttle(const Throttle& a, const Throttle& b) {
  return a.ticket_failures == b.ticket_failures && a.budget_until == b.budget_until &&
         a.recovery_until == b.recovery_until && a.begin_until == b.begin_until &&
         std::memcmp(a.failures, b.failures, sizeof a.failures) == 0 &&
         std::memcmp(a.wait_until, b.wait_until, sizeof a.wait_until) == 0 &&
         std::memcmp(a.link_until, b.link_until, sizeof a.link_until) == 0;
}

bool same_fields(const Record& a, const Record& b) {
  return a.state == b.state && a.before == b.before && a.policy == b.policy && a.host_word == b.host_word &&
         a.enrollment_failures == b.enrollment_failures && a.ticket_codes == b.ticket_codes &&
         a.secret_length == b.secret_length && a.seen == b.seen && a.last_step == b.last_step &&
         a.deadline == b.deadline && a.voucher_until == b.voucher_until && a.policy_from == b.policy_from &&
         a.enrolled_at == b.enrolled_at && a.last_used_at == b.last_used_at &&
         a.recovery_drawn_at == b.recovery_drawn_at && a.recovery_saved_at == b.recovery_saved_at &&
         same_throttle(a.throttle, b.throttle) &&
         std::memcmp(a.secret.b, b.secret.b, totp_key_bytes_max) == 0 &&
         std::memcmp(a.pending.b, b.pending.b, secret_bytes) == 0 && same(a.enrollment_id, b.enrollment_id) &&
         same(a.epoch, b.epoch) && same(a.recovery_hash, b.recovery_hash) && same(a.link_hash, b.link_hash) &&
         same(a.asker_hash, b.asker_hash) && same(a.voucher_hash, b.voucher_hash);
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
