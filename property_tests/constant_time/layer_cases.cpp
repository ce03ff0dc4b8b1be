// SPDX-License-Identifier: Apache-2.0
// What handle() is made of, one function a case, with nothing made public on the way: the results themselves
// must still depend on the secrets, so that no case above passes because the taint was lost.
#include "kernel/bytes.hpp"
#include "kernel/digest.hpp"
#include "kernel/totp.hpp"
#include "property_tests/constant_time/cases.hpp"
#include "property_tests/constant_time/secrets.hpp"
#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::ct {
namespace {

using test::World;

template <typename T>
std::string secret_still(const T& value, const char* what) {
  return depends_on_secret(value) ? ""
                                  : std::string(what) + " does not depend on the secret: nothing was watched";
}

World enrolled() {
  World w;
  w.enroll();
  w.now += 300;
  return w;
}

std::string codes() {
  World w = enrolled();
  make_secret(w.record.secret);
  const Codes all = totp_codes(w.record.secret, w.step());
  for (const std::uint32_t code : all.c) {
    if (!depends_on_secret(code)) return secret_still(code, "a code");
  }
  return "";
}

std::string matching() {
  Codes all{{123456, 7, 999999}};
  std::uint32_t presented = 7;
  make_secret(all);
  make_secret(presented);
  const CodeMatch m = match_code(all, presented, 1000, 998, false);
  return secret_still(m.match, "the match") + secret_still(m.step, "its step");
}

std::string values() {
  Code code{{'0', '1', '2', '3', '4', '5'}};
  make_secret(code);
  return secret_still(code_value(code), "the value of a code");
}

std::string truncation() {
  std::uint8_t mac[secret_bytes];
  for (std::size_t i = 0; i < secret_bytes; ++i) mac[i] = static_cast<std::uint8_t>(17U * i);
  make_secret(mac);
  return secret_still(truncate(mac), "the truncated value");
}

std::string digests() {
  World w = enrolled();
  Token binding = w.record.enrollment_id, value = w.recovery_code;
  make_secret(binding);
  make_secret(value);
  const Token hash = digest(Purpose::recovery_code, w.account, binding, value);
  for (const std::uint8_t byte : hash.b) {
    if (!depends_on_secret(byte)) return secret_still(byte, "a byte of the digest");
  }
  return "";
}

std::string bytes() {
  Token a{{1, 2, 3}}, b{{1, 2, 4}};
  make_secret(a);
  make_secret(b);
  return secret_still(same_bytes(a.b, b.b, token_bytes), "same_bytes()");
}

std::string codec() {
  World w = enrolled();
  make_secret(w.record.secret);
  make_secret(w.record.epoch);
  Encoded text{};
  Record again{};
  if (!encode(w.record, text) || !decode(text, again)) return "the record does not come back";
  return secret_still(again.secret, "the secret") + secret_still(again.epoch, "the epoch");
}

std::string looking() {
  World w = enrolled();
  make_secret(w.record.secret);
  make_secret(w.record.epoch);
  const View v = view(w.record, w.clock(), HostWord::unsaid, w.rules);
  return v.code_required && v.sound && !depends_on_secret(v.state)
             ? ""
             : "the view is wrong or depends on a secret";
}

std::string wiping() {
  World w = enrolled();
  make_secret(w.record.secret);
  wipe(w.record);
  return depends_on_secret(w.record.secret) ? "something of the secret is left" : "";
}

}  // namespace

const std::vector<Case>& layer_cases() {
  static const std::vector<Case> all = {
      {"layer totp_codes", codes},     {"layer match_code", matching}, {"layer code_value", values},
      {"layer truncate", truncation},  {"layer digest", digests},      {"layer same_bytes", bytes},
      {"layer encode, decode", codec}, {"layer view", looking},        {"layer wipe", wiping}};
  return all;
}

}  // namespace twinlock::ct
