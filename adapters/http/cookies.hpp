// SPDX-License-Identifier: Apache-2.0
// Names, writes and reads the cookies that the pages set. A cookie of an account has its own name, so that
// two accounts can use one browser.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/fastcgi/message.hpp"
#include "kernel/record.hpp"

namespace twinlock::http {

enum class CookieKind : std::uint8_t {
  browser,     // random; form tokens are bound to it
  pass,        // this browser has shown the second factor
  known,       // this browser passed for this account within 90 days, in this epoch
  enrollment,  // the enrollment id of the browser that began
  grant,       // the right to enroll anew
  asker        // this browser asked for the recovery
};

class CookieJar {
 public:
  // `dev`: plain HTTP on loopback, so neither Secure nor the __Host- prefix (RFC 6265bis, 4.1.3.2).
  explicit CookieJar(bool dev) : dev_(dev) {}

  // Returns what every cookie's name starts with.
  std::string prefix() const;
  // The browser cookie's name does not depend on `account`.
  std::string name(CookieKind kind, std::string_view account) const;

  // A Set-Cookie value. `max_age_s` absent: until the browser closes; 0: forget it.
  std::string set(CookieKind kind, std::string_view account, std::string_view value,
                  std::optional<std::uint32_t> max_age_s) const;
  std::string forget(CookieKind kind, std::string_view account) const;
  std::string forget_named(std::string_view name) const;

  // Whether a cookie of this name is of this kind, of whatever account.
  bool is_of_kind(std::string_view name, CookieKind kind) const;

  // Returns the first cookie of that name; "": none was sent.
  std::string_view get(const std::vector<fastcgi::Cookie>& sent, CookieKind kind,
                       std::string_view account) const;

 private:
  std::string line(std::string_view name, std::string_view value,
                   std::optional<std::uint32_t> max_age_s) const;

  bool dev_;
};

// A token as a cookie's value: 32 hexadecimal digits.
std::string token_text(const Token& token);
std::optional<Token> read_token(std::string_view text);

}  // namespace twinlock::http
