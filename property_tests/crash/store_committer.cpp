// SPDX-License-Identifier: Apache-2.0
// The process that the kill test kills: commits as fast as it can and writes the account's number and version
// to its standard output after each acknowledgement. Ends only by being killed, or with an exit code at an
// error.
#include <unistd.h>

#include <cstdint>
#include <string>

#include "adapters/sqlite/store.hpp"

namespace {

using namespace twinlock;

constexpr std::uint64_t accounts = 3;

struct Acknowledged {
  std::uint64_t account;
  std::uint64_t version;
};

store::MailId mail_id(std::uint64_t number, store::Version version) {
  store::MailId id{};
  id[0] = static_cast<std::uint8_t>(number);
  for (std::size_t i = 0; i < 8; ++i) id[i + 1] = static_cast<std::uint8_t>(version >> (8 * i));
  return id;
}

// False at an error.
bool commit_next(store::Store& store, std::uint64_t number) {
  const auto account = *store::Account::from("account" + std::to_string(number));
  const auto row = store.load(account);
  if (!row) return false;
  const store::Version version = *row ? (*row)->version : 0;
  const store::Change change{account,
                             version,
                             store::Bytes(240, static_cast<std::uint8_t>(version)),
                             {version + 1, "{}", {}},
                             {{mail_id(number, version), 0, false, 0, store::Bytes(64, 1)}}};
  store::CommitResult result = store::CommitResult::conflict;
  if (!store.commit({&change, 1}, 1000, {&result, 1})) return false;
  if (result == store::CommitResult::conflict) return true;
  const Acknowledged said{number, version + 1};
  return ::write(STDOUT_FILENO, &said, sizeof said) == sizeof said;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  sqlite::Options options;
  options.path = argv[1];
  options.wait_max = std::chrono::seconds(20);
  options.checkpoint_pages = 40;
  auto opened = sqlite::SqliteStore::open(options);
  if (!opened) return 3;
  for (std::uint64_t number = 0; commit_next(**opened, number); number = (number + 1) % accounts) continue;
  return 4;
}
