// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/mailer/sendmail.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "adapters/helper/spawn.hpp"
#include "adapters/system/io.hpp"

namespace twinlock::mail::mailer {
namespace {

using Clock = std::chrono::steady_clock;

struct Child {
  std::string id;
  pid_t pid = -1;
  system::Descriptor ended;
  Clock::time_point deadline;
};

// The message with LF endings in a file without a name, at its start; none: there is no memory.
system::Descriptor message_file(const std::string& message) {
  std::string text = message;
  std::erase(text, '\r');
  system::Descriptor file(memfd_create("mail", MFD_CLOEXEC));
  if (file && system::write_all(file.get(), text) && lseek(file.get(), 0, SEEK_SET) == 0) return file;
  return {};
}

wire::Reply reply_of(const std::string& id, int status) {
  if (!WIFEXITED(status))
    return {id, wire::Result::retry, fmt::format("killed by signal {}", WTERMSIG(status))};
  const int code = WEXITSTATUS(status);
  if (code == EX_OK) return {id, wire::Result::sent, "exit status 0"};
  constexpr int final_codes[] = {EX_USAGE, EX_DATAERR, EX_NOUSER, EX_NOHOST, EX_NOPERM};
  const bool final_code =
      std::find(std::begin(final_codes), std::end(final_codes), code) != std::end(final_codes);
  return {id, final_code ? wire::Result::failed : wire::Result::retry, fmt::format("exit status {}", code)};
}

class Sendmail final : public Transport {
 public:
  Sendmail(std::vector<std::string> command, std::chrono::seconds timeout)
      : command_(std::move(command)), timeout_(timeout), null_(open("/dev/null", O_WRONLY | O_CLOEXEC)) {}

  ~Sendmail() override {
    for (const Child& child : children_) {
      kill(child.pid, SIGKILL);
      waitpid(child.pid, nullptr, 0);
    }
  }

  void start(Envelope envelope) override;
  bool wait(int input, std::chrono::milliseconds at_most) override;
  std::vector<wire::Reply> finished() override { return std::exchange(replies_, {}); }

 private:
  void reap();

  std::vector<std::string> command_;
  std::chrono::seconds timeout_;
  system::Descriptor null_;
  std::vector<Child> children_;
  std::vector<wire::Reply> replies_;
};

void Sendmail::start(Envelope envelope) {
  const system::Descriptor file = message_file(envelope.message);
  if (!file) {
    replies_.push_back({envelope.id, wire::Result::retry, "no memory for the message"});
    return;
  }
  const auto pid = helper::spawn(command_, {file.get(), null_.get(), null_.get()});
  if (!pid) {
    replies_.push_back(
        {envelope.id, wire::Result::retry, fmt::format("'{}' does not start: {}", command_[0], pid.error())});
    return;
  }
  children_.push_back({std::move(envelope.id), *pid, helper::exit_descriptor(*pid), Clock::now() + timeout_});
}

bool Sendmail::wait(int input, std::chrono::milliseconds at_most) {
  std::vector<pollfd> watched{{input, POLLIN, 0}};
  for (const Child& child : children_) {
    watched.push_back({child.ended.get(), POLLIN, 0});
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(child.deadline - Clock::now());
    at_most = std::clamp(left, std::chrono::milliseconds(0), at_most);
  }
  if (!replies_.empty()) at_most = std::chrono::milliseconds(0);
  poll(watched.data(), watched.size(), static_cast<int>(at_most.count()));
  reap();
  return input >= 0 && watched[0].revents != 0;
}

void Sendmail::reap() {
  const Clock::time_point now = Clock::now();
  std::erase_if(children_, [this, now](const Child& child) {
    if (now >= child.deadline) kill(child.pid, SIGKILL);
    int status = 0;
    if (waitpid(child.pid, &status, now >= child.deadline ? 0 : WNOHANG) != child.pid) return false;
    replies_.push_back(reply_of(child.id, status));
    return true;
  });
}

}  // namespace

std::unique_ptr<Transport> sendmail_transport(std::vector<std::string> command,
                                              std::chrono::seconds timeout) {
  return std::make_unique<Sendmail>(std::move(command), timeout);
}

}  // namespace twinlock::mail::mailer
