// Files that hold keys: read with their permissions checked, written whole and durably. Errors are one line
// that says what to do.
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>

#include "adapters/keys/key_ring.hpp"

namespace twinlock::keys {

// The whole file, for the caller to wipe. Refuses what is no regular file, a symbolic link, a file of another
// owner than the caller or root, any permission beyond 0600, and more than `bytes_max` bytes.
tl::expected<Bytes, std::string> read_private_file(const std::string& path, std::size_t bytes_max);

// Writes a file that is not there yet (0600, durable on return); leaves none behind when it fails.
tl::expected<void, std::string> write_new_file(const std::string& path, const Bytes& text);

// Puts a file in the place of the one that is there, in one rename, durable on return.
tl::expected<void, std::string> replace_file(const std::string& path, const Bytes& text);

}  // namespace twinlock::keys
