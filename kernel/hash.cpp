// SPDX-License-Identifier: Apache-2.0
// The only file of the kernel that calls BoringSSL: its SHA-1 and SHA-256 contexts, which allocate nothing.
// The prover replaces these two functions by "any value" (property_tests/proofs/harness/assumptions.hpp).
#include <openssl/sha.h>

#include "kernel/bytes.hpp"
#include "kernel/digest.hpp"
#include "kernel/require.hpp"
#include "kernel/totp.hpp"
#include "kernel/wipe.hpp"

namespace twinlock {

// HMAC-SHA-1 (RFC 2104) of one counter, from contexts that have taken the padded key.
static void hmac_counter(const SHA_CTX& inner, const SHA_CTX& outer, Step counter,
                         std::uint8_t (&mac)[secret_bytes]) noexcept {
  std::uint8_t message[8];
  for (std::uint32_t i = 0; i < 8; ++i) message[i] = static_cast<std::uint8_t>(counter >> (56U - 8U * i));
  SHA_CTX context = inner;
  SHA1_Update(&context, message, sizeof message);
  SHA1_Final(mac, &context);
  context = outer;
  SHA1_Update(&context, mac, sizeof mac);
  SHA1_Final(mac, &context);
  wipe_bytes(reinterpret_cast<std::uint8_t*>(&context), sizeof context);
}

static_assert(totp_key_bytes_max == SHA_CBLOCK);

static SHA_CTX keyed(const TotpKey& key, std::uint8_t pad) noexcept {
  std::uint8_t block[SHA_CBLOCK];
  for (std::size_t i = 0; i < SHA_CBLOCK; ++i) block[i] = static_cast<std::uint8_t>(key.b[i] ^ pad);
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, block, sizeof block);
  wipe_bytes(block, sizeof block);
  return context;
}

Codes totp_codes(const TotpKey& key, Step now_step) noexcept {
  REQUIRE(now_step >= 1 && now_step < step_limit);
  SHA_CTX inner = keyed(key, 0x36);
  SHA_CTX outer = keyed(key, 0x5C);
  std::uint8_t mac[secret_bytes];
  Codes codes;
  for (std::uint32_t i = 0; i < candidates_count; ++i) {
    hmac_counter(inner, outer, now_step - 1U + i, mac);
    codes.c[i] = truncate(mac);
  }
  wipe_bytes(mac, sizeof mac);
  wipe_bytes(reinterpret_cast<std::uint8_t*>(&inner), sizeof inner);
  wipe_bytes(reinterpret_cast<std::uint8_t*>(&outer), sizeof outer);
  return codes;
}

Token digest(Purpose purpose, const AccountTag& account, const Token& binding, const Token& value) noexcept {
  static const std::uint8_t domain[16] = {'t', 'w', 'i', 'n', 'l', 'o', 'c', 'k',
                                          ' ', 'd', 'i', 'g', 'e', 's', 't', '1'};
  const std::uint8_t label = static_cast<std::uint8_t>(purpose);
  std::uint8_t full[SHA256_DIGEST_LENGTH];
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, domain, sizeof domain);
  SHA256_Update(&context, &label, 1);
  SHA256_Update(&context, account.b, sizeof account.b);
  SHA256_Update(&context, binding.b, token_bytes);
  SHA256_Update(&context, value.b, token_bytes);
  SHA256_Final(full, &context);
  Token out;
  for (std::size_t i = 0; i < token_bytes; ++i) out.b[i] = full[i];
  out.b[0] = static_cast<std::uint8_t>(out.b[0] | zero_bytes(out.b, token_bytes));  // all zero means "none"
  wipe_bytes(full, sizeof full);
  wipe_bytes(reinterpret_cast<std::uint8_t*>(&context), sizeof context);
  return out;
}

}  // namespace twinlock
