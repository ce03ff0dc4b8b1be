// SPDX-License-Identifier: Apache-2.0
// mail list, retry, drop: the outbox, never a mail's content.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/cli/commands.hpp"
#include "adapters/console/output.hpp"
#include "adapters/console/printable.hpp"
#include "adapters/mail/compose.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::cli {

using namespace console;

namespace {

constexpr std::size_t list_max = 10'000;

int refuse(const Refusal& refusal) {
  complain(refusal.reason);
  return refusal.code;
}

Value recipient(const keys::KeyRing& ring, const store::LeasedMail& mail) {
  const std::string_view id(reinterpret_cast<const char*>(mail.id.data()), mail.id.size());
  const auto plain = ring.open(keys::SealPurpose::mail, {mail.account.bytes(), 0, id}, mail.sealed);
  mail::Message message;
  if (!plain || !mail::unpack({reinterpret_cast<const char*>(plain->data()), plain->size()}, message))
    return words("does not open");
  return words(mail::masked(message.to));
}

std::vector<Value> row_of(const keys::KeyRing& ring, const store::LeasedMail& mail) {
  return {
      words(text::to_hex(mail.id)), words(mail.account.bytes()), recipient(ring, mail), moment(mail.created),
      number(mail.attempts),        moment(mail.not_after),      words(mail.reason)};
}

// The session and the mails that `id` ("all", or one of mail_list's) names.
struct Named {
  std::unique_ptr<Session> session;
  std::vector<store::LeasedMail> mails;
};

tl::expected<Named, Refusal> named(const Common& common, const std::string& id) {
  auto session = Session::open(common);
  if (!session) return tl::unexpected(session.error());
  auto mails = (*session)->store().outbox_list(list_max);
  if (!mails) return tl::unexpected(Refusal{exit_store, mails.error().message});
  if (id != "all")
    std::erase_if(*mails, [&](const store::LeasedMail& mail) { return text::to_hex(mail.id) != id; });
  if (id != "all" && mails->empty())
    return tl::unexpected(
        Refusal{exit_refused,
                "no waiting mail has this id (it may have been sent already); see `twinlock mail list`"});
  return Named{std::move(*session), std::move(*mails)};
}

int report(const Common& common, std::string_view what, std::size_t count) {
  if (common.json)
    print(fmt::format("{{\"{}\":{}}}\n", what, count));
  else
    print(fmt::format("{} {}\n", count, what));
  return exit_ok;
}

}  // namespace

int mail_list(const Common& common) {
  const auto all = named(common, "all");
  if (!all) return refuse(all.error());
  std::vector<std::vector<Value>> rows;
  for (const store::LeasedMail& mail : all->mails) rows.push_back(row_of(all->session->keys(), mail));
  print(table_text({"id", "account", "to", "created", "attempts", "dies", "reason"}, rows, common.json));
  return exit_ok;
}

int mail_retry(const Common& common, const std::string& id) {
  const auto some = named(common, id);
  if (!some) return refuse(some.error());
  for (const store::LeasedMail& mail : some->mails)
    if (const auto done = some->session->store().outbox_retry(mail.id, 0, mail.reason); !done)
      return refuse({exit_store, done.error().message});
  return report(common, "due_now", some->mails.size());
}

int mail_drop(const Common& common, const std::string& id, const std::string& reason) {
  const auto some = named(common, id);
  if (!some) return refuse(some.error());
  for (const store::LeasedMail& mail : some->mails) {
    // First the account's history, then the mail: a crash between the two is told, not hidden.
    const service::Service::Note note{"mail_dropped", operator_of(common), reason};
    if (const auto told = some->session->service().note(mail.account, note);
        !told && told.error() != service::Failure::sealed)
      return refuse(refusal_of(told.error()));
    if (const auto done = some->session->store().outbox_done(mail.id); !done)
      return refuse({exit_store, done.error().message});
  }
  return report(common, "dropped", some->mails.size());
}

}  // namespace twinlock::cli
