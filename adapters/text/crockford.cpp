// SPDX-License-Identifier: Apache-2.0
#include "adapters/text/crockford.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace twinlock::text {
namespace {

constexpr unsigned check_modulus = 37;
constexpr unsigned bits_per_symbol = 5;
constexpr std::size_t symbols = 26;  // ceil(128 / 5): two excess bits, zero, at the top
constexpr std::size_t symbols_all = symbols + 1;
constexpr std::size_t group = 4;
constexpr unsigned top_symbol_limit = 8;  // 2^(5 - excess bits)
constexpr unsigned not_a_symbol = 255;
static_assert(symbols * bits_per_symbol == token_bytes * 8 + 2);

// 32 digits and the five that stand only for a check; in one cache line, so that a look-up's address says
// nothing.
alignas(64) constexpr char alphabet[check_modulus + 1] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

using Values = std::array<unsigned, symbols_all>;

unsigned value_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  for (unsigned v = 0; v < check_modulus; ++v) {
    if (alphabet[v] == c) return v;
  }
  return not_a_symbol;
}

unsigned check_of(const Values& values) {
  unsigned rest = 0;
  for (std::size_t i = 0; i < symbols; ++i) rest = (rest * 32 + values[i]) % check_modulus;
  return rest;
}

// The token as one number, highest digit first.
Values digits(const Token& token) {
  Values values{};
  std::size_t next = 0;
  unsigned pending = 0;
  unsigned pending_bits = 2;  // the excess zeros
  for (const std::uint8_t byte : token.b) {
    pending = pending << 8 | byte;
    for (pending_bits += 8; pending_bits >= bits_per_symbol; pending_bits -= bits_per_symbol) {
      values[next++] = pending >> (pending_bits - bits_per_symbol) & 31U;
    }
  }
  return values;
}

Token number(const Values& values) {
  Token token{};
  std::size_t next = 0;
  unsigned pending = values[0];
  unsigned pending_bits = 3;
  for (std::size_t i = 1; i < symbols; ++i) {
    pending = pending << bits_per_symbol | values[i];
    pending_bits += bits_per_symbol;
    if (pending_bits < 8) continue;
    pending_bits -= 8;
    token.b[next++] = static_cast<std::uint8_t>(pending >> pending_bits & 255U);
  }
  return token;
}

}  // namespace

std::string format(const Token& token) {
  Values values = digits(token);
  values[symbols] = check_of(values);
  std::string out;
  out.reserve(symbols_all + symbols_all / group);
  for (std::size_t i = 0; i < symbols_all; ++i) {
    if (i > 0 && i % group == 0) out += '-';
    out += alphabet[values[i]];
  }
  return out;
}

bool reads_plainly(const Token& token) {
  const unsigned check = check_of(digits(token));
  return check < 32 || alphabet[check] == 'U';
}

std::optional<Token> parse(std::string_view typed) {
  Values values{};
  std::size_t count = 0;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (count == symbols_all) return std::nullopt;
    const unsigned value = value_of(c);
    if (value == not_a_symbol || (count < symbols && value >= 32)) return std::nullopt;
    values[count++] = value;
  }
  if (count != symbols_all || values[0] >= top_symbol_limit) return std::nullopt;
  if (values[symbols] != check_of(values)) return std::nullopt;
  return number(values);
}

}  // namespace twinlock::text
