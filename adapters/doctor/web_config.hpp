// SPDX-License-Identifier: Apache-2.0
// Reads a web server's own configuration, and names each location that is served without the gate.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace twinlock::doctor {

// A directive of nginx, and the block behind it, if it has one.
struct Directive {
  std::vector<std::string> words;  // the name first; quotes are taken off
  std::string place;               // "/etc/nginx/nginx.conf:12" in what `nginx -T` prints, else "line 12"
  std::vector<Directive> block;
};

inline constexpr std::size_t web_config_bytes_max = 4 * 1024 * 1024;
inline constexpr unsigned web_config_depth_max = 32;  // blocks within blocks

// Takes what `nginx -T` prints, or one file. The error names the place.
tl::expected<std::vector<Directive>, std::string> read_nginx(std::string_view text);

enum class Served : std::uint8_t {
  gated,    // the gate is asked
  open,     // open to everybody on purpose: neither password nor gate
  ungated,  // something else: behind a password at most
  any       // the gate is asked, but `satisfy any` lets one condition do
};

struct Location {
  std::string server;  // its server_name
  std::string name;    // "/", "~ \\.php$"; "" where the server serves without a location
  std::string place;
  Served served;
};

// Every location that serves something, but for Twinlock's own below `prefix`. `gated`: whether any server
// asks `prefix`/gate at all.
struct NginxSite {
  std::vector<Location> locations;
  bool gated = false;
};
NginxSite look_at_nginx(const std::vector<Directive>& all, std::string_view prefix);

}  // namespace twinlock::doctor
