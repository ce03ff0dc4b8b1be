// SPDX-License-Identifier: Apache-2.0
// The record's bytes and its seal. Beside them BoringSSL's AES-256-GCM-SIV (RFC 8452) alone, over as many
// bytes, with a key schedule that is ready: what sealing costs beyond it is the key lookup, the nonce and the
// vector.
#include <benchmark/benchmark.h>
#include <openssl/aead.h>

#include "adapters/service/profile.hpp"
#include "bench/accounts.hpp"
#include "bench/on_record.hpp"
#include "bench/ratios.hpp"

namespace {

using namespace twinlock;

constexpr std::string_view account = "somebody@example.org";

keys::Bytes plain_row() {
  service::Profile profile;
  profile.record = bench::on_record();
  profile.address = account;
  return service::encode_profile(profile);
}

void encode_record(benchmark::State& state) {
  Record record = bench::on_record();
  Encoded bytes;
  for (auto _ : state) {
    benchmark::DoNotOptimize(record);
    if (!encode(record, bytes)) return state.SkipWithError("not encoded");
    benchmark::DoNotOptimize(bytes);
  }
}
BENCHMARK(encode_record);

void decode_record(benchmark::State& state) {
  Encoded bytes;
  if (!encode(bench::on_record(), bytes)) return state.SkipWithError("not encoded");
  Record record;
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes);
    if (!decode(bytes, record)) return state.SkipWithError("not decoded");
    benchmark::DoNotOptimize(record);
  }
}
BENCHMARK(decode_record);

void seal_row(benchmark::State& state) {
  const keys::KeyRing keys = bench::some_keys();
  const keys::Bytes plain = plain_row();
  std::uint64_t version = 0;
  for (auto _ : state) {
    auto sealed = keys.seal(keys::SealPurpose::record, {account, ++version, {}}, plain);
    if (sealed.empty()) return state.SkipWithError("not sealed");
    benchmark::DoNotOptimize(sealed);
  }
}
BENCHMARK(seal_row);

void open_row(benchmark::State& state) {
  const keys::KeyRing keys = bench::some_keys();
  const auto sealed = keys.seal(keys::SealPurpose::record, {account, 1, {}}, plain_row());
  for (auto _ : state) {
    auto plain = keys.open(keys::SealPurpose::record, {account, 1, {}}, sealed);
    if (!plain) return state.SkipWithError("not opened");
    benchmark::DoNotOptimize(plain);
  }
}
BENCHMARK(open_row);

void boringssl_gcm_siv(benchmark::State& state) {
  const std::uint8_t key[32] = {1};
  const std::uint8_t nonce[12] = {2};
  bssl::ScopedEVP_AEAD_CTX context;
  if (EVP_AEAD_CTX_init(context.get(), EVP_aead_aes_256_gcm_siv(), key, sizeof key, 16, nullptr) != 1)
    return state.SkipWithError("no key");
  const keys::Bytes plain = plain_row();
  keys::Bytes sealed(plain.size() + 16);
  std::size_t size = 0;
  for (auto _ : state) {
    EVP_AEAD_CTX_seal(context.get(), sealed.data(), &size, sealed.size(), nonce, sizeof nonce, plain.data(),
                      plain.size(), reinterpret_cast<const std::uint8_t*>(account.data()), account.size());
    benchmark::DoNotOptimize(sealed.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(boringssl_gcm_siv);

}  // namespace

int main(int argc, char** argv) {
  return twinlock::bench::run(argc, argv, twinlock::bench::Time::processor, {"boringssl_gcm_siv"});
}
