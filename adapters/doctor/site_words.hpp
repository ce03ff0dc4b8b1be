// SPDX-License-Identifier: Apache-2.0
// Explains what may be wrong with a site, in the terms of its web server: which line of its recipe
// (docs/recipes) to check.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace twinlock::doctor {

enum class WebServer : std::uint8_t { nginx, apache, lighttpd, caddy, h2o, unknown };
inline constexpr std::size_t web_servers_max = 6;

enum class Wrong : std::uint8_t {
  first_factor_missing,  // the application answers without a password
  password_unchecked,    // a name is trusted without a checked password
  name_from_header,      // the account comes out of a header
  gate_missing,          // an account that is on is let in without a pass
  prompt_missing,        // the gate refuses, but nothing leads to the prompt
  gate_outside,          // outsiders reach the gate
  link_closed,           // the mailed link needs a password
  link_wide,             // other paths than the mailed link need no password either
  link_named,            // the mailed link gets an account
  twinlock_unreached,    // the web server does not reach twinlockd
  name_missing,          // Twinlock is not told who is signed in
  plain_http,            // the site is served without TLS too
  hsts_missing,          // browsers are not told to use TLS only
  name_as_typed          // the account is what was typed, not what the directory calls the person
};
inline constexpr std::size_t wrongs_max = 14;

// Of the header Server, or of a name as --web has it.
WebServer web_server_of(std::string_view text);
std::string_view name_of(WebServer server);

// One sentence without a full stop; {prefix} of the text is filled in.
std::string advice(WebServer server, Wrong wrong, std::string_view prefix);

}  // namespace twinlock::doctor
