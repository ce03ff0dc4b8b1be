// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/audit.hpp"

#include <openssl/sha.h>

#include "adapters/service/public_text.hpp"
#include "adapters/text/json.hpp"

namespace twinlock::service {

namespace {

// Escaping at most doubles each text, so an entry stays far below the store's 4 KiB.
constexpr std::size_t source_bytes_max = 64;
constexpr std::size_t operator_bytes_max = 128;
constexpr std::size_t reason_bytes_max = 512;

void add(std::string& out, std::string_view key, std::string_view value, std::size_t bytes_max = 64) {
  if (value.empty()) return;
  out += ",\"";
  out += key;
  out += "\":" + text::json_string(public_text(value, bytes_max));
}

void add_mark(std::string& out, std::string_view key, bool set) {
  if (!set) return;
  out += ",\"";
  out += key;
  out += "\":true";
}

}  // namespace

std::string audit_body(const AuditFacts& facts) {
  std::string out = "{\"time\":" + std::to_string(facts.time);
  add(out, "event", facts.event);
  add(out, "verdict", facts.verdict);
  add(out, "before", facts.before);
  add(out, "after", facts.after);
  add(out, "lane", facts.lane);
  add(out, "source", facts.source, source_bytes_max);
  add(out, "operator", facts.operator_name, operator_bytes_max);
  add(out, "reason", facts.reason, reason_bytes_max);
  add(out, "notice", facts.notice);
  add(out, "other", facts.other, store::account_bytes_max);
  add_mark(out, "address_adopted", facts.address_adopted);
  add_mark(out, "clock_went_back", facts.clock_went_back);
  add_mark(out, "restarted", facts.restarted);
  return out += '}';
}

store::Digest audit_hash(const store::Digest& previous, std::uint64_t sequence, std::string_view body) {
  std::uint8_t number[8];
  for (std::size_t i = 0; i < sizeof number; ++i) number[i] = static_cast<std::uint8_t>(sequence >> (8 * i));
  store::Digest out{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, previous.data(), previous.size());
  SHA256_Update(&context, number, sizeof number);
  SHA256_Update(&context, body.data(), body.size());
  SHA256_Final(out.data(), &context);
  return out;
}

store::AuditEntry append_audit(Profile& profile, std::string body) {
  const auto sequence = profile.audit_sequence + 1;
  profile.audit_head = audit_hash(profile.audit_head, sequence, body);
  profile.audit_sequence = sequence;
  return {sequence, std::move(body), profile.audit_head};
}

}  // namespace twinlock::service
