// SPDX-License-Identifier: Apache-2.0
#include "kernel/bytes.hpp"
#include "kernel/decide.hpp"
#include "kernel/require.hpp"
#include "kernel/table.hpp"
#include "kernel/throttle.hpp"
#include "kernel/wipe.hpp"

namespace twinlock {

static bool held(Purpose purpose, const AccountTag& account, const Token& binding, const Token& presented,
                 const Token& kept) noexcept {
  Token hash = digest(purpose, account, binding, presented);
  const bool agrees = same(hash, kept);
  wipe(hash);
  return agrees && !absent(kept);
}

static CodeMatch check_code(const Secret& secret, const Event& e, Step now_step, Step last,
                            bool strict) noexcept {
  Codes codes = totp_codes(secret, now_step);
  const CodeMatch m = match_code(codes, code_value(e.code), now_step, last, strict);
  for (std::size_t i = 0; i < candidates_count; ++i) codes.c[i] = 0;
  __asm__ volatile("" : : "r"(codes.c) : "memory");
  return m;
}

Evidence gather(const Record& at, const Event& e, Step now_step, const Rules& rules,
                const AccountTag& account) noexcept {
  REQUIRE(admit(at, e, at.seen, rules).verdict == Verdict::accepted);
  Evidence found{};
  switch (need(e.kind, at.state)) {
    case Need::restart:
    case Need::grant:
      found.grant = held(Purpose::grant, account, at.epoch, e.grant, at.grant_hash);
      break;
    case Need::pending:
      found.enrollment_id = same(e.enrollment_id, at.enrollment_id);
      if (found.enrollment_id) found.code = check_code(at.pending, e, now_step, 0, rules.strict);
      break;
    case Need::id:
      found.enrollment_id = same(e.enrollment_id, at.enrollment_id);
      break;
    case Need::code:
      found.code = check_code(at.secret, e, now_step, at.last_step, rules.strict);
      break;
    case Need::pass:
      found.epoch = same(e.epoch, at.epoch);
      break;
    case Need::recovery:
      found.recovery_code =
          held(Purpose::recovery_code, account, at.enrollment_id, e.recovery_code, at.recovery_hash);
      break;
    case Need::link:
      found.link = held(Purpose::link, account, at.enrollment_id, e.link, at.link_hash);
      found.asker = e.has_asker && held(Purpose::asker, account, at.enrollment_id, e.asker, at.asker_hash);
      found.recovery_code =
          e.has_recovery_code && recovery_free_at(at.throttle, at.seen) <= at.seen &&
          held(Purpose::recovery_code, account, at.enrollment_id, e.recovery_code, at.recovery_hash);
      break;
    default:  // host, authority: a word is no evidence; refused: there is nothing to evaluate
      break;
  }
  return found;
}

}  // namespace twinlock
