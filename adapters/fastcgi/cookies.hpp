// SPDX-License-Identifier: Apache-2.0
// Scans the value of a Cookie header (RFC 6265 4.2.1) piece by piece, so that a cookie is found behind any
// number of others. Allocates nothing; interprets no quotes and no escapes.
#pragma once

#include "adapters/fastcgi/pairs.hpp"

namespace twinlock::fastcgi {

struct CookieEvent {
  enum class Kind : std::uint8_t {
    more,   // the input is used up
    name,   // a cookie begins: `name` stands until the next call; "" when it is longer than name_bytes_max
    value,  // `bytes`: a piece of its value, at least one byte; blanks at the end of the value are not cut
    end,    // the cookie is complete
  };
  Kind kind = Kind::more;
  std::string_view name = {};
  Bytes bytes = {};
};

class CookieScanner {
 public:
  // next takes bytes off the front of `in` and returns one event. Call until it returns `more`.
  CookieEvent next(Bytes& in);

  // finish ends the header's value; returns true when that completes a cookie.
  bool finish();

 private:
  enum class Phase : std::uint8_t { before_name, name, value };

  CookieEvent take_value(Bytes& in);

  Phase phase_ = Phase::before_name;
  std::size_t name_bytes_ = 0;  // read so far, counted no further than name_bytes_max + 1
  std::array<char, name_bytes_max> name_{};
};

}  // namespace twinlock::fastcgi
