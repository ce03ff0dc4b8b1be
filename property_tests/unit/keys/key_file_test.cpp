// SPDX-License-Identifier: Apache-2.0
// The key file: what is refused, and the line and reason that say so.
#include "adapters/keys/key_file.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "property_tests/unit/keys/keys_support.hpp"

namespace twinlock::keys::test {

namespace {

const std::string good = "twinlock-keys 1\nkey 1 " + key_one + " current\n";

std::string error_of(const std::string& path) {
  const auto keys = read_key_file(path);
  return keys ? "no error" : keys.error();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(KeyFile, ReadsCommentsEmptyLinesAndCarriageReturns) {
  const Folder folder;
  const auto path = folder.write("k", "twinlock-keys 1\r\n\r\n# old\r\nkey 7 " + key_one + "\r\n  \n key 9 " +
                                          key_two + "\tcurrent  \n# end");
  const auto keys = read_key_file(path);
  ASSERT_TRUE(keys) << keys.error();
  ASSERT_EQ(keys->list().size(), 2U);
  EXPECT_EQ(keys->list()[0].id, 7U);
  EXPECT_FALSE(keys->list()[0].current);
  EXPECT_EQ(keys->list()[1].id, 9U);
  EXPECT_TRUE(keys->list()[1].current);
  EXPECT_EQ(keys->list()[1].bytes[31], 2);
}

struct BadText {
  const char* what;
  std::string text;
  int line;
  const char* reason;
};

TEST(KeyFile, EveryBadLineIsNamedAndNeverQuoted) {
  const std::string head = "twinlock-keys 1\n";
  const std::string zero_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  auto loose = key_one;
  loose[42] = 'F';  // the same 32 bytes, spelled with spare bits set
  const BadText rows[] = {
      {"empty", "", 1, "first line"},
      {"another version", "twinlock-keys 2\nkey 1 " + key_one + " current\n", 1, "first line"},
      {"no key", head + "# nothing\n", 2, "there is no key"},
      {"none current", head + "key 1 " + key_one + "\n", 2, "no key is marked"},
      {"two current", head + "key 1 " + key_one + " current\nkey 2 " + key_two + " current\n", 3,
       "second key"},
      {"id twice", head + "\nkey 1 " + key_one + " current\nkey 1 " + key_two + "\n", 4, "twice"},
      {"id zero", head + "key 0 " + key_one + " current\n", 2, "id is not"},
      {"id with a leading zero", head + "key 01 " + key_one + " current\n", 2, "id is not"},
      {"id too large", head + "key 4294967296 " + key_one + " current\n", 2, "id is not"},
      {"id negative", head + "key -1 " + key_one + " current\n", 2, "id is not"},
      {"no id", head + "key\n", 2, "id is not"},
      {"short key", head + "key 1 AQEB current\n", 2, "base64 of 32"},
      {"not base64", head + "key 1 " + std::string(43, '!') + "= current\n", 2, "base64 of 32"},
      {"not canonical", head + "key 1 " + loose + " current\n", 2, "base64 of 32"},
      {"no padding", head + "key 1 " + key_one.substr(0, 43) + " current\n", 2, "base64 of 32"},
      {"zero key", head + "key 1 " + zero_key + " current\n", 2, "zero bytes"},
      {"another word", head + "keys 1 " + key_one + " current\n", 2, "expected"},
      {"another mark", head + "key 1 " + key_one + " Current\n", 2, "expected"},
      {"something behind", head + "key 1 " + key_one + " current too\n", 2, "expected"},
  };
  const Folder folder;
  for (const auto& row : rows) {
    const auto path = folder.write("k", row.text);
    const auto error = error_of(path);
    EXPECT_TRUE(error.starts_with(path + ":" + std::to_string(row.line) + ": ")) << row.what << ": " << error;
    EXPECT_TRUE(has(error, row.reason)) << row.what << ": " << error;
    EXPECT_FALSE(has(error, key_one) || has(error, key_one.substr(0, 43)) || has(error, key_two)) << row.what;
  }
}

TEST(KeyFile, RefusesEveryPermissionBeyondTheOwners) {
  const Folder folder;
  for (mode_t mode = 0; mode <= 07777; ++mode) {
    if ((mode & 0400U) == 0) continue;  // root reads it anyway; for others it cannot be opened at all
    const auto path = folder.write("k", good, mode);
    const bool strict = (mode & ~mode_t{0600}) == 0;
    const auto error = error_of(path);
    EXPECT_EQ(error == "no error", strict) << std::oct << mode << " " << error;
    if (!strict) {
      EXPECT_TRUE(has(error, "chmod 0600")) << error;
    }
    std::filesystem::remove(path);
  }
}

TEST(KeyFile, RefusesWhatIsNoRegularFile) {
  const Folder folder;
  folder.write("real", good);
  std::filesystem::create_symlink(folder.file("real"), folder.file("link"));
  EXPECT_TRUE(has(error_of(folder.file("link")), "symbolic link"));
  ASSERT_EQ(::mkfifo(folder.file("fifo").c_str(), 0600), 0);
  EXPECT_TRUE(has(error_of(folder.file("fifo")), "not a regular file"));
  std::filesystem::create_directory(folder.file("folder"));
  EXPECT_TRUE(has(error_of(folder.file("folder")), "not a regular file"));
  EXPECT_TRUE(has(error_of(folder.file("nowhere")), "No such file"));
  EXPECT_TRUE(has(error_of(folder.write("large", good + std::string(70'000, '\n'))), "larger"));
}

TEST(KeyFile, RefusesAnotherUsersFile) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const Folder folder;
  const auto path = folder.write("k", good);
  ASSERT_EQ(::chown(path.c_str(), 12345, 0), 0);
  EXPECT_TRUE(has(error_of(path), "another user"));
}

TEST(KeyFile, CreatesOnceAndNeverOverwrites) {
  const Folder folder;
  const auto path = folder.file("k");
  ASSERT_TRUE(create_key_file(path));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  const auto first = read_key_file(path);
  ASSERT_TRUE(first) << first.error();
  const auto again = create_key_file(path);
  ASSERT_FALSE(again);
  EXPECT_TRUE(has(again.error(), "never overwritten"));
  const auto still = read_key_file(path);
  ASSERT_TRUE(still);
  EXPECT_EQ(first->list()[0].bytes, still->list()[0].bytes);
  EXPECT_FALSE(create_key_file(folder.file("no/such/folder")));
  std::filesystem::create_symlink(folder.file("elsewhere"), folder.file("dangling"));
  EXPECT_FALSE(create_key_file(folder.file("dangling")));
  EXPECT_FALSE(std::filesystem::exists(folder.file("elsewhere")));
}

TEST(KeyFile, ARotationStepThatWasCutOffIsTakenUpAgain) {
  const Folder folder;
  const auto path = folder.write("k", good);
  folder.write("k.new", "half a fi");
  ASSERT_TRUE(add_key(path));
  const auto keys = read_key_file(path);
  ASSERT_TRUE(keys) << keys.error();
  EXPECT_EQ(keys->list().size(), 2U);
  EXPECT_NE(keys->list()[0].bytes, keys->list()[1].bytes);
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
  EXPECT_FALSE(make_current(path, 5));
  EXPECT_FALSE(retire_key(path, 5));
}

TEST(KeyFile, TwoRotationStepsAtOnceLoseNoKey) {
  const Folder folder;
  const auto path = folder.write("k", good);
  constexpr int each = 15;
  const auto add = [&path] {
    for (int i = 0; i < each; ++i) ASSERT_TRUE(add_key(path));
  };
  std::thread other(add);
  add();
  other.join();
  const auto keys = read_key_file(path);
  ASSERT_TRUE(keys) << keys.error();
  EXPECT_EQ(keys->list().size(), 1U + 2U * each);
}

}  // namespace

}  // namespace twinlock::keys::test
