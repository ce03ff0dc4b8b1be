// SPDX-License-Identifier: Apache-2.0
// Between the kernel's structs and the specification's, and the comparison of what both answer.
#pragma once

// A time or a step above 2^62 is out of bounds whatever it is, so it is read as 2^62.
static std::int64_t number(std::uint64_t n) {
  if (n >= 1ULL << 62U) return 1LL << 62U;
  return static_cast<std::int64_t>(n);
}

static specification::State state_of(State s) {
  return static_cast<specification::State>(static_cast<std::uint8_t>(s));
}

static specification::Record numbers_of(const Record& r) {
  specification::Record n;
  n.state = state_of(r.state);
  n.before = state_of(r.before);
  n.policy = static_cast<specification::Policy>(static_cast<std::uint8_t>(r.policy));
  n.wrong_confirmations = number(r.enrollment_failures);
  n.seen = number(r.seen);
  n.failures[0] = number(r.throttle.failures[0]);
  n.failures[1] = number(r.throttle.failures[1]);
  n.credit = number(r.throttle.unlock_credit);
  n.wait_until[0] = number(r.throttle.wait_until[0]);
  n.wait_until[1] = number(r.throttle.wait_until[1]);
  n.budget_until = number(r.throttle.budget_until);
  n.recovery_until = number(r.throttle.recovery_until);
  n.link_until[0] = number(r.throttle.link_until[0]);
  n.link_until[1] = number(r.throttle.link_until[1]);
  n.link_until[2] = number(r.throttle.link_until[2]);
  n.deadline = number(r.deadline);
  n.grant_until = number(r.grant_until);
  n.last_step = number(r.last_step);
  n.enrolled_at = number(r.enrolled_at);
  n.last_used_at = number(r.last_used_at);
  n.holds.secret = !empty_secret(r.secret);
  n.holds.pending = !empty_secret(r.pending);
  n.holds.enrollment_id = !empty_token(r.enrollment_id);
  n.holds.epoch = !empty_token(r.epoch);
  n.holds.recovery_hash = !empty_token(r.recovery_hash);
  n.holds.link_hash = !empty_token(r.link_hash);
  n.holds.asker_hash = !empty_token(r.asker_hash);
  n.holds.grant_hash = !empty_token(r.grant_hash);
  return n;
}

static specification::Event request_of(const Event& e) {
  specification::Event q;
  q.kind = static_cast<specification::Kind>(static_cast<std::uint8_t>(e.kind));
  q.lane = static_cast<specification::Lane>(static_cast<std::uint8_t>(e.lane));
  q.policy = static_cast<specification::Policy>(static_cast<std::uint8_t>(e.policy));
  q.six_digits = six_digits(e.code);
  q.by_operator = e.by_operator;
  q.replace = e.replace;
  q.mailable = e.mailable;
  q.has_asker = e.has_asker;
  q.has_recovery_code = e.has_recovery_code;
  return q;
}

static specification::Clock time_of(const Clock& c) {
  specification::Clock t;
  t.now = number(c.now);
  t.step = number(c.step);
  return t;
}

static specification::Rules settings_of(const Rules& r) {
  specification::Rules s;
  s.required = r.required;
  s.replace_after_recovery = r.replace_after_recovery;
  s.strict = r.strict;
  return s;
}

static specification::Says checks_of(const Says& w, const Fresh& f) {
  specification::Says s;
  for (std::uint32_t i = 0; i < 3; ++i) {
    s.code[i] = w.code[i];
    s.pending_code[i] = w.pending_code[i];
  }
  s.recovery_code = w.recovery_code;
  s.link = w.link;
  s.asker = w.asker;
  s.grant = w.grant;
  s.enrollment_id = w.enrollment_id;
  s.epoch = w.epoch;
  s.drawn = usable_values(f);
  return s;
}

static Token token_from(specification::From from, const Token& at, const Token& drawn) {
  Token t{};
  if (from == specification::From::before) t = at;
  if (from == specification::From::drawn) t = drawn;
  return t;
}

static Secret secret_from(specification::From from, const Secret& at, const Secret& pending,
                          const Secret& drawn) {
  Secret s{};
  if (from == specification::From::before) s = at;
  if (from == specification::From::pending) s = pending;
  if (from == specification::From::drawn) s = drawn;
  return s;
}

// The next record: its numbers, and its bytes from where the specification says.
static Record record_from(const specification::Account& next, std::int64_t now, const Record& at,
                          const Fresh& fresh, const Drawn& drawn) {
  const specification::Record n = specification::record_of(next, now);
  Record r;
  r.state = static_cast<State>(static_cast<std::uint8_t>(n.state));
  r.before = static_cast<State>(static_cast<std::uint8_t>(n.before));
  r.policy = static_cast<Policy>(static_cast<std::uint8_t>(n.policy));
  r.enrollment_failures = static_cast<std::uint8_t>(n.wrong_confirmations);
  r.seen = static_cast<std::uint64_t>(n.seen);
  r.throttle.failures[0] = static_cast<std::uint8_t>(n.failures[0]);
  r.throttle.failures[1] = static_cast<std::uint8_t>(n.failures[1]);
  r.throttle.unlock_credit = static_cast<std::uint8_t>(n.credit);
  r.throttle.wait_until[0] = static_cast<std::uint64_t>(n.wait_until[0]);
  r.throttle.wait_until[1] = static_cast<std::uint64_t>(n.wait_until[1]);
  r.throttle.budget_until = static_cast<std::uint64_t>(n.budget_until);
  r.throttle.recovery_until = static_cast<std::uint64_t>(n.recovery_until);
  r.throttle.link_until[0] = static_cast<std::uint64_t>(n.link_until[0]);
  r.throttle.link_until[1] = static_cast<std::uint64_t>(n.link_until[1]);
  r.throttle.link_until[2] = static_cast<std::uint64_t>(n.link_until[2]);
  r.deadline = static_cast<std::uint64_t>(n.deadline);
  r.grant_until = static_cast<std::uint64_t>(n.grant_until);
  r.last_step = static_cast<std::uint64_t>(n.last_step);
  r.enrolled_at = static_cast<std::uint64_t>(n.enrolled_at);
  r.last_used_at = static_cast<std::uint64_t>(n.last_used_at);
  const specification::Fields& f = next.fields;
  r.secret = secret_from(f.secret, at.secret, at.pending, fresh.secret);
  r.pending = secret_from(f.pending, at.pending, at.pending, fresh.secret);
  r.enrollment_id = token_from(f.enrollment_id, at.enrollment_id, fresh.enrollment_id);
  r.epoch = token_from(f.epoch, at.epoch, fresh.epoch);
  r.recovery_hash = token_from(f.recovery_hash, at.recovery_hash, drawn.recovery_hash);
  r.link_hash = token_from(f.link_hash, at.link_hash, drawn.link_hash);
  r.asker_hash = token_from(f.asker_hash, at.asker_hash, drawn.asker_hash);
  r.grant_hash = token_from(f.grant_hash, at.grant_hash, drawn.grant_hash);
  return r;
}

// What the specification answers, in the kernel's struct, but for the record.
static Outcome head_from(const specification::Answer& a) {
  Outcome o{};
  o.verdict = static_cast<Verdict>(static_cast<std::uint8_t>(a.verdict));
  o.notice = static_cast<Notice>(static_cast<std::uint8_t>(a.notice));
  o.write = a.write;
  o.clock_went_back = a.clock_went_back;
  o.retry_at = static_cast<std::uint64_t>(a.retry_at);
  o.step = static_cast<std::uint64_t>(a.step);
  return o;
}

// And with it, on a record as time left it. So also of what changes nothing.
static Outcome outcome_from(const specification::Answer& a, const Record& at, const Situation& s,
                            const Drawn& drawn) {
  Outcome o = head_from(a);
  o.record = record_from(a.next, number(s.clock.now), at, s.fresh, drawn);
  return o;
}

static void same_records(const Record& kernel, const Record& said) {
  const Throttle& k = kernel.throttle;
  const Throttle& t = said.throttle;
  CHECK(kernel.state == said.state && kernel.before == said.before && kernel.policy == said.policy,
        "the state and the policy");
  CHECK(kernel.enrollment_failures == said.enrollment_failures, "the enrollment's wrong codes");
  CHECK(kernel.seen == said.seen, "the last-seen time");
  CHECK(k.failures[0] == t.failures[0] && k.failures[1] == t.failures[1], "the failures in a row");
  CHECK(k.unlock_credit == t.unlock_credit, "the credit of an unlock");
  CHECK(k.wait_until[0] == t.wait_until[0] && k.wait_until[1] == t.wait_until[1],
        "the back-off of both lanes");
  CHECK(k.budget_until == t.budget_until, "the long-run budget");
  CHECK(k.recovery_until == t.recovery_until, "the recovery codes' budget");
  CHECK(k.link_until[0] == t.link_until[0] && k.link_until[1] == t.link_until[1] &&
            k.link_until[2] == t.link_until[2],
        "the links of the hour");
  CHECK(kernel.deadline == said.deadline, "the end of an enrollment or a recovery");
  CHECK(kernel.grant_until == said.grant_until, "the end of the grant");
  CHECK(kernel.last_step == said.last_step, "the last accepted step");
  CHECK(kernel.enrolled_at == said.enrolled_at && kernel.last_used_at == said.last_used_at, "the dates");
  CHECK(same_secret(kernel.secret, said.secret), "the active secret");
  CHECK(same_secret(kernel.pending, said.pending), "the pending secret");
  CHECK(same_token(kernel.enrollment_id, said.enrollment_id), "the enrollment id");
  CHECK(same_token(kernel.epoch, said.epoch), "the epoch");
  CHECK(same_token(kernel.recovery_hash, said.recovery_hash), "the recovery code's hash");
  CHECK(same_token(kernel.link_hash, said.link_hash), "the link's hash");
  CHECK(same_token(kernel.asker_hash, said.asker_hash), "the asker secret's hash");
  CHECK(same_token(kernel.grant_hash, said.grant_hash), "the grant's hash");
}

static void same_answers(const Outcome& kernel, const Outcome& said) {
  CHECK(kernel.verdict == said.verdict, "the verdict");
  CHECK(kernel.notice == said.notice, "the notice");
  CHECK(kernel.write == said.write, "whether it is written");
  CHECK(kernel.clock_went_back == said.clock_went_back, "whether the clock went back");
  CHECK(kernel.retry_at == said.retry_at, "when to come again");
  CHECK(kernel.step == said.step, "the step");
}
