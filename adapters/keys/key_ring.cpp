// SPDX-License-Identifier: Apache-2.0
#include "adapters/keys/key_ring.hpp"

#include <openssl/mem.h>
#include <openssl/rand.h>

#include <algorithm>
#include <mutex>

#include "adapters/keys/crypto.hpp"
#include "adapters/keys/key_file.hpp"
#include "adapters/keys/master_keys.hpp"

namespace twinlock::keys {

namespace {

constexpr std::size_t id_bytes = 4;
constexpr std::size_t overhead_bytes = id_bytes + nonce_bytes + tag_bytes;
constexpr std::size_t seals_max = 2;
constexpr std::size_t macs_max = 5;
constexpr auto mac_first = static_cast<std::uint8_t>(MacPurpose::pass);
constexpr auto seal_first = static_cast<std::uint8_t>(SealPurpose::record);

std::size_t index(SealPurpose purpose) { return static_cast<std::size_t>(purpose) - seal_first; }
std::size_t index(MacPurpose purpose) { return static_cast<std::size_t>(purpose) - mac_first; }

template <typename T>
void append_number(Bytes& out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void append_text(Bytes& out, std::string_view text) {
  append_number(out, static_cast<std::uint32_t>(text.size()));
  out.insert(out.end(), text.begin(), text.end());
}

// What the seal binds beside the text: every part has a fixed place or its length before it, so no two
// bindings coincide.
Bytes associated_data(SealPurpose purpose, KeyId id, const Binding& binding) {
  Bytes out;
  out.reserve(64 + binding.account.size() + binding.extra.size());
  out.push_back(static_cast<std::uint8_t>(purpose));
  append_number(out, id);
  append_text(out, binding.account);
  append_number(out, binding.version);
  append_text(out, binding.extra);
  return out;
}

// The subkeys of one master key, which itself is not kept.
struct Subkeys {
  KeyId id;
  std::vector<GcmSiv> seals;                                // by SealPurpose
  std::array<std::array<std::uint8_t, 32>, macs_max> macs;  // by MacPurpose
};

bool derive(std::span<std::uint8_t, 32> out, const MasterKey& master, std::uint8_t purpose) {
  static constexpr std::string_view label = "twinlock v1 subkey";
  Bytes info(label.begin(), label.end());
  info.push_back(purpose);
  return hkdf(out, master.bytes, {}, info);
}

bool derive_all(Subkeys& out, const MasterKey& master) {
  bool good = true;
  out.id = master.id;
  for (std::size_t i = 0; i < seals_max; ++i) {
    std::array<std::uint8_t, 32> key{};
    good = derive(key, master, static_cast<std::uint8_t>(seal_first + i)) && good;
    good = static_cast<bool>(out.seals.emplace_back(key)) && good;
    OPENSSL_cleanse(key.data(), key.size());
  }
  for (std::size_t i = 0; i < macs_max; ++i)
    good = derive(out.macs[i], master, static_cast<std::uint8_t>(mac_first + i)) && good;
  return good;
}

class Ring {
 public:
  static std::shared_ptr<const Ring> make(const MasterKeys& masters) {
    auto ring = std::make_shared<Ring>();
    for (const MasterKey& master : masters.list()) {
      if (!derive_all(*ring->keys_.emplace_back(std::make_unique<Subkeys>()), master)) return nullptr;
      if (master.current) ring->current_ = ring->keys_.back().get();
    }
    return ring;
  }

  Ring() = default;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() {
    for (const auto& key : keys_) OPENSSL_cleanse(key->macs.data(), sizeof key->macs);
  }

  const Subkeys& current() const { return *current_; }
  const Subkeys* find(KeyId id) const {
    const auto found =
        std::find_if(keys_.begin(), keys_.end(), [&](const auto& key) { return key->id == id; });
    return found == keys_.end() ? nullptr : found->get();
  }
  std::vector<KeyId> ids() const {
    std::vector<KeyId> out;
    for (const auto& key : keys_) out.push_back(key->id);
    return out;
  }

 private:
  std::vector<std::unique_ptr<Subkeys>> keys_;
  const Subkeys* current_ = nullptr;
};

}  // namespace

struct KeyRing::Impl {
  mutable std::mutex mutex;
  std::shared_ptr<const Ring> ring;  // swapped as a whole by reload()
  std::string path;                  // "": not from a file

  std::shared_ptr<const Ring> get() const {
    const std::lock_guard lock(mutex);
    return ring;
  }

  static tl::expected<std::unique_ptr<Impl>, std::string> make(
      const tl::expected<MasterKeys, std::string>& masters, std::string path) {
    if (!masters) return tl::unexpected(masters.error());
    auto impl = std::make_unique<Impl>();
    impl->ring = Ring::make(*masters);
    impl->path = std::move(path);
    if (!impl->ring) return tl::unexpected(std::string("no memory for the keys"));
    return impl;
  }
};

KeyRing::KeyRing(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
KeyRing::KeyRing(KeyRing&&) noexcept = default;
KeyRing& KeyRing::operator=(KeyRing&&) noexcept = default;
KeyRing::~KeyRing() = default;

tl::expected<KeyRing, std::string> KeyRing::load_file(const std::string& path) {
  auto impl = Impl::make(read_key_file(path), path);
  if (!impl) return tl::unexpected(impl.error());
  return KeyRing(std::move(*impl));
}

tl::expected<KeyRing, std::string> KeyRing::create_file(const std::string& path) {
  if (auto created = create_key_file(path); !created) return tl::unexpected(created.error());
  return load_file(path);
}

tl::expected<KeyRing, std::string> KeyRing::parse(std::string_view text) {
  auto impl = Impl::make(parse_keys(text, "keys"), {});
  if (!impl) return tl::unexpected(impl.error());
  return KeyRing(std::move(*impl));
}

tl::expected<void, std::string> KeyRing::reload() const {
  if (impl_->path.empty()) return tl::unexpected(std::string("the keys did not come from a file"));
  auto fresh = Impl::make(read_key_file(impl_->path), impl_->path);
  if (!fresh) return tl::unexpected(fresh.error());
  const std::lock_guard lock(impl_->mutex);
  impl_->ring = std::move((*fresh)->ring);
  return {};
}

KeyId KeyRing::current() const { return impl_->get()->current().id; }
std::vector<KeyId> KeyRing::ids() const { return impl_->get()->ids(); }

Bytes KeyRing::seal(SealPurpose purpose, const Binding& binding, std::span<const std::uint8_t> plain) const {
  const auto ring = impl_->get();
  const Subkeys& key = ring->current();
  std::array<std::uint8_t, nonce_bytes> nonce{};
  if (RAND_bytes(nonce.data(), nonce.size()) != 1) return {};
  const Bytes bound = associated_data(purpose, key.id, binding);
  Bytes out;
  out.reserve(overhead_bytes + plain.size());
  append_number(out, key.id);
  out.insert(out.end(), nonce.begin(), nonce.end());
  out.resize(overhead_bytes + plain.size());
  const auto body = std::span(out).subspan(id_bytes + nonce_bytes);
  if (!key.seals[index(purpose)].seal(body, nonce, plain, bound)) return {};
  return out;
}

tl::expected<Bytes, OpenError> KeyRing::open(SealPurpose purpose, const Binding& binding,
                                             std::span<const std::uint8_t> sealed) const {
  if (sealed.size() < overhead_bytes) return tl::unexpected(OpenError::forged);
  const KeyId id = sealed_with(sealed);
  const auto ring = impl_->get();
  const Subkeys* key = ring->find(id);
  if (key == nullptr) return tl::unexpected(OpenError::unknown_key);
  const Bytes bound = associated_data(purpose, id, binding);
  const auto nonce = sealed.subspan<id_bytes, nonce_bytes>();
  Bytes out(sealed.size() - overhead_bytes);
  if (!key->seals[index(purpose)].open(out, nonce, sealed.subspan(id_bytes + nonce_bytes), bound))
    return tl::unexpected(OpenError::forged);
  return out;
}

KeyId sealed_with(std::span<const std::uint8_t> sealed) {
  KeyId id = 0;
  for (std::size_t i = 0; i < id_bytes && sealed.size() >= id_bytes; ++i) id |= KeyId{sealed[i]} << (8 * i);
  return id;
}

Mac KeyRing::mac(MacPurpose purpose, std::span<const std::uint8_t> message) const {
  const auto ring = impl_->get();
  return hmac(ring->current().macs[index(purpose)], message);
}

bool KeyRing::check_mac(MacPurpose purpose, KeyId id, std::span<const std::uint8_t> message,
                        std::span<const std::uint8_t> mac) const {
  const auto ring = impl_->get();
  const Subkeys* key = ring->find(id);
  if (key == nullptr || mac.size() != sizeof(Mac)) return false;
  Mac expected = hmac(key->macs[index(purpose)], message);
  const bool same = CRYPTO_memcmp(expected.data(), mac.data(), expected.size()) == 0;
  OPENSSL_cleanse(expected.data(), expected.size());
  return same;
}

}  // namespace twinlock::keys
