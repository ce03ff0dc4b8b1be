// SPDX-License-Identifier: Apache-2.0
// accounts distinct: which spellings of one name are two persons.
#include "adapters/cli/commands.hpp"
#include "adapters/console/output.hpp"
#include "adapters/service/spelling_check.hpp"

namespace twinlock::cli {

using namespace console;

namespace {

int refuse_distinct(const Refusal& refusal) {
  complain(refusal.reason);
  return refusal.code;
}

int list_distinct(Session& session, bool json) {
  const auto findings = service::check_spellings(session.store(), session.keys());
  if (!findings) return refuse_distinct(refusal_of(findings.error()));
  std::vector<std::vector<Value>> rows;
  for (const auto& [a, b] : findings->distinct) rows.push_back({words(a), words(b)});
  print(table_text({"account", "distinct_from"}, rows, json));
  return exit_ok;
}

const char* words_of(service::Service::Parted parted, bool remove) {
  if (parted == service::Service::Parted::done) return remove ? "no longer distinct" : "distinct";
  return remove ? "not distinct already" : "distinct already";
}

}  // namespace

int accounts_distinct(const Common& common, const DistinctOptions& options) {
  if (options.list) {
    auto session = Session::open(common);
    if (!session) return refuse_distinct(session.error());
    return list_distinct(**session, common.json);
  }
  const auto first = account_of(options.first);
  if (!first) return refuse_distinct(first.error());
  const auto second = account_of(options.second);
  if (!second) return refuse_distinct(second.error());
  auto session = Session::open(common);
  if (!session) return refuse_distinct(session.error());
  const auto parted =
      (*session)->service().part(*first, *second, !options.remove, operator_of(common), options.reason);
  if (!parted) return refuse_distinct(refusal_of(parted.error()));
  if (*parted == service::Service::Parted::no_look_alikes)
    return refuse_distinct(
        {exit_refused, "these two are no spellings of one name, so neither is refused for the other's sake"});
  print(record_text({{"account", words(first->bytes())},
                     {"other", words(second->bytes())},
                     {"result", words(words_of(*parted, options.remove))}},
                    common.json));
  return exit_ok;
}

}  // namespace twinlock::cli
