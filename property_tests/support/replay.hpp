// SPDX-License-Identifier: Apache-2.0
// Runs a RapidCheck property inside a GoogleTest test; where it fails, the last line printed is the one
// command that replays exactly the smallest failing case, shrunk already.
#pragma once

#include <errno.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <iostream>
#include <sstream>

namespace twinlock::test {

// `divisor`: of the configured number of cases (RC_PARAMS max_success) only this part.
template <typename Property>
void check_or_replay(const Property& property, int divisor = 1) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  rc::detail::TestMetadata metadata;
  metadata.id = std::string(test->test_suite_name()) + "." + test->name();
  metadata.description = metadata.id;
  const auto& configured = rc::detail::configuration();
  auto params = configured.testParams;
  params.maxSuccess = std::max(1, params.maxSuccess / divisor);
  static rc::detail::TestListenerAdapter silent;
  const auto result = rc::detail::checkTestable(property, metadata, params, silent, configured.reproduce);
  if (result.template is<rc::detail::SuccessResult>()) return;
  if (result.template is<rc::detail::Error>() && configured.reproduce.count(metadata.id) != 0) {
    std::cout << "the case that is replayed does not fail any more\n";
    return;
  }
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  if (result.template is<rc::detail::FailureResult>()) {
    rc::detail::Configuration again;
    again.reproduce[metadata.id] = result.template get<rc::detail::FailureResult>().reproduce;
    message << "\nreplay: RC_PARAMS='" << rc::detail::configToMinimalString(again) << "' "
            << program_invocation_name << " --gtest_filter=" << metadata.id;
  }
  FAIL() << message.str();
}

}  // namespace twinlock::test
