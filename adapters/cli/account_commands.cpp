// SPDX-License-Identifier: Apache-2.0
// show, reset, unlock, policy: one account each.
#include <fmt/format.h>

#include "adapters/cli/commands.hpp"
#include "adapters/config/config.hpp"
#include "adapters/console/output.hpp"
#include "adapters/console/printable.hpp"
#include "adapters/service/names.hpp"
#include "adapters/text/crockford.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::cli {

using namespace console;

namespace {

int refuse(const Refusal& refusal) {
  complain(refusal.reason);
  return refusal.code;
}

struct Opened {
  std::unique_ptr<Session> session;
  store::Account account;
};

tl::expected<Opened, Refusal> open(const Common& common, const std::string& typed) {
  auto account = account_of(typed);
  if (!account) return tl::unexpected(account.error());
  auto session = Session::open(common);
  if (!session) return tl::unexpected(session.error());
  return Opened{std::move(*session), std::move(*account)};
}

Fields name_fields(const store::Account& account) {
  return {{"account", words(account.bytes())},
          {"account_percent", words(text::percent_encode(account.bytes()))}};
}

// A wait that is over or never was is nothing to show.
Value wait(Seconds seconds) { return seconds == 0 ? nothing() : duration(seconds); }

Fields look_fields(const store::Account& account, const service::Look& look) {
  const View& view = look.view;
  Fields fields = name_fields(account);
  fields.push_back({"state", words(service::name(view.state))});
  fields.push_back({"policy", words(service::name(look.policy))});
  fields.push_back({"policy_from", moment(look.policy_from)});
  fields.push_back({"host_says", words(service::name(look.host_word))});
  fields.push_back({"required", yes_no(view.second_factor_required)});
  fields.push_back({"code_required", yes_no(view.code_required)});
  fields.push_back({"look_alike_of", look.look_alike ? words(look.look_alike_of) : nothing()});
  fields.push_back({"locked", yes_no(view.locked)});
  fields.push_back({"failures", number(view.failures)});
  fields.push_back({"wait_known_browsers_s", wait(view.retry_after_s[0])});
  fields.push_back({"wait_other_browsers_s", wait(view.retry_after_s[1])});
  fields.push_back({"enrolled_at", moment(view.enrolled_at)});
  fields.push_back({"last_used_at", moment(view.last_used_at)});
  fields.push_back({"recovery_code_drawn_at", moment(view.recovery_drawn_at)});
  fields.push_back({"recovery_code_saved_at", moment(view.recovery_saved_at)});
  fields.push_back({"deadline", moment(view.deadline)});
  fields.push_back({"ticket_until", moment(view.ticket_until)});
  fields.push_back({"grant_until", moment(view.grant_until)});
  fields.push_back({"email", look.masked_email.empty() ? nothing() : words(look.masked_email)});
  return fields;
}

service::Operation operation_of(const Common& common, const store::Account& account, Kind kind,
                                const std::string& reason) {
  Event event{};
  event.kind = kind;
  service::Operation operation{.account = account,
                               .event = event,
                               .pass_epoch = {},
                               .known_epoch = {},
                               .email = {},
                               .source_address = {},
                               .operator_name = operator_of(common),
                               .reason = reason};
  return operation;
}

std::string why(Verdict verdict) {
  switch (verdict) {
    case Verdict::wrong_state:
      return "the account is in a state in which this is not possible; see `twinlock show`";
    case Verdict::locked:
      return "the account is locked after 100 wrong codes in a row; only a recovery or `twinlock reset` "
             "unlocks it";
    case Verdict::forbidden:
      return "policy forbids it; see `twinlock policy`";
    default:
      return fmt::format("refused: {}", service::name(verdict));
  }
}

// Runs an operator's operation; what was accepted goes to `told`, everything else is said here.
template <typename Told>
int run(Session& session, const service::Operation& operation, Told told) {
  const auto result = session.service().run(operation);
  if (!result) return refuse(refusal_of(result.error()));
  const service::Decision& decision = result->value();
  if (decision.look_alike)
    return refuse({exit_refused,
                   "another spelling of this account needs a code, and both would; see `twinlock show`, and "
                   "`twinlock accounts distinct` if they are two persons"});
  if (decision.verdict != Verdict::accepted) return refuse({exit_refused, why(decision.verdict)});
  told(decision);
  return exit_ok;
}

Fields done_fields(const store::Account& account, const service::Decision& decision) {
  Fields fields = name_fields(account);
  fields.push_back({"verdict", words(service::name(decision.verdict))});
  fields.push_back({"state", words(service::name(decision.view.state))});
  return fields;
}

constexpr const char* grant_help =
    "\nHand the grant to the person over a way that you trust; it works once, for 30 minutes, and is not "
    "shown again.\n"
    "They sign in with their password and type it where the page asks for it.\n";

constexpr const char* ticket_help =
    "\nHand the ticket to the person over a way that you trust; it works until the time above and is not "
    "shown again.\n"
    "On the sign-in page they open 'I have a ticket from support' and type it together with a code of their "
    "app.\n"
    "It lets up to 5 codes be looked at without waiting, and lets nobody in without a right code. It changes "
    "nothing\n"
    "for anybody who does not hold it: wrong codes of others go on making them wait. The person is told by "
    "mail.\n";

}  // namespace

int show(const Common& common, const std::string& typed) {
  auto opened = open(common, typed);
  if (!opened) return refuse(opened.error());
  const auto look = opened->session->service().look(opened->account);
  if (!look) return refuse(refusal_of(look.error()));
  print(record_text(look_fields(opened->account, *look), common.json));
  return exit_ok;
}

int reset(const Common& common, const ResetOptions& options) {
  auto opened = open(common, options.account);
  if (!opened) return refuse(opened.error());
  auto operation = operation_of(common, opened->account, Kind::operator_reset, options.reason);
  operation.event.replace = options.replace;
  operation.restart_sealed = options.unopenable;
  return run(*opened->session, operation, [&](const service::Decision& decision) {
    Fields fields = done_fields(opened->account, decision);
    if (decision.grant) fields.push_back({"grant", words(text::format(*decision.grant))});
    print(record_text(fields, common.json));
    if (decision.grant && !common.json) print(grant_help);
  });
}

int unlock(const Common& common, const std::string& account, const std::string& reason) {
  auto opened = open(common, account);
  if (!opened) return refuse(opened.error());
  const auto operation = operation_of(common, opened->account, Kind::operator_unlock, reason);
  return run(*opened->session, operation, [&](const service::Decision& decision) {
    Fields fields = done_fields(opened->account, decision);
    if (decision.ticket) fields.push_back({"ticket", words(text::format(*decision.ticket))});
    fields.push_back({"expires_at", moment(decision.view.ticket_until)});
    print(record_text(fields, common.json));
    if (!common.json) print(ticket_help);
  });
}

int set_policy(const Common& common, const PolicyOptions& options) {
  const auto from = options.from.empty() ? std::optional<Seconds>(0) : config::read_moment(options.from);
  if (!from)
    return refuse({exit_configuration,
                   "--from takes a date such as 2026-11-24 or a time such as 2026-11-24T08:00:00Z"});
  auto opened = open(common, options.account);
  if (!opened) return refuse(opened.error());
  auto operation = operation_of(common, opened->account, Kind::set_policy, {});
  operation.event.policy_from = *from;
  for (const Policy known : {Policy::inherit, Policy::optional, Policy::required})
    if (service::name(known) == options.policy) operation.event.policy = known;
  return run(*opened->session, operation, [&](const service::Decision& decision) {
    Fields fields = done_fields(opened->account, decision);
    fields.push_back({"policy", words(options.policy)});
    fields.push_back({"policy_from", moment(*from)});
    print(record_text(fields, common.json));
  });
}

}  // namespace twinlock::cli
