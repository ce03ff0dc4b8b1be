// SPDX-License-Identifier: Apache-2.0
// The same form sent twice gets the first answer, also while the first is still being worked on: a double
// click is no second attempt. An answer that shows a secret is kept for a double click only, and given to
// nobody who holds what it handed out: a reload does not show it again. Bounded; what does not fit is worked
// on twice, which the kernel's own rules make safe.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "adapters/fastcgi/message.hpp"
#include "adapters/http/stamp.hpp"

namespace twinlock::pages {

inline constexpr Seconds submitted_s_max =
    30;                                     // how long a form counts as sent already, and its answer is kept
inline constexpr Seconds secret_s_max = 2;  // how long an answer that shows a secret is kept
inline constexpr std::size_t submitted_entries_max = 1'024;
inline constexpr std::size_t submitted_waiters_max =
    16;  // for one answer; more are answered 503 by the server

class SubmittedForms {
 public:
  using Key = std::array<std::uint8_t, 32>;  // SHA-256

  SubmittedForms() = default;
  SubmittedForms(const SubmittedForms&) = delete;
  SubmittedForms& operator=(const SubmittedForms&) = delete;
  ~SubmittedForms();  // wipes the answers

  static Key key(const http::MacInput& request);

  enum class Standing : std::uint8_t {
    first,    // to be worked on; `reply` comes back, and finish() must follow
    taken,    // answered with the first one's answer, now or later
    too_late  // that answer is for its first reader only; `reply` comes back
  };
  struct Entered {
    Standing standing;
    fastcgi::Reply reply;
  };
  // `reader`: what the browser held when it sent the form, hashed. Who has read the answer holds something
  // else.
  Entered enter(const Key& key, const Key& reader, Seconds now, fastcgi::Reply reply);

  enum class Keep : std::uint8_t {
    not_at_all,  // nothing was decided: the next one is worked on again
    for_all,
    for_reader  // it shows a secret, once: who waits or comes within secret_s_max gets it as well
  };
  // Answers all who waited, and keeps the answer for submitted_s_max after the form came, or secret_s_max
  // from now.
  void finish(const Key& key, const fastcgi::EncodedResponse& answer, Keep keep, Seconds now);

  // Wipes the answers whose time is up, and forgets the forms. Cheap: looks once in each second.
  void purge(Seconds now);

 private:
  struct Entry {
    Key key{};
    Key reader{};
    Seconds since = 0;        // the form came
    Seconds answered_at = 0;  // 0: it is being worked on
    bool for_reader = false;
    std::optional<fastcgi::EncodedResponse> answer;  // wiped where it was for_reader and its time is up
    std::vector<fastcgi::Reply> waiters;
  };

  Entry* find(const Key& key);
  void purge_locked(Seconds now);
  static bool shares(const Entry& entry, const Key& reader);

  std::mutex mutex_;
  std::deque<Entry> entries_;  // oldest first
  std::atomic<Seconds> purged_at_{0};
};

}  // namespace twinlock::pages
