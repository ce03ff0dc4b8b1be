// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/wal_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <vector>

#include "adapters/sqlite/errors.hpp"
#include "adapters/system/descriptor.hpp"

namespace twinlock::sqlite {

namespace {

// SQLite's file format, 4.1: the header has 32 bytes, a frame 24 and a page. Numbers are big-endian. The
// salts change whenever the file begins anew, and each frame repeats them.
constexpr std::size_t header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::size_t page_size_at = 8;
constexpr std::size_t salts_at = 16;
constexpr std::size_t frame_salts_at = 8;
constexpr std::size_t salts_bytes = 8;
constexpr std::uint32_t page_bytes_max = 65536;
constexpr std::uint32_t mark_page = 2;

std::uint32_t number_of(std::span<const std::uint8_t> bytes) {
  return std::uint32_t{bytes[0]} << 24U | std::uint32_t{bytes[1]} << 16U | std::uint32_t{bytes[2]} << 8U |
         bytes[3];
}

// False at the file's end, or where it cannot be read.
bool read_at(int file, std::span<std::uint8_t> out, off_t at) {
  return ::pread(file, out.data(), out.size(), at) == static_cast<ssize_t>(out.size());
}

}  // namespace

store::Result<WalCommits> wal_commits(const std::string& database, const Mark& main) {
  const std::string path = database + "-wal";
  const system::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  WalCommits newest;
  if (!file && errno == ENOENT) return newest;
  if (!file) return tl::unexpected(from_errno(errno, "read", path));
  std::array<std::uint8_t, header_bytes> header{};
  if (!read_at(file.get(), header, 0)) return newest;
  const std::uint32_t page_bytes = number_of(std::span(header).subspan(page_size_at));
  if (page_bytes < 512 || page_bytes > page_bytes_max) return newest;
  const std::span salts = std::span(header).subspan(salts_at, salts_bytes);
  std::array<std::uint8_t, frame_header_bytes> frame{};
  std::vector<std::uint8_t> page(page_bytes);
  for (off_t at = header_bytes; read_at(file.get(), frame, at);
       at += static_cast<off_t>(frame_header_bytes + page_bytes)) {
    if (number_of(frame) != mark_page) continue;
    if (!read_at(file.get(), page, at + static_cast<off_t>(frame_header_bytes))) break;
    const auto mark = mark_on(page);
    if (!mark || mark->database != main.database) continue;
    const bool current = std::equal(salts.begin(), salts.end(), frame.begin() + frame_salts_at);
    std::uint64_t& highest = current ? newest.this_generation : newest.others;
    highest = std::max(highest, mark->commits);
  }
  return newest;
}

}  // namespace twinlock::sqlite
