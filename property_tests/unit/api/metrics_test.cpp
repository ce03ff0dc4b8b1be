// SPDX-License-Identifier: Apache-2.0
// The metrics page against the text format: HELP and TYPE once before a family's samples, sound names,
// labels, numbers.
#include "adapters/api/metrics.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

namespace twinlock::api {
namespace {

Counted full() {
  Counted counted;
  counted.version = "0.1.0";
  counted.ready = true;
  counted.service = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 31, 32, 33};
  counted.servers = {{"main", {11, 12, 27, 13, 14, 15, 16, 17, 18}}, {"api", {}}};
  counted.outbox = store::OutboxCounts{19, 1'700'000'000};
  counted.mailer = mail::PumpMetrics{20, 21, 22, 23, 24, 25, 0};
  counted.alarms[static_cast<std::size_t>(service::Cause::store_full)] = 40;
  counted.log_lines_lost = 41;
  return counted;
}

TEST(Metrics, TheTextFormat) {
  const std::regex help(R"(# HELP (twinlock_[a-z0-9_]+) [^\\]+)"),
      type(R"(# TYPE (twinlock_[a-z0-9_]+) (counter|gauge))");
  const std::regex sample(R"((twinlock_[a-z0-9_]+)(\{[a-z]+="[a-z0-9._]+"\})? \d+)");
  std::istringstream page(metrics_page(full()));
  std::set<std::string> families, samples;
  std::string line, helped, current, kind;
  while (std::getline(page, line)) {
    std::smatch m;
    if (std::regex_match(line, m, help)) {
      helped = m[1];
      EXPECT_TRUE(families.insert(helped).second) << "twice: " << line;
    } else if (std::regex_match(line, m, type)) {
      EXPECT_EQ(m[1], helped) << line;
      current = m[1];
      kind = m[2];
      EXPECT_EQ(current.ends_with("_total"), kind == "counter") << line;
    } else {
      ASSERT_TRUE(std::regex_match(line, m, sample)) << line;
      EXPECT_EQ(m[1], current) << line;
      EXPECT_TRUE(samples.insert(line.substr(0, line.find(' '))).second) << "twice: " << line;
    }
  }
  EXPECT_EQ(line.find('\r'), std::string::npos);
  EXPECT_EQ(metrics_page(full()).back(), '\n');
}

TEST(Metrics, EveryCounterHasItsSample) {
  const std::string page = metrics_page(full());
  for (const char* line : {"twinlock_build_info{version=\"0.1.0\"} 1",
                           "twinlock_ready 1",
                           "twinlock_decisions_total{verdict=\"accepted\"} 1",
                           "twinlock_decisions_total{verdict=\"rejected\"} 2",
                           "twinlock_decisions_total{verdict=\"throttled\"} 3",
                           "twinlock_decisions_total{verdict=\"refused\"} 4",
                           "twinlock_entropy_alarms_total 30",
                           "twinlock_alarms_total{cause=\"store_full\"} 40",
                           "twinlock_log_lines_lost_total 41",
                           "twinlock_tickets_total{result=\"issued\"} 31",
                           "twinlock_tickets_total{result=\"accepted\"} 32",
                           "twinlock_tickets_total{result=\"rejected\"} 33",
                           "twinlock_failures_total 5",
                           "twinlock_conflicts_total 6",
                           "twinlock_commits_total 7",
                           "twinlock_commit_batches_total 8",
                           "twinlock_clock_went_back_total 9",
                           "twinlock_sealed_alarms_total 10",
                           "twinlock_fastcgi_connections_total{listener=\"main\"} 11",
                           "twinlock_fastcgi_connections_open{listener=\"main\"} 12",
                           "twinlock_fastcgi_connections_shed_total{listener=\"main\"} 27",
                           "twinlock_fastcgi_requests_total{listener=\"main\"} 13",
                           "twinlock_fastcgi_answers_total{listener=\"main\"} 14",
                           "twinlock_fastcgi_aborts_total{listener=\"main\"} 15",
                           "twinlock_fastcgi_protocol_errors_total{listener=\"main\"} 16",
                           "twinlock_fastcgi_overloads_total{listener=\"main\"} 17",
                           "twinlock_fastcgi_timeouts_total{listener=\"main\"} 18",
                           "twinlock_fastcgi_timeouts_total{listener=\"api\"} 0",
                           "twinlock_outbox_waiting 19",
                           "twinlock_outbox_oldest_timestamp_seconds 1700000000",
                           "twinlock_mails_total{result=\"sent\"} 20",
                           "twinlock_mails_total{result=\"unopenable\"} 24",
                           "twinlock_mailer_starts_total 25"})
    EXPECT_NE(page.find("\n" + std::string(line) + "\n"), std::string::npos) << line;
}

TEST(Metrics, WhatIsNotKnownIsLeftOut) {
  Counted counted = full();
  counted.outbox = std::nullopt;
  counted.mailer = std::nullopt;
  const std::string page = metrics_page(counted);
  EXPECT_EQ(page.find("outbox"), std::string::npos);
  EXPECT_EQ(page.find("mails_total"), std::string::npos);
  EXPECT_EQ(page.find("mailer_starts"), std::string::npos);
}

}  // namespace
}  // namespace twinlock::api
