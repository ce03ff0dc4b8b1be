// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/submitted_forms.hpp"

#include <openssl/mem.h>
#include <openssl/sha.h>

#include <algorithm>

namespace twinlock::pages {
namespace {

// Also where the clock went back.
bool is_past(Seconds now, Seconds since, Seconds kept_s) { return since > now || now - since >= kept_s; }

void wipe(std::optional<fastcgi::EncodedResponse>& answer) {
  if (!answer) return;
  OPENSSL_cleanse(answer->head.data(), answer->head.size());
  OPENSSL_cleanse(answer->body.data(), answer->body.size());
  answer.reset();
}

}  // namespace

SubmittedForms::~SubmittedForms() {
  for (Entry& entry : entries_) wipe(entry.answer);
}

SubmittedForms::Key SubmittedForms::key(const http::MacInput& request) {
  Key out{};
  SHA256(request.bytes().data(), request.bytes().size(), out.data());
  return out;
}

SubmittedForms::Entry* SubmittedForms::find(const Key& key) {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&key](const Entry& entry) { return entry.key == key; });
  return found == entries_.end() ? nullptr : &*found;
}

void SubmittedForms::purge_locked(Seconds now) {
  std::erase_if(entries_, [now](Entry& entry) {
    if (entry.answered_at == 0) return false;
    const bool old = is_past(now, entry.since, submitted_s_max);
    if (old || (entry.for_reader && is_past(now, entry.answered_at, secret_s_max))) wipe(entry.answer);
    return old;
  });
}

void SubmittedForms::purge(Seconds now) {
  if (purged_at_.exchange(now, std::memory_order_relaxed) == now) return;
  const std::lock_guard lock(mutex_);
  purge_locked(now);
}

bool SubmittedForms::shares(const Entry& entry, const Key& reader) {
  return entry.answer && (!entry.for_reader || entry.reader == reader);
}

// Drops the oldest answer, of this person or of all (nullptr); false: all are being worked on.
bool SubmittedForms::drop_oldest_answered(const Key* person) {
  const auto oldest = std::find_if(entries_.begin(), entries_.end(), [person](const Entry& entry) {
    return entry.answered_at != 0 && (person == nullptr || entry.person == *person);
  });
  if (oldest == entries_.end()) return false;
  wipe(oldest->answer);
  entries_.erase(oldest);
  return true;
}

// Whether one more form of this person's may be remembered.
bool SubmittedForms::make_room(const Key& person) {
  const auto own = std::count_if(entries_.begin(), entries_.end(),
                                 [&person](const Entry& entry) { return entry.person == person; });
  if (own >= static_cast<std::ptrdiff_t>(submitted_person_max)) return drop_oldest_answered(&person);
  return entries_.size() < submitted_entries_max || drop_oldest_answered(nullptr);
}

SubmittedForms::Entered SubmittedForms::enter(const Form& form, Seconds now, fastcgi::Reply reply) {
  const std::lock_guard lock(mutex_);
  purge_locked(now);
  if (Entry* entry = find(form.key)) {
    const bool answered = entry->answered_at != 0;
    if (answered && !shares(*entry, form.reader)) return {Standing::too_late, std::move(reply)};
    if (answered) {
      reply(*entry->answer);
    } else if (entry->waiters.size() < submitted_waiters_max) {
      entry->waiters.push_back(std::move(reply));
    }
    return {Standing::taken, {}};
  }
  if (make_room(form.person)) {
    entries_.emplace_back();
    entries_.back().key = form.key;
    entries_.back().person = form.person;
    entries_.back().reader = form.reader;
    entries_.back().since = now;
  }
  return {Standing::first, std::move(reply)};
}

void SubmittedForms::finish(const Key& key, const fastcgi::EncodedResponse& answer, Keep keep, Seconds now) {
  std::vector<fastcgi::Reply> waiters;
  {
    const std::lock_guard lock(mutex_);
    Entry* entry = find(key);
    if (entry == nullptr) return;
    waiters = std::move(entry->waiters);
    entry->waiters.clear();
    if (keep == Keep::not_at_all) {
      std::erase_if(entries_, [&key](const Entry& each) { return each.key == key; });
    } else {
      entry->answer = answer;
      entry->answered_at = now;
      entry->for_reader = keep == Keep::for_reader;
    }
  }
  for (fastcgi::Reply& waiter : waiters) waiter(answer);
}

}  // namespace twinlock::pages
