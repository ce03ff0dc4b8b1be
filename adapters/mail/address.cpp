// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/address.hpp"

#include "adapters/text/mail_address.hpp"

namespace twinlock::mail {

std::string masked(std::string_view address) {
  if (!text::valid_mail_address(address)) return "***";
  const std::string_view domain = address.substr(address.find('@') + 1);
  const std::size_t dot = domain.rfind('.');
  std::string out{address.front()};
  out += "***@";
  out += domain.front();
  out += "***";
  if (dot != std::string_view::npos) out += domain.substr(dot);
  return out;
}

}  // namespace twinlock::mail
