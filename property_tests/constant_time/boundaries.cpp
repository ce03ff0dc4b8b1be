// SPDX-License-Identifier: Apache-2.0
// Between two files of the kernel, which is linked as it ships: the linker (--wrap) sends a call of <symbol>
// in another file to __wrap_<symbol> here, and __real_<symbol> is the kernel's own. So the one bit that may
// become public is made public after the real function has computed it, and no text of the kernel knows of
// it. A twin takes the place of the real function on the same way.
//
// run.py reads the names below and gives them to the linker.
#include <openssl/mem.h>

#include <span>

#include "adapters/api/key_file.hpp"
#include "kernel/bytes.hpp"
#include "kernel/decide.hpp"
#include "property_tests/constant_time/cases.hpp"
#include "property_tests/constant_time/secrets.hpp"
#include "property_tests/constant_time/twins.hpp"

#define REAL(symbol) __asm__("__real_" symbol)
#define WRAP(symbol) __asm__("__wrap_" symbol)

#define GATHER_TOKENS "_ZN8twinlock13gather_tokensERKNS_6RecordERKNS_5EventERKNS_10AccountTagE"
#define GATHER_CODE "_ZN8twinlock11gather_codeERKNS_6RecordERKNS_5EventEmb"
#define SAME "_ZN8twinlock4sameERKNS_5TokenES2_"
#define ABSENT_TOKEN "_ZN8twinlock6absentERKNS_5TokenE"
#define ABSENT_SECRET "_ZN8twinlock6absentERKNS_6SecretE"
#define ABSENT_KEY "_ZN8twinlock6absentERKNS_7TotpKeyE"
#define ZERO_AFTER "_ZN8twinlock10zero_afterERKNS_7TotpKeyEm"
#define IS_CODE "_ZN8twinlock7is_codeERKNS_4CodeE"
#define CODE_VALUE "_ZN8twinlock10code_valueERKNS_4CodeE"
#define MATCH_CODE "_ZN8twinlock10match_codeERKNS_5CodesEjmmb"
#define TRUNCATE "_ZN8twinlock8truncateERA20_Kh"
#define MEMCMP "CRYPTO_memcmp"
#define HASH_OF "_ZN8twinlock3api7hash_ofESt17basic_string_viewIcSt11char_traitsIcEE"
#define DERIVE "_ZN8twinlock4keys4hkdfESt4spanIhLm18446744073709551615EES1_IKhLm18446744073709551615EES4_S4_"

namespace twinlock::ct {

using Span = std::span<std::uint8_t>;
using ConstSpan = std::span<const std::uint8_t>;

Evidence real_gather_tokens(const Record&, const Event&, const AccountTag&) noexcept REAL(GATHER_TOKENS);
CodeMatch real_gather_code(const Record&, const Event&, Step, bool) noexcept REAL(GATHER_CODE);
bool real_same(const Token&, const Token&) noexcept REAL(SAME);
bool real_absent_token(const Token&) noexcept REAL(ABSENT_TOKEN);
bool real_absent_secret(const Secret&) noexcept REAL(ABSENT_SECRET);
bool real_absent_key(const TotpKey&) noexcept REAL(ABSENT_KEY);
bool real_zero_after(const TotpKey&, std::size_t) noexcept REAL(ZERO_AFTER);
bool real_is_code(const Code&) noexcept REAL(IS_CODE);
std::uint32_t real_code_value(const Code&) noexcept REAL(CODE_VALUE);
CodeMatch real_match(const Codes&, std::uint32_t, Step, Step, bool) noexcept REAL(MATCH_CODE);
std::uint32_t real_truncate(const std::uint8_t (&)[secret_bytes]) noexcept REAL(TRUNCATE);
int real_memcmp(const void*, const void*, std::size_t) REAL(MEMCMP);
api::KeyHash real_hash_of(std::string_view) REAL(HASH_OF);
bool real_hkdf(Span, ConstSpan, ConstSpan, ConstSpan) REAL(DERIVE);

Evidence gather_tokens(const Record&, const Event&, const AccountTag&) noexcept WRAP(GATHER_TOKENS);
CodeMatch gather_code(const Record&, const Event&, Step, bool) noexcept WRAP(GATHER_CODE);
bool same(const Token&, const Token&) noexcept WRAP(SAME);
bool absent_token(const Token&) noexcept WRAP(ABSENT_TOKEN);
bool absent_secret(const Secret&) noexcept WRAP(ABSENT_SECRET);
bool absent_key(const TotpKey&) noexcept WRAP(ABSENT_KEY);
bool zero_after(const TotpKey&, std::size_t) noexcept WRAP(ZERO_AFTER);
bool is_code(const Code&) noexcept WRAP(IS_CODE);
std::uint32_t code_value(const Code&) noexcept WRAP(CODE_VALUE);
CodeMatch match(const Codes&, std::uint32_t, Step, Step, bool) noexcept WRAP(MATCH_CODE);
std::uint32_t truncate(const std::uint8_t (&)[secret_bytes]) noexcept WRAP(TRUNCATE);
int compare(const void*, const void*, std::size_t) WRAP(MEMCMP);
api::KeyHash hash_of(std::string_view) WRAP(HASH_OF);
bool hkdf(Span, ConstSpan, ConstSpan, ConstSpan) WRAP(DERIVE);

namespace {
template <typename T>
T published(Fact fact, T value) {
  make_public(fact, &value, sizeof value);
  return value;
}
}  // namespace

Evidence gather_tokens(const Record& at, const Event& e, const AccountTag& account) noexcept {
  return published(Fact::tokens, real_gather_tokens(at, e, account));
}

CodeMatch gather_code(const Record& at, const Event& e, Step now, bool strict) noexcept {
  return published(Fact::code, real_gather_code(at, e, now, strict));
}

bool same(const Token& a, const Token& b) noexcept {
  if (active_twin == Twin::same_early_exit) return published(Fact::same, leaky_same_early_exit(a, b));
  if (active_twin == Twin::same_memcmp) return published(Fact::same, leaky_same_memcmp(a, b));
  return published(Fact::same, real_same(a, b));
}

bool absent_token(const Token& t) noexcept { return published(Fact::absent, real_absent_token(t)); }
bool absent_secret(const Secret& s) noexcept { return published(Fact::absent, real_absent_secret(s)); }

bool absent_key(const TotpKey& k) noexcept { return published(Fact::absent, real_absent_key(k)); }

bool zero_after(const TotpKey& key, std::size_t length) noexcept {
  return published(Fact::key_ends, real_zero_after(key, length));
}

bool is_code(const Code& code) noexcept {
  const bool twin = active_twin == Twin::is_code_early_exit;
  return published(Fact::well_formed, twin ? leaky_is_code(code) : real_is_code(code));
}

// What follows makes nothing public: only the twins need these boundaries.
std::uint32_t code_value(const Code& code) noexcept {
  return active_twin == Twin::code_value_table ? leaky_code_value(code) : real_code_value(code);
}

CodeMatch match(const Codes& codes, std::uint32_t presented, Step now, Step last, bool strict) noexcept {
  if (active_twin == Twin::match_early_exit) return leaky_match(codes, presented, now, last, strict);
  return real_match(codes, presented, now, last, strict);
}

std::uint32_t truncate(const std::uint8_t (&mac)[secret_bytes]) noexcept {
  return active_twin == Twin::truncate_indexed ? leaky_truncate(mac) : real_truncate(mac);
}

// Of the number that CRYPTO_memcmp returns, only whether it is zero becomes public.
int compare(const void* a, const void* b, std::size_t n) {
  const auto* left = static_cast<const std::uint8_t*>(a);
  const auto* right = static_cast<const std::uint8_t*>(b);
  const int difference =
      active_twin == Twin::mac_early_exit ? leaky_mac(left, right, n) : real_memcmp(a, b, n);
  return published(Fact::mac_agrees, static_cast<int>(1U - is_zero(static_cast<std::uint32_t>(difference))));
}

api::KeyHash hash_of(std::string_view key) {
  api::KeyHash hash = real_hash_of(key);
  if (derived_is_secret) make_secret(hash);
  return hash;
}

bool hkdf(Span out, ConstSpan key, ConstSpan salt, ConstSpan info) {
  const bool good = real_hkdf(out, key, salt, info);
  if (derived_is_secret) make_secret(out.data(), out.size());
  return good;
}

}  // namespace twinlock::ct
