// SPDX-License-Identifier: Apache-2.0
// doctor --web-config: each location of nginx's configuration that is served without the gate is named.
#include <fstream>

#include "property_tests/unit/cli/cli_test.hpp"

namespace twinlock::test {
namespace {

class WebConfig : public CliTest {
 protected:
  void SetUp() override {
    std::ofstream(folder_ / "twinlock.toml") << "[site]\nbase_url = \"https://app.example.org\"\n";
    recipe_ = cli({"init", "--web", "nginx"}).out;
    ASSERT_NE(recipe_.find("  # yours: more"), std::string::npos);
  }

  // The recipe with lines of the site's own, as `nginx -T` prints it.
  Result with(const std::string& own) {
    std::string text = recipe_;
    text.replace(text.find("  # yours: more"), 15, own);
    return look("# configuration file /etc/nginx/nginx.conf:\nhttp {\n" + text + "}\n");
  }

  Result look(const std::string& text) {
    std::ofstream(folder_ / "dump") << text;
    return cli({"doctor", "--web-config", "dump"});
  }

  std::string recipe_;
};

TEST_F(WebConfig, TheRecipePasses) {
  const Result result = with("");
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_NE(result.out.find("location /"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("/etc/nginx/nginx.conf:"), std::string::npos) << result.out;
}

TEST_F(WebConfig, WhatNoGateStandsBeforeIsNamed) {
  struct Case {
    const char* own;
    int code;
    const char* said;
  };
  for (const Case& c : {
           Case{"location ~ \\.php$ { fastcgi_pass unix:/x; }", 0, "location ~ \\.php$"},
           Case{"location ~ \\.php$ { auth_request off; fastcgi_pass unix:/x; }", 2, "without the gate"},
           Case{"location /a { auth_request /other; proxy_pass http://a; }", 2, "without the gate"},
           Case{"location /a { location /a/b { auth_request off; root /x; } root /y; }", 2, "location /a/b"},
           Case{"location /a { satisfy any; root /x; }", 2, "satisfy all"},
           Case{"location /a { auth_basic off; auth_request off; root /x; }", 1, "open to everybody"},
           Case{"location /a { auth_request off; return 204; }", 0, ""},
           Case{"location /a { auth_request off; deny all; }", 0, ""},
           Case{"location /a { auth_request off; internal; alias /x; }", 0, ""},
           Case{"location '/a { auth_request on; } ' { auth_request \"off\"; root /x; }", 2,
                "without the gate"},
           Case{"# location /a { auth_request off; root /x; }\n", 0, ""},
           Case{"} server { listen 80; return 301 https://$host$request_uri;", 0, ""},
           Case{"} server { server_name old.example.org; root /x;", 2, "old.example.org"},
           Case{"} server { server_name b; location / { proxy_pass http://a; }", 2, "location /"},
       }) {
    const Result result = with(c.own);
    EXPECT_EQ(result.code, c.code) << c.own << "\n" << result.out << result.err;
    EXPECT_NE(result.out.find(c.said), std::string::npos) << c.own << "\n" << result.out;
  }
}

TEST_F(WebConfig, ASiteWithoutAnyGateIsBroken) {
  const Result result = look("http { server { location / { proxy_pass http://a; } } }");
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.out.find("no location asks /2fa/gate"), std::string::npos) << result.out;
}

TEST_F(WebConfig, WhatIsNoConfigurationIsRefused) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "a {";
  for (const std::string& text :
       {std::string(), std::string("http {"), std::string("}"), std::string("http { server"), deep,
        std::string("events { }"), std::string(5'000'000, 'a')}) {
    const Result result = look(text);
    EXPECT_EQ(result.code, 2) << text.substr(0, 20);
    EXPECT_NE(result.err, "") << text.substr(0, 20);
  }
  EXPECT_EQ(cli({"doctor", "--web-config", "none"}).code, 2);
  EXPECT_EQ(cli({"doctor", "--web-config", "dump", "--url", "https://a"}).code, 2);
}

}  // namespace
}  // namespace twinlock::test
