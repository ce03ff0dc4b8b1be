// SPDX-License-Identifier: Apache-2.0
#include "fuzz/server_line.hpp"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <future>
#include <utility>

#include "fuzz/claim.hpp"

namespace twinlock::fuzz {
namespace {

constexpr std::size_t slots_max = 3;  // fewer than may be open on one connection, so that both bounds are met
constexpr std::size_t chunk_bytes = 16'384;

fastcgi::Limits limits() {
  fastcgi::Limits small;
  small.requests_per_connection_max = 4;
  small.requests_max = slots_max - 1;
  small.parameters_bytes_max = 8'192;
  small.body_bytes_max = 1'024;
  return small;
}

class Catcher final : public fastcgi::Reply::Sink {
 public:
  std::promise<fastcgi::EncodedResponse> promise;
  void deliver(fastcgi::EncodedResponse answer) override { promise.set_value(std::move(answer)); }
};

std::uint16_t number(std::string_view bytes) {
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[0]) << 8U |
                                    static_cast<std::uint8_t>(bytes[1]));
}

}  // namespace

void Receiver::feed(std::string_view bytes) {
  rest_ += bytes;
  std::string_view left = rest_;
  while (left.size() >= 8) {
    const std::size_t content = number(left.substr(4)), padding = static_cast<std::uint8_t>(left[6]);
    if (left.size() < 8 + content + padding) break;
    claim(left[0] == 1);
    take(static_cast<std::uint8_t>(left[1]), number(left.substr(2)), left.substr(8, content));
    left.remove_prefix(8 + content + padding);
  }
  rest_.erase(0, rest_.size() - left.size());
}

void Receiver::take(std::uint8_t type, std::uint16_t id, std::string_view content) {
  if (type == 10 || type == 11) {  // GET_VALUES_RESULT, UNKNOWN_TYPE
    claim(id == 0);
    return;
  }
  claim(id != 0 && (type == 6 || type == 3));  // STDOUT, END_REQUEST
  Open& open = open_[id];
  if (type == 6) {
    claim(!open.ended);
    open.ended = content.empty();
    open.output += content;
    return;
  }
  claim(content.size() == 8 && open.ended == !open.output.empty());
  received_.push_back({id, static_cast<std::uint8_t>(content[4]), std::move(open.output)});
  open_.erase(id);
}

void Receiver::finish() const { claim(rest_.empty() && open_.empty()); }

Line::Line(World& world)
    : world_(world),
      limits_(limits()),
      wanted_(world.router().wanted()),
      handler_([this](fastcgi::Request request, fastcgi::Reply reply) {
        handle(std::move(request), std::move(reply));
      }),
      at_once_([this](const fastcgi::Request& request) { return world_.router().at_once(request); }),
      slots_(slots_max,
             [this] {
               return std::make_unique<fastcgi::Slot>(wanted_, limits_.parameters_bytes_max,
                                                      limits_.body_bytes_max);
             }),
      buffer_(65'536),
      connection_({limits_, handler_, at_once_, slots_, counters_}) {
  std::array<int, 2> pair{};
  claim(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) == 0);
  ours_ = pair[0];
  theirs_ = pair[1];
  loop_.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  loop_.inbox = std::make_shared<fastcgi::Inbox>(slots_max);
  loop_.inbox->bind_to_this_thread();
  loop_.read_buffer = buffer_;
  claim(connection_.open(theirs_, loop_));
}

Line::~Line() {
  if (alive_) after(false);
  ::close(ours_);
  ::close(loop_.epoll_fd);
}

void Line::handle(fastcgi::Request request, fastcgi::Reply reply) {
  Handled seen{request.role, std::string(request.value("TWINLOCK_ACCOUNT")),
               std::string(request.value("SCRIPT_NAME")).append(request.value("PATH_INFO"))};
  if (const auto account = store::Account::from(seen.account)) {
    const auto look = world_.service().look(*account);
    seen.passes_without = look && look->view.passes_without;
  }
  for (const fastcgi::Cookie& cookie : request.cookies) {
    if (!cookie.value.empty() && cookie.value == world_.pass(seen.account)) seen.shows_pass = true;
    const std::string handed_out = "Set-Cookie: " + cookie.name + "=" + cookie.value + ";";
    for (const Handled& before : handled_)
      if (before.answer.find(handed_out) != std::string::npos) seen.shows_pass = true;
  }
  const bool late = request.value("TWINLOCK_LABEL") == "late";
  const auto catcher = std::make_shared<Catcher>();
  auto future = catcher->promise.get_future();
  world_.router().handle(std::move(request), fastcgi::Reply(catcher));
  fastcgi::EncodedResponse answer = future.get();
  seen.answer = answer.head + answer.body;
  handled_.push_back(std::move(seen));
  if (late) {
    late_.push_back({std::move(answer), std::move(reply)});
  } else {
    reply(std::move(answer));
  }
}

void Line::after(bool alive) {
  if (alive || !std::exchange(alive_, false)) return;
  connection_.close();
}

// As the loop does with what its inbox holds.
void Line::deliver() {
  std::vector<fastcgi::Delivery> deliveries;
  deliveries.reserve(slots_max);
  loop_.inbox->take(deliveries);
  for (fastcgi::Delivery& delivery : deliveries) {
    fastcgi::Slot& slot = *delivery.slot;
    if (slot.state == fastcgi::Slot::State::abandoned) {
      fastcgi::give_back(slot, slots_, counters_);
    } else {
      after(connection_.on_answer(slot, std::move(delivery.answer)));
    }
  }
}

void Line::receive() {
  std::array<char, 65'536> bytes;
  for (ssize_t got = 1; got > 0;) {
    got = recv(ours_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got > 0) receiver_.feed({bytes.data(), static_cast<std::size_t>(got)});
    if (got > 0 && alive_) after(connection_.on_ready(EPOLLOUT));
  }
}

void Line::work() {
  for (int unread = 1; unread > 0;) {
    if (alive_) after(connection_.on_ready(EPOLLIN));
    deliver();
    receive();
    if (!alive_ || ioctl(theirs_, FIONREAD, &unread) != 0) return;
  }
}

void Line::send_piece(std::string_view bytes) {
  while (alive_ && !bytes.empty()) {
    const auto sent = ::send(ours_, bytes.data(), std::min(bytes.size(), chunk_bytes), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
    work();
  }
}

void Line::send(std::string_view stream) {
  std::size_t size = 0;
  while (alive_ && !stream.empty()) {
    const std::string_view rest = stream.substr(size);
    const bool together = rest.size() >= 8 && rest[7] != 0;
    const std::size_t record =
        rest.size() < 8 ? rest.size()
                        : std::size_t{8} + number(rest.substr(4)) + static_cast<std::uint8_t>(rest[6]);
    size += std::min(record, rest.size());
    if (together && size < stream.size()) continue;
    send_piece(stream.substr(0, size));
    stream.remove_prefix(size);
    size = 0;
  }
}

void Line::hang_up() {
  if (alive_) work();
  for (Late& late : std::exchange(late_, {})) late.reply(std::move(late.answer));
  deliver();
  receive();
  shutdown(ours_, SHUT_WR);
  if (alive_) work();
  deliver();
  receive();
  if (alive_) after(false);
}

}  // namespace twinlock::fuzz
