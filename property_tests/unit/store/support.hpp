// SPDX-License-Identifier: Apache-2.0
// Helps the store's tests: a temporary folder, changes to commit, and short forms of the answers.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sqlite/store.hpp"
#include "adapters/store/places.hpp"
#include "adapters/store/port.hpp"

namespace twinlock::store {

// A new folder; the destructor deletes it.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "twinlock-store-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::string file(std::string_view name = "twinlock.db") const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

inline sqlite::Options options_for(const std::string& path) {
  sqlite::Options options;
  options.path = path;
  options.create = true;
  options.wait_max = std::chrono::seconds(20);             // a busy machine is no failure
  options.checkpoint_idle = std::chrono::milliseconds(0);  // only when a test asks for it
  return options;
}

inline std::unique_ptr<sqlite::SqliteStore> open_sqlite(const sqlite::Options& options) {
  auto opened = sqlite::SqliteStore::open(options);
  if (!opened) ADD_FAILURE() << opened.error().message;
  return opened ? std::move(*opened) : nullptr;
}

inline std::unique_ptr<sqlite::SqliteStore> open_sqlite(const std::string& path) {
  return open_sqlite(options_for(path));
}

inline Account account(std::string_view name) { return *Account::from(name); }

inline MailId mail_id(std::uint64_t number) {
  MailId id{};
  for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

inline SealedMail mail(std::uint64_t number, bool urgent = false, Destination destination = 1) {
  return {mail_id(number), 0, urgent, destination, {0x4D, static_cast<std::uint8_t>(number)}};
}

// As many as `limit` of any kind.
inline Places places(std::size_t limit) { return Places({limit, limit, limit, limit}); }

// Returns the change that makes version `expected` + 1; the row it writes names that version.
inline Change change(std::string_view name, Version expected, std::vector<SealedMail> mails = {}) {
  AuditEntry entry{expected + 1, "{\"v\":" + std::to_string(expected + 1) + "}", {}};
  entry.hash.fill(static_cast<std::uint8_t>(expected + 1));
  return {account(name), expected, Bytes(240, static_cast<std::uint8_t>(expected + 1)), entry,
          std::move(mails)};
}

inline Result<CommitResult> commit_one(Store& store, const Change& change, Seconds created = 1000) {
  CommitResult result = CommitResult::conflict;
  const auto committed = store.commit({&change, 1}, created, {&result, 1});
  if (!committed) return tl::unexpected(committed.error());
  return result;
}

// Returns "done", "conflict" or the error's sentence, for a test to compare.
inline std::string said(const Result<CommitResult>& result) {
  if (!result) return result.error().message;
  return *result == CommitResult::done ? "done" : "conflict";
}

// Returns the version; 0: absent. An error fails the test.
inline Version version_of(Store& store, std::string_view name) {
  const auto row = store.load(account(name));
  if (!row) {
    ADD_FAILURE() << row.error().message;
    return ~Version{0};
  }
  return *row ? (*row)->version : 0;
}

inline std::vector<std::uint64_t> sequences(Store& store, std::string_view name, std::uint64_t after = 0,
                                            std::size_t limit = 1000000) {
  std::vector<std::uint64_t> numbers;
  const auto entries = store.audit_read(account(name), after, limit);
  if (!entries) ADD_FAILURE() << entries.error().message;
  if (entries)
    for (const auto& entry : *entries) numbers.push_back(entry.sequence);
  return numbers;
}

inline std::vector<std::uint64_t> one_to(std::uint64_t last) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t n = 1; n <= last; ++n) numbers.push_back(n);
  return numbers;
}

}  // namespace twinlock::store
