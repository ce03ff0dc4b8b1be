// SPDX-License-Identifier: Apache-2.0
#include "adapters/keys/key_file.hpp"

#include <algorithm>

#include "adapters/keys/secret_bytes.hpp"
#include "adapters/system/folder_lock.hpp"
#include "adapters/system/io.hpp"
#include "adapters/system/private_file.hpp"

namespace twinlock::keys {

namespace {

using Error = tl::unexpected<std::string>;
using Done = tl::expected<void, std::string>;

Done write_new(const std::string& path, const MasterKeys& keys) {
  Bytes text = format_keys(keys);
  const WipeAtEnd wipe_text(text);
  return system::write_new_file(path, text);
}

Done replace(const std::string& path, const MasterKeys& keys) {
  Bytes text = format_keys(keys);
  const WipeAtEnd wipe_text(text);
  return system::replace_file(path, text);
}

std::vector<MasterKey>::iterator find(MasterKeys& keys, KeyId id) {
  return std::find_if(keys.list().begin(), keys.list().end(),
                      [&](const MasterKey& key) { return key.id == id; });
}

Error no_such_key(const std::string& path, KeyId id) {
  return Error(path + ": there is no key " + std::to_string(id));
}

}  // namespace

tl::expected<MasterKeys, std::string> read_key_file(const std::string& path) {
  auto text = system::read_private_file(path, key_file_bytes_max);
  if (!text) return Error(text.error());
  const WipeAtEnd wipe_text(*text);
  return parse_keys({reinterpret_cast<const char*>(text->data()), text->size()}, path);
}

Done create_key_file(const std::string& path) {
  MasterKeys keys;
  MasterKey& key = keys.list().emplace_back();
  key.id = 1;
  key.current = true;
  if (!fresh_key(key)) return Error(path + ": no key made: the system gave no random bytes");
  return write_new(path, keys);
}

tl::expected<KeyId, std::string> add_key(const std::string& path) {
  const auto turn = system::FolderLock::take(system::folder_of(path));
  if (!turn) return Error(turn.error());
  auto keys = read_key_file(path);
  if (!keys) return Error(keys.error());
  auto& list = keys->list();
  if (list.size() == master_keys_max) return Error(path + ": there are 64 keys already; retire one first");
  const auto by_id = [](const MasterKey& a, const MasterKey& b) { return a.id < b.id; };
  const KeyId last = std::max_element(list.begin(), list.end(), by_id)->id;
  if (last == UINT32_MAX) return Error(path + ": no key id above " + std::to_string(last) + " is left");
  MasterKey& key = list.emplace_back();
  key.id = last + 1;
  if (!fresh_key(key)) return Error(path + ": no key made: the system gave no random bytes");
  if (auto done = replace(path, *keys); !done) return Error(done.error());
  return key.id;
}

Done make_current(const std::string& path, KeyId id) {
  const auto turn = system::FolderLock::take(system::folder_of(path));
  if (!turn) return Error(turn.error());
  auto keys = read_key_file(path);
  if (!keys) return Error(keys.error());
  if (find(*keys, id) == keys->list().end()) return no_such_key(path, id);
  for (MasterKey& key : keys->list()) key.current = key.id == id;
  return replace(path, *keys);
}

Done retire_key(const std::string& path, KeyId id) {
  const auto turn = system::FolderLock::take(system::folder_of(path));
  if (!turn) return Error(turn.error());
  auto keys = read_key_file(path);
  if (!keys) return Error(keys.error());
  const auto found = find(*keys, id);
  if (found == keys->list().end()) return no_such_key(path, id);
  if (found->current)
    return Error(path + ": key " + std::to_string(id) + " is current; make another one current first");
  // The hole is filled with the last key, whose place is wiped before it goes: erase() would leave its bytes
  // behind.
  *found = keys->list().back();
  OPENSSL_cleanse(&keys->list().back(), sizeof(MasterKey));
  keys->list().pop_back();
  return replace(path, *keys);
}

}  // namespace twinlock::keys
