// SPDX-License-Identifier: Apache-2.0
#include "adapters/daemon/helper_programs.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace twinlock::daemon {

namespace {

std::string program(const char* program_name) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  for (const char* folder : {".", "../sbin"}) {
    const auto near = (self.parent_path() / folder / program_name).lexically_normal();
    if (!error && ::access(near.c_str(), X_OK) == 0) return near.string();
  }
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string candidate = fmt::format("{}/{}", rest.substr(0, end), program_name);
    if (candidate[0] == '/' && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

}  // namespace

std::string mailer_program() { return program("twinlock-mailer"); }
std::string probe_program() { return program("twinlock-probe"); }

}  // namespace twinlock::daemon
