// SPDX-License-Identifier: Apache-2.0
// A helper program of ours as its parent sees it: a child process at the other end of a socket pair.
#pragma once

#include <sys/types.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "adapters/system/descriptor.hpp"

namespace twinlock::helper {

class Child {
 public:
  // Starts `command` (its first word is the program's path) with the socket as descriptor 0, our descriptor 2
  // as 1 and 2, and no other descriptor. The error is one line for the operator.
  static tl::expected<Child, std::string> start(const std::vector<std::string>& command);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();  // kills

  int descriptor() const { return socket_.get(); }
  pid_t pid() const { return pid_; }

  // Kills it if it still runs half a second after its socket was closed, and says how it ended.
  std::string end();

 private:
  Child(system::Descriptor socket, pid_t pid) : socket_(std::move(socket)), pid_(pid) {}

  system::Descriptor socket_;
  pid_t pid_;
};

}  // namespace twinlock::helper
