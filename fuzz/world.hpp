// SPDX-License-Identifier: Apache-2.0
// A whole Twinlock in memory that stands still: its clock, keys and random bytes are always the same, so that
// a finding repeats alone. Four people are in it, and one name that nobody has used:
//
//   alice on    carol recovering, her link is outstanding    dave replacing, with a grant
//   erin enrolling    bob off
//
// What only they hold cannot be guessed by a fuzzer, so that inputs name it in braces (fill).
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/daemon/router.hpp"
#include "adapters/http/stamp.hpp"
#include "adapters/memory_store/memory_store.hpp"
#include "property_tests/support/reference_totp.hpp"

namespace twinlock::fuzz {

class StillEnvironment final : public service::Environment {
 public:
  std::atomic<Seconds> now{1'700'000'010};  // the first second of a step
  std::atomic<std::uint32_t> draws{0};

  bool clock(Clock& out) override;
  bool random(std::span<std::uint8_t> out) override;
};

class World {
 public:
  World();
  ~World() { service_.stop(); }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  daemon::Router& router() { return *router_; }
  service::Service& service() { return service_; }
  store::Store& store() { return store_; }
  const config::Config& config() const { return config_; }
  store::Version version(std::string_view account);
  void break_store();
  void mend_store();

  // The world as it was at first, whatever happened since.
  void restore();

  // Replaces, in any text or stream, what stands in braces:
  //   {form NAME ROUTE}  a form's token    {code NAME N}  the code of the step N from now (-2 to 2)
  //   {pass NAME} {known NAME}  cookies
  //   {recovery carol} {grant dave} {ticket alice}  codes, as people type them
  //   {link}  carol's mailed token         {form link ROUTE}  a form of its page
  //   {asker carol} {enrollment erin}  cookies    {browser}  the cookie that forms are bound to
  // Blanks before the closing brace are there to be as long as what replaces it; a code gets them behind it,
  // as a form spells them. Anything else stays.
  std::string fill(std::string_view text) const;

  std::string pass(std::string_view account) const;  // a good one; "": the account has none
  // The secret of that account as the set-up page shows it; "": none.
  std::string shown_key(std::string_view account) const;

 private:
  struct Person {
    reference::Bytes secret;
    Token epoch{}, recovery{}, grant{}, asker{}, enrollment{}, ticket{};
  };
  struct Kept {
    store::Row row;
    std::vector<store::AuditEntry> audit;
  };

  service::Decision run(std::string_view account, Event event);
  void enroll(const std::string& account, bool confirm);
  void keep();
  std::string mailed_link() const;
  std::optional<std::string> value(const std::vector<std::string>& words) const;
  std::string form(const std::string& account, const std::string& route) const;

  keys::KeyRing keys_;
  StillEnvironment environment_;
  mutable store::MemoryStore store_;
  config::Config config_;
  service::Service service_;
  http::Tools tools_{service_, keys_, config_, environment_};
  std::unique_ptr<pages::App> pages_;
  std::unique_ptr<daemon::Router> router_;
  std::map<std::string, Person, std::less<>> people_;
  std::string link_;
  std::map<std::string, Kept> kept_;
  std::uint32_t draws_kept_ = 0;
};

}  // namespace twinlock::fuzz
