// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/key_file.hpp"

#include <fmt/format.h>
#include <openssl/mem.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "adapters/service/public_text.hpp"
#include "adapters/system/folder_lock.hpp"
#include "adapters/system/io.hpp"
#include "adapters/system/private_file.hpp"
#include "adapters/text/encoding.hpp"

namespace twinlock::api {
namespace {

using Keys = std::vector<ApiKey>;
using KeyFileError = tl::unexpected<std::string>;

constexpr std::string_view first_line = "twinlock-api-keys 1";
constexpr std::string_view key_purpose = "twinlock api key 1:";
constexpr std::string_view key_prefix =
    "twl_";  // so that people and secret scanners know one when they see it
constexpr std::size_t key_random_bytes = 32;
constexpr std::size_t id_digits = 8;
constexpr std::size_t file_bytes_max = 65'536;
constexpr Scope scopes[] = {Scope::application, Scope::operators};

std::string_view take_word(std::string_view& line) {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(word.size() + 1, line.size()));
  return word;
}

bool sound_name(std::string_view name) { return service::public_text(name, api_key_name_bytes_max) == name; }

// One line "key ..."; false: it is none.
bool parse_line(std::string_view line, ApiKey& out) {
  if (take_word(line) != "key") return false;
  const std::string_view scope = take_word(line);
  const auto known = std::ranges::find_if(scopes, [scope](Scope each) { return name(each) == scope; });
  if (known == std::end(scopes) || !text::from_hex(take_word(line), out.hash)) return false;
  out.scope = *known;
  const std::string_view made = take_word(line);
  const auto [end, error] = std::from_chars(made.data(), made.data() + made.size(), out.made);
  if (error != std::errc{} || end != made.data() + made.size()) return false;
  out.name = line;
  return sound_name(line);
}

bool holds(const Keys& keys, std::string_view id) {
  return std::ranges::any_of(keys, [id](const ApiKey& key) { return key.id() == id; });
}

tl::expected<void, std::string> write(const std::string& path, const Keys& keys) {
  std::string text = fmt::format("{}\n", first_line);
  for (const ApiKey& key : keys)
    text += fmt::format("key {} {} {} {}\n", name(key.scope), text::to_hex(key.hash), key.made, key.name);
  return system::replace_file(path, {text.begin(), text.end()});
}

}  // namespace

std::string_view name(Scope scope) { return scope == Scope::application ? "app" : "operator"; }

KeyHash hash_of(std::string_view key) {
  KeyHash out{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, key_purpose.data(), key_purpose.size());
  SHA256_Update(&context, key.data(), key.size());
  SHA256_Final(out.data(), &context);
  OPENSSL_cleanse(&context, sizeof context);
  return out;
}

std::string ApiKey::id() const { return text::to_hex(hash).substr(0, id_digits); }

NewApiKey::~NewApiKey() { OPENSSL_cleanse(key.data(), key.size()); }

tl::expected<Keys, std::string> parse_api_keys(std::string_view text, const std::string& name) {
  Keys keys;
  for (std::size_t number = 1; number == 1 || !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (number == 1 && line != first_line)
      return KeyFileError(fmt::format(
          "{}:1: the first line must be '{}'; move the file away and make new keys", name, first_line));
    if (number == 1 || line.empty() || line.front() == '#') continue;
    ApiKey key;
    if (!parse_line(line, key))
      return KeyFileError(fmt::format("{}:{}: not a key's line; remove it and make a new key", name, number));
    if (holds(keys, key.id()))
      return KeyFileError(fmt::format("{}:{}: this key is there twice; remove one", name, number));
    if (keys.size() == api_keys_max)
      return KeyFileError(fmt::format("{}:{}: more than {} keys; remove some", name, number, api_keys_max));
    keys.push_back(std::move(key));
  }
  return keys;
}

tl::expected<Keys, std::string> read_api_keys(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return Keys{};
  const auto text = system::read_private_file(path, file_bytes_max);
  if (!text) return KeyFileError(text.error());
  return parse_api_keys({reinterpret_cast<const char*>(text->data()), text->size()}, path);
}

tl::expected<NewApiKey, std::string> add_api_key(const std::string& path, Scope scope,
                                                 const std::string& name, service::Environment& environment) {
  if (!sound_name(name))
    return KeyFileError(
        fmt::format("a key's name has at most {} bytes of UTF-8 without control characters; "
                    "choose another one",
                    api_key_name_bytes_max));
  const auto lock = system::FolderLock::take(system::folder_of(path));
  if (!lock) return KeyFileError(lock.error());
  auto keys = read_api_keys(path);
  if (!keys) return KeyFileError(keys.error());
  if (keys->size() == api_keys_max)
    return KeyFileError(fmt::format("{}: there are {} keys already; remove one first", path, api_keys_max));
  std::array<std::uint8_t, key_random_bytes> random{};
  Clock clock{};
  NewApiKey made;
  ApiKey key{scope, {}, 0, name};
  do {
    if (!environment.random(random) || !environment.clock(clock))
      return KeyFileError("no key made: the system's randomness or clock did not answer; try again");
    made.key = std::string(key_prefix) + text::to_hex(random);
    OPENSSL_cleanse(random.data(), random.size());
    key.hash = hash_of(made.key);
    made.id = key.id();
  } while (holds(*keys, made.id));
  key.made = clock.now;
  keys->push_back(std::move(key));
  if (auto done = write(path, *keys); !done) return KeyFileError(done.error());
  return made;
}

tl::expected<ApiKey, std::string> remove_api_key(const std::string& path, std::string_view id) {
  const auto lock = system::FolderLock::take(system::folder_of(path));
  if (!lock) return KeyFileError(lock.error());
  auto keys = read_api_keys(path);
  if (!keys) return KeyFileError(keys.error());
  const auto found = std::ranges::find_if(*keys, [id](const ApiKey& key) { return key.id() == id; });
  if (found == keys->end())
    return KeyFileError(fmt::format("{}: there is no key '{}'; see `twinlock api-key list`", path,
                                    service::public_text(id, 32)));
  ApiKey removed = *found;
  keys->erase(found);
  if (auto done = write(path, *keys); !done) return KeyFileError(done.error());
  return removed;
}

}  // namespace twinlock::api
