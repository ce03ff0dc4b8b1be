// SPDX-License-Identifier: Apache-2.0
// usage, under valgrind: constant_time cases | twins
//
// cases: every case must be quiet. twins: each leaky twin, in the place of the real function, must be
// reported in every case that it concerns. Both end with "N passed, N failed"; exit code 1: something failed.
#include <cstdio>
#include <cstring>

#include "property_tests/constant_time/cases.hpp"
#include "property_tests/constant_time/secrets.hpp"
#include "property_tests/constant_time/twins.hpp"

namespace twinlock::ct {
namespace {

unsigned passed = 0;
unsigned failed = 0;

void count(bool good, const std::string& line) {
  ++(good ? passed : failed);
  if (!good) std::printf("failed: %s\n", line.c_str());
}

std::vector<Case> every_case() {
  std::vector<Case> all = event_cases();
  for (const auto* more : {&layer_cases(), &adapter_cases()})
    all.insert(all.end(), more->begin(), more->end());
  return all;
}

void run_cases() {
  for (const Case& c : every_case()) {
    std::fprintf(stderr, "case: %s\n", c.name.c_str());  // so that memcheck's reports have a title
    const unsigned before = reports();
    const std::string fault = c.run();
    const unsigned seen = reports() - before;
    count(seen == 0 && fault.empty(),
          c.name + ": " + std::to_string(seen) + " reports" + (fault.empty() ? "" : "; " + fault));
  }
  for (std::size_t i = 0; i < facts_max; ++i) {
    const Declassification& d = declassifications[i];
    const std::size_t times = uses(static_cast<Fact>(i));
    count(times > 0, std::string("nothing needs to be public: ") + d.what);
    std::printf("public: %s, %zu times: %s\n", d.what, times, d.reason);
  }
}

struct Leak {
  Twin twin;
  const char* name;
  const char* concerns;  // what the names of its cases begin with
};

constexpr Leak leaks[] = {{Twin::same_early_exit, "same() stops at the first difference", "token "},
                          {Twin::same_memcmp, "same() by memcmp()", "token "},
                          {Twin::is_code_early_exit, "is_code() branches on a digit", "code "},
                          {Twin::code_value_table, "code_value() looks digits up", "code "},
                          {Twin::match_early_exit, "match_code() stops at a match", "code "},
                          {Twin::truncate_indexed, "truncate() reads at the secret offset", "code "},
                          {Twin::mac_early_exit, "a MAC compare that stops at the first difference", "mac "}};

void run_twins() {
  for (const Leak& leak : leaks) {
    unsigned cases = 0;
    for (const Case& c : every_case()) {
      const bool evaluated =
          c.name.find("no digit") == std::string::npos || leak.twin == Twin::is_code_early_exit;
      if (!c.name.starts_with(leak.concerns) || !evaluated) continue;
      const unsigned before = reports();
      active_twin = leak.twin;
      const std::string fault = c.run();
      active_twin = Twin::none;
      ++cases;
      count(reports() > before && fault.empty(),
            std::string(leak.name) + ", not reported in '" + c.name + "' " + fault);
    }
    std::printf("twin: %s: in %u cases\n", leak.name, cases);
    if (cases == 0) count(false, std::string(leak.name) + " concerns no case");
  }
}

}  // namespace
}  // namespace twinlock::ct

int main(int argc, char** argv) {
  using namespace twinlock::ct;
  const bool cases = argc == 2 && std::strcmp(argv[1], "cases") == 0;
  const bool twins = argc == 2 && std::strcmp(argv[1], "twins") == 0;
  if (!(cases || twins) || !watched()) {
    std::fprintf(stderr, "usage: valgrind [options] %s cases|twins\n", argv[0]);
    return 2;
  }
  cases ? run_cases() : run_twins();
  std::printf("%u passed, %u failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
