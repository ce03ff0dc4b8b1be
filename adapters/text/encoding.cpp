// SPDX-License-Identifier: Apache-2.0
#include "adapters/text/encoding.hpp"

#include <cstddef>

namespace twinlock::text {
namespace {

constexpr char lower_digits[] = "0123456789abcdef";
constexpr char upper_digits[] = "0123456789ABCDEF";
constexpr char base32_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// -1: not a digit.
int hex_value(char c, bool any_case) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (any_case && c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// `plus` is what a '+' stands for.
bool decode(std::string_view encoded, char plus, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      out += encoded[i] == '+' ? plus : encoded[i];
      continue;
    }
    if (encoded.size() - i < 3) return false;
    const int high = hex_value(encoded[i + 1], true);
    const int low = hex_value(encoded[i + 2], true);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

}  // namespace

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out += lower_digits[byte >> 4U];
    out += lower_digits[byte & 15U];
  }
  return out;
}

bool from_hex(std::string_view hex, std::span<std::uint8_t> out) {
  if (hex.size() != out.size() * 2) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = hex_value(hex[2 * i], false);
    const int low = hex_value(hex[2 * i + 1], false);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

std::string to_base32(std::span<const std::uint8_t> bytes) {
  std::string out;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    pending = (pending << 8U | byte) & 0xFFFU;
    for (bits += 8; bits >= 5; bits -= 5) out += base32_digits[pending >> (bits - 5) & 31U];
  }
  if (bits > 0) out += base32_digits[pending << (5 - bits) & 31U];
  return out;
}

std::string percent_encode(std::string_view bytes, std::string_view kept) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    if (unreserved(c) || kept.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += upper_digits[byte >> 4U];
    out += upper_digits[byte & 15U];
  }
  return out;
}

std::optional<std::string> percent_decode(std::string_view encoded) {
  std::string out;
  if (!decode(encoded, '+', out)) return std::nullopt;
  return out;
}

bool form_decode(std::string_view encoded, std::string& out) { return decode(encoded, ' ', out); }

}  // namespace twinlock::text
