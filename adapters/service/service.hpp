// SPDX-License-Identifier: Apache-2.0
// Runs one operation on one account: load, open, decide, seal, commit, and only then answer. Pages, API and
// command line all use it; nothing else writes rows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/keys/key_ring.hpp"
#include "adapters/service/alarms.hpp"
#include "adapters/store/port.hpp"
#include "adapters/text/language.hpp"
#include "kernel/twinlock.hpp"

namespace twinlock::service {

using store::Account;

// Provides time and randomness; tests replace it. If either fails, the operation is refused (K16). Called
// from several threads.
class Environment {
 public:
  virtual ~Environment() = default;
  virtual bool clock(Clock& out) = 0;
  virtual bool random(std::span<std::uint8_t> out) = 0;
};

class SystemEnvironment final : public Environment {
 public:
  bool clock(Clock& out) override;                    // CLOCK_REALTIME
  bool random(std::span<std::uint8_t> out) override;  // BoringSSL's RAND_bytes
};

struct Options {
  Rules rules{};
  std::string issuer;   // in mails
  std::string contact;  // whom people ask for help
  // "https://host[:port]" without a slash at the end. Links are built from it, never from a request.
  std::string base_url;
  std::string prefix = "/2fa";
  Alarms::Log log{};  // gets the alarms' lines; null: nobody
};

// What to do, and what the host says about who asks.
struct Operation {
  Account account;
  Event event{};
  // If set, the operation is refused unless the record still has this epoch when the decision is made.
  std::optional<Token> pass_epoch{};
  // If set, the epoch that the known-browser cookie was made for: the code counts for the other lane unless
  // the record still has this epoch when the decision is made.
  std::optional<Token> known_epoch{};
  std::string email{};           // as the host asserted it; "": not asserted
  std::string source_address{};  // of the request; "": not given
  std::string operator_name{};   // operator's events
  std::string reason{};
  // Of the page. If the event is accepted and not the operator's, later mails use it too.
  text::Language language = text::Language::english;
  // Lets operator_reset replace a row that does not open. The audit chain continues, with a mark.
  bool restart_sealed = false;

  ~Operation() {
    wipe(event);
    if (pass_epoch) wipe(*pass_epoch);
    if (known_epoch) wipe(*known_epoch);
  }
};

// What the caller learns, after the commit only. Holds only the tokens that the event gives; the destructor
// wipes them.
struct Decision {
  Verdict verdict = Verdict::bad_record;
  View view{};                         // after the event
  Seconds retry_after_s = 0;           // waiting
  Step step = 0;                       // accepted code
  Token epoch{};                       // accepted, and on or recovering: for a new pass
  std::optional<Token> enrollment_id;  // begun; a repeat by its holder: the one under way
  std::optional<Token> recovery_code;  // enabled, renewed: to show once
  std::optional<Token> asker;          // recovery asked: for the browser that asked
  std::optional<Token> grant;          // replacing: for the browser or the operator
  std::optional<Token> ticket;         // unlocked: for the operator to hand on, until view.ticket_until
  bool by_ticket = false;              // verify: the code was evaluated on a live ticket
  std::string masked_email;            // recovery asked
  bool look_alike = false;  // another spelling needs a code: nothing was decided, and nobody enrolls
  bool pass_dead = false;   // pass_epoch was given and is not the record's: nothing was decided

  ~Decision();
};

enum class Failure : std::uint8_t {
  unavailable,  // the store
  clock,        // outside [30 s, 2^40 s), or not readable
  entropy,      // the random source gave nothing (alarm)
  sealed,       // the row does not open: wrong key or damaged (alarm)
  contended     // 8 conflicts
};

template <typename T>
using Expected = tl::expected<T, Failure>;

// Proves that what it holds was committed: only Service can make one (K5, K17).
template <typename T>
class Committed {
 public:
  const T& value() const { return value_; }

 private:
  friend class Service;
  explicit Committed(T value) : value_(std::move(value)) {}
  T value_;
};

using DecisionResult = Expected<Committed<Decision>>;
using Done = std::function<void(DecisionResult)>;

// What a read returns.
struct Look {
  View view{};                // of a look-alike: passes_without is false
  bool look_alike = false;    // no factor of its own, and another spelling of the name needs a code
  std::string look_alike_of;  // that spelling; for the operator only
  Policy policy = Policy::inherit;
  Seconds policy_from = 0;                // `required` holds from then on; 0: always
  HostWord host_word = HostWord::unsaid;  // the host's last word, on file
  Token epoch{};
  std::string masked_email;  // "": no address on file
};

// The secret of an enrollment that is not confirmed yet, for the browser that began it.
struct Pending {
  Secret secret{};
  Seconds deadline = 0;

  ~Pending() { wipe(secret); }
};

struct Metrics {
  std::uint64_t accepted, rejected, throttled, refused, failures, conflicts, commits, batches,
      clock_went_back, sealed_alarms, entropy_alarms, tickets_issued, tickets_accepted, tickets_rejected;
};

class Service {
 public:
  // All references outlive the service.
  Service(store::Store& store, const keys::KeyRing& keys, Environment& environment, Options options);
  ~Service();  // stops

  // Both only read, from any thread. `host_word`: of the present request; `unsaid` where no host is asked.
  // pending returns nullopt unless `enrollment_id` is the current enrollment's.
  Expected<Look> look(const Account& account, HostWord host_word = HostWord::unsaid);
  Expected<std::optional<Pending>> pending(const Account& account, const Token& enrollment_id);

  // Decides and commits on the caller's thread (command line, tests).
  DecisionResult run(const Operation& operation);

  // Adds one entry to the account's audit chain about something that is no event of the kernel, such as a
  // mail that was given up. Changes nothing else of the row.
  struct Note {
    std::string_view what;  // the entry's "event": "mail_dropped", ...
    std::string operator_name;
    std::string reason;
    std::string other{};  // account that the entry is also about
  };
  Expected<void> note(const Account& account, const Note& note);
  // Seals the row under the current key if it was sealed under another, and notes it. Returns whether a row
  // was written.
  Expected<bool> reseal(const Account& account, const std::string& operator_name);

  // Calls two spellings of one name distinct: two persons, of whom neither is refused for the other's sake;
  // or no longer so. Kept in the audit chain of `a`.
  enum class Parted : std::uint8_t { done, already, no_look_alikes };
  Expected<Parted> part(const Account& a, const Account& b, bool distinct, const std::string& operator_name,
                        const std::string& reason);

  // Queues the operation for the writer thread, which commits what waits in one transaction and then calls
  // `done` once. Before start(), after stop() and when the queue is full, calls `done` with
  // Failure::unavailable at once.
  void submit(Operation operation, Done done);

  void start(std::size_t queue_max = 4096, std::size_t batch_max = 64);
  void stop();  // finishes what is queued, then joins

  // Returns whether a commit could be made now; asks the store at most once a second.
  Expected<void> ready();
  Metrics metrics() const;
  // For what goes wrong around the service too, such as mail.
  Alarms& alarms();
  const Options& options() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The mailed link's token: names its account, so that the page works without a signed-in person (spec 5.4).
// base64url.
std::string link_token(const Account& account, const Token& link);
struct LinkToken {
  Account account;
  Token link;
};
std::optional<LinkToken> parse_link_token(std::string_view text);

// Checks one account's audit chain against the head in its sealed record. Returns a sentence that says what
// is wrong; nullopt: nothing.
Expected<std::optional<std::string>> verify_audit(store::Store& store, const keys::KeyRing& keys,
                                                  const Account& account);

}  // namespace twinlock::service
