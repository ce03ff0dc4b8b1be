// SPDX-License-Identifier: Apache-2.0
// Files that hold keys, passwords and shared secrets: read with their permissions checked, written whole and
// durably. Errors are one line, "<path>: <what is wrong>; <what to do>".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace twinlock::system {

// Reads the whole file, for the caller to wipe. Refuses what is no regular file, a symbolic link, a file of
// another owner than the caller or root, any permission beyond 0600, and more than `bytes_max` bytes.
tl::expected<std::vector<std::uint8_t>, std::string> read_private_file(const std::string& path,
                                                                       std::size_t bytes_max);

inline constexpr std::size_t secret_bytes_max = 1'024;

// Reads a private file of one line of `bytes_min` to `secret_bytes_max` bytes, without its line end; refuses
// a zero byte too.
tl::expected<std::string, std::string> read_secret(const std::string& path, std::size_t bytes_min);

// Writes a file that is not there yet (0600, durable on return); leaves none behind when it fails.
tl::expected<void, std::string> write_new_file(const std::string& path,
                                               const std::vector<std::uint8_t>& bytes);

// Replaces a file by one rename, which is durable on return.
tl::expected<void, std::string> replace_file(const std::string& path, const std::vector<std::uint8_t>& bytes);

}  // namespace twinlock::system
