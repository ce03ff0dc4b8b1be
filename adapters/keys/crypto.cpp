// SPDX-License-Identifier: Apache-2.0
#include "adapters/keys/crypto.hpp"

#include <openssl/hkdf.h>
#include <openssl/hmac.h>
#include <openssl/mem.h>
#include <openssl/sha.h>

#include <algorithm>

namespace twinlock::keys {

bool hkdf(std::span<std::uint8_t> out, std::span<const std::uint8_t> key, std::span<const std::uint8_t> salt,
          std::span<const std::uint8_t> info) {
  return HKDF(out.data(), out.size(), EVP_sha256(), key.data(), key.size(), salt.data(), salt.size(),
              info.data(), info.size()) == 1;
}

Mac hmac(std::span<const std::uint8_t> key, std::span<const std::uint8_t> message) {
  std::uint8_t pad[SHA256_CBLOCK] = {};
  Mac mac{};
  if (key.size() <= sizeof pad)
    std::copy(key.begin(), key.end(), pad);
  else
    SHA256(key.data(), key.size(), pad);
  SHA256_CTX context;
  std::for_each(std::begin(pad), std::end(pad), [](std::uint8_t& b) { b ^= 0x36U; });
  SHA256_Init(&context);
  SHA256_Update(&context, pad, sizeof pad);
  SHA256_Update(&context, message.data(), message.size());
  SHA256_Final(mac.data(), &context);
  std::for_each(std::begin(pad), std::end(pad), [](std::uint8_t& b) { b ^= 0x36U ^ 0x5CU; });
  SHA256_Init(&context);
  SHA256_Update(&context, pad, sizeof pad);
  SHA256_Update(&context, mac.data(), mac.size());
  SHA256_Final(mac.data(), &context);
  OPENSSL_cleanse(pad, sizeof pad);
  OPENSSL_cleanse(&context, sizeof context);
  return mac;
}

GcmSiv::GcmSiv(std::span<const std::uint8_t, 32> key)
    : context_(EVP_AEAD_CTX_new(EVP_aead_aes_256_gcm_siv(), key.data(), key.size(), tag_bytes)) {}

bool GcmSiv::seal(std::span<std::uint8_t> out, std::span<const std::uint8_t, nonce_bytes> nonce,
                  std::span<const std::uint8_t> plain, std::span<const std::uint8_t> bound) const {
  std::size_t length = 0;
  return EVP_AEAD_CTX_seal(context_.get(), out.data(), &length, out.size(), nonce.data(), nonce.size(),
                           plain.data(), plain.size(), bound.data(), bound.size()) == 1 &&
         length == out.size();
}

bool GcmSiv::open(std::span<std::uint8_t> out, std::span<const std::uint8_t, nonce_bytes> nonce,
                  std::span<const std::uint8_t> sealed, std::span<const std::uint8_t> bound) const {
  std::size_t length = 0;
  const bool good =
      EVP_AEAD_CTX_open(context_.get(), out.data(), &length, out.size(), nonce.data(), nonce.size(),
                        sealed.data(), sealed.size(), bound.data(), bound.size()) == 1;
  if (!good) OPENSSL_cleanse(out.data(), out.size());
  return good && length == out.size();
}

}  // namespace twinlock::keys
