// One operation on one account, from load to committed answer: load, open, decide, seal, commit, and only
// then answer. Pages, API and command line all come through here; nothing else writes.
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
#include "adapters/store/port.hpp"
#include "adapters/text/language.hpp"
#include "kernel/twinlock.hpp"

namespace twinlock::service {

using store::Account;
struct Profile;  // profile.hpp

// Time and randomness, handed in so that tests own them. Either failing is a refusal (K16).
// Called from several threads.
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
  std::string issuer;    // in mails
  std::string contact;   // whom a person tells or asks
  std::string base_url;  // "https://host[:port]" without a slash at the end: links are built from it, never
                         // from a request
  std::string prefix = "/2fa";
};

// What is to be done and what the host says of who asks.
struct Operation {
  Account account;
  Event event{};
  std::optional<Token> pass_epoch{};  // needs a pass: this epoch must be the record's at the very decision
  std::string email{};                // as the host asserted it; "": not asserted
  std::string source_address{};       // of the request; "": not given
  std::string operator_name{};        // operator's events
  std::string reason{};
  text::Language language =
      text::Language::english;  // of the page; mails keep it once this person's event was accepted
  bool restart_sealed =
      false;  // operator_reset: also where the row does not open; its audit chain goes on, marked

  ~Operation() {
    wipe(event);
    if (pass_epoch) wipe(*pass_epoch);
  }
};

// What the caller learns, only after the commit. Tokens that are not of the event are absent; all are wiped
// when it goes.
struct Answer {
  Verdict verdict = Verdict::bad_record;
  View view{};                         // after the event
  Seconds retry_after_s = 0;           // waiting
  Step step = 0;                       // accepted code
  Token epoch{};                       // accepted, and on or recovering: for a new pass
  std::optional<Token> enrollment_id;  // begun
  std::optional<Token> recovery_code;  // enabled, renewed: to show once
  std::optional<Token> asker;          // recovery asked: for the browser that asked
  std::optional<Token> grant;          // replacing: for the browser or the operator
  std::string masked_email;            // recovery asked
  bool pass_dead = false;              // pass_epoch was given and is not the record's: nothing was decided

  ~Answer();
};

enum class Failure : std::uint8_t {
  unavailable,  // store, entropy or clock
  sealed,       // the row does not open: wrong key or damaged (alarm)
  contended     // 8 conflicts
};

template <typename T>
using Expected = tl::expected<T, Failure>;

// Proof that the answer's decision is durable: only Service makes one (K5, K17).
template <typename T>
class Committed {
 public:
  const T& value() const { return value_; }

 private:
  friend class Service;
  explicit Committed(T value) : value_(std::move(value)) {}
  T value_;
};

using Outcome = Expected<Committed<Answer>>;
using Done = std::function<void(Outcome)>;

// A read without an event.
struct Look {
  View view{};
  Policy policy = Policy::inherit;
  Token epoch{};
  std::string masked_email;  // "": no address on file
};

// The pending secret, for the browser that began.
struct Pending {
  Secret secret{};
  Seconds deadline = 0;

  ~Pending() { wipe(secret); }
};

struct Metrics {
  std::uint64_t accepted, rejected, throttled, refused, failures, conflicts, commits, batches,
      clock_went_back, sealed_alarms;
};

class Service {
 public:
  // All references outlive the service.
  Service(store::Store& store, const keys::KeyRing& keys, Environment& environment, Options options);
  ~Service();  // stops

  // Both read only, from any thread. pending is nullopt for another enrollment than the one that is alive.
  Expected<Look> look(const Account& account);
  Expected<std::optional<Pending>> pending(const Account& account, const Token& enrollment_id);

  // Decides and commits on the caller's thread (command line, tests).
  Outcome run(const Operation& operation);

  // Changes a row outside the kernel's events, for the command line alone (import, restore, rotation), with
  // one audit entry named `what`. `change` says whether there is something to change and may be called again
  // after a conflict; a result that is no valid record is Failure::sealed and nothing is written. Returns
  // whether a row was written.
  struct Amendment {
    std::string_view what;  // "import", "restore", ...
    std::string operator_name;
    std::string reason;
  };
  Expected<bool> amend(const Account& account, const Amendment& amendment,
                       const std::function<bool(Profile&)>& change);
  // Seals the row under the current key if another one sealed it. Returns whether a row was written.
  Expected<bool> reseal(const Account& account, const std::string& operator_name);

  // Hands the operation to the writer, which gathers what waits into one commit; `done` is called once, on
  // the writer's thread. Before start() and after stop(), and when the queue is full, `done` gets
  // Failure::unavailable at once.
  void submit(Operation operation, Done done);

  void start(std::size_t queue_max = 4096, std::size_t batch_max = 64);
  void stop();  // finishes what is queued, then joins

  Expected<void> ready();  // a commit could be made now; asked of the store at most once a second
  Metrics metrics() const;
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

// Walks one account's audit chain against the head in its sealed record; a sentence says what is wrong,
// nullopt: sound.
Expected<std::optional<std::string>> verify_audit(store::Store& store, const keys::KeyRing& keys,
                                                  const Account& account);

}  // namespace twinlock::service
