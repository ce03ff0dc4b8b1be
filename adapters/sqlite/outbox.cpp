// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/outbox.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "adapters/sqlite/errors.hpp"

namespace twinlock::sqlite {

using store::LeasedMail;
using store::MailId;
using store::Result;
using store::Seconds;

namespace {

constexpr const char* doing = "use the outbox of";
constexpr int id_column = 6;  // of mail_due

Seconds add_saturating(Seconds a, Seconds b) {
  return a > std::numeric_limits<Seconds>::max() - b ? std::numeric_limits<Seconds>::max() : a + b;
}

// The columns mail, account, created, not_after, attempts, sealed. nullopt: not what was written.
std::optional<LeasedMail> mail_of(const Use& use) {
  const auto id = use.bytes_at(0);
  const auto account = store::Account::from(use.bytes_at(1));
  const auto sealed = use.bytes_at(5);
  if (!account || id.size() != MailId{}.size()) return std::nullopt;
  LeasedMail mail{{}, *account, use.number_at(2), use.number_at(3), 0, {sealed.begin(), sealed.end()}};
  std::copy(id.begin(), id.end(), mail.id.begin());
  mail.attempts = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(use.number_at(4), std::numeric_limits<std::uint32_t>::max()));
  return mail;
}

struct Due {
  std::vector<LeasedMail> mails;
  std::vector<std::uint64_t> ids;  // of the rows
};

Result<Due> find_due(Connection& connection, Seconds now, std::size_t limit) {
  Use use(connection, Query::mail_due);
  use.number(now).number(limit);
  Due due;
  for (;;) {
    const auto row = use.row(doing);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return due;
    auto mail = mail_of(use);
    if (!mail) return tl::unexpected(damaged(connection.path(), "a mail's row makes no sense"));
    due.mails.push_back(std::move(*mail));
    due.ids.push_back(use.number_at(id_column));
  }
}

}  // namespace

Result<bool> any_due(Connection& connection, Seconds now) {
  Use use(connection, Query::mail_due);
  return use.number(now).number(1).row(doing);
}

Result<std::vector<LeasedMail>> lease(Connection& connection, Seconds now, Seconds lease_s,
                                      std::size_t limit) {
  auto due = find_due(connection, now, limit);
  if (!due) return tl::unexpected(due.error());
  for (const std::uint64_t id : due->ids) {
    Use use(connection, Query::lease_mail);
    if (auto leased = use.number(add_saturating(now, lease_s)).number(id).run(doing); !leased)
      return tl::unexpected(leased.error());
  }
  return std::move(due->mails);
}

Result<void> delete_mail(Connection& connection, const MailId& id) {
  return Use(connection, Query::delete_mail).blob(id).run(doing);
}

Result<void> retry_mail(Connection& connection, const MailId& id, Seconds not_before) {
  return Use(connection, Query::retry_mail).blob(id).number(not_before).run(doing);
}

Result<store::OutboxCounts> count_mail(Connection& connection) {
  Use use(connection, Query::count_mail);
  const auto row = use.row(doing);
  if (!row) return tl::unexpected(row.error());
  return store::OutboxCounts{use.number_at(0), use.number_at(1)};
}

Result<std::vector<LeasedMail>> list_mail(Connection& connection, std::size_t limit) {
  Use use(connection, Query::list_mail);
  use.number(limit);
  std::vector<LeasedMail> mails;
  for (;;) {
    const auto row = use.row(doing);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return mails;
    auto mail = mail_of(use);
    if (!mail) return tl::unexpected(damaged(connection.path(), "a mail's row makes no sense"));
    mails.push_back(std::move(*mail));
  }
}

}  // namespace twinlock::sqlite
