// SPDX-License-Identifier: Apache-2.0
// An application that calls the API over a real service.
#pragma once

#include <gtest/gtest.h>

#include "adapters/text/crockford.hpp"
#include "property_tests/unit/api/api_site.hpp"

namespace twinlock::api::test {

class Routes : public testing::Test {
 protected:
  Site site;

  std::string newest_link(const service::Account& account) {
    const auto mails = site.world().mails(account);
    for (auto mail = mails.rbegin(); mail != mails.rend(); ++mail) {
      if (const auto found = service::test::link_in(mail->message))
        return service::link_token(found->account, found->link);
    }
    ADD_FAILURE() << "no link was mailed";
    return {};
  }
  std::string audit(const service::Account& account) { return site.world().audit(account).back(); }
};

}  // namespace twinlock::api::test
