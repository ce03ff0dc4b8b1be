// SPDX-License-Identifier: Apache-2.0
#include "adapters/pages/form_token.hpp"

namespace twinlock::pages {
namespace {

http::MacInput of(const FormFacts& facts) {
  http::MacInput input;
  input.add("form").add(std::span<const std::uint8_t>(facts.browser)).add(facts.subject).add(facts.action);
  return input;
}

}  // namespace

std::string make_form_token(const keys::KeyRing& keys, const FormFacts& facts, Seconds now,
                            const http::Nonce& nonce) {
  return http::make_stamp(keys, keys::MacPurpose::form, of(facts), now + form_s_max, nonce);
}

std::optional<http::Nonce> check_form_token(const keys::KeyRing& keys, const FormFacts& facts, Seconds now,
                                            std::string_view token) {
  return http::check_stamp(keys, keys::MacPurpose::form, of(facts), now, form_s_max, token);
}

}  // namespace twinlock::pages
