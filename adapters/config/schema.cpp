// SPDX-License-Identifier: Apache-2.0
#include "adapters/config/schema.hpp"

#include <fmt/format.h>

namespace twinlock::config {

namespace {

template <typename T>
constexpr std::size_t index(T value) {
  return static_cast<std::size_t>(value);
}

constexpr std::uint32_t fresh_s_max = 86'400;
constexpr std::uint32_t pass_s_max = 86'400;              // spec 6.5: at most 24 h
constexpr std::uint32_t known_browser_s_max = 7'776'000;  // spec 6.5: the last 90 days

const Choice language{{"en", "de"},
                      [](Config& c, std::size_t i) { c.site.language = static_cast<text::Language>(i); },
                      [](const Config& c) { return index(c.site.language); }};

const Choice after_recovery{{"off", "replace"},
                            [](Config& c, std::size_t i) { c.policy.replace_after_recovery = i == 1; },
                            [](const Config& c) { return index(c.policy.replace_after_recovery); }};

const Choice refusal{{"forbidden", "redirect"},
                     [](Config& c, std::size_t i) { c.gate.refusal = static_cast<GateRefusal>(i); },
                     [](const Config& c) { return index(c.gate.refusal); }};

const Choice mail_tls{{"required", "none"},
                      [](Config& c, std::size_t i) { c.mail.tls = i == 0 ? "required" : "none"; },
                      [](const Config& c) { return index(c.mail.tls == "none"); }};

const Key table[] = {
    {"site", "base_url", Text{[](Config& c) -> std::string& { return c.site.base_url; }}},
    {"site", "prefix", Text{[](Config& c) -> std::string& { return c.site.prefix; }}},
    {"site", "issuer", Text{[](Config& c) -> std::string& { return c.site.issuer; }}},
    {"site", "contact", Text{[](Config& c) -> std::string& { return c.site.contact; }}},
    {"site", "sign_in_path", Text{[](Config& c) -> std::string& { return c.site.sign_in_path; }}},
    {"site", "language", language},
    {"site", "dev", Flag{[](Config& c) -> bool& { return c.site.dev; }}},
    {"policy", "required", Flag{[](Config& c) -> bool& { return c.policy.required; }}},
    {"policy", "required_from", Moment{[](Config& c) -> std::uint64_t& { return c.policy.required_from; }}},
    {"policy", "after_recovery", after_recovery},
    {"policy", "strict", Flag{[](Config& c) -> bool& { return c.policy.strict; }}},
    {"policy", "fresh_s",
     Number{[](Config& c) -> std::uint32_t& { return c.policy.fresh_s; }, 0, fresh_s_max, false}},
    {"pass", "lifetime_s",
     Number{[](Config& c) -> std::uint32_t& { return c.pass.lifetime_s; }, 60, pass_s_max, false}},
    {"pass", "known_browser_s",
     Number{[](Config& c) -> std::uint32_t& { return c.pass.known_browser_s; }, 0, known_browser_s_max,
            false}},
    {"host", "account", Text{[](Config& c) -> std::string& { return c.host.account; }}},
    {"host", "email", Text{[](Config& c) -> std::string& { return c.host.email; }}},
    {"host", "label", Text{[](Config& c) -> std::string& { return c.host.label; }}},
    {"host", "session", Text{[](Config& c) -> std::string& { return c.host.session; }}},
    {"host", "required", Text{[](Config& c) -> std::string& { return c.host.required; }}},
    {"host", "fresh", Text{[](Config& c) -> std::string& { return c.host.fresh; }}},
    {"host", "secret_name", Text{[](Config& c) -> std::string& { return c.host.secret_name; }}},
    {"host", "secret_file", Text{[](Config& c) -> std::string& { return c.host.secret_file; }}},
    {"gate", "refusal", refusal},
    {"listen", "socket", Text{[](Config& c) -> std::string& { return c.listen.socket; }}},
    {"listen", "socket_mode",
     Number{[](Config& c) -> std::uint32_t& { return c.listen.socket_mode; }, 0, 0777, true}},
    {"listen", "socket_group", Text{[](Config& c) -> std::string& { return c.listen.socket_group; }}},
    {"listen", "peer_uids",
     Numbers{[](Config& c) -> std::vector<std::uint32_t>& { return c.listen.peer_uids; }}},
    {"listen", "tcp", Text{[](Config& c) -> std::string& { return c.listen.tcp; }}},
    {"listen", "inherited", Flag{[](Config& c) -> bool& { return c.listen.inherited; }}},
    {"listen", "loops", Number{[](Config& c) -> std::uint32_t& { return c.listen.loops; }, 1, 64, false}},
    {"listen", "connections_max",
     Number{[](Config& c) -> std::uint32_t& { return c.listen.connections_max; }, 1, 100'000, false}},
    {"listen", "requests_max",
     Number{[](Config& c) -> std::uint32_t& { return c.listen.requests_max; }, 1, 100'000, false}},
    {"listen", "receiving_max",
     Number{[](Config& c) -> std::uint32_t& { return c.listen.receiving_max; }, 1, 100'000, false}},
    {"listen", "receive_s",
     Number{[](Config& c) -> std::uint32_t& { return c.listen.receive_s; }, 1, 300, false}},
    {"listen", "idle_s",
     Number{[](Config& c) -> std::uint32_t& { return c.listen.idle_s; }, 1, 3'600, false}},
    {"store", "path", Text{[](Config& c) -> std::string& { return c.store.path; }}},
    {"keys", "file", Text{[](Config& c) -> std::string& { return c.keys.file; }}},
    {"mail", "smtp", Text{[](Config& c) -> std::string& { return c.mail.smtp; }}},
    {"mail", "sendmail",
     Texts{[](Config& c) -> std::vector<std::string>& { return c.mail.sendmail; },
           R"(["/usr/sbin/sendmail", "-t", "-i"])"}},
    {"mail", "tls", mail_tls},
    {"mail", "ca_file", Text{[](Config& c) -> std::string& { return c.mail.ca_file; }}},
    {"mail", "user", Text{[](Config& c) -> std::string& { return c.mail.user; }}},
    {"mail", "password_file", Text{[](Config& c) -> std::string& { return c.mail.password_file; }}},
    {"mail", "from", Text{[](Config& c) -> std::string& { return c.mail.from; }}},
    {"api", "keys_file", Text{[](Config& c) -> std::string& { return c.api.keys_file; }}},
    {"api", "listen",
     Texts{[](Config& c) -> std::vector<std::string>& { return c.api.listen; }, R"(["api.sock"])"}},
};

struct Writer {
  Config& config;
  std::string operator()(const Text& k) const { return fmt::format("\"{}\"", k.field(config)); }
  std::string operator()(const Flag& k) const { return k.field(config) ? "true" : "false"; }
  std::string operator()(const Number& k) const {
    return k.octal ? fmt::format("0o{:o}", k.field(config)) : fmt::format("{}", k.field(config));
  }
  std::string operator()(const Numbers& k) const {
    return fmt::format("[{}]", fmt::join(k.field(config), ", "));
  }
  std::string operator()(const Texts& k) const {
    std::string all;
    for (const std::string& text : k.field(config))
      all += fmt::format("{}\"{}\"", all.empty() ? "" : ", ", text);
    return fmt::format("[{}]", all);
  }
  std::string operator()(const Moment& k) const { return moment_text(k.field(config)); }
  std::string operator()(const Choice& k) const { return fmt::format("\"{}\"", k.words[k.get(config)]); }
};

}  // namespace

std::span<const Key> schema() { return table; }

std::string value_toml(const Key& key, const Config& config) {
  Config copy = config;
  return std::visit(Writer{copy}, key.kind);
}

std::vector<KeyText> keys() {
  std::vector<KeyText> all;
  for (const Key& key : schema())
    all.push_back({std::string(key.section), std::string(key.name), value_toml(key, Config{})});
  return all;
}

}  // namespace twinlock::config
