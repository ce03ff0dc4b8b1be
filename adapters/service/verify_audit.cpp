// SPDX-License-Identifier: Apache-2.0
// Checks an audit chain against the head in its sealed record.

#include "adapters/service/audit.hpp"
#include "adapters/service/rows.hpp"

namespace twinlock::service {

namespace {

constexpr std::size_t page_entries = 256;
constexpr int walks_max = 8;  // a chain that grew during the check is checked again

using Finding = std::optional<std::string>;

std::string at(std::uint64_t sequence, std::string_view what) {
  return "entry " + std::to_string(sequence) + " " + std::string(what);
}

// Follows the chain entry by entry.
struct Walk {
  std::uint64_t sequence = 0;
  store::Digest head{};

  Finding step(const store::AuditEntry& entry) {
    if (entry.sequence != sequence + 1) return at(sequence + 1, "is missing");
    const auto hash = audit_hash(head, entry.sequence, entry.body);
    if (hash != entry.hash) return at(entry.sequence, "was changed, or one before it was");
    sequence = entry.sequence;
    head = hash;
    return std::nullopt;
  }
};

Finding compare(const Walk& walk, const Profile& profile) {
  if (walk.sequence < profile.audit_sequence) return at(walk.sequence + 1, "and those after it are missing");
  if (walk.sequence > profile.audit_sequence)
    return at(profile.audit_sequence + 1, "is not vouched for by the account's record");
  if (walk.head != profile.audit_head) return std::string("the chain does not end in the account's record");
  return std::nullopt;
}

Expected<Finding> walk_once(store::Store& store, const Account& account, const Profile& profile) {
  Walk walk;
  for (;;) {
    const auto page = store.audit_read(account, walk.sequence, page_entries);
    if (!page) return tl::unexpected(Failure::unavailable);
    for (const auto& entry : *page)
      if (auto wrong = walk.step(entry)) return wrong;
    if (page->size() < page_entries) return compare(walk, profile);
  }
}

}  // namespace

Expected<Finding> verify_audit(store::Store& store, const keys::KeyRing& keys, const Account& account) {
  for (int i = 0; i < walks_max; ++i) {
    const auto before = load_profile(store, keys, account);
    if (!before) return tl::unexpected(before.error());
    const auto finding = walk_once(store, account, before->profile);
    if (!finding || !*finding) return finding;
    const auto after = store.load(account);
    if (!after) return tl::unexpected(Failure::unavailable);
    if ((*after ? (*after)->version : 0) == before->version) return finding;
  }
  return tl::unexpected(Failure::contended);
}

}  // namespace twinlock::service
