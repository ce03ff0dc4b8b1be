// SPDX-License-Identifier: Apache-2.0
// A folder with a fresh Twinlock in it, and the command line on it.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <string>
#include <vector>

#include "kernel/limits.hpp"
#include "property_tests/unit/cli/process.hpp"

namespace twinlock::test {

inline Seconds wall_clock() {
  using std::chrono::duration_cast, std::chrono::seconds, std::chrono::system_clock;
  return static_cast<Seconds>(duration_cast<seconds>(system_clock::now().time_since_epoch()).count());
}

class CliTest : public testing::Test {
 protected:
  Result cli(std::vector<std::string> words) {
    words.insert(words.begin(), TWINLOCK_PROGRAM);
    return run(words, folder_.path());
  }

  // The answer of a command with --json, which must be one JSON document; null where it failed.
  simdjson::dom::element json(std::vector<std::string> words, int code = 0) {
    words.emplace_back("--json");
    const Result result = cli(std::move(words));
    EXPECT_EQ(result.code, code) << result.err;
    simdjson::dom::element parsed;
    EXPECT_EQ(parser_.parse(result.out).get(parsed), simdjson::SUCCESS) << result.out;
    return parsed;
  }

  std::string text(std::vector<std::string> words, const char* key, int code = 0) {
    std::string_view value;
    if (json(std::move(words), code)[key].get(value) != simdjson::SUCCESS) return "";
    return std::string(value);
  }

  // With the database's own shell; nothing else has it open.
  void sql(const std::string& statement) {
    const Result result = run({"sqlite3", folder_ / "twinlock.db", statement}, folder_.path());
    ASSERT_EQ(result.code, 0) << result.err;
  }

  void init() { ASSERT_EQ(cli({"init"}).code, 0); }

  Folder folder_;
  simdjson::dom::parser parser_;
};

}  // namespace twinlock::test
