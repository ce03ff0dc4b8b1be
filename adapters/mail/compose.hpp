// SPDX-License-Identifier: Apache-2.0
// The messages that a person gets about the factor (spec 2.7): pure text from facts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/mail/address.hpp"
#include "adapters/text/language.hpp"

namespace twinlock::mail {

enum class Topic : std::uint8_t {
  enabled,
  disabled,
  recovery_code_renewed,
  recovery_asked,  // carries the link
  recovery_confirmed,
  recovery_cancelled,
  reset,
  address_changed,  // to the old address
  ten_failures,
  locked,
  ticket_issued,
  imported
};

struct Facts {
  Topic topic = Topic::enabled;
  text::Language language = text::Language::english;
  std::string to;              // the address on file
  std::string account;         // as shown to the person
  std::string issuer;          // the site's name
  std::uint64_t time = 0;      // seconds since the epoch; shown in UTC
  std::string source_address;  // of the request, if the host gave it
  std::string contact;         // whom to tell, from the configuration
  std::string link;            // recovery_asked: the whole URL
  std::string new_address;     // address_changed: masked
};

struct Message {
  std::string to;
  std::string subject;
  std::string text;  // plain UTF-8, lines under 78 characters where a URL permits, LF endings
};

// Composes a message. Cleans every fact first: control and formatting characters become spaces, bad UTF-8
// becomes U+FFFD, overlong ones are cut. An address that is not valid (address.hpp) gives an empty `to`,
// which no mailer sends.
Message compose(const Facts& facts);

// Serialises a message for the outbox (before sealing) and back; unpack takes exactly what pack gives.
std::string pack(const Message& message);
bool unpack(std::string_view packed, Message& out);

}  // namespace twinlock::mail
