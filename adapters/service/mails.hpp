// The mails that one decision owes, composed and sealed for the outbox; they go into the decision's own
// commit (K18).
#pragma once

#include <string>
#include <vector>

#include "adapters/service/decide.hpp"

namespace twinlock::service {

// What the mails tell of.
struct MailFacts {
  const Account& account;
  const Profile& next;             // addresses, language
  const std::string& old_address;  // "" or the one that `next` replaces
  const std::string& source_address;
  Notice notice = Notice::none;
  Seconds now = 0;
  const Token& link;  // recovery_asked
};

// None without an address on file. Failure::unavailable: no entropy.
Expected<std::vector<store::SealedMail>> make_mails(const Context& context, const MailFacts& facts);

}  // namespace twinlock::service
