// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/host.hpp"

#include <gtest/gtest.h>

#include "adapters/http/call.hpp"
#include "property_tests/support/site.hpp"

namespace twinlock::http {
namespace {

using test::set;

HostFault read(const fastcgi::Request& request, HostPerson& word, std::string_view secret = {},
               const config::Host& names = {}) {
  word = {};
  return read_host(request, names, secret, word);
}

TEST(Host, ReadsTheConfiguredParameters) {
  fastcgi::Request request;
  set(request, "TWINLOCK_ACCOUNT", "alice");
  set(request, "TWINLOCK_EMAIL", "alice@example.org");
  set(request, "TWINLOCK_LABEL", "Alice A.");
  set(request, "TWINLOCK_SESSION", "s1");
  HostPerson word;
  ASSERT_EQ(read(request, word), HostFault::none);
  EXPECT_EQ(word.account->bytes(), "alice");
  EXPECT_EQ(word.email, "alice@example.org");
  EXPECT_EQ(word.label, "Alice A.");
  EXPECT_EQ(word.session, "s1");
}

TEST(Host, NeverGuesses) {
  fastcgi::Request request;
  set(request, "REMOTE_USER", "alice");
  set(request, "HTTP_TWINLOCK_ACCOUNT", "alice");
  HostPerson word;
  EXPECT_EQ(read(request, word), HostFault::none);
  EXPECT_FALSE(word.account);
  set(request, "TWINLOCK_ACCOUNT", "");
  EXPECT_EQ(read(request, word), HostFault::none);
  EXPECT_FALSE(word.account);
}

TEST(Host, ANameFromTheBrowserIsNeverRead) {
  config::Host names;
  names.account = "HTTP_X_USER";
  names.secret_name = "HTTP_X_SECRET";
  fastcgi::Request request;
  set(request, "HTTP_X_USER", "alice");
  set(request, "HTTP_X_SECRET", "secret");
  HostPerson word;
  EXPECT_EQ(read(request, word, {}, names), HostFault::none);
  EXPECT_FALSE(word.account);
  EXPECT_EQ(read(request, word, "secret", names), HostFault::secret);
  for (const std::string& name : host_names(names)) EXPECT_FALSE(name.starts_with("HTTP_"));
}

TEST(Host, ARepeatedNameIsARefusal) {
  for (const char* name :
       {"TWINLOCK_ACCOUNT", "TWINLOCK_EMAIL", "TWINLOCK_LABEL", "TWINLOCK_SESSION", "TWINLOCK_REQUIRED"}) {
    fastcgi::Request request;
    set(request, "TWINLOCK_ACCOUNT", "alice");
    set(request, name, "alice", true);
    HostPerson word;
    EXPECT_EQ(read(request, word), HostFault::repeated) << name;
  }
}

TEST(Host, TheWordAboutASecondFactorIsZeroOrOne) {
  fastcgi::Request request;
  set(request, "TWINLOCK_ACCOUNT", "alice");
  HostPerson word;
  EXPECT_EQ(read(request, word), HostFault::none);
  EXPECT_EQ(word.required, HostWord::unsaid);
  set(request, "TWINLOCK_REQUIRED", "0");
  EXPECT_EQ(read(request, word), HostFault::none);
  EXPECT_EQ(word.required, HostWord::not_required);
  set(request, "TWINLOCK_REQUIRED", "1");
  EXPECT_EQ(read(request, word), HostFault::none);
  EXPECT_EQ(word.required, HostWord::required);
  for (const char* bad : {"", "2", "01", "1 ", "yes", "true", "-1"}) {
    set(request, "TWINLOCK_REQUIRED", bad);
    EXPECT_EQ(read(request, word), HostFault::malformed) << bad;
  }
  set(request, "TWINLOCK_REQUIRED", "1");
  set(request, "TWINLOCK_ACCOUNT", "");
  EXPECT_EQ(read(request, word), HostFault::none);
  EXPECT_EQ(word.required, HostWord::unsaid) << "said about nobody";
  set(request, "MUST", "1");
  set(request, "TWINLOCK_ACCOUNT", "alice");
  config::Host names;
  names.required = "MUST";
  EXPECT_EQ(read(request, word, {}, names), HostFault::none);
  EXPECT_EQ(word.required, HostWord::required);
  names.required = "";
  EXPECT_EQ(read(request, word, {}, names), HostFault::none);
  EXPECT_EQ(word.required, HostWord::unsaid);
}

TEST(Host, TheAgeOfTheSignInIsAWholeNumber) {
  fastcgi::Request request;
  set(request, "TWINLOCK_ACCOUNT", "alice");
  HostPerson word;
  EXPECT_EQ(read(request, word), HostFault::none);
  EXPECT_EQ(word.fresh_s, std::nullopt) << "not said";
  for (const auto& [sent, seconds] :
       {std::pair<const char*, Seconds>{"0", 0}, {"299", 299}, {"9999999999", 9'999'999'999}}) {
    set(request, "TWINLOCK_FRESH", sent);
    EXPECT_EQ(read(request, word), HostFault::none) << sent;
    EXPECT_EQ(word.fresh_s, seconds);
  }
  for (const char* bad : {"", "-1", "+1", "1.5", "1 ", " 1", "1e3", "0x10", "never", "99999999999"}) {
    set(request, "TWINLOCK_FRESH", bad);
    EXPECT_EQ(read(request, word), HostFault::malformed) << bad;
  }
  set(request, "TWINLOCK_FRESH", "1", true);
  EXPECT_EQ(read(request, word), HostFault::repeated);
}

TEST(Host, AccountsAreOpaqueBytes) {
  HostPerson word;
  fastcgi::Request request;
  for (const std::string& bad : {std::string("a\0b", 3), std::string("a\nb"), std::string(129, 'a')}) {
    set(request, "TWINLOCK_ACCOUNT", bad);
    EXPECT_EQ(read(request, word), HostFault::malformed);
  }
  for (const char* good : {" ", "Alice", "\xFF\xFE", "a@b"}) {
    set(request, "TWINLOCK_ACCOUNT", good);
    EXPECT_EQ(read(request, word), HostFault::none);
    EXPECT_EQ(word.account->bytes(), good);
  }
}

TEST(Host, TheSharedSecretMustBeRightAndSentOnce) {
  fastcgi::Request request;
  set(request, "TWINLOCK_ACCOUNT", "alice");
  HostPerson word;
  EXPECT_EQ(read(request, word, "secret"), HostFault::secret);
  for (const char* wrong : {"", "secre", "secrets", "Secret"}) {
    set(request, "TWINLOCK_SECRET", wrong);
    EXPECT_EQ(read(request, word, "secret"), HostFault::secret) << wrong;
    EXPECT_FALSE(word.account);
  }
  set(request, "TWINLOCK_SECRET", "secret");
  EXPECT_EQ(read(request, word, "secret"), HostFault::none);
  set(request, "TWINLOCK_SECRET", "secret", true);
  EXPECT_EQ(read(request, word, "secret"), HostFault::secret);
}

TEST(Host, WhatIsNoMailAddressIsNotAsserted) {
  fastcgi::Request request;
  set(request, "TWINLOCK_ACCOUNT", "alice");
  HostPerson word;
  for (const char* bad :
       {"alice", "a@b@c", "{http.auth.user.email}", "\xC3\xA4@example.org", ".a@b", "-f@b"}) {
    set(request, "TWINLOCK_EMAIL", bad);
    word = {};
    EXPECT_EQ(read(request, word), HostFault::none) << bad;
    EXPECT_EQ(word.email, "") << bad;
  }
  set(request, "TWINLOCK_EMAIL", "o'neil@example.org");
  read(request, word);
  EXPECT_EQ(word.email, "o'neil@example.org");
}

TEST(Call, ServersSplitOnePathDifferently) {
  EXPECT_EQ(route_below("/2fa", "/2fa/challenge", ""), "/challenge");
  EXPECT_EQ(route_below("/2fa", "", "/2fa/challenge"), "/challenge");
  EXPECT_EQ(route_below("/2fa", "/2fa", "/challenge"), "/challenge");
  EXPECT_EQ(route_below("/2fa", "/2fa/recover", "/confirm"), "/recover/confirm");
  EXPECT_EQ(route_below("/2fa", "/2fa", ""), "");
  EXPECT_EQ(route_below("/2fa", "/2fab", ""), std::nullopt);
  EXPECT_EQ(route_below("/2fa", "/app", ""), std::nullopt);
  EXPECT_EQ(route_below("/2fa", "", ""), std::nullopt);
}

TEST(Call, MethodsAreCaseSensitive) {
  EXPECT_EQ(read_method("GET"), Method::get);
  EXPECT_EQ(read_method("HEAD"), Method::head);
  EXPECT_EQ(read_method("POST"), Method::post);
  for (const char* other : {"", "get", "Post", "PUT", "POST "})
    EXPECT_EQ(read_method(other), Method::other) << other;
}

}  // namespace
}  // namespace twinlock::http
