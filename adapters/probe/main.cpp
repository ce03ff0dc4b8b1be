// twinlock-probe: sends the HTTP requests of `twinlock doctor --url`, which it gets over descriptor 0. It
// holds no key and opens no database; libcurl's TLS library stays out of the process that does.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstdio>

#include "adapters/helper/frames.hpp"
#include "adapters/probe/http.hpp"

namespace {

using namespace twinlock::probe;
namespace helper = twinlock::helper;

constexpr int exit_peer_gone = 1;
constexpr int exit_protocol = 2;
constexpr int exit_settings = 64;  // EX_USAGE

constexpr const char* help =
    "Examples:\n"
    "  twinlock doctor --url https://app.example.org\n"
    "  twinlock doctor --url https://localhost:8443 --ca-file site.crt\n\n"
    "twinlock starts it with a socket as standard input; it ends when that does.";

bool write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(socket, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

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
      if (!write_all(socket, helper::frame(to_json(http.send(*request))))) return exit_peer_gone;
    }
    if (frames.broken()) return exit_protocol;
  }
}

// A test account's password passes through.
void keep_to_itself() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
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
  keep_to_itself();
  signal(SIGPIPE, SIG_IGN);
  auto http = Http::open(std::move(options));
  if (!http) {
    std::fprintf(stderr, "twinlock-probe: %s\n", http.error().c_str());
    return exit_settings;
  }
  return serve(STDIN_FILENO, *http);
}
