// SPDX-License-Identifier: Apache-2.0
// Gathers one request from the pieces of its streams, in memory of a fixed size: the wanted parameters and
// cookies, and the body. However the streams are split, the request is the same. Only take() allocates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "adapters/fastcgi/cookies.hpp"
#include "adapters/fastcgi/message.hpp"
#include "adapters/fastcgi/pairs.hpp"

namespace twinlock::fastcgi {

// The most bytes that the wanted values and cookies of one request may take together; a request that needs
// more gets RequestFault::parameters_too_large.
inline constexpr std::size_t kept_bytes_max = 12'288;
// Wanted cookies of one request; further ones are left out. A cookie only ever gives a right, so that one
// which is left out costs a code at worst.
inline constexpr std::size_t cookies_max = 64;

class Collector {
 public:
  // Allocates all the memory that it will use. `wanted` must outlive the collector.
  Collector(const Wanted& wanted, std::size_t parameters_bytes_max, std::size_t body_bytes_max);

  void begin(Role role);  // also wipes the previous request
  void parameters(Bytes piece);
  void parameters_end();
  void body(Bytes piece);

  RequestFault fault() const { return fault_; }
  std::uint64_t discarded_bytes() const { return discarded_bytes_; }  // skipped because of the fault

  // kept_value returns what was kept so far of a wanted parameter; "": nothing, or there was a fault.
  std::string_view kept_value(std::string_view name) const;

  // take returns the request and wipes this copy. After a fault of the parameters the request has no
  // parameters and no cookies; after any fault it has no body.
  Request take();

 private:
  struct Kept {
    std::uint32_t at = 0;  // in kept_
    std::uint32_t bytes = 0;
    std::uint32_t times = 0;
  };
  struct KeptCookie {
    std::uint32_t at = 0;  // of the name; the value follows it
    std::uint32_t name_bytes = 0;
    std::uint32_t value_bytes = 0;
  };
  enum class Target : std::uint8_t { none, value, cookies };

  void fail(RequestFault fault);
  bool keep(Bytes bytes);
  void begin_pair(std::string_view name);
  void add_value(Bytes piece);
  bool too_long(Bytes piece);
  bool is_short(std::string_view name) const;
  void scan_cookies(Bytes piece);
  void begin_cookie(std::string_view name);
  void end_cookie();
  std::string_view kept_text(std::uint32_t at, std::uint32_t bytes) const {
    return {kept_.get() + at, bytes};
  }
  void copy_parameters(Request& request) const;
  void wipe();

  const Wanted& wanted_;
  const std::size_t parameters_bytes_max_;
  const std::size_t body_bytes_max_;

  Role role_ = Role::responder;
  RequestFault fault_ = RequestFault::none;
  Target target_ = Target::none;
  bool in_cookie_ = false;  // a wanted one
  std::uint64_t parameters_bytes_ = 0;
  std::uint64_t discarded_bytes_ = 0;
  std::size_t kept_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  std::size_t cookie_count_ = 0;
  std::size_t current_ = 0;  // of values_, while target_ is value
  bool current_is_short_ = false;
  PairDecoder pairs_;
  CookieScanner cookie_scanner_;
  std::vector<Kept> values_;  // as wanted_.names
  std::array<KeptCookie, cookies_max> cookies_{};
  std::unique_ptr<char[]> kept_;
  std::unique_ptr<char[]> body_;
};

}  // namespace twinlock::fastcgi
