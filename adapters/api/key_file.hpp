// SPDX-License-Identifier: Apache-2.0
// Reads and writes the file of API keys. An application sends a key with each request; the file holds only
// hashes, and a key is shown once, when it is made. The format, one item a line:
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
  operators     // reset, unlock, audit, metrics; does not include `application`
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

// Reads the keys; a missing file has none. An error is one line that says what to do.
tl::expected<std::vector<ApiKey>, std::string> read_api_keys(const std::string& path);

// The key and where to find it in the list; `key` is shown once and kept nowhere.
struct NewApiKey {
  std::string id;
  std::string key;
  ~NewApiKey();
};

// Both replace the file by one rename, which is durable on return, and drop its comments. Two calls at once
// wait for each other.
tl::expected<NewApiKey, std::string> add_api_key(const std::string& path, Scope scope,
                                                 const std::string& name, service::Environment& environment);
tl::expected<ApiKey, std::string> remove_api_key(const std::string& path, std::string_view id);

}  // namespace twinlock::api
