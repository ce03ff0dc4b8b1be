// SPDX-License-Identifier: Apache-2.0
#include "property_tests/model/kernel_corner_list.hpp"

namespace twinlock::test {

bool locked(const Record& r) {
  return r.throttle.failures[0] + r.throttle.failures[1] + r.throttle.ticket_failures == 100;
}

Seconds left(Seconds until, const Record& r) { return until == 0 ? 0 : until - r.seen; }

namespace {

bool active(const Record& r) { return r.state == State::on || r.state == State::recovering; }
bool links(const Record& r, Seconds a, Seconds b, Seconds c) {
  const Seconds* until = r.throttle.link_until;
  return left(until[0], r) == a && left(until[1], r) == b && left(until[2], r) == c;
}
bool voucher(const Record& r) { return r.voucher_until != 0; }
bool begun(const Record& r, State from) { return r.state == State::enrolling && r.before == from; }

}  // namespace

std::vector<Corner> corners() {
  std::vector<Corner> all = {
      {"off, seen", [](const Record& r) { return r.state == State::off && r.seen != 0; }},
      {"off, begin budget used up",
       [](const Record& r) { return r.state == State::off && left(r.throttle.begin_until, r) == 1200; }},
      {"off, one second of begin budget",
       [](const Record& r) { return r.state == State::off && left(r.throttle.begin_until, r) == 1; }},
      {"enrolling, nine wrong codes", [](const Record& r) { return r.enrollment_failures == 9; }},
      {"enrolling, its last second",
       [](const Record& r) { return r.state == State::enrolling && left(r.deadline, r) == 1; }},
      {"enrolling, begin budget used up",
       [](const Record& r) {
         return r.state == State::enrolling && left(r.throttle.begin_until, r) == 1200;
       }},
      {"enrolling, begin budget free",
       [](const Record& r) { return r.state == State::enrolling && r.throttle.begin_until == 0; }},
      {"enrolling from replacing, grant alive",
       [](const Record& r) { return begun(r, State::replacing) && voucher(r); }},
      {"enrolling from replacing, grant expired",
       [](const Record& r) { return begun(r, State::replacing) && !voucher(r); }},
      {"replacing, fresh grant",
       [](const Record& r) { return r.state == State::replacing && left(r.voucher_until, r) == 1800; }},
      {"replacing, no grant", [](const Record& r) { return r.state == State::replacing && !voucher(r); }},
      {"replacing, begin budget used up",
       [](const Record& r) {
         return r.state == State::replacing && left(r.throttle.begin_until, r) == 1200;
       }},
      {"on, recovery code not saved",
       [](const Record& r) {
         return r.state == State::on && r.recovery_drawn_at != 0 && r.recovery_saved_at == 0;
       }},
      {"on, recovery code saved", [](const Record& r) { return r.recovery_saved_at != 0; }},
      {"saved before drawn, by a clock that went back",
       [](const Record& r) { return r.recovery_saved_at != 0 && r.recovery_saved_at < r.recovery_drawn_at; }},
      {"imported, nothing used", [](const Record& r) { return active(r) && r.last_used_at == 0; }},
      {"imported, nothing used, a ticket",
       [](const Record& r) { return active(r) && r.last_used_at == 0 && r.ticket_codes == 5; }},
      {"imported, nothing used, locked",
       [](const Record& r) { return active(r) && r.last_used_at == 0 && locked(r); }},
      {"imported and used, no recovery code",
       [](const Record& r) { return active(r) && r.last_used_at != 0 && r.recovery_drawn_at == 0; }},
      {"imported, recovery code drawn",
       [](const Record& r) { return r.secret_length == 16 && r.recovery_drawn_at != 0; }},
      {"imported, recovering",
       [](const Record& r) { return r.secret_length > 20 && r.state == State::recovering; }},
      {"last step one ahead", [](const Record& r) { return active(r) && r.last_step == r.seen / 30 + 1; }},
      {"last step far ahead, by a clock that went back",
       [](const Record& r) { return active(r) && r.last_step > r.seen / 30 + 1000; }},
      {"the last step of all", [](const Record& r) { return r.last_step == 36650387593; }},
      {"the first step of all", [](const Record& r) { return r.last_step == 1; }},
      {"locked by known browsers", [](const Record& r) { return r.throttle.failures[0] == 100; }},
      {"locked by others", [](const Record& r) { return r.throttle.failures[1] == 100; }},
      {"locked by tickets", [](const Record& r) { return r.throttle.ticket_failures == 100; }},
      {"locked by all three",
       [](const Record& r) {
         const Throttle& t = r.throttle;
         return locked(r) && t.failures[0] > 9 && t.failures[1] > 9 && t.ticket_failures > 9;
       }},
      {"locked with a live ticket", [](const Record& r) { return locked(r) && r.ticket_codes > 0; }},
      {"locked and recovering", [](const Record& r) { return locked(r) && r.state == State::recovering; }},
      {"both lanes wait an hour",
       [](const Record& r) {
         return left(r.throttle.wait_until[0], r) == 3600 && left(r.throttle.wait_until[1], r) == 3600;
       }},
      {"a lane waits one second", [](const Record& r) { return left(r.throttle.wait_until[1], r) == 1; }},
      {"five failures, no wait",
       [](const Record& r) { return r.throttle.failures[0] == 5 && r.throttle.wait_until[0] == 0; }},
      {"budget used up", [](const Record& r) { return left(r.throttle.budget_until, r) == 2592000; }},
      {"budget used up, no failure in a row",
       [](const Record& r) {
         const Throttle& t = r.throttle;
         return left(t.budget_until, r) > 2592000 - 25920 &&
                t.failures[0] + t.failures[1] + t.ticket_failures == 0;
       }},
      {"one second of budget", [](const Record& r) { return left(r.throttle.budget_until, r) == 1; }},
      {"recovery budget used up", [](const Record& r) { return left(r.throttle.recovery_until, r) == 3600; }},
      {"three links at once", [](const Record& r) { return links(r, 3600, 3600, 3600); }},
      {"three links one after another",
       [](const Record& r) {
         const Seconds* l = r.throttle.link_until;
         return l[0] != 0 && l[0] < l[1] && l[1] < l[2];
       }},
      {"links of this hour, recovered since",
       [](const Record& r) { return r.state == State::on && left(r.throttle.link_until[2], r) == 1; }},
      {"recovering, just asked",
       [](const Record& r) { return r.state == State::recovering && links(r, 0, 0, 3600); }},
      {"recovering, its last second",
       [](const Record& r) { return r.state == State::recovering && left(r.deadline, r) == 1; }},
      {"recovering with a ticket",
       [](const Record& r) { return r.state == State::recovering && r.ticket_codes > 0; }},
      {"a fresh ticket", [](const Record& r) { return active(r) && left(r.voucher_until, r) == 1800; }},
      {"a ticket's last second", [](const Record& r) { return active(r) && left(r.voucher_until, r) == 1; }},
      {"the first second", [](const Record& r) { return r.seen == 30; }},
      {"the last second", [](const Record& r) { return r.seen == last_second; }},
      {"enrolled later than now", [](const Record& r) { return r.enrolled_at > r.seen; }},
      {"required from the last second on", [](const Record& r) { return r.policy_from == last_second; }},
      {"required from the first second on", [](const Record& r) { return r.policy_from == 1; }}};
  const char* const state_names[] = {"off", "enrolling", "on", "recovering", "replacing"};
  for (std::size_t state = 0; state < 5; ++state)
    for (std::size_t word = 0; word < 3; ++word)
      for (std::size_t policy = 0; policy < 3; ++policy) {
        const std::string name = std::string(state_names[state]) + ", host word " + std::to_string(word) +
                                 ", policy " + std::to_string(policy);
        all.push_back({name, [=](const Record& r) {
                         return static_cast<std::size_t>(r.state) == state &&
                                static_cast<std::size_t>(r.host_word) == word &&
                                static_cast<std::size_t>(r.policy) == policy;
                       }});
      }
  for (std::uint8_t codes = 1; codes <= 5; ++codes) {
    all.push_back({"a ticket with codes left: " + std::to_string(codes),
                   [=](const Record& r) { return r.ticket_codes == codes; }});
  }
  for (std::uint8_t length = 16; length <= 64; ++length) {
    all.push_back({"a key of bytes: " + std::to_string(length),
                   [=](const Record& r) { return r.secret_length == length; }});
  }
  return all;
}

}  // namespace twinlock::test
