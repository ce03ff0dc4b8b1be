// SPDX-License-Identifier: Apache-2.0
#include "adapters/keys/master_keys.hpp"

#include <openssl/base64.h>
#include <openssl/mem.h>
#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace twinlock::keys {

namespace {

constexpr std::string_view magic = "twinlock-keys 1";
constexpr std::string_view shape = "expected 'key <id> <base64 of 32 bytes>' and perhaps 'current'";
constexpr std::size_t base64_chars = 44;  // of 32 bytes, with padding

using Error = tl::unexpected<std::string>;

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t'))
    line.remove_suffix(1);
  return line;
}

std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const auto end = std::min(line.find_first_of(" \t"), line.size());
  const auto word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

bool read_id(std::string_view word, KeyId& out) {
  const auto* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, out);
  return error == std::errc{} && stop == end && out != 0 && word.front() != '0';
}

// Canonical base64 only: what decodes must encode to the same text again.
bool read_bytes(std::string_view word, std::array<std::uint8_t, master_key_bytes>& out) {
  if (word.size() != base64_chars) return false;
  std::uint8_t decoded[base64_chars];
  std::uint8_t again[base64_chars + 1];
  std::size_t length = 0;
  const auto* text = reinterpret_cast<const std::uint8_t*>(word.data());
  bool good =
      EVP_DecodeBase64(decoded, &length, sizeof decoded, text, word.size()) == 1 && length == out.size();
  if (good) {
    std::copy_n(decoded, out.size(), out.begin());
    EVP_EncodeBlock(again, out.data(), out.size());
    good = CRYPTO_memcmp(again, text, base64_chars) == 0;
  }
  OPENSSL_cleanse(decoded, sizeof decoded);
  OPENSSL_cleanse(again, sizeof again);
  return good;
}

bool all_zero(const std::array<std::uint8_t, master_key_bytes>& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

// Reads one line into `keys`; returns what is wrong with it, empty: nothing.
std::string_view read_key(std::string_view line, std::vector<MasterKey>& keys) {
  if (take_word(line) != "key") return shape;
  if (keys.size() == master_keys_max) return "more than 64 keys";
  MasterKey& key = keys.emplace_back();
  if (!read_id(take_word(line), key.id)) return "the key's id is not a number from 1 to 4294967295";
  if (!read_bytes(take_word(line), key.bytes)) return "the key is not the base64 of 32 bytes";
  if (all_zero(key.bytes)) return "a key of zero bytes is no key";
  const auto mark = take_word(line);
  key.current = mark == "current";
  if ((!mark.empty() && !key.current) || !take_word(line).empty()) return shape;
  const auto same_id = [&](const MasterKey& other) { return other.id == key.id; };
  if (std::count_if(keys.begin(), keys.end(), same_id) > 1) return "this key id is there twice";
  const auto is_current = [](const MasterKey& other) { return other.current; };
  if (std::count_if(keys.begin(), keys.end(), is_current) > 1) return "a second key is marked 'current'";
  return {};
}

}  // namespace

MasterKeys::MasterKeys() { list_.reserve(master_keys_max); }
MasterKeys::MasterKeys(MasterKeys&& other) noexcept : list_(std::exchange(other.list_, {})) {}
MasterKeys::~MasterKeys() { OPENSSL_cleanse(list_.data(), list_.size() * sizeof(MasterKey)); }

tl::expected<MasterKeys, std::string> parse_keys(std::string_view text, std::string_view name) {
  const auto fail = [&](std::size_t line, std::string_view what) {
    return Error(std::string(name) + ":" + std::to_string(line) + ": " + std::string(what));
  };
  if (text.size() > key_file_bytes_max) return fail(1, "the file is larger than 64 KiB");
  if (take_line(text) != magic) return fail(1, "the first line must be 'twinlock-keys 1'");
  MasterKeys keys;
  std::size_t number = 1;
  while (!text.empty()) {
    ++number;
    const auto line = take_line(text);
    if (line.empty() || line.front() == '#') continue;
    if (const auto wrong = read_key(line, keys.list()); !wrong.empty()) return fail(number, wrong);
  }
  if (keys.list().empty()) return fail(number, "there is no key");
  const auto is_current = [](const MasterKey& key) { return key.current; };
  if (std::none_of(keys.list().begin(), keys.list().end(), is_current))
    return fail(number, "no key is marked 'current'");
  return keys;
}

Bytes format_keys(const MasterKeys& keys) {
  Bytes text;
  text.reserve(key_file_bytes_max);  // no growth, so no copy is left behind
  const auto append = [&](std::string_view part) { text.insert(text.end(), part.begin(), part.end()); };
  append(magic);
  append("\n# Twinlock's master keys. Whoever reads this file reads every secret; lost, no record opens.\n");
  for (const MasterKey& key : keys.list()) {
    std::uint8_t encoded[base64_chars + 1];
    EVP_EncodeBlock(encoded, key.bytes.data(), key.bytes.size());
    append("key ");
    append(std::to_string(key.id));
    append(" ");
    append({reinterpret_cast<const char*>(encoded), base64_chars});
    append(key.current ? " current\n" : "\n");
    OPENSSL_cleanse(encoded, sizeof encoded);
  }
  return text;
}

bool fresh_key(MasterKey& out) { return RAND_bytes(out.bytes.data(), out.bytes.size()) == 1; }

}  // namespace twinlock::keys
