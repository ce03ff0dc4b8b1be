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

Seconds add_saturating(Seconds a, Seconds b) {
  return a > std::numeric_limits<Seconds>::max() - b ? std::numeric_limits<Seconds>::max() : a + b;
}

template <typename T>
T at_most(std::uint64_t value) {
  return static_cast<T>(std::min<std::uint64_t>(value, std::numeric_limits<T>::max()));
}

// The columns that mail_at and list_mail read. nullopt: not what was written.
std::optional<LeasedMail> mail_of(const Use& use) {
  const auto id = use.bytes_at(0);
  const auto account = store::Account::from(use.bytes_at(1));
  const auto sealed = use.bytes_at(8);
  if (!account || id.size() != MailId{}.size()) return std::nullopt;
  LeasedMail mail{.account = *account,
                  .created = use.number_at(2),
                  .not_after = use.number_at(3),
                  .urgent = use.number_at(4) != 0,
                  .destination = at_most<store::Destination>(use.number_at(5)),
                  .attempts = at_most<std::uint32_t>(use.number_at(6)),
                  .reason = std::string(use.bytes_at(7)),
                  .sealed = {sealed.begin(), sealed.end()}};
  std::copy(id.begin(), id.end(), mail.id.begin());
  return mail;
}

// Returns the rows of the mails that are due and that `places` takes.
Result<std::vector<std::uint64_t>> find_due(Connection& connection, Seconds now, store::Places& places) {
  Use use(connection, Query::mail_due);
  use.number(now);
  std::vector<std::uint64_t> rows;
  for (;;) {
    const auto row = use.row(doing);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows;
    if (places.take(use.number_at(1) != 0, at_most<store::Destination>(use.number_at(2))))
      rows.push_back(use.number_at(0));
    else if (places.full())
      return rows;
  }
}

Result<LeasedMail> lease_row(Connection& connection, std::uint64_t row, Seconds until) {
  Use use(connection, Query::mail_at);
  const auto found = use.number(row).row(doing);
  if (!found) return tl::unexpected(found.error());
  auto mail = *found ? mail_of(use) : std::nullopt;
  if (!mail) return tl::unexpected(damaged(connection.path(), "a mail's row makes no sense"));
  if (auto leased = Use(connection, Query::lease_mail).number(until).number(row).run(doing); !leased)
    return tl::unexpected(leased.error());
  return std::move(*mail);
}

}  // namespace

Result<bool> any_due(Connection& connection, Seconds now, store::Places& places) {
  const auto rows = find_due(connection, now, places);
  if (!rows) return tl::unexpected(rows.error());
  return !rows->empty();
}

Result<std::vector<LeasedMail>> lease(Connection& connection, Seconds now, Seconds lease_s,
                                      store::Places& places) {
  const auto rows = find_due(connection, now, places);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<LeasedMail> mails;
  for (const std::uint64_t row : *rows) {
    auto mail = lease_row(connection, row, add_saturating(now, lease_s));
    if (!mail) return tl::unexpected(mail.error());
    mails.push_back(std::move(*mail));
  }
  return mails;
}

Result<void> delete_mail(Connection& connection, const MailId& id) {
  return Use(connection, Query::delete_mail).blob(id).run(doing);
}

Result<void> retry_mail(Connection& connection, const MailId& id, Seconds not_before,
                        std::string_view reason) {
  return Use(connection, Query::retry_mail).blob(id).number(not_before).text(reason).run(doing);
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
