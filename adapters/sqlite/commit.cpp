// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/commit.hpp"

#include <optional>

#include "adapters/sqlite/errors.hpp"
#include "adapters/sqlite/spelling.hpp"
#include "adapters/store/change.hpp"

namespace twinlock::sqlite {

using store::Change;
using store::CommitResult;
using store::Result;
using store::Seconds;

namespace {

constexpr const char* doing = "write";

struct Present {
  std::uint64_t id = 0;
  store::Version version = 0;
  std::uint64_t audit_head = 0;
};

Result<std::optional<Present>> find(Connection& connection, const store::Account& account) {
  Use use(connection, Query::find_for_swap);
  const auto row = use.blob(account.bytes()).row(doing);
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return Present{use.number_at(0), use.number_at(1), use.number_at(2)};
}

Result<std::uint64_t> add_audit(Connection& connection, const Change& change, std::uint64_t previous,
                                Seconds created) {
  Use use(connection, Query::add_audit);
  use.number(previous)
      .number(change.entry.sequence)
      .number(created)
      .text(change.entry.body)
      .blob(change.entry.hash);
  if (auto added = use.run(doing); !added) return tl::unexpected(added.error());
  return static_cast<std::uint64_t>(connection.last_row_id());
}

Result<void> swap(Connection& connection, const Change& change, const Present& present, std::uint64_t head) {
  Use use(connection, Query::swap);
  use.number(present.version + 1).number(head).blob(change.sealed).number(present.id).number(present.version);
  if (auto swapped = use.run(doing); !swapped) return swapped;
  if (connection.rows_changed() == 1) return {};
  return tl::unexpected(damaged(connection.path(), "an account's row is not where its index says"));
}

// Inserts the account's row in both tables. If one of them already has the account, the file is damaged, and
// nothing is written.
Result<void> insert(Connection& connection, const Change& change, std::uint64_t head) {
  {
    Use known(connection, Query::name_known);
    const auto row = known.blob(change.account.bytes()).row(doing);
    if (!row) return tl::unexpected(row.error());
    if (*row) return tl::unexpected(damaged(connection.path(), "an account's row is lost"));
  }
  Use account(connection, Query::insert_account);
  account.blob(change.account.bytes()).number(1).number(head).blob(change.sealed);
  if (auto inserted = account.run(doing); !inserted) return inserted;
  Use name(connection, Query::insert_name);
  return name.blob(change.account.bytes()).run(doing);
}

Result<void> add_mail(Connection& connection, const Change& change, Seconds created) {
  for (const auto& mail : change.mail) {
    Use use(connection, Query::insert_mail);
    use.blob(mail.id).blob(change.account.bytes()).number(created).number(mail.not_after);
    use.number(mail.urgent ? 1 : 0).number(mail.destination).blob(mail.sealed);
    if (auto added = use.run(doing); !added) return added;
  }
  return {};
}

}  // namespace

Result<CommitResult> apply(Connection& connection, const Change& change, Seconds created) {
  const auto found = find(connection, change.account);
  if (!found) return tl::unexpected(found.error());
  const Present present = found->value_or(Present{});
  if (present.version != change.expected || present.version >= store::version_max)
    return CommitResult::conflict;
  if (change.spelling) {
    const auto same = spelling_fits(connection, *change.spelling);
    if (!same) return tl::unexpected(same.error());
    if (!*same) return CommitResult::conflict;
  }
  const auto head = add_audit(connection, change, present.audit_head, created);
  if (!head) return tl::unexpected(head.error());
  auto written = *found ? swap(connection, change, present, *head) : insert(connection, change, *head);
  if (written) written = add_mail(connection, change, created);
  if (written && change.spelling) written = write_spelling(connection, *change.spelling);
  if (!written) return tl::unexpected(written.error());
  return CommitResult::done;
}

}  // namespace twinlock::sqlite
