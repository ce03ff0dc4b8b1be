// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/collector.hpp"

#include <string.h>

#include <algorithm>
#include <utility>

namespace twinlock::fastcgi {
namespace {

constexpr std::string_view cookie_header = "HTTP_COOKIE";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

Collector::Collector(const Wanted& wanted, std::size_t parameters_bytes_max, std::size_t body_bytes_max)
    : wanted_(wanted),
      parameters_bytes_max_(parameters_bytes_max),
      body_bytes_max_(body_bytes_max),
      values_(wanted.names.size()),
      kept_(std::make_unique_for_overwrite<char[]>(kept_bytes_max)),
      body_(std::make_unique_for_overwrite<char[]>(body_bytes_max)) {}

void Collector::begin(Role role) {
  wipe();
  role_ = role;
  fault_ = RequestFault::none;
  target_ = Target::none;
  in_cookie_ = false;
  parameters_bytes_ = 0;
  discarded_bytes_ = 0;
  cookie_count_ = 0;
  pairs_ = {};
  cookie_scanner_ = {};
  std::fill(values_.begin(), values_.end(), Kept{});
}

void Collector::wipe() {
  explicit_bzero(kept_.get(), kept_bytes_);
  explicit_bzero(body_.get(), body_bytes_);
  kept_bytes_ = 0;
  body_bytes_ = 0;
}

// Records a fault unless there already is one.
void Collector::fail(RequestFault fault) {
  if (fault_ == RequestFault::none) fault_ = fault;
}

bool Collector::keep(Bytes bytes) {
  if (bytes.size() > kept_bytes_max - kept_bytes_) {
    fail(RequestFault::parameters_too_large);
    return false;
  }
  if (!bytes.empty()) memcpy(kept_.get() + kept_bytes_, bytes.data(), bytes.size());
  kept_bytes_ += bytes.size();
  return true;
}

void Collector::parameters(Bytes piece) {
  parameters_bytes_ += piece.size();
  if (parameters_bytes_ > parameters_bytes_max_) fail(RequestFault::parameters_too_large);
  while (fault_ == RequestFault::none) {
    const PairEvent event = pairs_.next(piece);
    if (event.kind == PairEvent::Kind::more) return;
    if (event.kind == PairEvent::Kind::name) begin_pair(event.name);
    if (event.kind == PairEvent::Kind::value) add_value(event.bytes);
    if (event.kind == PairEvent::Kind::end && target_ == Target::cookies && cookie_scanner_.finish())
      end_cookie();
  }
  discarded_bytes_ += piece.size();
}

void Collector::begin_pair(std::string_view name) {
  target_ = Target::none;
  if (name == cookie_header) {
    target_ = Target::cookies;
    return;
  }
  const auto found = std::find(wanted_.names.begin(), wanted_.names.end(), name);
  if (found == wanted_.names.end() || name.empty()) return;
  target_ = Target::value;
  current_ = static_cast<std::size_t>(found - wanted_.names.begin());
  Kept& value = values_[current_];
  value = {.at = static_cast<std::uint32_t>(kept_bytes_), .bytes = 0, .times = value.times + 1};
  // Decides whether a short value fits before its first byte, so that the split of the stream does not
  // matter.
  current_is_short_ = is_short(name);
  if (current_is_short_ && kept_bytes_max - kept_bytes_ < short_value_bytes_max) target_ = Target::none;
}

void Collector::add_value(Bytes piece) {
  if (target_ == Target::cookies) {
    scan_cookies(piece);
  } else if (target_ == Target::value && !too_long(piece) && keep(piece)) {
    values_[current_].bytes += static_cast<std::uint32_t>(piece.size());
  }
}

// Drops the value of a short name that became too long, and the part of it that was kept.
bool Collector::too_long(Bytes piece) {
  Kept& value = values_[current_];
  if (!current_is_short_ || piece.size() + value.bytes <= short_value_bytes_max) return false;
  kept_bytes_ -= value.bytes;
  explicit_bzero(kept_.get() + kept_bytes_, value.bytes);
  value.bytes = 0;
  target_ = Target::none;
  return true;
}

bool Collector::is_short(std::string_view name) const {
  return std::find(wanted_.short_names.begin(), wanted_.short_names.end(), name) != wanted_.short_names.end();
}

void Collector::scan_cookies(Bytes piece) {
  while (fault_ == RequestFault::none) {
    const CookieEvent event = cookie_scanner_.next(piece);
    if (event.kind == CookieEvent::Kind::more) return;
    if (event.kind == CookieEvent::Kind::name) begin_cookie(event.name);
    if (event.kind == CookieEvent::Kind::value && in_cookie_ && keep(event.bytes))
      cookies_[cookie_count_].value_bytes += static_cast<std::uint32_t>(event.bytes.size());
    if (event.kind == CookieEvent::Kind::end) end_cookie();
  }
}

void Collector::begin_cookie(std::string_view name) {
  const auto starts = [name](const std::string& prefix) { return name.starts_with(prefix); };
  in_cookie_ = !name.empty() && cookie_count_ < cookies_max &&
               std::any_of(wanted_.cookie_prefixes.begin(), wanted_.cookie_prefixes.end(), starts);
  if (!in_cookie_) return;
  cookies_[cookie_count_] = {.at = static_cast<std::uint32_t>(kept_bytes_),
                             .name_bytes = static_cast<std::uint32_t>(name.size()),
                             .value_bytes = 0};
  keep({reinterpret_cast<const std::uint8_t*>(name.data()), name.size()});
}

void Collector::end_cookie() {
  if (!std::exchange(in_cookie_, false)) return;
  KeptCookie& cookie = cookies_[cookie_count_++];
  const char* value = kept_.get() + cookie.at + cookie.name_bytes;
  while (cookie.value_bytes > 0 && is_blank(value[cookie.value_bytes - 1])) --cookie.value_bytes;
}

void Collector::parameters_end() {
  if (!pairs_.between_pairs()) fail(RequestFault::malformed);
}

void Collector::body(Bytes piece) {
  if (fault_ == RequestFault::none && piece.size() > body_bytes_max_ - body_bytes_)
    fail(RequestFault::body_too_large);
  if (fault_ != RequestFault::none) {
    discarded_bytes_ += piece.size();
    return;
  }
  if (!piece.empty()) memcpy(body_.get() + body_bytes_, piece.data(), piece.size());
  body_bytes_ += piece.size();
}

std::string_view Collector::kept_value(std::string_view name) const {
  const auto found = std::find(wanted_.names.begin(), wanted_.names.end(), name);
  if (found == wanted_.names.end() || fault_ != RequestFault::none) return {};
  const Kept& value = values_[static_cast<std::size_t>(found - wanted_.names.begin())];
  return kept_text(value.at, value.bytes);
}

void Collector::copy_parameters(Request& request) const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const Kept& value = values_[i];
    if (value.times == 0) continue;
    request.parameters.push_back(
        {wanted_.names[i], std::string(kept_text(value.at, value.bytes)), value.times > 1});
  }
  for (std::size_t i = 0; i < cookie_count_; ++i) {
    const KeptCookie& cookie = cookies_[i];
    request.cookies.push_back({std::string(kept_text(cookie.at, cookie.name_bytes)),
                               std::string(kept_text(cookie.at + cookie.name_bytes, cookie.value_bytes))});
  }
}

Request Collector::take() {
  Request request;
  request.role = role_;
  request.fault = fault_;
  if (fault_ == RequestFault::none || fault_ == RequestFault::body_too_large) copy_parameters(request);
  if (fault_ == RequestFault::none) request.body.assign(body_.get(), body_bytes_);
  wipe();
  return request;
}

}  // namespace twinlock::fastcgi
