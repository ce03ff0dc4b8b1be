// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/prepare.hpp"

#include <openssl/mem.h>
#include <openssl/sha.h>

#include "adapters/mail/compose.hpp"
#include "adapters/service/audit.hpp"
#include "adapters/service/mails.hpp"
#include "adapters/service/names.hpp"
#include "adapters/service/rows.hpp"
#include "adapters/service/spelling.hpp"
#include "adapters/text/crockford.hpp"
#include "adapters/text/mail_address.hpp"

namespace twinlock::service {

namespace {

constexpr std::size_t audit_page_entries = 256;
constexpr int plain_tries_max = 64;  // that all of a working source's are refused: below 2^-200

template <typename T>
using Or = Expected<T>;
const tl::unexpected<Failure> unavailable(Failure::unavailable);
const tl::unexpected<Failure> no_entropy(Failure::entropy);

// The situation of one decision; its random bytes are wiped when it ends.
struct Moment : Situation {
  Moment(const Rules& of_all, const AccountTag& whose) : Situation{{}, of_all, whose, {}} {}
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;
  ~Moment() { wipe(fresh); }

  bool read(Environment& environment) { return environment.clock(clock); }

  bool draw(Environment& environment) {
    Token* tokens[] = {&fresh.enrollment_id, &fresh.epoch, &fresh.link, &fresh.asker};
    Token* typed[] = {&fresh.recovery_code, &fresh.grant, &fresh.ticket};
    bool good = environment.random(fresh.secret.b);
    for (Token* token : tokens) good = good && environment.random(token->b);
    for (Token* token : typed) good = good && draw_plain(environment, *token);
    return good;
  }

 private:
  // Draws what people type until it reads plainly (33 of 37 do); false: the source gives nothing of use.
  static bool draw_plain(Environment& environment, Token& out) {
    for (int tries = 0; tries < plain_tries_max; ++tries) {
      if (!environment.random(out.b)) return false;
      if (text::reads_plainly(out)) return true;
    }
    return false;
  }
};

// The kernel's outcome; wiped when it goes. The kernel writes it here: a copy of a temporary would leave the
// temporary's secrets behind (K11).
struct WipedOutcome {
  twinlock::Outcome outcome;

  WipedOutcome(const Record& record, const Event& event, const Situation& situation)
      : outcome(handle(record, event, situation)) {}
  WipedOutcome(const WipedOutcome&) = delete;
  WipedOutcome& operator=(const WipedOutcome&) = delete;
  ~WipedOutcome() { wipe(outcome); }
};

bool equal(const Token& a, const Token& b) { return CRYPTO_memcmp(a.b, b.b, token_bytes) == 0; }

bool has_passes(State state) { return state == State::on || state == State::recovering; }

bool proves_by_code(Kind kind) {
  return kind == Kind::confirm_enrollment || kind == Kind::verify || kind == Kind::disable ||
         kind == Kind::renew_recovery_code;
}

bool is_operators(const Event& event) {
  return event.kind == Kind::operator_reset || event.kind == Kind::operator_unlock ||
         event.kind == Kind::set_policy || event.kind == Kind::operator_import ||
         event.kind == Kind::operator_restored || (event.kind == Kind::revoke_passes && event.by_operator);
}

// The asserted address goes on file only where a code was accepted, where an operator imports a factor with
// it, or where an enrollment begins and none is there (spec 5.5).
bool adopts_address(const Operation& operation, const twinlock::Outcome& outcome, const Profile& at) {
  if (outcome.verdict != Verdict::accepted || operation.email == at.address) return false;
  if (!text::valid_mail_address(operation.email)) return false;
  return proves_by_code(operation.event.kind) || operation.event.kind == Kind::operator_import ||
         (operation.event.kind == Kind::begin_enrollment && at.address.empty());
}

// Finds the newest entry of a chain whose head cannot be read.
Or<void> find_head(store::Store& store, const Account& account, Profile& out) {
  for (;;) {
    const auto page = store.audit_read(account, out.audit_sequence, audit_page_entries);
    if (!page) return unavailable;
    if (page->empty()) return {};
    out.audit_sequence = page->back().sequence;
    out.audit_head = page->back().hash;
  }
}

// Starts a new profile in place of a row that does not open, the operator's last resort.
Or<Loaded> restart(store::Store& store, const Account& account) {
  const auto row = store.load(account);
  if (!row || !*row) return unavailable;
  Loaded out;
  out.version = (*row)->version;
  if (auto found = find_head(store, account, out.profile); !found) return tl::unexpected(found.error());
  return out;
}

struct Opened {
  Loaded loaded;
  bool restarted = false;
};

Or<Opened> load_for(const Context& context, const Operation& operation) {
  auto loaded = load_profile(context.store, context.keys, operation.account);
  if (loaded) return Opened{std::move(*loaded), false};
  if (loaded.error() != Failure::sealed || operation.event.kind != Kind::operator_reset ||
      !operation.restart_sealed)
    return tl::unexpected(loaded.error());
  auto fresh = restart(context.store, operation.account);
  if (!fresh) return tl::unexpected(fresh.error());
  return Opened{std::move(*fresh), true};
}

// Copies the tokens that this event gives its caller.
void give_tokens(Decision& decision, Kind kind, const Record& record, const Fresh& fresh) {
  if (has_passes(record.state)) decision.epoch = record.epoch;
  if (kind == Kind::begin_enrollment) decision.enrollment_id = record.enrollment_id;
  if (kind == Kind::confirm_enrollment || kind == Kind::renew_recovery_code)
    decision.recovery_code = fresh.recovery_code;
  if (kind == Kind::request_recovery) decision.asker = fresh.asker;
  if (kind == Kind::operator_unlock) decision.ticket = fresh.ticket;
  const bool settles_loss = kind == Kind::confirm_recovery || kind == Kind::operator_reset;
  if (settles_loss && record.state == State::replacing) decision.grant = fresh.grant;
}

Decision make_decision(const Context& context, const Operation& operation, const twinlock::Outcome& outcome,
                       const Profile& next, const Moment& moment) {
  Decision decision;
  decision.verdict = outcome.verdict;
  decision.view = view(outcome.record, moment.clock, operation.event.host_word, context.options.rules);
  if (outcome.verdict == Verdict::waiting) decision.retry_after_s = outcome.retry_at - outcome.decided_at;
  decision.step = outcome.step;
  decision.by_ticket = outcome.by_ticket;
  if (outcome.verdict == Verdict::accepted)
    give_tokens(decision, operation.event.kind, outcome.record, moment.fresh);
  if (decision.asker) decision.masked_email = mail::masked(next.address);
  return decision;
}

AuditFacts audit_facts(const Operation& operation, const Event& event, const twinlock::Outcome& outcome,
                       const Moment& moment) {
  AuditFacts facts;
  facts.time = moment.clock.now;
  facts.event = name(event.kind);
  facts.verdict = name(outcome.verdict);
  facts.after = name(outcome.record.state);
  if (outcome.by_ticket) facts.lane = "ticket";
  if (proves_by_code(event.kind) && !outcome.by_ticket) facts.lane = name(event.lane);
  facts.source = operation.source_address;
  facts.operator_name = operation.operator_name;
  facts.reason = operation.reason;
  if (outcome.notice != Notice::none) facts.notice = name(outcome.notice);
  facts.clock_went_back = outcome.clock_went_back;
  return facts;
}

// Maps the kernel's verdicts that are failures, not answers (K16).
std::optional<Failure> failure_of(Verdict verdict) {
  if (verdict == Verdict::bad_clock) return Failure::clock;
  if (verdict == Verdict::bad_record) return Failure::sealed;
  if (verdict == Verdict::bad_entropy) return Failure::entropy;
  return std::nullopt;
}

// Builds the row, audit entry and mail of a decision that changed the record.
Or<store::Change> change_for(const Context& context, const Operation& operation, const Event& event,
                             const Opened& opened, const twinlock::Outcome& outcome, const Moment& moment,
                             Profile& next) {
  const Profile& at = opened.loaded.profile;
  auto facts = audit_facts(operation, event, outcome, moment);
  facts.before = name(view(at.record, moment.clock, event.host_word, context.options.rules).state);
  facts.address_adopted = adopts_address(operation, outcome, at);
  facts.restarted = opened.restarted;
  const std::string old_address = facts.address_adopted ? at.address : std::string();
  next.record = outcome.record;
  if (facts.address_adopted) next.address = operation.email;
  if (outcome.verdict == Verdict::accepted && !is_operators(operation.event))
    next.language = operation.language;
  auto mails = make_mails(context, {operation.account, next, old_address, operation.source_address,
                                    outcome.notice, moment.clock.now, moment.fresh.link});
  if (!mails) return tl::unexpected(mails.error());
  auto change = make_change(context, operation.account, opened.loaded.version, next, audit_body(facts));
  if (change) change->mail = std::move(*mails);
  return change;
}

// What the row of the account's fold says about a decision.
struct Spelt {
  bool look_alike = false;
  std::optional<store::SpellingSwap> swap;
};

// A person's events need the row where the account has no factor of its own (but to cancel, which only ends
// something), an operator's always: writing it anew then repairs a row that was damaged.
Or<Spelt> spell(const Context& context, const Operation& operation, const Record& at,
                const twinlock::Outcome& outcome) {
  const bool by_operator = is_operators(operation.event);
  const bool without_factor =
      !by_operator && operation.event.kind != Kind::cancel_enrollment && !has_own_factor(at);
  const bool held = holds_spelling(at);
  const bool holds = holds_spelling(outcome.record);
  Spelt out;
  if (!without_factor && held == holds && !(by_operator && outcome.write)) return out;
  const auto row = load_spellings(context.store, operation.account);
  if (!row) return tl::unexpected(row.error());
  out.look_alike = (without_factor || (holds && !held)) && other_holder(row->is, operation.account.bytes());
  if (outcome.write) out.swap = hold_spelling(*row, operation.account, holds);
  return out;
}

PreparedDecision look_alike(const Context& context, const Operation& operation, const Profile& at,
                            const Moment& moment) {
  PreparedDecision out;
  out.kind = operation.event.kind;
  out.decision.verdict = Verdict::wrong_state;
  out.decision.view = view(at.record, moment.clock, operation.event.host_word, context.options.rules);
  out.decision.view.passes_without = false;
  out.decision.look_alike = true;
  out.now = moment.clock.now;
  return out;
}

PreparedDecision dead_pass(const Context& context, const Operation& operation, const Profile& at,
                           const Moment& moment) {
  PreparedDecision out;
  out.kind = operation.event.kind;
  out.decision.verdict = Verdict::wrong_holder;
  out.decision.view = view(at.record, moment.clock, operation.event.host_word, context.options.rules);
  out.decision.pass_dead = true;
  out.now = moment.clock.now;
  return out;
}

// Whether a cookie was made for another epoch than the record's; compared in constant time. Cookies are
// valid only while the factor is on.
bool epoch_is_dead(const std::optional<Token>& of_cookie, const Record& record) {
  if (!of_cookie) return false;
  return !equal(*of_cookie, record.epoch) || !has_passes(record.state);
}

// The operation's event as the kernel gets it; wiped when it goes.
struct WipedEvent {
  Event event;

  WipedEvent(const Operation& operation, const Profile& at) : event(operation.event) {
    event.mailable = !at.address.empty();
    if (epoch_is_dead(operation.known_epoch, at.record)) event.lane = Lane::other;
  }
  WipedEvent(const WipedEvent&) = delete;
  WipedEvent& operator=(const WipedEvent&) = delete;
  ~WipedEvent() { wipe(event); }
};

}  // namespace

AccountTag account_tag(const Account& account) {
  AccountTag tag;
  const auto& bytes = account.bytes();
  SHA256(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), tag.b);
  return tag;
}

Expected<store::Change> make_change(const Context& context, const Account& account, store::Version expected,
                                    Profile& next, std::string body) {
  auto entry = append_audit(next, std::move(body));
  auto sealed = seal_profile(context.keys, account, expected + 1, next);
  if (!sealed) return no_entropy;
  return store::Change{account, expected, std::move(*sealed), std::move(entry), {}};
}

Expected<PreparedDecision> prepare(const Context& context, const Operation& operation) {
  const auto opened = load_for(context, operation);
  if (!opened) return tl::unexpected(opened.error());
  const Profile& at = opened->loaded.profile;
  Moment moment(context.options.rules, account_tag(operation.account));
  if (!moment.read(context.environment)) return tl::unexpected(Failure::clock);
  if (!moment.draw(context.environment)) return no_entropy;
  if (epoch_is_dead(operation.pass_epoch, at.record)) return dead_pass(context, operation, at, moment);
  const WipedEvent asked(operation, at);
  const WipedOutcome wiped(at.record, asked.event, moment);
  const auto& outcome = wiped.outcome;
  if (const auto failure = failure_of(outcome.verdict)) return tl::unexpected(*failure);
  auto spelt = spell(context, operation, at.record, outcome);
  if (!spelt) return tl::unexpected(spelt.error());
  if (spelt->look_alike) return look_alike(context, operation, at, moment);
  PreparedDecision out;
  Profile next = at;
  if (outcome.write) {
    auto change = change_for(context, operation, asked.event, *opened, outcome, moment, next);
    if (!change) return tl::unexpected(change.error());
    out.change = std::move(*change);
    out.change->spelling = std::move(spelt->swap);
  }
  out.decision = make_decision(context, operation, outcome, next, moment);
  out.kind = operation.event.kind;
  out.now = moment.clock.now;
  out.clock_went_back = outcome.clock_went_back;
  return out;
}

}  // namespace twinlock::service
