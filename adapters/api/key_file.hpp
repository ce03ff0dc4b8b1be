// SPDX-License-Identifier: Apache-2.0
// The keys of the JSON API: what an application shows to be let in. The file keeps hashes only; a key itself
// is shown once, when it is made. The format, one item a line:
//
//   twinlock-api-keys 1                          the first line
//   # a comment; empty lines are allowed too
//   key <scope> <hash, 64 hexadecimal digits> <made, seconds since the epoch> <name>
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/service/service.hpp"

namespace twinlock::api {

enum class Scope : std::uint8_t {
  application,  // what an application asks of its people's accounts
  operators     // reset, unlock, audit, metrics; it does not include the other: each key does one thing
};
std::string_view name(Scope scope);  // "app", "operator"

// SHA-256 over a purpose and the key's text; the key has 256 random bits, so that no stretching is needed.
using KeyHash = std::array<std::uint8_t, 32>;
KeyHash hash_of(std::string_view key);

struct ApiKey {
  Scope scope = Scope::application;
  KeyHash hash{};
  Seconds made = 0;
  std::string name;  // the operator's note; "": none

  std::string id() const;  // the first eight hexadecimal digits of the hash: unlike the key, no secret
};

inline constexpr std::size_t api_keys_max = 64;
inline constexpr std::size_t api_key_name_bytes_max = 64;

// Errors read "<name>:<line>: <what is wrong>; <what to do>".
tl::expected<std::vector<ApiKey>, std::string> parse_api_keys(std::string_view text, const std::string& name);

// A file that is not there holds no keys. Errors are one line that says what to do.
tl::expected<std::vector<ApiKey>, std::string> read_api_keys(const std::string& path);

// The key and where to find it in the list; `key` is shown once and kept nowhere.
struct NewApiKey {
  std::string id;
  std::string key;
  ~NewApiKey();
};

// Both replace the file in one rename, durable on return; comments are not kept. Two at once take turns.
tl::expected<NewApiKey, std::string> add_api_key(const std::string& path, Scope scope,
                                                 const std::string& name, service::Environment& environment);
tl::expected<ApiKey, std::string> remove_api_key(const std::string& path, std::string_view id);

}  // namespace twinlock::api
