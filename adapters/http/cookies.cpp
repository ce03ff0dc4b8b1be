// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/cookies.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "adapters/text/encoding.hpp"

namespace twinlock::http {
namespace {

constexpr std::size_t short_hash_bytes = 8;
constexpr std::string_view kind_names[] = {"browser", "pass", "known", "enrollment", "grant", "asker"};

std::string short_hash(std::string_view account) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const std::uint8_t*>(account.data()), account.size(), digest.data());
  return text::to_hex(std::span(digest).first<short_hash_bytes>());
}

}  // namespace

std::string CookieJar::prefix() const { return dev_ ? "twinlock-" : "__Host-twinlock-"; }

std::string CookieJar::name(CookieKind kind, std::string_view account) const {
  std::string out = prefix();
  out += kind_names[static_cast<std::size_t>(kind)];
  if (kind != CookieKind::browser) out.append("-").append(short_hash(account));
  return out;
}

std::string CookieJar::line(std::string_view name, std::string_view value,
                            std::optional<std::uint32_t> max_age_s) const {
  std::string out(name);
  out.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Lax");
  if (!dev_) out += "; Secure";
  if (max_age_s) out += "; Max-Age=" + std::to_string(*max_age_s);
  return out;
}

std::string CookieJar::set(CookieKind kind, std::string_view account, std::string_view value,
                           std::optional<std::uint32_t> max_age_s) const {
  return line(name(kind, account), value, max_age_s);
}

std::string CookieJar::forget(CookieKind kind, std::string_view account) const {
  return forget_named(name(kind, account));
}

std::string CookieJar::forget_named(std::string_view name) const { return line(name, "", 0); }

bool CookieJar::is_of_kind(std::string_view name, CookieKind kind) const {
  const std::string start = prefix().append(kind_names[static_cast<std::size_t>(kind)]).append("-");
  return name.starts_with(start);
}

std::string_view CookieJar::get(const std::vector<fastcgi::Cookie>& sent, CookieKind kind,
                                std::string_view account) const {
  const std::string wanted = name(kind, account);
  const auto found = std::find_if(sent.begin(), sent.end(),
                                  [&wanted](const fastcgi::Cookie& c) { return c.name == wanted; });
  return found == sent.end() ? std::string_view() : std::string_view(found->value);
}

std::string token_text(const Token& token) { return text::to_hex(token.b); }

std::optional<Token> read_token(std::string_view text) {
  Token token{};
  if (!text::from_hex(text, token.b)) return std::nullopt;
  return token;
}

}  // namespace twinlock::http
