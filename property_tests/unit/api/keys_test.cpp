// SPDX-License-Identifier: Apache-2.0
// The API's keys: their file on good and bad days, and who is let in at each moment.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "property_tests/unit/api/api_site.hpp"

namespace twinlock::api::test {
namespace {

std::string content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class KeyFile : public testing::Test {
 protected:
  Folder folder;
  std::string path = folder / "keys";
  service::test::TestEnvironment environment;

  NewApiKey add(Scope scope = Scope::application, const std::string& name = {}) {
    auto made = add_api_key(path, scope, name, environment);
    EXPECT_TRUE(made) << made.error();
    return std::move(*made);
  }
  std::string error() {
    const auto keys = read_api_keys(path);
    return keys ? "" : keys.error();
  }
  void write(const std::string& text, mode_t mode = 0600) {
    ::unlink(path.c_str());
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
  }
};

TEST_F(KeyFile, KeepsHashesOnly) {
  const auto made = add(Scope::operators, "monitoring, room 12");
  EXPECT_EQ(made.key.size(), 4U + 64U);
  const std::string text = content(path);
  EXPECT_EQ(text.find(made.key.substr(4)), std::string::npos);
  EXPECT_TRUE(text.starts_with("twinlock-api-keys 1\nkey operator " + made.id)) << text;
  EXPECT_TRUE(text.ends_with(" 1700000010 monitoring, room 12\n")) << text;
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST_F(KeyFile, AddListRemove) {
  const auto first = add(Scope::application, "");
  const auto second = add(Scope::operators, "Förde");
  auto keys = read_api_keys(path);
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ((*keys)[0].id(), first.id);
  EXPECT_EQ((*keys)[1].name, "Förde");
  EXPECT_EQ((*keys)[1].scope, Scope::operators);
  EXPECT_EQ((*keys)[1].hash, hash_of(second.key));
  EXPECT_EQ(remove_api_key(path, first.id).value().id(), first.id);
  EXPECT_EQ(read_api_keys(path).value().size(), 1U);
  EXPECT_NE(remove_api_key(path, first.id).error().find("there is no key '" + first.id + "'"),
            std::string::npos);
}

TEST_F(KeyFile, TheHashHasAPurpose) {
  std::array<std::uint8_t, 32> plain{};
  EXPECT_NE(hash_of(""), plain);
  EXPECT_NE(hash_of("a"), hash_of("b"));
}

TEST_F(KeyFile, BadDays) {
  const std::string head = "twinlock-api-keys 1\n";
  const std::string hash(64, 'a');
  EXPECT_EQ(error(), "") << "no file: no keys";
  write(head + "\n# a note\nkey app " + hash + " 1 \n");
  EXPECT_EQ(error(), "");
  for (const std::string& text :
       {std::string(), std::string("twinlock-api-keys 2\n"), "key app " + hash + " 1 x\n"}) {
    write(text);
    EXPECT_NE(error().find("keys:1: the first line must be"), std::string::npos) << text;
  }
  for (const std::string& line :
       {"key root " + hash + " 1 x", "key app " + hash.substr(1) + " 1 x", "key app " + hash + "a 1 x",
        "key app " + std::string(64, 'A') + " 1 x", "key app " + hash + " x x", "key app " + hash,
        std::string("key"), "keys app " + hash + " 1 x", "key app " + hash + " 1 \x01",
        "key app " + hash + " 1 " + std::string(65, 'n')}) {
    write(head + line + "\n");
    EXPECT_NE(error().find("keys:2: not a key's line"), std::string::npos) << line;
    EXPECT_EQ(error().find(hash), std::string::npos) << "never quotes the line";
  }
  write(head + "key app " + hash + " 1 a\nkey operator " + hash + " 1 b\n");
  EXPECT_NE(error().find("keys:3: this key is there twice"), std::string::npos);
}

TEST_F(KeyFile, UnsafeFilesAreRefused) {
  add();
  ::chmod(path.c_str(), 0640);
  EXPECT_NE(error().find("chmod 0600"), std::string::npos);
  EXPECT_FALSE(add_api_key(path, Scope::application, "", environment));
  ::chmod(path.c_str(), 0600);
  EXPECT_EQ(error(), "");
  std::filesystem::rename(path, folder / "real");
  std::filesystem::create_symlink(folder / "real", path);
  EXPECT_NE(error().find("symbolic link"), std::string::npos);
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  EXPECT_NE(error().find("not a regular file"), std::string::npos);
}

TEST_F(KeyFile, NoRandomnessNoKey) {
  environment.draws_left = 0;
  EXPECT_FALSE(add_api_key(path, Scope::application, "", environment));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(KeyFile, NamesAreOneCleanLine) {
  for (const std::string& name : {std::string("a\nkey"), std::string("\xff"), std::string(65, 'a')})
    EXPECT_FALSE(add_api_key(path, Scope::application, name, environment)) << name;
}

TEST_F(KeyFile, ManyAtOnceTakeTurns) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([this] { add(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(read_api_keys(path).value().size(), 8U);
}

class KeysAtWork : public testing::Test {
 protected:
  Site site;
  int status() { return site.get("/accounts/alice").status; }
};

TEST_F(KeysAtWork, AChangeCountsAtOnce) {
  EXPECT_EQ(status(), 200);
  EXPECT_TRUE(remove_api_key(site.keys_path(), read_api_keys(site.keys_path()).value()[0].id()));
  EXPECT_EQ(status(), 401);
  site.app_key =
      add_api_key(site.keys_path(), Scope::application, "", site.world().environment()).value().key;
  EXPECT_EQ(status(), 200);
}

TEST_F(KeysAtWork, WithoutAnyKeyThereIsNoApi) {
  const auto keys = read_api_keys(site.keys_path()).value();
  for (const auto& key : keys) EXPECT_TRUE(remove_api_key(site.keys_path(), key.id()));
  EXPECT_EQ(site.watch().standing(), KeyWatch::Standing::off);
  const Seen seen = site.get("/accounts/alice");
  EXPECT_EQ(seen.problem(), "not_found");
  EXPECT_EQ(seen.body.find("key"), std::string::npos) << "outsiders learn nothing";
  auto broken = request_of({"GET", "/accounts/alice"});
  broken.fault = fastcgi::RequestFault::body_too_large;
  EXPECT_EQ(site.ask(std::move(broken)).status, 404);
  std::filesystem::remove(site.keys_path());
  EXPECT_EQ(status(), 404);
}

TEST_F(KeysAtWork, AFileThatCannotBeTrustedLetsNobodyIn) {
  ::chmod(site.keys_path().c_str(), 0644);
  EXPECT_EQ(status(), 503);
  EXPECT_EQ(status(), 503);
  ASSERT_EQ(site.said.size(), 1U) << "said once";
  EXPECT_NE(site.said[0].find("chmod 0600"), std::string::npos);
  EXPECT_EQ(site.said[0].find(site.app_key), std::string::npos);  // K20
  ::chmod(site.keys_path().c_str(), 0600);
  EXPECT_EQ(status(), 200);
  EXPECT_EQ(site.said.back(), "the API's keys are readable again");
}

TEST(KeysAtWorkWithoutAFile, NoPathNoApi) {
  KeyWatch watch("");
  EXPECT_EQ(watch.standing(), KeyWatch::Standing::off);
  EXPECT_FALSE(watch.caller("Bearer twl_0"));
}

}  // namespace
}  // namespace twinlock::api::test
