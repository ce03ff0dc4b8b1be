// SPDX-License-Identifier: Apache-2.0
// The mailer as its parent sees it: requests out, replies in. Nothing here blocks but end().
#pragma once

#include <sys/types.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "adapters/helper/child.hpp"
#include "adapters/helper/frames.hpp"
#include "adapters/mail/wire.hpp"

namespace twinlock::mail {

class MailerProcess {
 public:
  // The error is one line for the operator.
  static tl::expected<MailerProcess, std::string> start(const std::vector<std::string>& command);

  int descriptor() const { return child_.descriptor(); }
  pid_t pid() const { return child_.pid(); }
  bool wants_to_write() const { return !out_.empty(); }

  void send(const wire::Request& request);  // queues; flush() writes
  bool flush();                             // false: the mailer is gone
  bool receive(
      std::vector<wire::Reply>& replies);  // appends what came; false: gone, or speaks another protocol
  void end_input();                        // it finishes what it has and exits

  std::string end() { return child_.end(); }

 private:
  explicit MailerProcess(helper::Child child) : child_(std::move(child)) {}

  helper::Child child_;
  std::string out_;
  helper::Frames in_;
};

}  // namespace twinlock::mail
