// SPDX-License-Identifier: Apache-2.0
// Files with secrets: one rule for key files, the API's keys, the host's secret and passwords.
#include "adapters/system/private_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "property_tests/unit/system/temporary_folder.hpp"

namespace twinlock::system {
namespace {

const std::string word = "correct horse";

// What read_secret() says of a file; "": nothing.
std::string error_of(const std::string& path, std::size_t bytes_min = 1) {
  const auto secret = read_secret(path, bytes_min);
  return secret ? "" : secret.error();
}

bool refused(const std::string& path, const std::string& reason) {
  const std::string error = error_of(path);
  return error.starts_with(path + ": ") && error.find(reason) != std::string::npos &&
         error.find(word) == std::string::npos;
}

TEST(PrivateFile, ASymbolicLinkIsRefused) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink(folder.write("real", word), folder.file("link"));
  EXPECT_TRUE(refused(folder.file("link"), "symbolic link"));
}

TEST(PrivateFile, AnotherUsersFileIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const TemporaryFolder folder;
  const auto path = folder.write("s", word);
  ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
  EXPECT_TRUE(refused(path, "another user"));
}

TEST(PrivateFile, AFifoIsRefusedAndDoesNotHang) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.file("fifo").c_str(), 0600), 0);
  EXPECT_TRUE(refused(folder.file("fifo"), "not a regular file"));
}

TEST(PrivateFile, EveryModeBeyond0600IsRefused) {
  const TemporaryFolder folder;
  for (mode_t mode = 0400; mode <= 07777; ++mode) {
    if ((mode & 0400U) == 0) continue;
    const auto path = folder.write("s", word, mode);
    EXPECT_EQ(refused(path, "chmod 0600"), (mode & ~mode_t{0600}) != 0) << std::oct << mode;
    std::filesystem::remove(path);
  }
}

TEST(PrivateFile, ASecretIsOneWholeLine) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_secret(folder.write("a", word + "\r\n"), 1).value(), word);
  EXPECT_EQ(read_secret(folder.write("b", word), word.size()).value(), word);
  EXPECT_NE(error_of(folder.write("c", word + "\n"), word.size() + 1), "");
  EXPECT_TRUE(refused(folder.write("d", word + "\nsecond\n"), "one line"));
  EXPECT_TRUE(refused(folder.write("e", word + std::string(1, '\0') + "x"), "one line"));
  EXPECT_TRUE(refused(folder.write("f", "\n"), "one line"));
  const std::string longest(secret_bytes_max, 'x');
  EXPECT_EQ(read_secret(folder.write("g", longest), 1).value(), longest);
  EXPECT_TRUE(refused(folder.write("h", longest + "x"), "larger than 1 KiB"));
  EXPECT_TRUE(refused(folder.file("nowhere"), "No such file"));
}

TEST(PrivateFile, AReplacementIsWholeOrNotThere) {
  const TemporaryFolder folder;
  const auto path = folder.write("s", "old");
  folder.write("s.new", "half of an earlier repl");
  ASSERT_TRUE(replace_file(path, {'n', 'e', 'w'}));
  EXPECT_EQ(read_secret(path, 1).value(), "new");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
  EXPECT_FALSE(write_new_file(path, {'x'}));
  EXPECT_EQ(read_secret(path, 1).value(), "new");
}

}  // namespace
}  // namespace twinlock::system
