// SPDX-License-Identifier: Apache-2.0
// Gives a form that is sent twice the answer to the first, also while the first is still in progress, so that
// a double click is not a second attempt. An answer that shows a secret is kept for a double click only. It
// is not replayed to a browser that already has the cookies which the answer set, so that a reload does not
// show it again. Memory is bounded: a person's oldest answer gives way to the newest, and so does the oldest
// of all, so that nobody's forms end the protection of others. A form whose answer gave way is handled twice,
// which the kernel's own rules make safe.
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
inline constexpr std::size_t submitted_person_max = 16;  // of these, of one account or one mailed link
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
    first,    // new: handle it, then call finish(); `reply` is returned
    taken,    // gets the first one's answer, now or later
    too_late  // the answer was for its first reader only; `reply` is returned
  };
  struct Entered {
    Standing standing;
    fastcgi::Reply reply;
  };
  struct Form {
    Key key;     // of everything that makes it this form
    Key person;  // of the account or the mailed link
    // Of the cookies that the browser sent with the form. A browser that got the answer sends others.
    Key reader;
  };
  Entered enter(const Form& form, Seconds now, fastcgi::Reply reply);

  enum class Keep : std::uint8_t {
    not_at_all,  // nothing was decided: the form may be sent again
    for_all,
    for_reader  // shows a secret: only for those who wait or come within secret_s_max
  };
  // Answers all who waited, and keeps the answer for submitted_s_max after the form came, or secret_s_max
  // from now.
  void finish(const Key& key, const fastcgi::EncodedResponse& answer, Keep keep, Seconds now);

  // Wipes answers whose time is up and forgets their forms. Cheap: does so at most once a second.
  void purge(Seconds now);

 private:
  struct Entry {
    Key key{};
    Key person{};
    Key reader{};
    Seconds since = 0;        // the form came
    Seconds answered_at = 0;  // 0: it is being worked on
    bool for_reader = false;
    std::optional<fastcgi::EncodedResponse> answer;  // wiped where it was for_reader and its time is up
    std::vector<fastcgi::Reply> waiters;
  };

  Entry* find(const Key& key);
  void purge_locked(Seconds now);
  bool make_room(const Key& person);
  bool drop_oldest_answered(const Key* person);
  static bool shares(const Entry& entry, const Key& reader);

  std::mutex mutex_;
  std::deque<Entry> entries_;  // oldest first
  std::atomic<Seconds> purged_at_{0};
};

}  // namespace twinlock::pages
