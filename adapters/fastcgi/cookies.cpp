// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/cookies.hpp"

#include <algorithm>

namespace twinlock::fastcgi {

CookieEvent CookieScanner::take_value(Bytes& in) {
  const auto end = std::find(in.begin(), in.end(), std::uint8_t{';'});
  const Bytes piece = in.first(static_cast<std::size_t>(end - in.begin()));
  if (!piece.empty()) {
    in = in.subspan(piece.size());
    return {CookieEvent::Kind::value, {}, piece};
  }
  if (in.empty()) return {};
  in = in.subspan(1);
  phase_ = Phase::before_name;
  return {CookieEvent::Kind::end, {}, {}};
}

CookieEvent CookieScanner::next(Bytes& in) {
  if (phase_ == Phase::value) return take_value(in);
  while (!in.empty()) {
    const char c = static_cast<char>(in.front());
    in = in.subspan(1);
    if (phase_ == Phase::before_name) {
      if (c == ' ' || c == '\t' || c == ';') continue;
      phase_ = Phase::name;
      name_bytes_ = 0;
    }
    if (c == ';') {
      phase_ = Phase::before_name;
    } else if (c == '=') {
      phase_ = Phase::value;
      return {CookieEvent::Kind::name, {name_.data(), name_bytes_ <= name_.size() ? name_bytes_ : 0}, {}};
    } else if (name_bytes_ < name_.size()) {
      name_[name_bytes_++] = c;
    } else {
      name_bytes_ = name_.size() + 1;
    }
  }
  return {};
}

bool CookieScanner::finish() {
  const bool complete = phase_ == Phase::value;
  phase_ = Phase::before_name;
  return complete;
}

}  // namespace twinlock::fastcgi
