// SPDX-License-Identifier: Apache-2.0
#include "adapters/mail/mailer/serve.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

#include "adapters/helper/frames.hpp"
#include "adapters/mail/mailer/message.hpp"
#include "adapters/system/io.hpp"
#include "adapters/text/mail_address.hpp"

namespace twinlock::mail::mailer {
namespace {

constexpr std::chrono::milliseconds idle_ms_max{60'000};
constexpr int peer_gone = 1;
constexpr int protocol_error = 2;

class Server {
 public:
  Server(int socket, Transport& transport, const std::string& from)
      : socket_(socket), transport_(transport), from_(from) {}

  int run() {
    while (!ended_ || in_flight_ > 0) {
      const bool room = !ended_ && in_flight_ < wire::in_flight_max;
      const bool readable = transport_.wait(room ? socket_ : -1, idle_ms_max);
      if (readable && !receive()) return peer_gone;
      if (!start_what_came()) return protocol_error;
      for (const wire::Reply& reply : transport_.finished()) {
        --in_flight_;
        if (!answer(reply)) return peer_gone;
      }
      if (!start_what_came()) return protocol_error;
    }
    return 0;
  }

 private:
  bool receive() {
    std::array<char, 16384> bytes;
    const ssize_t n = read(socket_, bytes.data(), bytes.size());
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    ended_ = n == 0;
    frames_.feed({bytes.data(), static_cast<std::size_t>(n)});
    return true;
  }

  // False: not the protocol.
  bool start_what_came() {
    while (in_flight_ < wire::in_flight_max) {
      const std::optional<std::string> json = frames_.next();
      if (!json) return !frames_.broken();
      std::optional<wire::Request> request = wire::parse_request(*json);
      if (!request) return false;
      if (!start(*request)) return true;
    }
    return true;
  }

  // False: the peer is gone.
  bool start(const wire::Request& request) {
    if (!text::valid_mail_address(request.to)) {
      return answer({request.id, wire::Result::failed, "the address is not a plain mail address"});
    }
    ++in_flight_;
    const auto now_s = static_cast<std::uint64_t>(std::time(nullptr));
    transport_.start({request.id, from_, request.to, internet_message(request, from_, now_s)});
    return true;
  }

  bool answer(const wire::Reply& reply) {
    return system::write_all(socket_, helper::frame(wire::to_json(reply)));
  }

  int socket_;
  Transport& transport_;
  const std::string& from_;
  helper::Frames frames_;
  std::size_t in_flight_ = 0;
  bool ended_ = false;
};

}  // namespace

int serve(int socket, Transport& transport, const std::string& from) {
  return Server(socket, transport, from).run();
}

}  // namespace twinlock::mail::mailer
