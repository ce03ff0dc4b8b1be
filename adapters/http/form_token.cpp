#include "adapters/http/form_token.hpp"

namespace twinlock::http {
namespace {

Message of(const FormFacts& facts) {
  Message message;
  message.add("form").add(std::span<const std::uint8_t>(facts.browser)).add(facts.subject).add(facts.action);
  return message;
}

}  // namespace

std::string make_form_token(const keys::KeyRing& keys, const FormFacts& facts, Seconds now,
                            const Nonce& nonce) {
  return make_stamp(keys, keys::MacPurpose::form, of(facts), now + form_s_max, nonce);
}

std::optional<Nonce> check_form_token(const keys::KeyRing& keys, const FormFacts& facts, Seconds now,
                                      std::string_view token) {
  return check_stamp(keys, keys::MacPurpose::form, of(facts), now, form_s_max, token);
}

}  // namespace twinlock::http
