// SPDX-License-Identifier: Apache-2.0
// Debian's prometheus-cpp would bring OpenSSL's libcurl, which cannot be installed beside the mailer's; the
// format is three kinds of lines.
#include "adapters/api/metrics.hpp"

#include <fmt/format.h>

namespace twinlock::api {
namespace {

class Page {
 public:
  // Begins a family; its samples follow.
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    out_ += fmt::format("# HELP twinlock_{0} {2}\n# TYPE twinlock_{0} {1}\n", name, type, help);
  }
  void sample(std::uint64_t value) { out_ += fmt::format("twinlock_{} {}\n", name_, value); }
  // Labels and their values are our own words.
  void sample(std::string_view label, std::string_view of, std::uint64_t value) {
    out_ += fmt::format("twinlock_{}{{{}=\"{}\"}} {}\n", name_, label, of, value);
  }
  void single(std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
    family(name, type, help);
    sample(value);
  }
  std::string done() { return std::move(out_); }

 private:
  std::string_view name_;
  std::string out_;
};

constexpr std::string_view counter = "counter";
constexpr std::string_view gauge = "gauge";

void add_service(Page& page, const service::Metrics& m) {
  page.family("decisions_total", counter, "Decisions that were answered, by what was decided.");
  page.sample("verdict", "accepted", m.accepted);
  page.sample("verdict", "rejected", m.rejected);
  page.sample("verdict", "throttled", m.throttled);
  page.sample("verdict", "refused", m.refused);
  page.single("failures_total", counter, "Operations that ended without a decision (503).", m.failures);
  page.single("sealed_alarms_total", counter, "Rows that did not open.", m.sealed_alarms);
  page.single("entropy_alarms_total", counter, "Decisions for which the random source gave nothing.",
              m.entropy_alarms);
  page.family("tickets_total", counter, "Tickets that were issued, and codes that were evaluated on one.");
  page.sample("result", "issued", m.tickets_issued);
  page.sample("result", "accepted", m.tickets_accepted);
  page.sample("result", "rejected", m.tickets_rejected);
  page.single("conflicts_total", counter, "Commits that lost to another one and were decided again.",
              m.conflicts);
  page.single("commits_total", counter, "Rows that were committed.", m.commits);
  page.single("commit_batches_total", counter, "Transactions in which they were committed.", m.batches);
  page.single("clock_went_back_total", counter,
              "Decisions that found the clock behind the account's last-seen time.", m.clock_went_back);
}

struct ServerFamily {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  std::uint64_t fastcgi::Metrics::*value;
};

constexpr ServerFamily server_families[] = {
    {"fastcgi_connections_total", counter, "Connections that were accepted.",
     &fastcgi::Metrics::connections_accepted},
    {"fastcgi_connections_open", gauge, "Connections that are open.", &fastcgi::Metrics::connections_open},
    {"fastcgi_connections_shed_total", counter, "Slow or idle connections that were closed to let others in.",
     &fastcgi::Metrics::connections_shed},
    {"fastcgi_requests_total", counter, "Requests that began.", &fastcgi::Metrics::requests_begun},
    {"fastcgi_answers_total", counter, "Requests that were answered.", &fastcgi::Metrics::requests_answered},
    {"fastcgi_aborts_total", counter, "Requests that were aborted.", &fastcgi::Metrics::requests_aborted},
    {"fastcgi_protocol_errors_total", counter, "Connections that broke the protocol.",
     &fastcgi::Metrics::protocol_errors},
    {"fastcgi_overloads_total", counter,
     "Requests that got 503 because too many were in flight or too slow to arrive.",
     &fastcgi::Metrics::overloads},
    {"fastcgi_timeouts_total", counter, "Connections that were too slow.", &fastcgi::Metrics::time_outs},
};

void add_mail(Page& page, const Counted& counted) {
  if (counted.outbox) {
    page.single("outbox_waiting", gauge, "Mails that wait, leased ones included.", counted.outbox->waiting);
    page.single("outbox_oldest_timestamp_seconds", gauge, "When the oldest of them was made; 0: none waits.",
                counted.outbox->oldest);
  }
  if (!counted.mailer) return;
  const mail::PumpMetrics& m = *counted.mailer;
  page.family("mails_total", counter, "What became of mails.");
  page.sample("result", "sent", m.sent);
  page.sample("result", "retried", m.retried);
  page.sample("result", "expired", m.expired);
  page.sample("result", "given_up", m.given_up);
  page.sample("result", "unopenable", m.unopenable);
  page.single("mailer_starts_total", counter, "Starts of the mailer's program.", m.mailer_starts);
}

}  // namespace

std::string metrics_page(const Counted& counted) {
  Page page;
  page.family("build_info", gauge, "The version that runs.");
  page.sample("version", counted.version, 1);
  page.single("ready", gauge, "1: a commit could be made now.", counted.ready ? 1 : 0);
  add_service(page, counted.service);
  page.family("alarms_total", counter, "What an operator must hear of, by cause (docs/operating.md).");
  for (std::size_t i = 0; i < counted.alarms.size(); ++i)
    page.sample("cause", service::text_of(static_cast<service::Cause>(i)).name, counted.alarms[i]);
  page.single("log_lines_lost_total", counter, "Log lines that standard error did not take.",
              counted.log_lines_lost);
  for (const ServerFamily& family : server_families) {
    page.family(family.name, family.type, family.help);
    for (const auto& [listener, metrics] : counted.servers)
      page.sample("listener", listener, metrics.*family.value);
  }
  add_mail(page, counted);
  return page.done();
}

}  // namespace twinlock::api
