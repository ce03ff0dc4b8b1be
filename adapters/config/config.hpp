// SPDX-License-Identifier: Apache-2.0
// Defines the configuration: every key of the TOML file with its default. docs/configuration.md explains
// each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/text/language.hpp"

namespace twinlock::config {

enum class GateRefusal : std::uint8_t { forbidden, redirect };  // 403, or 302 to the challenge

struct Site {
  std::string base_url =
      "http://localhost:8080";  // "https://host[:port]"; http only with dev = true and a loopback host
  std::string prefix = "/2fa";
  std::string issuer = "Twinlock";  // shown in the authenticator app
  std::string contact;              // whom people ask: an address, a phone number, a room
  std::string sign_in_path;         // where people sign in anew, on this site; "": not named
  text::Language language = text::Language::english;  // if the browser asks for no language that we have
  bool dev = false;  // plain HTTP on loopback, cookies without the __Host- prefix
};

struct Policy {
  bool required = false;
  // `required` holds from this time on, in seconds since the epoch; 0: always.
  std::uint64_t required_from = 0;
  bool replace_after_recovery = false;  // after_recovery = "off" | "replace"
  bool strict = false;                  // only the current time step
  // The most seconds since the first factor, where the host says them, for setting up a second one; 0: any.
  std::uint32_t fresh_s = 300;
};

struct Pass {
  std::uint32_t lifetime_s = 43'200;          // at most 86,400
  std::uint32_t known_browser_s = 7'776'000;  // 90 days; at most this
};

// Names the FastCGI parameters in which the web server says who asks; none may begin with HTTP_.
struct Host {
  std::string account = "TWINLOCK_ACCOUNT";
  std::string email = "TWINLOCK_EMAIL";
  std::string label = "TWINLOCK_LABEL";
  std::string session = "TWINLOCK_SESSION";
  std::string required = "TWINLOCK_REQUIRED";   // "1": this person must have a second factor; "0": need not
  std::string fresh = "TWINLOCK_FRESH";         // seconds since the person proved the first factor
  std::string secret_name = "TWINLOCK_SECRET";  // the shared secret's parameter
  std::string secret_file;                      // the file with its value (0600); required over TCP
};

struct Gate {
  GateRefusal refusal = GateRefusal::forbidden;
};

struct Listen {
  std::string socket = "twinlock.sock";  // relative to the folder of the configuration file; "": none
  std::uint32_t socket_mode = 0660;
  std::string socket_group;
  std::vector<std::uint32_t> peer_uids;
  std::string tcp;        // "127.0.0.1:9000"; "": none; needs host.secret_file
  bool inherited = true;  // use descriptor 0 or systemd's socket if there is one, instead of `socket`
  std::uint32_t loops = 2;
  // fastcgi::Limits says what each of these bounds.
  std::uint32_t connections_max = 1'500;
  std::uint32_t requests_max = 1'000;
  std::uint32_t receiving_max = 500;
  std::uint32_t receive_s = 20;
  std::uint32_t idle_s = 120;
};

struct Store {
  std::string path = "twinlock.db";
};

struct Keys {
  std::string file = "twinlock.key";
};

struct Mail {
  std::string smtp;  // "smtp://host:587", "smtps://host:465"; "": none
  // A program and its arguments instead of smtp, {"/usr/sbin/sendmail", "-t", "-i"}; no shell reads them.
  std::vector<std::string> sendmail;
  std::string tls = "required";  // "required", "none" (loopback only)
  std::string ca_file;
  std::string user;
  std::string password_file;  // 0600
  std::string from = "twinlock@localhost";
};

struct Api {
  std::string keys_file =
      "twinlock.api_keys";          // who may use the API; without a key in it there is none. "": never
  std::vector<std::string> listen;  // Unix socket paths and loopback "host:port"; if any, only these serve it
};

struct Config {
  std::string folder = ".";  // relative paths start here
  Site site;
  Policy policy;
  Pass pass;
  Host host;
  Gate gate;
  Listen listen;
  Store store;
  Keys keys;
  Mail mail;
  Api api;
};

// Errors name file, line and reason: "twinlock.toml:12: unknown key 'site.isuer' (did you mean 'issuer'?)".
// load refuses a file, or a folder of it, that others than root and the caller may change.
tl::expected<Config, std::string> load(const std::string& path);
// Refuses the folder of `path` where others than root and the caller may change it.
tl::expected<void, std::string> check_folder(const std::string& path);
tl::expected<Config, std::string> parse(std::string_view toml, const std::string& name);
tl::expected<Config, std::string>
defaults();  // without a file: dev on loopback, everything in the current folder

// Returns the file to read when none is named: ./twinlock.toml, else /etc/twinlock/twinlock.toml; "": neither
// exists.
std::string usual_file();

// Makes a path of the configuration relative to `folder`, unless it is absolute or "".
std::string resolve(const Config& config, std::string_view path);

// Reads the secret that the web server and Twinlock share (host.secret_file), of 16 bytes or more; "": none
// is configured. The error is one line that says what to do and never a byte of the secret.
tl::expected<std::string, std::string> read_host_secret(const Config& config);

// Parses "127.0.0.1:9000" or "[::1]:9000"; nullopt: another form, not loopback, or port 0.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};
std::optional<Endpoint> loopback_endpoint(std::string_view text);

// Returns whether an entry of api.listen means TCP (a colon and no slash) and not a path.
bool is_tcp_entry(std::string_view entry);

// Lists every key with its default as TOML, in the order of docs/configuration.md.
struct KeyText {
  std::string section;
  std::string name;
  std::string default_toml;
};
std::vector<KeyText> keys();

// Reads a date (2026-11-24, which is its midnight in UTC) or a date with a time and an offset
// (2026-11-24T08:00:00Z, 2026-11-24T08:00:00+01:00) as TOML writes them (RFC 3339). Returns seconds since the
// epoch; nullopt: another form, a day that does not exist, before 1970 or after the kernel's last second.
std::optional<std::uint64_t> read_moment(std::string_view text);

}  // namespace twinlock::config
