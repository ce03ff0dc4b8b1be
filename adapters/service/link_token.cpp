// SPDX-License-Identifier: Apache-2.0
// base64url (RFC 4648, 5) of the link's 16 bytes and the account's bytes, without padding; one spelling only.

#include <openssl/base64.h>
#include <openssl/mem.h>

#include <algorithm>

#include "adapters/service/service.hpp"

namespace twinlock::service {

namespace {

constexpr std::size_t plain_bytes_max = token_bytes + store::account_bytes_max;
constexpr std::size_t text_chars_max = (plain_bytes_max + 2) / 3 * 4;

std::string encode_url(const std::uint8_t* data, std::size_t size) {
  std::uint8_t text[text_chars_max + 1];
  const auto length = EVP_EncodeBlock(text, data, size);
  std::string out(text, text + length);
  OPENSSL_cleanse(text, sizeof text);
  while (!out.empty() && out.back() == '=') out.pop_back();
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  return out;
}

// Returns the decoded length; 0: not base64url.
std::size_t decode_url(std::string_view text, std::uint8_t (&out)[text_chars_max]) {
  if (text.find_first_of("+/=") != std::string_view::npos) return 0;
  std::string padded(text);
  std::replace(padded.begin(), padded.end(), '-', '+');
  std::replace(padded.begin(), padded.end(), '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  std::size_t length = 0;
  const auto* data = reinterpret_cast<const std::uint8_t*>(padded.data());
  const bool good = EVP_DecodeBase64(out, &length, sizeof out, data, padded.size()) == 1;
  OPENSSL_cleanse(padded.data(), padded.size());
  return good ? length : 0;
}

std::optional<LinkToken> split(const std::uint8_t* plain, std::size_t length) {
  const auto* name = reinterpret_cast<const char*>(plain) + token_bytes;
  const auto account = Account::from({name, length - token_bytes});
  if (!account) return std::nullopt;
  LinkToken out{*account, {}};
  std::copy_n(plain, token_bytes, out.link.b);
  return out;
}

}  // namespace

std::string link_token(const Account& account, const Token& link) {
  std::uint8_t plain[plain_bytes_max];
  std::copy_n(link.b, token_bytes, plain);
  std::copy(account.bytes().begin(), account.bytes().end(), plain + token_bytes);
  auto out = encode_url(plain, token_bytes + account.bytes().size());
  OPENSSL_cleanse(plain, sizeof plain);
  return out;
}

std::optional<LinkToken> parse_link_token(std::string_view text) {
  if (text.size() > text_chars_max) return std::nullopt;
  std::uint8_t plain[text_chars_max];
  const auto length = decode_url(text, plain);
  std::optional<LinkToken> out;
  if (length > token_bytes && encode_url(plain, length) == text) out = split(plain, length);
  OPENSSL_cleanse(plain, sizeof plain);
  return out;
}

}  // namespace twinlock::service
