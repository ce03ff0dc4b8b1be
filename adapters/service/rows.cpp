// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/rows.hpp"

#include "adapters/keys/secret_bytes.hpp"

namespace twinlock::service {

namespace {

constexpr auto purpose = keys::SealPurpose::record;

keys::Binding bound_to(const Account& account, store::Version version) {
  return {account.bytes(), version, {}};
}

tl::expected<keys::Bytes, keys::OpenError> open_row(const keys::KeyRing& keys, const Account& account,
                                                    const store::Row& row) {
  const auto binding = bound_to(account, row.version);
  auto opened = keys.open(purpose, binding, row.sealed);
  if (opened || opened.error() != keys::OpenError::unknown_key) return opened;
  if (!keys.reload()) return opened;
  return keys.open(purpose, binding, row.sealed);
}

}  // namespace

Expected<Loaded> load_profile(store::Store& store, const keys::KeyRing& keys, const Account& account) {
  const auto row = store.load(account);
  if (!row) return tl::unexpected(Failure::unavailable);
  Loaded loaded;
  if (!*row) return loaded;
  loaded.version = (*row)->version;
  loaded.key = keys::sealed_with((*row)->sealed);
  auto plain = open_row(keys, account, **row);
  if (!plain) return tl::unexpected(Failure::sealed);
  const keys::WipeAtEnd wipe_plain(*plain);
  if (!decode_profile(*plain, loaded.profile)) return tl::unexpected(Failure::sealed);
  return loaded;
}

std::optional<store::Bytes> seal_profile(const keys::KeyRing& keys, const Account& account,
                                         store::Version version, const Profile& profile) {
  auto plain = encode_profile(profile);
  const keys::WipeAtEnd wipe_plain(plain);
  if (plain.empty()) return std::nullopt;
  auto sealed = keys.seal(purpose, bound_to(account, version), plain);
  if (sealed.empty()) return std::nullopt;
  return sealed;
}

}  // namespace twinlock::service
