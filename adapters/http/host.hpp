// SPDX-License-Identifier: Apache-2.0
// Reads who the person is, from the configured parameters and nowhere else (spec 5.4). A name that
// begins with HTTP_ comes from the browser and is never read for this.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/config/config.hpp"
#include "adapters/fastcgi/message.hpp"
#include "adapters/store/port.hpp"
#include "kernel/event.hpp"

namespace twinlock::http {

enum class HostFault : std::uint8_t {
  none,
  secret,  // the shared secret is missing, repeated or wrong: the request did not come through the web server
  repeated,  // one of the names was sent twice
  malformed  // the account is not one, the word about a second factor is neither 0 nor 1, or the age of the
             // sign-in is no number
};

struct HostPerson {
  std::optional<store::Account> account;  // nullopt: nobody is signed in
  std::string email;                      // "": not asserted, or no mail address
  std::string label;    // how the account is shown; the account itself where the host gives none
  std::string session;  // "": the host has none
  // Must this person have a second factor? `unsaid` where nobody is signed in or the parameter is absent.
  HostWord required = HostWord::unsaid;
  // Seconds since the person proved the first factor; nullopt: the host does not say.
  std::optional<Seconds> fresh_s;
};

inline constexpr std::size_t label_bytes_max = 128;

HostFault read_host(const fastcgi::Request& request, const config::Host& names,
                    std::string_view shared_secret, HostPerson& out);

// Returns the parameters that read_host() reads.
std::vector<std::string> host_names(const config::Host& names);

}  // namespace twinlock::http
