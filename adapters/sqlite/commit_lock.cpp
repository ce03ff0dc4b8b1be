// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/commit_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "adapters/sqlite/errors.hpp"

namespace twinlock::sqlite {

namespace {

constexpr off_t turn_byte = 0;
constexpr off_t commit_byte = 1;
constexpr off_t presence_byte = 2;
constexpr std::chrono::microseconds poll_min{50};
constexpr std::chrono::microseconds poll_max{1000};

// Returns 0, or the errno of the attempt: EAGAIN if another process has the lock.
int set_lock(int descriptor, short type, off_t byte) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  range.l_start = byte;
  range.l_len = 1;
  while (::fcntl(descriptor, F_OFD_SETLK, &range) != 0) {
    if (errno == EACCES) return EAGAIN;
    if (errno != EINTR) return errno;
  }
  return 0;
}

// Makes the file (0600) if there is none.
store::Result<system::Descriptor> open_lock(const std::string& database) {
  const std::string path = database + ".lock";
  system::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file) return tl::unexpected(from_errno(errno, "open the lock", path));
  return file;
}

}  // namespace

store::Result<CommitLock> CommitLock::open(const std::string& database) {
  auto file = open_lock(database);
  if (!file) return tl::unexpected(file.error());
  return CommitLock(database, std::move(*file));
}

bool CommitLock::in_place() const {
  struct stat mine {};
  if (::fstat(file_.get(), &mine) != 0) return false;
  return identity_of(database_ + ".lock") == FileIdentity{mine.st_dev, mine.st_ino};
}

store::Result<void> CommitLock::wait_for(off_t byte, Deadline deadline) {
  for (auto pause = poll_min;; pause = std::min(pause * 2, poll_max)) {
    const int failure = set_lock(file_.get(), F_WRLCK, byte);
    if (failure == 0) return {};
    if (failure != EAGAIN) return tl::unexpected(from_errno(failure, "lock", database_ + ".lock"));
    if (std::chrono::steady_clock::now() >= deadline) return tl::unexpected(busy(database_));
    std::this_thread::sleep_for(pause);
  }
}

store::Result<void> CommitLock::take(Deadline deadline) {
  if (auto turn = wait_for(turn_byte, deadline); !turn) return turn;
  auto taken = wait_for(commit_byte, deadline);
  set_lock(file_.get(), F_UNLCK, turn_byte);
  if (!taken) return taken;
  if (in_place()) return {};
  give_back();
  return tl::unexpected(moved(database_));
}

void CommitLock::give_back() { set_lock(file_.get(), F_UNLCK, commit_byte); }

store::Result<std::unique_ptr<Presence>> Presence::take(const std::string& database, short type) {
  auto file = open_lock(database);
  if (!file) return tl::unexpected(file.error());
  const int failure = set_lock(file->get(), type, presence_byte);
  if (failure == EAGAIN) return tl::unexpected(in_use(database));
  if (failure != 0) return tl::unexpected(from_errno(failure, "lock", database + ".lock"));
  return std::unique_ptr<Presence>(new Presence(std::move(*file)));
}

store::Result<std::unique_ptr<Presence>> Presence::join(const std::string& database) {
  return take(database, F_RDLCK);
}

store::Result<std::unique_ptr<Presence>> Presence::alone(const std::string& database) {
  return take(database, F_WRLCK);
}

bool Presence::left_alone() { return set_lock(file_.get(), F_WRLCK, presence_byte) == 0; }

}  // namespace twinlock::sqlite
