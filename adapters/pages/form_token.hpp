// SPDX-License-Identifier: Apache-2.0
// Makes and checks the token in every form. It proves that this browser was shown this form for this account
// (or mailed link) a short while ago.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/stamp.hpp"

namespace twinlock::pages {

inline constexpr Seconds form_s_max = 4 * 3600;  // a page may stay open for a while

struct FormFacts {
  const http::Nonce& browser;  // the random browser cookie
  std::string_view subject;    // "account:" or "link:" and the bytes
  std::string_view action;     // the route that the form posts to
};

std::string make_form_token(const keys::KeyRing& keys, const FormFacts& facts, Seconds now,
                            const http::Nonce& nonce);

// Returns the nonce, which identifies this one form.
std::optional<http::Nonce> check_form_token(const keys::KeyRing& keys, const FormFacts& facts, Seconds now,
                                            std::string_view token);

}  // namespace twinlock::pages
