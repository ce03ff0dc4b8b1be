// SPDX-License-Identifier: Apache-2.0
// Reads the key file after checking its permissions, creates it, and changes it for rotation. An error is one
// line that says what to do.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "adapters/keys/master_keys.hpp"

namespace twinlock::keys {

// read_key_file refuses what is no regular file, a symbolic link, a file of another owner than the caller or
// root, and any permission beyond 0600.
tl::expected<MasterKeys, std::string> read_key_file(const std::string& path);

// create_key_file writes a file with one fresh key (id 1, current), 0600, durable on return; never
// overwrites.
tl::expected<void, std::string> create_key_file(const std::string& path);

// The steps of a rotation. Each replaces the file in one rename, durable on return; comments are not kept.
// Two at once take turns.
// add_key adds a fresh key that is not current yet; returns its id.
tl::expected<KeyId, std::string> add_key(const std::string& path);
// make_current makes `id` the key that seals from now on.
tl::expected<void, std::string> make_current(const std::string& path, KeyId id);
// retire_key removes a key that is not current; what it sealed no longer opens.
tl::expected<void, std::string> retire_key(const std::string& path, KeyId id);

}  // namespace twinlock::keys
