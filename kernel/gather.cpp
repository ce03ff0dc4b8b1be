// SPDX-License-Identifier: Apache-2.0
#include "kernel/bytes.hpp"
#include "kernel/decide.hpp"
#include "kernel/require.hpp"
#include "kernel/table.hpp"
#include "kernel/wipe.hpp"

namespace twinlock {

static bool held(Purpose purpose, const AccountTag& account, const Token& binding, const Token& presented,
                 const Token& kept) noexcept {
  Token hash = digest(purpose, account, binding, presented);
  const bool agrees = same(hash, kept);
  wipe(hash);
  return agrees && !absent(kept);
}

static CodeMatch check_code(const TotpKey& key, const Event& e, Step now_step, Step last,
                            bool strict) noexcept {
  Codes codes = totp_codes(key, now_step);
  const CodeMatch m = match_code(codes, code_value(e.code), now_step, last, strict);
  for (std::size_t i = 0; i < candidates_count; ++i) codes.c[i] = 0;
  __asm__ volatile("" : : "r"(codes.c) : "memory");
  return m;
}

Evidence gather_tokens(const Record& at, const Event& e, const AccountTag& account) noexcept {
  Evidence found{};
  const Token& enrollment = at.enrollment_id;
  switch (need(e.kind, at.state)) {
    case Need::restart:
      found.enrollment_id = same(e.enrollment_id, enrollment);
      found.grant = held(Purpose::grant, account, at.epoch, e.grant, at.voucher_hash);
      break;
    case Need::grant:
      found.grant = held(Purpose::grant, account, at.epoch, e.grant, at.voucher_hash);
      break;
    case Need::pending:
    case Need::id:
      found.enrollment_id = same(e.enrollment_id, enrollment);
      break;
    case Need::code:
      if (e.kind == Kind::verify && at.ticket_codes > 0)
        found.ticket = held(Purpose::ticket, account, enrollment, e.ticket, at.voucher_hash);
      break;
    case Need::pass:
      found.epoch = same(e.epoch, at.epoch);
      break;
    case Need::recovery:
      found.recovery_code =
          held(Purpose::recovery_code, account, enrollment, e.recovery_code, at.recovery_hash);
      break;
    case Need::link:
      found.link = held(Purpose::link, account, enrollment, e.link, at.link_hash);
      if (!found.link) break;
      found.asker = e.has_asker && held(Purpose::asker, account, enrollment, e.asker, at.asker_hash);
      found.recovery_code = e.has_recovery_code && held(Purpose::recovery_code, account, enrollment,
                                                        e.recovery_code, at.recovery_hash);
      break;
    default:  // host, authority: a word is no evidence; refused: there is nothing to evaluate
      break;
  }
  return found;
}

CodeMatch gather_code(const Record& at, const Event& e, Step now_step, bool strict) noexcept {
  if (need(e.kind, at.state) == Need::code) return check_code(at.secret, e, now_step, at.last_step, strict);
  TotpKey key = totp_key(at.pending);
  const CodeMatch m = check_code(key, e, now_step, 0, strict);
  wipe(key);
  return m;
}

}  // namespace twinlock
