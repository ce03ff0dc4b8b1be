// SPDX-License-Identifier: Apache-2.0
// Hides the machine's own Twinlock from these tests. A program that is given no configuration looks into
// /etc/twinlock; the tests of that case must find nothing there, and must not change an operator's accounts.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>

namespace twinlock::test {
namespace {

constexpr const char* machine_site = "/etc/twinlock";

// Without root: as the same user in a user namespace, whose owner may mount.
bool keep_user(uid_t user, gid_t group) {
  const auto write = [](const char* file, const std::string& text) {
    return static_cast<bool>(std::ofstream(file) << text << std::flush);
  };
  const auto same = [](auto id) { return std::to_string(id) + " " + std::to_string(id) + " 1"; };
  return write("/proc/self/setgroups", "deny") && write("/proc/self/uid_map", same(user)) &&
         write("/proc/self/gid_map", same(group));
}

bool hide() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER)) != 0) return false;
  return (user == 0 || keep_user(user, group)) &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("none", machine_site, "tmpfs", 0, "mode=755") == 0;
}

// In a mount namespace of this process and its children alone; the folder itself is not opened.
class MachineSite : public testing::Environment {
 public:
  void SetUp() override {
    if (::access(machine_site, F_OK) != 0) return;
    ASSERT_TRUE(hide()) << machine_site << " is there and cannot be hidden from the tests ("
                        << std::strerror(errno) << "); run them as root, or on a machine without it";
  }
};

[[maybe_unused]] const testing::Environment* const registered =
    testing::AddGlobalTestEnvironment(new MachineSite);

}  // namespace
}  // namespace twinlock::test
