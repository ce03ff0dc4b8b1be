// SPDX-License-Identifier: Apache-2.0
// audit show, audit verify.
#include <fmt/format.h>
#include <simdjson.h>

#include "adapters/cli/commands.hpp"
#include "adapters/console/output.hpp"
#include "adapters/console/printable.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::cli {

using namespace console;

namespace {

constexpr std::size_t page_rows = 256;

int refuse(const Refusal& refusal) {
  complain(refusal.reason);
  return refusal.code;
}

int refuse(const store::StoreError& error) { return refuse(Refusal{exit_store, error.message}); }

std::string text_of(const simdjson::dom::object& entry, std::string_view key) {
  std::string_view text;
  return entry[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

Value or_nothing(const std::string& text) { return text.empty() ? nothing() : words(text); }

// An entry whose body is no JSON (a tampered one) is shown as it is.
std::vector<Value> row_of(simdjson::dom::parser& parser, const store::AuditEntry& entry) {
  simdjson::dom::object body;
  if (parser.parse(entry.body).get(body) != simdjson::SUCCESS)
    return {number(entry.sequence), nothing(), words(entry.body), nothing(), nothing(), nothing(), nothing()};
  std::uint64_t time = 0;
  if (body["time"].get(time) != simdjson::SUCCESS) time = 0;
  const std::string before = text_of(body, "before");
  const std::string after = text_of(body, "after");
  bool restarted = false;
  const bool marked = body["restarted"].get(restarted) == simdjson::SUCCESS && restarted;
  return {number(entry.sequence),
          moment(time),
          words(text_of(body, "event") + (marked ? " (chain restarted)" : "")),
          or_nothing(text_of(body, "verdict")),
          words(before == after ? after : before + " -> " + after),
          or_nothing(text_of(body, "operator")),
          or_nothing(text_of(body, "reason"))};
}

tl::expected<std::vector<store::AuditEntry>, store::StoreError> all_entries(store::Store& store,
                                                                            const store::Account& account) {
  std::vector<store::AuditEntry> all;
  while (true) {
    auto page = store.audit_read(account, all.empty() ? 0 : all.back().sequence, page_rows);
    if (!page) return tl::unexpected(page.error());
    all.insert(all.end(), page->begin(), page->end());
    if (page->size() < page_rows) return all;
  }
}

// One JSON object a line; a body that is none is quoted.
void print_lines(const std::vector<store::AuditEntry>& entries) {
  simdjson::dom::parser parser;
  std::string out;
  for (const store::AuditEntry& entry : entries) {
    const bool object = parser.parse(entry.body).is_object();
    const std::string body = object ? simdjson::minify(parser.parse(entry.body)) : json_text(entry.body);
    out += fmt::format("{{\"sequence\":{},\"entry\":{}}}\n", entry.sequence, body);
  }
  print(out);
}

struct Finding {
  std::string account;
  std::string wrong;
};

struct Verified {
  std::uint64_t accounts = 0;
  std::vector<Finding> findings;
};

std::string failure_text(service::Failure failure) {
  if (failure == service::Failure::sealed)
    return "the record does not open, so nothing vouches for its chain";
  return failure == service::Failure::contended ? "it kept changing while it was read; verify it again"
                                                : "it could not be read; run `twinlock doctor`";
}

void verify_one(Session& session, const store::Account& account, Verified& verified) {
  ++verified.accounts;
  const auto result = service::verify_audit(session.store(), session.keys(), account);
  if (!result) verified.findings.push_back({account.bytes(), failure_text(result.error())});
  if (result && *result) verified.findings.push_back({account.bytes(), **result});
}

tl::expected<Verified, store::StoreError> verify_all(Session& session) {
  Verified verified;
  Progress progress("accounts verified");
  std::string after;
  while (true) {
    const auto rows = session.store().scan(after, page_rows);
    if (!rows) return tl::unexpected(rows.error());
    for (const store::ScannedRow& row : *rows) {
      verify_one(session, row.account, verified);
      progress.step();
    }
    if (rows->size() < page_rows) return verified;
    after = rows->back().account.bytes();
  }
}

int report(const Verified& verified, bool json) {
  std::vector<std::vector<Value>> rows;
  for (const Finding& f : verified.findings)
    rows.push_back({words(f.account), words(text::percent_encode(f.account)), words(f.wrong)});
  const std::vector<std::string> columns{"account", "account_percent", "wrong"};
  if (json) {
    std::string findings = table_text(columns, rows, true);
    findings.pop_back();
    print(fmt::format("{{\"accounts\":{},\"findings\":{}}}\n", verified.accounts, findings));
  } else {
    if (!rows.empty()) print(table_text(columns, rows, false));
    print(fmt::format("{} account{} verified, {} wrong\n", verified.accounts,
                      verified.accounts == 1 ? "" : "s", rows.size()));
  }
  return rows.empty() ? exit_ok : exit_refused;
}

}  // namespace

int audit_show(const Common& common, const std::string& typed) {
  const auto account = account_of(typed);
  if (!account) return refuse(account.error());
  auto session = Session::open(common);
  if (!session) return refuse(session.error());
  const auto entries = all_entries((*session)->store(), *account);
  if (!entries) return refuse(entries.error());
  if (common.json) {
    print_lines(*entries);
    return exit_ok;
  }
  simdjson::dom::parser parser;
  std::vector<std::vector<Value>> rows;
  for (const store::AuditEntry& entry : *entries) rows.push_back(row_of(parser, entry));
  print(table_text({"sequence", "time", "event", "verdict", "state", "operator", "reason"}, rows, false));
  return exit_ok;
}

int audit_verify(const Common& common, const std::string& typed) {
  auto session = Session::open(common);
  if (!session) return refuse(session.error());
  if (typed.empty()) {
    const auto verified = verify_all(**session);
    return verified ? report(*verified, common.json) : refuse(verified.error());
  }
  const auto account = account_of(typed);
  if (!account) return refuse(account.error());
  Verified verified;
  verify_one(**session, *account, verified);
  return report(verified, common.json);
}

}  // namespace twinlock::cli
