// SPDX-License-Identifier: Apache-2.0
// Random histories of one account through two services over one store that fails and conflicts at random,
// compared with a naive model of what the client saw: an acknowledged acceptance is never accepted again at
// the same or a lower step, and an acknowledged failure is in the record (K1, K2, K5, K16, K18).
#include "property_tests/support/replay.hpp"
#include "property_tests/support/service_world.hpp"

namespace twinlock::service::test {

namespace {

enum class StoreFault : std::uint8_t { none, load, before, after, conflicts };

struct Move {
  int seconds;  // the clock's movement first; may be negative
  int offset;   // of the code's step from now; above 2: a wrong code
  Lane lane;
  bool second;  // through the second service
  StoreFault fault;
  unsigned conflicts;
};

void showValue(const Move& move, std::ostream& out) {
  out << "{" << move.seconds << " s, offset " << move.offset << ", lane " << static_cast<int>(move.lane)
      << (move.second ? ", second" : ", first") << ", fault " << static_cast<int>(move.fault) << "/"
      << move.conflicts << "}";
}

// Generates mostly small steps of time: within a step, to the next, over a wait; sometimes backwards.
rc::Gen<int> seconds() {
  return rc::gen::weightedOneOf<int>({{6, rc::gen::inRange(0, 40)},
                                      {2, rc::gen::inRange(0, 200)},
                                      {1, rc::gen::inRange(3000, 8000)},
                                      {1, rc::gen::inRange(-200, 0)}});
}

rc::Gen<StoreFault> faults() {
  return rc::gen::weightedElement<StoreFault>({{10, StoreFault::none},
                                               {1, StoreFault::load},
                                               {2, StoreFault::before},
                                               {2, StoreFault::after},
                                               {2, StoreFault::conflicts}});
}

rc::Gen<Move> moves() {
  return rc::gen::apply(
      [](int s, int offset, bool known, bool second, StoreFault fault, unsigned conflicts) {
        return Move{s, offset, known ? Lane::known : Lane::other, second, fault, conflicts};
      },
      seconds(), rc::gen::inRange(-2, 5), rc::gen::arbitrary<bool>(), rc::gen::arbitrary<bool>(), faults(),
      rc::gen::inRange(1U, 10U));
}

// What the client knows.
struct Seen {
  Step accepted = 0;        // the highest acknowledged step
  std::uint32_t least = 0;  // consecutive failures that must be in the record
  std::uint32_t most = 0;   // and that may be
};

class History {
 public:
  History()
      : alice_(world_.enroll("alice", "alice@example.org")),
        second_(world_.store(), world_.keys(), world_.environment(), {}) {
    seen_.accepted = world_.environment().now / step_s;
  }

  void play(const Move& move) {
    world_.environment().now += static_cast<Seconds>(static_cast<std::int64_t>(move.seconds));
    const auto digits = move.offset > 2 ? world_.wrong_code(alice_) : world_.code(alice_, move.offset);
    auto operation = operation_of(alice_.account, Kind::verify, move.lane);
    operation.event.code = code_of(digits);
    const auto version = world_.version(alice_.account);
    inject(move);
    const auto result = (move.second ? second_ : world_.service()).run(operation);
    inject({});
    if (result) {
      answered(result->value(), digits, version);
    } else {
      failed(result.error(), move, digits, version);
    }
    if (world_.version(alice_.account) != version) seen_at_ = decided_at();
    compare();
  }

  void finish() {
    RC_ASSERT(world_.audit(alice_.account).size() == world_.version(alice_.account));
    const auto finding = verify_audit(world_.store(), world_.keys(), alice_.account);
    RC_ASSERT(finding.has_value());
    RC_ASSERT(!finding->has_value());
  }

  int accepted = 0, failures = 0, unknown = 0;

 private:
  // The time of a decision made now: up to 30 s below the record's last-seen time it is that one.
  Seconds decided_at() {
    const Seconds now = world_.environment().now;
    return now < seen_at_ && seen_at_ - now <= 30 ? seen_at_ : now;
  }

  void inject(const Move& move) {
    using When = store::MemoryStore::When;
    auto& store = *world_.memory();
    store.fail_loads(move.fault == StoreFault::load ? 1 : 0);
    const bool commit = move.fault == StoreFault::before || move.fault == StoreFault::after;
    store.fail_commits(commit ? 1 : 0, move.fault == StoreFault::after ? When::after : When::before);
    store.lose_changes(move.fault == StoreFault::conflicts ? move.conflicts : 0);
  }

  // Returns whether the reference TOTP finds the code right for a step that was never acknowledged.
  std::optional<Step> good_step(const std::string& digits) {
    const Step now = world_.environment().now / step_s;
    for (const Step step : {now + 1, now, now - 1})
      if (step > seen_.accepted && reference::totp(alice_.secret, step) == digits) return step;
    return std::nullopt;
  }

  void answered(const Decision& decision, const std::string& digits, store::Version version) {
    const auto now_version = world_.version(alice_.account);
    if (decision.verdict == Verdict::accepted) {
      ++accepted;
      const auto step = good_step(digits);
      RC_ASSERT(step.has_value());
      RC_ASSERT(decision.step == *step);
      RC_ASSERT(now_version == version + 1);
      RC_ASSERT(world_.service().look(alice_.account)->view.last_used_at == decided_at());
      seen_ = {*step, 0, 0};
    } else if (decision.verdict == Verdict::rejected) {
      ++failures;
      RC_ASSERT(now_version == version + 1);
      ++seen_.least;
      ++seen_.most;
    } else {
      RC_ASSERT(decision.verdict == Verdict::waiting || decision.verdict == Verdict::locked);
    }
  }

  // "May have happened", but only where the store's answer was lost; and then the code was charged or
  // accepted.
  void failed(Failure failure, const Move& move, const std::string& digits, store::Version version) {
    ++unknown;
    RC_ASSERT(move.fault != StoreFault::none);
    RC_ASSERT((failure == Failure::contended) == (move.fault == StoreFault::conflicts));
    const bool happened = world_.version(alice_.account) != version;
    RC_ASSERT(!happened || move.fault == StoreFault::after);
    if (!happened) return;
    if (good_step(digits)) seen_.least = 0;
    ++seen_.most;
  }

  void compare() {
    const auto look = world_.service().look(alice_.account);
    RC_ASSERT(look.has_value());
    RC_ASSERT(look->view.failures >= seen_.least);
    RC_ASSERT(look->view.failures <= seen_.most);
    seen_.least = seen_.most = look->view.failures;
  }

  World world_{"memory"};
  Person alice_;
  Service second_;
  Seen seen_;
  Seconds seen_at_ = world_.environment().now;  // the record's last-seen time
};

void play_history() {
  const auto history = *rc::gen::scale(3.0, rc::gen::container<std::vector<Move>>(moves()));
  History played;
  for (const auto& move : history) played.play(move);
  played.finish();
  RC_CLASSIFY(played.accepted > 1, "accepted twice or more");
  RC_CLASSIFY(played.failures > 0, "charged");
  RC_CLASSIFY(played.unknown > 0, "met a fault");
}

TEST(ServiceModel, WhatTheClientSawIsWhatTheRecordSays) { twinlock::test::check_or_replay(play_history); }

}  // namespace

}  // namespace twinlock::service::test
