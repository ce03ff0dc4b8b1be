// SPDX-License-Identifier: Apache-2.0
// One random history, played: four accounts, each as the specification has it and what its holders were ever
// given, through two processes over one store.
#pragma once

#include <array>
#include <random>

#include "property_tests/model/kernel_oracle.hpp"
#include "property_tests/model/overtaken_store.hpp"
#include "property_tests/model/service_moves.hpp"
#include "property_tests/support/replay.hpp"
#include "property_tests/support/service_world.hpp"

namespace twinlock::service::test {

// What histories reached, over all of a run: by verdict, and by mishap.
inline std::array<std::uint64_t, static_cast<std::size_t>(Verdict::accepted) + 1> verdicts;
inline std::array<std::uint64_t, mishaps> met;
inline std::uint64_t overtaken_conflicts;

// One account: its name, the model, and what its holders were ever given.
struct Known {
  explicit Known(std::string_view name) : account(account_of(name)) {}
  Account account;
  model::Account model;
  std::string address;  // on file
  Token enrollment_id{}, recovery_code{}, link{}, asker{}, grant{}, epoch{}, ticket{};
  std::string last_accepted;  // digits
};

class Played {
 public:
  Played(const History& history, const std::string& store)
      : history_(history), world_(store, history.rules), store_(world_.store()) {
    restart(0);
    restart(1);
  }

  void play() {
    for (const Move& move : history_.moves) step(move);
    for (const Known& known : all_) finish(known);
  }

 private:
  void restart(std::size_t process) {
    Options options;
    options.rules = history_.rules;
    options.base_url = "https://login.example.org";
    processes_[process] = std::make_unique<Service>(store_, world_.keys(), world_.environment(), options);
  }

  std::int64_t now() const { return static_cast<std::int64_t>(world_now()); }
  Seconds world_now() const { return const_cast<World&>(world_).environment().now; }

  void step(const Move& move) {
    const std::int64_t to = now() + seconds_of(history_, move);
    world_.environment().now = static_cast<Seconds>(std::max<std::int64_t>(to, 1000));
    const auto mishap = static_cast<Mishap>(weighed(history_.mishap_weights, move.mishap, 0));
    if (mishap == Mishap::overtaken) {
      Move other = move;
      other.actor += 1, other.kind += 3, other.flags ^= 1U;
      store_.after_load = [this, other] { act(other, Mishap::none); };
    }
    act(move, world_.memory() ? mishap : Mishap::none);
    store_.after_load = nullptr;
    met[static_cast<std::size_t>(mishap)] += 1;
    for (const Known& one : all_) compare(one);
  }

  // ---- who shows what

  Token stranger() {
    Token t{};
    for (auto& b : t.b) b = static_cast<std::uint8_t>(random_() | 1U);
    return t;
  }

  std::string code_of_account(const Known& known, const Move& move) const {
    model::Bytes secret = known.model.key();
    if (secret.empty()) secret.assign(20, 9);
    if (move.code == 4 && !known.last_accepted.empty()) return known.last_accepted;
    const auto step = static_cast<Step>(now() / 30 + (move.code <= 2 ? move.code : 0));
    std::string digits = reference::totp(secret, step);
    if (move.code == 3 || move.code == 5) digits[5] = static_cast<char>('0' + (digits[5] - '0' + 1) % 10);
    return digits;
  }

  Operation operation(const Known& known, const Move& move, Actor actor) {
    auto out = operation_of(known.account, kind_for(known, move, actor),
                            (move.flags & 2U) != 0 ? Lane::known : Lane::other);
    Event& e = out.event;
    const bool person = actor == Actor::person;
    e.code = test::code_of(code_of_account(known, move));
    if (!person && move.code < 3) e.code = test::code_of("135792");  // an attacker guesses
    const auto show = [&](const Token& held, unsigned bit) {
      return person && (move.flags & bit) == 0 ? held : stranger();
    };
    e.enrollment_id = show(known.enrollment_id, 4U);
    e.grant = show(known.grant, 8U);
    e.recovery_code = show(known.recovery_code, 16U);
    e.link = (move.flags & 32U) == 0 ? known.link : stranger();  // mail is read by others, too
    e.asker = show(known.asker, 64U);
    e.epoch = show(known.epoch, 128U);
    e.has_asker = move.amount % 3 != 0;
    e.has_recovery_code = move.amount % 2 != 0;
    e.by_operator = actor == Actor::operator_;
    e.replace = move.amount % 2 == 0;
    e.ticket = show(known.ticket, 256U);
    e.policy = static_cast<Policy>(move.amount % 3);
    if (e.policy == Policy::required && move.amount % 2 == 1)
      e.policy_from = world_now() + static_cast<Seconds>(move.amount * 20);
    if (move.amount < 4) e.host_word = HostWord::required;
    if (move.amount >= 4 && move.amount < 12) e.host_word = HostWord::not_required;
    e.key_length = static_cast<std::uint8_t>(totp_key_bytes_min + static_cast<std::size_t>(move.amount) % 49);
    for (std::size_t i = 0; i < e.key_length; ++i) e.key.b[i] = static_cast<std::uint8_t>(random_() | 1U);
    if ((move.flags & 512U) == 0) out.known_epoch = show(known.epoch, 128U);
    if (person && move.account != 3)
      out.email = move.amount % 10 == 0 ? "new@example.org" : "person@example.org";
    if (actor == Actor::operator_) out.operator_name = "root", out.reason = "asked for";
    if (e.kind == Kind::operator_import && move.amount % 4 != 0) out.email = "moved@example.org";
    return out;
  }

  // Operators do what is theirs and nobody else does. Most requests give way to another of the history's
  // weights where they would mean nothing.
  Kind kind_for(const Known& known, const Move& move, Actor actor) const {
    const auto& weights = history_.kind_weights[static_cast<std::size_t>(actor)];
    const State state = known.model.look(now(), HostWord::unsaid, history_.rules).state;
    Kind kind = Kind::verify;
    for (std::uint32_t again = 0; again < 6; ++again) {
      kind = static_cast<Kind>(weighed(weights, move.kind + 331 * again, 3));
      const bool operators = kind == Kind::operator_reset || kind == Kind::operator_unlock ||
                             kind == Kind::set_policy || kind == Kind::operator_import ||
                             kind == Kind::operator_restored;
      if (actor == Actor::operator_ && !operators && kind != Kind::revoke_passes) continue;
      if (actor != Actor::operator_ && operators) continue;
      if (move.kind % 8 == 0 || known.model.means_something(kind, now())) return kind;
    }
    if (actor == Actor::operator_) return Kind::operator_unlock;
    return state == State::enrolling                          ? Kind::confirm_enrollment
           : state == State::off || state == State::replacing ? Kind::begin_enrollment
                                                              : Kind::verify;
  }

  // ---- what they are told

  void act(const Move& move, Mishap mishap) {
    const auto actor = static_cast<Actor>(weighed(history_.actor_weights, move.actor, 0));
    Known& known = all_[move.account];
    const auto asked = operation(known, move, actor);
    const std::size_t process = move.flags & 1U;
    const bool to_be_overtaken = store_.after_load != nullptr;
    auto version = world_.version(known.account);
    std::optional<Loaded> loaded;
    if (to_be_overtaken) {
      const auto turn = store_.after_load;
      store_.after_load = [&, turn] {
        loaded = Loaded{known.model, known.address};
        turn();
        overtaken_conflicts += world_.version(known.account) != version ? 1 : 0;
        version = world_.version(known.account);
      };
    }
    inject(mishap, move.conflicts);
    const auto result = processes_[process]->run(asked);
    inject(Mishap::none, 0);
    const bool changed = world_.version(known.account) != version;
    if (result) {
      told(known, asked, result->value(), changed, actor, loaded);
    } else {
      not_told(known, asked, result.error(), mishap, move.conflicts, changed);
    }
    if (mishap == Mishap::dies_before_commit || mishap == Mishap::dies_after_commit) restart(process);
  }

  void inject(Mishap mishap, unsigned conflicts) {
    auto* memory = world_.memory();
    if (!memory) return;
    using When = store::MemoryStore::When;
    const bool dies = mishap == Mishap::dies_before_commit || mishap == Mishap::dies_after_commit;
    memory->fail_loads(mishap == Mishap::load_fails ? 1 : 0);
    memory->fail_commits(dies ? 1 : 0, mishap == Mishap::dies_after_commit ? When::after : When::before);
    memory->lose_changes(mishap == Mishap::conflicts ? conflicts : 0);
  }

  // Returns the event's random values as far as its holders learned them: nobody can show what nobody
  // learned.
  Fresh fresh_of(const Known& known, const Decision* answer, bool mailed, bool changed) {
    Fresh f{{}, stranger(), stranger(), stranger(), stranger(), stranger(), stranger(), stranger()};
    for (auto& b : f.secret.b) b = static_cast<std::uint8_t>(random_() | 1U);
    if (answer) {
      if (answer->enrollment_id) f.enrollment_id = *answer->enrollment_id;
      if (answer->recovery_code) f.recovery_code = *answer->recovery_code;
      if (answer->asker) f.asker = *answer->asker;
      if (answer->grant) f.grant = *answer->grant;
      if (answer->ticket) f.ticket = *answer->ticket;
      f.epoch = answer->verdict == Verdict::accepted && answer->view.code_required ? answer->epoch : f.epoch;
    }
    if (answer && answer->enrollment_id) {
      const auto pending = processes_[0]->pending(known.account, *answer->enrollment_id);
      // A repeat writes nothing, so another enrollment may have begun since it was decided.
      RC_ASSERT(pending.has_value() && (pending->has_value() || !changed));
      if (*pending) f.secret = (*pending)->secret;
    }
    if (mailed) {
      const auto mails = world_.mails(known.account);
      RC_ASSERT(!mails.empty());
      const auto link = link_in(mails.back().message);
      if (link) f.link = link->link;
    }
    return f;
  }

  // A browser is known for one epoch of a factor that is on.
  bool of_this_epoch(const Known& known, const Token& epoch) const {
    const Token& kept = known.model.clear().epoch;
    return known.model.look(now(), HostWord::unsaid, history_.rules).code_required &&
           std::equal(std::begin(kept.b), std::end(kept.b), std::begin(epoch.b), std::end(epoch.b));
  }

  model::ModelOutcome in_the_model(Known& known, const Operation& asked, const Fresh& fresh) {
    Event event = asked.event;
    event.mailable = !known.address.empty();
    if (asked.known_epoch && !of_this_epoch(known, *asked.known_epoch)) event.lane = Lane::other;
    const Clock clock{world_now(), world_now() / 30};
    const auto answer = known.model.handle(event, clock, history_.rules, fresh);
    const bool code = event.kind == Kind::confirm_enrollment || event.kind == Kind::verify ||
                      event.kind == Kind::disable || event.kind == Kind::renew_recovery_code ||
                      event.kind == Kind::operator_import;
    const bool begins = event.kind == Kind::begin_enrollment && known.address.empty();
    if (answer.verdict == Verdict::accepted && answer.write && (code || begins) && !asked.email.empty())
      known.address = asked.email;
    return answer;
  }

  // What was loaded before somebody overtook it. A refusal that writes nothing stands on that; what writes
  // meets a conflict and is decided anew.
  struct Loaded {
    model::Account model;
    std::string address;
  };

  model::ModelOutcome expected_of(Known& known, const Operation& asked, const Fresh& fresh,
                                  const std::optional<Loaded>& loaded) {
    if (loaded) {
      Known before = known;
      before.model = loaded->model;
      before.address = loaded->address;
      const auto first = in_the_model(before, asked, fresh);
      if (!first.write) return first;
    }
    return in_the_model(known, asked, fresh);
  }

  void told(Known& known, const Operation& asked, const Decision& answer, bool changed, Actor actor,
            const std::optional<Loaded>& loaded) {
    verdicts[static_cast<std::size_t>(answer.verdict)] += 1;
    const bool accepted = answer.verdict == Verdict::accepted;
    const bool mailed = accepted && asked.event.kind == Kind::request_recovery;
    const Fresh fresh = fresh_of(known, &answer, mailed, changed);
    const auto expected = expected_of(known, asked, fresh, loaded);
    RC_ASSERT(answer.verdict == expected.verdict);
    RC_ASSERT(answer.step == static_cast<Step>(expected.step));
    const bool waits = expected.verdict == Verdict::waiting;
    RC_ASSERT(static_cast<std::int64_t>(answer.retry_after_s) ==
              (waits ? expected.retry_at - expected.decided_at : 0));
    RC_ASSERT(answer.by_ticket == expected.by_ticket);
    RC_ASSERT(answer.ticket.has_value() == (accepted && asked.event.kind == Kind::operator_unlock));
    RC_ASSERT(changed == expected.write);
    if (!accepted) return;
    if (expected.step != 0) known.last_accepted.assign(asked.event.code.digit, asked.event.code.digit + 6);
    if (mailed) known.link = fresh.link;
    if (actor == Actor::attacker) return;
    if (answer.enrollment_id) known.enrollment_id = *answer.enrollment_id;
    if (answer.recovery_code) known.recovery_code = *answer.recovery_code;
    if (answer.asker) known.asker = *answer.asker;
    if (answer.grant) known.grant = *answer.grant;
    if (answer.ticket) known.ticket = *answer.ticket;
    if (answer.view.code_required) known.epoch = answer.epoch;
  }

  // Checks that an error has a cause. Only the row shows whether the change was stored.
  void not_told(Known& known, const Operation& asked, Failure failure, Mishap mishap, unsigned conflicts,
                bool changed) {
    RC_ASSERT(mishap != Mishap::none && mishap != Mishap::overtaken);
    RC_ASSERT((failure == Failure::contended) == (mishap == Mishap::conflicts && conflicts >= 8));
    RC_ASSERT(!changed || mishap == Mishap::dies_after_commit);
    if (!changed) return;
    const bool may_mail = asked.event.kind == Kind::request_recovery && !world_.mails(known.account).empty();
    Fresh fresh = fresh_of(known, nullptr, may_mail, changed);
    const auto look = processes_[0]->look(known.account);
    if (look->view.code_required) fresh.epoch = look->epoch;  // the next acceptance gives it
    const auto answer = in_the_model(known, asked, fresh);
    RC_ASSERT(answer.write);
    if (may_mail && answer.verdict == Verdict::accepted) known.link = fresh.link;
  }

  // ---- what is there

  void compare(const Known& known) {
    for (const HostWord word : {HostWord::unsaid, HostWord::required}) {
      const auto look = processes_[0]->look(known.account, word);
      RC_ASSERT(look.has_value());
      RC_ASSERT(model::sight_of(look->view) == known.model.look(now(), word, history_.rules));
    }
    const auto look = processes_[0]->look(known.account);
    RC_ASSERT(look->masked_email.empty() == known.address.empty());
  }

  void finish(const Known& known) {
    RC_ASSERT(world_.audit(known.account).size() == world_.version(known.account));
    const auto finding = verify_audit(world_.store(), world_.keys(), known.account);
    RC_ASSERT(finding.has_value());
    RC_ASSERT(!finding->has_value());
  }

  const History& history_;
  World world_;
  OvertakenStore store_;
  std::mt19937_64 random_{11};
  std::array<std::unique_ptr<Service>, 2> processes_;
  std::array<Known, accounts> all_ = {Known("alice"), Known("alicia"), Known("bob"), Known("b")};
};

}  // namespace twinlock::service::test
