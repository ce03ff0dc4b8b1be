// SPDX-License-Identifier: Apache-2.0
// Composes and seals the mails that a decision causes. They are stored in the same commit as the decision
// (K18).
#pragma once

#include <string>
#include <vector>

#include "adapters/service/prepare.hpp"

namespace twinlock::service {

// What the mails say.
struct MailFacts {
  const Account& account;
  const Profile& next;             // addresses, language
  const std::string& old_address;  // "" or the one that `next` replaces
  const std::string& source_address;
  Notice notice = Notice::none;
  Seconds now = 0;
  const Token& link;  // recovery_asked
};

// Returns no mail if there is no address on file. Failure::entropy: a mail could not be sealed.
Expected<std::vector<store::SealedMail>> make_mails(const Context& context, const MailFacts& facts);

}  // namespace twinlock::service
