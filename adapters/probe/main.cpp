// SPDX-License-Identifier: Apache-2.0
// twinlock-probe: sends the HTTP requests of `twinlock doctor --url`, which it gets over descriptor 0. It
// holds no key and opens no database; libcurl's TLS library stays out of the process that does.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstdio>

#include "adapters/helper/frames.hpp"
#include "adapters/probe/http.hpp"
#include "adapters/system/io.hpp"
#include "adapters/system/process.hpp"

namespace {

using namespace twinlock::probe;
namespace helper = twinlock::helper;
namespace system = twinlock::system;

constexpr int exit_peer_gone = 1;
constexpr int exit_protocol = 2;
constexpr int exit_settings = 64;  // EX_USAGE

constexpr const char* help =
    "Examples:\n"
    "  twinlock doctor --url https://app.example.org\n"
    "  twinlock doctor --url https://localhost:8443 --ca-file site.crt\n\n"
    "twinlock starts it with a socket as standard input; it ends when that does.";

int serve(int socket, Http& http) {
  helper::Frames frames;
  std::array<char, 16'384> bytes;
  while (true) {
    const ssize_t n = read(socket, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n == 0 ? 0 : exit_peer_gone;
    frames.feed({bytes.data(), static_cast<std::size_t>(n)});
    while (const std::optional<std::string> json = frames.next()) {
      const std::optional<Request> request = parse_request(*json);
      if (!request) return exit_protocol;
      if (!system::write_all(socket, helper::frame(to_json(http.send(*request))))) return exit_peer_gone;
    }
    if (frames.broken()) return exit_protocol;
  }
}

int refuse(const std::string& why) {
  std::fprintf(stderr, "twinlock-probe: %s\n", why.c_str());
  return exit_settings;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Sends the HTTP requests of `twinlock doctor --url`.", "twinlock-probe"};
  HttpOptions options;
  app.footer(help);
  app.add_option("--ca-file", options.ca_file,
                 "PEM file to check the server's certificate with; default: the system's")
      ->check(CLI::ExistingFile);
  app.add_flag("--insecure", options.insecure, "take any certificate");
  CLI11_PARSE(app, argc, argv);
  // A test account's password passes through.
  if (!system::forbid_core_dumps()) return refuse("the system does not let core dumps be switched off");
  system::forbid_new_rights();
  system::outlive_stray_signals();
  auto http = Http::open(std::move(options));
  if (!http) return refuse(http.error());
  return serve(STDIN_FILENO, *http);
}
