// The mailer as its parent sees it: a child process at the other end of a socket pair. Nothing here blocks
// but end().
#pragma once

#include <sys/types.h>

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "adapters/mail/wire.hpp"

namespace twinlock::mail {

class MailerProcess {
 public:
  // Starts `command` (its first word is the program's path) with the socket as descriptor 0, our descriptor 2
  // as 1 and 2, and no other descriptor. The error is one line for the operator.
  static tl::expected<MailerProcess, std::string> start(const std::vector<std::string>& command);

  MailerProcess(MailerProcess&& other) noexcept;
  MailerProcess& operator=(MailerProcess&&) = delete;
  ~MailerProcess();  // kills

  int descriptor() const { return socket_; }
  pid_t pid() const { return pid_; }
  bool wants_to_write() const { return !out_.empty(); }

  void send(const wire::Request& request);  // queues; flush() writes
  bool flush();                             // false: the mailer is gone
  bool receive(
      std::vector<wire::Reply>& replies);  // appends what came; false: gone, or speaks another protocol
  void end_input();                        // it finishes what it has and exits

  // Kills it if it still runs and says how it ended.
  std::string end();

 private:
  MailerProcess(int socket, pid_t pid) : socket_(socket), pid_(pid) {}

  int socket_;
  pid_t pid_;
  std::string out_;
  wire::Frames in_;
};

}  // namespace twinlock::mail
