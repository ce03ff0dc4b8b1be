#include "adapters/http/once.hpp"

#include <openssl/mem.h>
#include <openssl/sha.h>

#include <algorithm>

namespace twinlock::http {
namespace {

void wipe(std::optional<fastcgi::Answer>& answer) {
  if (!answer) return;
  OPENSSL_cleanse(answer->head.data(), answer->head.size());
  OPENSSL_cleanse(answer->body.data(), answer->body.size());
  answer.reset();
}

}  // namespace

Once::~Once() {
  for (Entry& entry : entries_) wipe(entry.answer);
}

Once::Key Once::key(const Message& request) {
  Key out{};
  SHA256(request.bytes().data(), request.bytes().size(), out.data());
  return out;
}

Once::Entry* Once::find(const Key& key) {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&key](const Entry& entry) { return entry.key == key; });
  return found == entries_.end() ? nullptr : &*found;
}

void Once::purge_locked(Seconds now) {
  std::erase_if(entries_, [now](Entry& entry) {
    const bool old = entry.since > now || now - entry.since >= once_s_max;
    if (!entry.answer || !old) return false;
    wipe(entry.answer);
    return true;
  });
}

void Once::purge(Seconds now) {
  const std::lock_guard lock(mutex_);
  purge_locked(now);
}

Once::Entered Once::enter(const Key& key, const Key& reader, Seconds now, fastcgi::Reply reply) {
  const std::lock_guard lock(mutex_);
  purge_locked(now);
  if (Entry* entry = find(key)) {
    if (entry->answer && entry->for_reader && entry->reader != reader)
      return {Standing::too_late, std::move(reply)};
    if (entry->answer) {
      reply(*entry->answer);
    } else if (entry->waiters.size() < once_waiters_max) {
      entry->waiters.push_back(std::move(reply));
    }
    return {Standing::taken, {}};
  }
  if (entries_.size() < once_entries_max) {
    entries_.emplace_back();
    entries_.back().key = key;
    entries_.back().reader = reader;
    entries_.back().since = now;
  }
  return {Standing::first, std::move(reply)};
}

void Once::finish(const Key& key, const fastcgi::Answer& answer, Keep keep) {
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
      entry->for_reader = keep == Keep::for_reader;
    }
  }
  for (fastcgi::Reply& waiter : waiters) waiter(answer);
}

}  // namespace twinlock::http
