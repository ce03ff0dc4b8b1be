// SPDX-License-Identifier: Apache-2.0
#include "property_tests/unit/cli/enroll.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace twinlock::test {

namespace {

// RFC 6238 with BoringSSL's one-shot HMAC: nothing of the kernel's.
Code code_of(const Secret& secret, Step step) {
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[i] = static_cast<std::uint8_t>(step >> (56 - 8 * i));
  std::array<std::uint8_t, 20> mac{};
  unsigned length = 0;
  HMAC(EVP_sha1(), secret.b, secret_bytes, counter.data(), counter.size(), mac.data(), &length);
  const std::size_t at = mac[19] & 0x0FU;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8U | mac[at + i];
  number = (number & 0x7FFFFFFFU) % 1'000'000;
  Code code{};
  for (std::size_t i = code_digits; i-- > 0; number /= 10)
    code.digit[i] = static_cast<std::uint8_t>('0' + number % 10);
  return code;
}

service::Operation operation_of(const std::string& account, Kind kind) {
  Event event{};
  event.kind = kind;
  return {.account = *store::Account::from(account),
          .event = event,
          .pass_epoch = {},
          .email = "someone@example.org",
          .source_address = "192.0.2.7",
          .operator_name = {},
          .reason = {}};
}

config::Config config_in(const std::string& folder) {
  config::Config config = *config::defaults();
  config.folder = folder;
  return config;
}

daemon::Installation installation_in(const std::string& folder) {
  auto installation = daemon::open_installation(config_in(folder), {.create = false, .probe = true});
  if (!installation) throw std::runtime_error(installation.error());
  return std::move(*installation);
}

void must(const service::DecisionResult& result, const char* what) {
  if (!result || result->value().verdict != Verdict::accepted) throw std::runtime_error(what);
}

}  // namespace

bool HandClock::clock(Clock& out) {
  out = Clock{now_, now_ / step_s};
  return true;
}

bool HandClock::random(std::span<std::uint8_t> out) { return RAND_bytes(out.data(), out.size()) == 1; }

Inside::Inside(const std::string& folder, Seconds now)
    : installation_(installation_in(folder)),
      clock_(now),
      service_(*installation_.store, installation_.keys, clock_, {}) {}

void Inside::enroll(const std::string& account) {
  const auto begun = service_.run(operation_of(account, Kind::begin_enrollment));
  must(begun, "begin");
  const Token id = *begun->value().enrollment_id;
  const auto pending = service_.pending(*store::Account::from(account), id);
  if (!pending || !*pending) throw std::runtime_error("pending");
  auto confirm = operation_of(account, Kind::confirm_enrollment);
  confirm.event.enrollment_id = id;
  confirm.event.code = code_of((*pending)->secret, clock_.now() / step_s);
  must(service_.run(confirm), "confirm");
}

Verdict Inside::wrong_code(const std::string& account, Lane lane) {
  auto verify = operation_of(account, Kind::verify);
  verify.event.lane = lane;
  // The same six digits each time: that they are one of the three right ones has a chance of 3 in a million.
  for (auto& digit : verify.event.code.digit) digit = '0';
  const auto result = service_.run(verify);
  if (!result) throw std::runtime_error("verify");
  return result->value().verdict;
}

}  // namespace twinlock::test
