// SPDX-License-Identifier: Apache-2.0
// A ring is whole or not there: one whose key could not be derived would seal under zeros. BoringSSL takes
// its memory from here, and each request of making a ring is refused once.
#include <gtest/gtest.h>
#include <openssl/aead.h>

#include <cstdlib>

#include "adapters/keys/key_ring.hpp"
#include "property_tests/unit/keys/keys_support.hpp"

namespace {

unsigned until_refused;  // requests until one is refused; 0: none is
constexpr std::size_t head_bytes = 16;

}  // namespace

// openssl/mem.h: with these BoringSSL does not ask malloc. The size stands before the memory.
extern "C" {

void* OPENSSL_memory_alloc(std::size_t size) {
  const bool counts = size != sizeof(EVP_AEAD_CTX);
  if (counts && until_refused != 0 && --until_refused == 0) return nullptr;
  auto* memory = static_cast<std::uint8_t*>(std::malloc(head_bytes + size));
  if (memory == nullptr) return nullptr;
  *reinterpret_cast<std::size_t*>(memory) = size;
  return memory + head_bytes;
}

std::size_t OPENSSL_memory_get_size(void* memory) {
  return *reinterpret_cast<std::size_t*>(static_cast<std::uint8_t*>(memory) - head_bytes);
}

void OPENSSL_memory_free(void* memory) {
  if (memory != nullptr) std::free(static_cast<std::uint8_t*>(memory) - head_bytes);
}
}

namespace twinlock::keys::test {

namespace {

TEST(KeyRing, IsRefusedWhereAKeyCannotBeDerived) {
  const std::string text = "twinlock-keys 1\nkey 1 " + key_one + " current\n";
  unsigned refused = 0;
  for (;;) {
    until_refused = refused + 1;
    const auto ring = KeyRing::parse(text);
    if (until_refused != 0) {  // it asked less often
      EXPECT_TRUE(ring);
      break;
    }
    ++refused;
    ASSERT_FALSE(ring) << "request " << refused;
  }
  until_refused = 0;
  EXPECT_GE(refused, 5U);  // one for each subkey at least
}

}  // namespace

}  // namespace twinlock::keys::test
