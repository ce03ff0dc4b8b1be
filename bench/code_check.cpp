// SPDX-License-Identifier: Apache-2.0
// One code check: three candidates, none of which matches. Beside it, in the same run, the same check over
// BoringSSL's one-shot HMAC(), and the floor: the eight SHA-1 blocks that three HMACs of one key need when
// nothing is computed twice (two pads, then two blocks a candidate).
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <cstdint>

#include "bench/ratios.hpp"
#include "kernel/totp.hpp"

namespace {

using namespace twinlock;

constexpr Step now = 56'666'667;

Secret some_secret() {
  Secret secret{};
  for (std::size_t i = 0; i < secret_bytes; ++i) secret.b[i] = static_cast<std::uint8_t>(37 * i + 11);
  return secret;
}

// A number below 10^6 that is none of the three codes.
std::uint32_t wrong_number(const Secret& secret) {
  const Codes codes = totp_codes(secret, now);
  std::uint32_t guess = 0;
  while (guess == codes.c[0] || guess == codes.c[1] || guess == codes.c[2]) ++guess;
  return guess;
}

void kernel(benchmark::State& state) {
  Secret secret = some_secret();
  std::uint32_t presented = wrong_number(secret);
  for (auto _ : state) {
    benchmark::DoNotOptimize(secret);
    benchmark::DoNotOptimize(presented);
    const CodeMatch found = match_code(totp_codes(secret, now), presented, now, 0, false);
    if (found.match) return state.SkipWithError("a wrong code matched");
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(kernel);

std::uint32_t hmac_code(const Secret& secret, Step step) {
  std::uint8_t message[8];
  for (std::size_t i = 0; i < 8; ++i) message[i] = static_cast<std::uint8_t>(step >> (56 - 8 * i));
  std::uint8_t mac[secret_bytes];
  unsigned size = 0;
  HMAC(EVP_sha1(), secret.b, secret_bytes, message, sizeof message, mac, &size);
  return truncate(mac);
}

void boringssl_hmac(benchmark::State& state) {
  Secret secret = some_secret();
  std::uint32_t presented = wrong_number(secret);
  for (auto _ : state) {
    benchmark::DoNotOptimize(secret);
    benchmark::DoNotOptimize(presented);
    Codes codes{};
    for (std::size_t i = 0; i < candidates_count; ++i) codes.c[i] = hmac_code(secret, now - 1 + i);
    const CodeMatch found = match_code(codes, presented, now, 0, false);
    if (found.match) return state.SkipWithError("a wrong code matched");
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK(boringssl_hmac);

void sha1_8_blocks(benchmark::State& state) {
  SHA_CTX context;
  SHA1_Init(&context);
  std::uint8_t block[64] = {1};
  for (auto _ : state) {
    for (int i = 0; i < 8; ++i) SHA1_Transform(&context, block);
    benchmark::DoNotOptimize(context);
  }
}
BENCHMARK(sha1_8_blocks);

}  // namespace

int main(int argc, char** argv) {
  return twinlock::bench::run(argc, argv, twinlock::bench::Time::processor,
                              {"sha1_8_blocks", "boringssl_hmac"});
}
