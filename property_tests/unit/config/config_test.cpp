// SPDX-License-Identifier: Apache-2.0
// The configuration: every documented key with its default, and every refusal with its line, its reason and
// what to do.
#include "adapters/config/config.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "adapters/config/schema.hpp"

namespace twinlock::config {
namespace {

constexpr const char* site = "[site]\nbase_url = \"https://example.org\"\n";  // lines 1 and 2

std::string error_of(const std::string& toml) {
  const auto config = parse(toml, "twinlock.toml");
  return config ? "" : config.error();
}

struct Case {
  std::string toml;
  std::string error;  // a part of it
};

TEST(Config, RefusalsNameLineReasonAndWhatToDo) {
  const std::string s = site;
  const Case cases[] = {
      {s + "isuer = \"x\"",
       "twinlock.toml:3: unknown key 'site.isuer' (did you mean 'issuer'?); correct its name"},
      {s + "smtp = \"x\"", "twinlock.toml:3: unknown key 'site.smtp' (it belongs to [mail]); move it there"},
      {s + "zzzzzzzz = 1", "twinlock.toml:3: unknown key 'site.zzzzzzzz'; remove it"},
      {s + "[lisen]\n", "twinlock.toml:3: unknown section 'lisen' (did you mean 'listen'?)"},
      {"issuer = \"x\"\n", "twinlock.toml:1: issuer must stand under [site]; move it there"},
      {"site = 4\n", "twinlock.toml:1: 'site' is a section; write [site]"},
      {s + "dev = \"yes\"", "twinlock.toml:3: site.dev must be true or false"},
      {s + "issuer = 7", "twinlock.toml:3: site.issuer must be a quoted string"},
      {s + "language = \"fr\"", "twinlock.toml:3: site.language must be \"en\" or \"de\""},
      {s + "contact = \"a\\u0007\"", "twinlock.toml:3: site.contact must not contain control characters"},
      {s + "issuer = \"a:b\"", "twinlock.toml:3: site.issuer must be"},
      {s + "prefix = \"2fa\"", "twinlock.toml:3: site.prefix is not a path"},
      {s + "prefix = \"/2fa/\"", "twinlock.toml:3: site.prefix is not a path"},
      {s + "prefix = \"/a//b\"", "twinlock.toml:3: site.prefix is not a path"},
      {s + "\n[pass]\nlifetime_s = 86401",
       "twinlock.toml:5: pass.lifetime_s is 86401; it must be 60 to 86400"},
      {s + "[pass]\nlifetime_s = -1", "twinlock.toml:4: pass.lifetime_s is -1"},
      {s + "[pass]\nlifetime_s = 1.5", "twinlock.toml:4: pass.lifetime_s must be a whole number"},
      {s + "[pass]\nknown_browser_s = 7776001", "twinlock.toml:4: pass.known_browser_s is 7776001"},
      {s + "[policy]\nrequired_from = 2027-01-01",
       "twinlock.toml:4: policy.required_from without policy.required = true"},
      {s + "[policy]\nrequired = true\nrequired_from = \"2027-01-01\"",
       "twinlock.toml:5: policy.required_from must be a date such as 2026-11-24"},
      {s + "[policy]\nrequired = true\nrequired_from = 2027-01-01T08:00:00",
       "twinlock.toml:5: policy.required_from must be a date such as 2026-11-24"},
      {s + "[policy]\nrequired = true\nrequired_from = 1969-12-31",
       "twinlock.toml:5: policy.required_from must be a date such as 2026-11-24"},
      {s + "[host]\nrequired = \"HTTP_REQUIRED\"", "twinlock.toml:4: host.required begins with HTTP_"},
      {s + "[host]\nrequired = \"TWINLOCK_EMAIL\"", "two keys of [host] name the same parameter"},
      {s + "[host]\nfresh = \"HTTP_FRESH\"", "twinlock.toml:4: host.fresh begins with HTTP_"},
      {s + "sign_in_path = \"//evil.example\"",
       "twinlock.toml:3: site.sign_in_path must be a path of this site"},
      {s + "sign_in_path = \"https://evil.example/\"",
       "twinlock.toml:3: site.sign_in_path must be a path of this site"},
      {s + "[host]\naccount = \"HTTP_X_USER\"", "twinlock.toml:4: host.account begins with HTTP_"},
      {s + "[host]\naccount = \"http_x\"", "twinlock.toml:4: host.account begins with HTTP_"},
      {s + "[host]\nemail = \"HTTP_MAIL\"", "twinlock.toml:4: host.email begins with HTTP_"},
      {s + "[host]\nlabel = \"HTTP_L\"", "twinlock.toml:4: host.label begins with HTTP_"},
      {s + "[host]\nsession = \"HTTP_S\"", "twinlock.toml:4: host.session begins with HTTP_"},
      {s + "[host]\nsecret_name = \"HTTP_S\"", "twinlock.toml:4: host.secret_name begins with HTTP_"},
      {s + "[host]\naccount = \"QUERY_STRING\"",
       "twinlock.toml:4: host.account names a parameter that is part of the request itself"},
      {s + "[host]\naccount = \"\"", "twinlock.toml:4: host.account must be a parameter name"},
      {s + "[host]\nemail = \"TWINLOCK_ACCOUNT\"", "two keys of [host] name the same parameter"},
      {s + "[gate]\nrefusal = \"401\"",
       "twinlock.toml:4: gate.refusal must be \"forbidden\" or \"redirect\""},
      {s + "[listen]\ntcp = \"127.0.0.1:9000\"", "twinlock.toml:4: listen.tcp without host.secret_file"},
      {s + "[host]\nsecret_file = \"s\"\n[listen]\ntcp = \"0.0.0.0:9000\"",
       "twinlock.toml:6: listen.tcp must be a loopback"},
      {s + "[host]\nsecret_file = \"s\"\n[listen]\ntcp = \"127.0.0.1\"",
       "twinlock.toml:6: listen.tcp must be a loopback"},
      {s + "[listen]\nsocket_mode = 0o666", "twinlock.toml:4: listen.socket_mode lets every user"},
      {s + "[listen]\nsocket_mode = 660",
       "twinlock.toml:4: listen.socket_mode is 660; it must be 0o0 to 0o777 (octal"},
      {s + "[listen]\nsocket_mode = \"0660\"",
       "twinlock.toml:4: listen.socket_mode must be a file mode such as 0o660"},
      {s + "[listen]\npeer_uids = 33", "twinlock.toml:4: listen.peer_uids must be a list of numbers"},
      {s + "[listen]\npeer_uids = [\n33,\n-1]",
       "twinlock.toml:6: listen.peer_uids must be a list of user ids"},
      {s + "[listen]\nloops = 0", "twinlock.toml:4: listen.loops is 0; it must be 1 to 64"},
      {s + "[listen]\nconnections_max = 1000", "twinlock.toml:4: listen.connections_max must be above"},
      {s + "[listen]\nreceive_s = 0", "twinlock.toml:4: listen.receive_s is 0; it must be 1 to 300"},
      {s + "[listen]\nsocket = \"\"\ninherited = false", "twinlock.toml:5: nothing to listen on"},
      {s + "[store]\npath = \"\"", "twinlock.toml:4: store.path is empty"},
      {s + "[store]\npath = \"a\"\n[keys]\nfile = \"a\"",
       "twinlock.toml:4: keys.file and store.path name the same file"},
      {s + "[mail]\nsmtp = \"mail.example.org\"", "twinlock.toml:4: mail.smtp must begin with smtp://"},
      {s + "[mail]\nsmtp = \"smtp://u@h\"", "twinlock.toml:4: mail.smtp must be smtp://host:port"},
      {s + "[mail]\nsmtp = \"smtp://mx:25\"\ntls = \"none\"",
       "twinlock.toml:4: mail.tls = \"none\" sends recovery links"},
      {s + "[mail]\nsmtp = \"smtp://127.999.0.1:25\"\ntls = \"none\"",
       "twinlock.toml:4: mail.tls = \"none\" sends recovery links"},
      {s + "[mail]\nsmtp = \"smtp://mx\"\nsendmail = [\"/s\"]",
       "twinlock.toml:4: mail.smtp and mail.sendmail are both set"},
      {s + "[mail]\nsendmail = \"/usr/sbin/sendmail -t\"",
       "twinlock.toml:4: mail.sendmail must be a list of quoted strings; write it as an array: "
       "[\"/usr/sbin/sendmail\", \"-t\", \"-i\"]"},
      {s + "[mail]\nsendmail = [\"\"]", "twinlock.toml:4: mail.sendmail must begin with the program's"},
      {s + "[mail]\nsendmail = [\"/s\",\n\"a\\u0000\"]", "mail.sendmail must not contain control characters"},
      {s + "[mail]\nuser = \"u\"", "twinlock.toml:4: mail.user and mail.password_file belong together"},
      {s + "[mail]\nfrom = \"nobody\"", "twinlock.toml:4: mail.from must be a plain address"},
      {s + "[mail]\nfrom = \"-f@b\"", "twinlock.toml:4: mail.from must be a plain address"},
      {s + "[mail]\nfrom = \"t\xC3\xBCr@b\"", "twinlock.toml:4: mail.from must be a plain address"},
      {s + "[api]\nlisten = \"api.sock\"", "twinlock.toml:4: api.listen must be a list of quoted strings"},
      {s + "[api]\nlisten = [\n\"a\",\n7]", "twinlock.toml:6: api.listen must be a list of quoted strings"},
      {s + "[api]\nlisten = [\"a\\u0007\"]",
       "twinlock.toml:4: api.listen must not contain control characters"},
      {s + "[api]\nlisten = [\"\"]", "twinlock.toml:4: api.listen has an empty entry"},
      {s + "[api]\nlisten = [\"twinlock.sock\"]", "twinlock.toml:4: api.listen names the main listener"},
      {s + "[api]\nlisten = [\"a\", \"a\"]", "twinlock.toml:4: api.listen names the same place twice"},
      {s + "[api]\nlisten = [\"0.0.0.0:9001\"]", "twinlock.toml:4: each entry of api.listen must be a path"},
      {s + "[api]\nlisten = [\"127.0.0.1:9001\"]", "twinlock.toml:4: api.listen over TCP without"},
      {s + "[api]\nlisten = [\"a\"]\nkeys_file = \"\"", "twinlock.toml:5: api.listen without api.keys_file"},
      {s + "[api]\nkeys_file = \"twinlock.key\"", "twinlock.toml:4: api.keys_file must not be the same file"},
      {"[site]\nbase_url = \"http://example.org\"",
       "twinlock.toml:2: site.base_url must begin with https://"},
      {"[site]\nbase_url = \"http://example.org\"\ndev = true",
       "twinlock.toml:2: site.base_url without TLS must name"},
      {"[site]\nbase_url = \"http://127.0.0.1.example.org\"\ndev = true",
       "twinlock.toml:2: site.base_url without TLS"},
      {"[site]\nbase_url = \"http://127.999.0.1\"\ndev = true", "twinlock.toml:2: site.base_url without TLS"},
      {"[site]\nbase_url = \"ftp://example.org\"", "twinlock.toml:2: site.base_url must begin with https://"},
      {"[site]\nbase_url = \"https://example.org/\"", "twinlock.toml:2: site.base_url must be https://host"},
      {"[site]\nbase_url = \"https://u@example.org\"", "twinlock.toml:2: site.base_url must be https://host"},
      {"[site]\nbase_url = \"https://example.org:0\"", "twinlock.toml:2: site.base_url must be https://host"},
      {"[policy]\nstrict = true\n", "twinlock.toml:1: site.base_url must begin with https://"},
      {s + "issuer = \"a\"\nissuer = \"b\"", "twinlock.toml:4: this is not valid TOML:"},
      {s + "issuer = \n", "twinlock.toml:3: this is not valid TOML:"},
  };
  for (const Case& c : cases) {
    const std::string error = error_of(c.toml);
    EXPECT_NE(error.find(c.error), std::string::npos) << c.toml << "\n-> " << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    EXPECT_TRUE(error.find(';') != std::string::npos || error.find(" must ") != std::string::npos)
        << "says what to do: " << error;
  }
}

TEST(Config, AcceptsWhatIsMeant) {
  const std::string s = site;
  EXPECT_EQ(error_of(s), "");
  EXPECT_EQ(error_of("[site]\nbase_url = \"https://example.org:8443\"\n"), "");
  EXPECT_EQ(error_of("[site]\nbase_url = \"https://[2001:db8::1]\"\n"), "");
  for (const char* host : {"localhost", "LocalHost", "127.0.0.1", "127.1.2.3", "[::1]"})
    EXPECT_EQ(error_of("[site]\ndev = true\nbase_url = \"http://" + std::string(host) + ":8080\"\n"), "");
  EXPECT_EQ(error_of(s + "[host]\naccount = \"REMOTE_USER\"\nemail = \"\"\n"), "");
  EXPECT_EQ(error_of(s + "[host]\nsecret_file = \"s\"\n[listen]\ntcp = \"[::1]:9000\"\nsocket = \"\"\n"), "");
  ASSERT_TRUE(loopback_endpoint("LocalHost:9000"));
  EXPECT_EQ(loopback_endpoint("LocalHost:9000")->host, "127.0.0.1");
  EXPECT_FALSE(loopback_endpoint("127.1:9000"));
  EXPECT_EQ(error_of(s + "[mail]\nsmtp = \"smtp://localhost:25\"\ntls = \"none\"\n"), "");
  EXPECT_EQ(error_of(s + "[api]\nkeys_file = \"\"\n"), "");
  EXPECT_EQ(error_of(s + "[host]\nsecret_file = \"s\"\n[api]\nlisten = [\"/run/a:b\", \"[::1]:9001\"]\n"),
            "");
  const auto config =
      parse(s + "[listen]\nsocket_mode = 0o600\npeer_uids = [33, 1000]\n[policy]\nafter_recovery = "
                "\"replace\"\n[gate]\nrefusal = \"redirect\"\n",
            "t");
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(config->listen.socket_mode, 0600U);
  EXPECT_EQ(config->listen.peer_uids, (std::vector<std::uint32_t>{33, 1000}));
  EXPECT_TRUE(config->policy.replace_after_recovery);
  EXPECT_EQ(config->gate.refusal, GateRefusal::redirect);
}

TEST(Config, APolicyCanBeginAtADate) {
  const auto from = [](const std::string& toml) {
    const auto config = parse(std::string(site) + "[policy]\nrequired = true\nrequired_from = " + toml, "t");
    EXPECT_TRUE(config) << config.error();
    return config ? config->policy.required_from : 0;
  };
  EXPECT_EQ(from("2026-11-24"), 1'795'478'400U);
  EXPECT_EQ(from("2026-11-24T08:30:15Z"), 1'795'509'015U);
  EXPECT_EQ(from("2026-11-24 08:30:15+01:30"), 1'795'503'615U);
  EXPECT_EQ(from("1970-01-01"), 0U);
}

TEST(Config, DefaultsAreForThisMachineOnly) {
  const auto config = defaults();
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->site.dev);
  EXPECT_EQ(config->site.base_url, "http://localhost:8080");
  EXPECT_TRUE(config->listen.tcp.empty());
}

// Every key, set to its own default, is accepted and yields the default.
TEST(Config, EveryDefaultReadsBack) {
  std::map<std::string, std::string> sections;
  for (const KeyText& key : keys()) sections[key.section] += key.name + " = " + key.default_toml + "\n";
  sections["site"].replace(sections["site"].find("dev = false"), 11, "dev = true");
  std::string toml;
  for (const auto& [section, body] : sections) toml += "[" + section + "]\n" + body;
  EXPECT_EQ(error_of(toml), "");
}

// docs/configuration.md holds one row a key: | `section.key` | `default` | meaning | example |
TEST(Config, DocumentedKeysAndDefaultsAreTheCodes) {
  std::ifstream file(std::string(TWINLOCK_DOCS) + "/configuration.md");
  ASSERT_TRUE(file);
  const std::regex row(R"(^\| `([a-z]+)\.([a-z_]+)` \| `([^`]*)` \| ([^|]+) \| `([^`]*)` \|$)");
  std::map<std::string, std::string> documented;
  std::string line;
  while (std::getline(file, line)) {
    std::smatch m;
    if (!std::regex_match(line, m, row)) continue;
    documented[m[1].str() + "." + m[2].str()] = m[3];
    std::string base = m[1] == "site" && (m[2] == "base_url" || m[2] == "dev") ? "" : site;
    if (m[2] == "dev") base = "[site]\n";
    std::string toml = m[1] == "site" ? (base.empty() ? "[site]\n" : base) : base + "[" + m[1].str() + "]\n";
    toml += m[2].str() + " = " + m[5].str() + "\n";
    if (m[2] == "required_from") toml += "required = true\n";
    if (m[2] == "tcp") toml += "[host]\nsecret_file = \"s\"\n";
    if (m[2] == "user") toml += "password_file = \"p\"\n";
    if (m[2] == "password_file") toml += "user = \"u\"\n";
    EXPECT_EQ(error_of(toml), "") << toml;
  }
  for (const KeyText& key : keys()) {
    const std::string name = key.section + "." + key.name;
    EXPECT_EQ(documented[name], key.default_toml) << name;
    documented.erase(name);
  }
  for (const auto& [name, unused] : documented) ADD_FAILURE() << "documented, but no key: " << name;
}

// The example that is installed beside the systemd unit.
TEST(Config, PackagedExampleIsAccepted) {
  std::stringstream text;
  text << std::ifstream(TWINLOCK_PACKAGING "/twinlock.toml").rdbuf();
  ASSERT_NE(text.str(), "");
  EXPECT_EQ(error_of(text.str()), "");
}

class ConfigFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "twinlock-config-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text, mode_t mode) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }

  std::string load_error(const std::string& path) {
    const auto config = load(path);
    return config ? "" : config.error();
  }

  std::string folder_;
};

TEST_F(ConfigFile, RelativePathsCountFromItsFolder) {
  const auto config = load(write("a.toml", site, 0644));
  ASSERT_TRUE(config) << config.error();
  EXPECT_EQ(resolve(*config, "twinlock.db"), folder_ + "/twinlock.db");
  EXPECT_EQ(resolve(*config, "../x"), std::filesystem::path(folder_).parent_path() / "x");
  EXPECT_EQ(resolve(*config, "/abs"), "/abs");
  EXPECT_EQ(resolve(*config, ""), "");
}

TEST_F(ConfigFile, AFolderThatOthersMayWriteIsRefused) {
  const std::string path = write("a.toml", site, 0644);
  for (const mode_t mode : {0720, 0702, 01777}) {
    ASSERT_EQ(::chmod(folder_.c_str(), mode), 0);
    EXPECT_NE(load_error(path).find(folder_ + ": others than its owner may write here"), std::string::npos);
  }
  ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
  EXPECT_EQ(load_error(path), "");
}

TEST_F(ConfigFile, AStrangersFileOrFolderIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  const std::string path = write("a.toml", site, 0644);
  ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
  EXPECT_NE(load_error(path).find("a.toml:1: it belongs to another user (uid 65534)"), std::string::npos);
  ASSERT_EQ(::chown(path.c_str(), 0, 0), 0);
  ASSERT_EQ(::chown(folder_.c_str(), 65534, 65534), 0);
  EXPECT_NE(load_error(path).find(folder_ + ": it belongs to another user (uid 65534)"), std::string::npos);
}

TEST_F(ConfigFile, UnsafePermissionsAreRefused) {
  for (const mode_t mode : {0646, 0664})
    EXPECT_NE(load_error(write("a.toml", site, mode)).find("a.toml:1: others than its owner may write"),
              std::string::npos);
  EXPECT_NE(
      load_error(folder_ + "/none.toml").find("none.toml: the configuration cannot be opened: No such file"),
      std::string::npos);
  EXPECT_NE(load_error(folder_).find("this is not a regular file"), std::string::npos);
  const std::string with_secret = std::string(site) + "[host]\nsecret_file = \"s\"\n";
  const std::string path = write("b.toml", with_secret, 0644);
  EXPECT_NE(load_error(path).find("b.toml:4: host.secret_file: " + folder_ + "/s: No such file"),
            std::string::npos);
  const std::string word = "a-long-and-secret-word";
  write("s", word + "\n", 0640);
  EXPECT_NE(load_error(path).find("b.toml:4: host.secret_file: " + folder_ + "/s: it has mode 0640"),
            std::string::npos);
  write("s", "short\n", 0600);
  EXPECT_NE(load_error(path).find("at least 16"), std::string::npos);
  write("s", word + "\nsecond line\n", 0600);
  EXPECT_NE(load_error(path).find("one line"), std::string::npos);
  EXPECT_EQ(load_error(path).find(word), std::string::npos);  // K20
  write("s", word + "\n", 0600);
  EXPECT_EQ(load_error(path), "");
  EXPECT_EQ(read_host_secret(load(path).value()).value(), word);
}

}  // namespace
}  // namespace twinlock::config
