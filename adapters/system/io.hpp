// SPDX-License-Identifier: Apache-2.0
// Reading and writing the whole of something. Signals do not cut it short.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace twinlock::system {

// Reads to the end. The error is an errno: EFBIG if there are more than `bytes_max` bytes. What was read is
// wiped when it fails, and never lies in more than one place.
tl::expected<std::vector<std::uint8_t>, int> read_all(int fd, std::size_t bytes_max);

// Writes all bytes to a descriptor that blocks. False: not all were taken; errno says why.
bool write_all(int fd, std::string_view bytes);

// Makes durable that a file was created, renamed or deleted: syncs the folder that `path` lies in. Returns 0
// or an errno.
int sync_folder_of(const std::string& path);

// "." for a path without a folder.
std::string folder_of(const std::string& path);

}  // namespace twinlock::system
