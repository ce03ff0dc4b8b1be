// SPDX-License-Identifier: Apache-2.0
#include "adapters/fastcgi/output.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

#include "adapters/fastcgi/codec.hpp"

namespace twinlock::fastcgi {
namespace {

// Returns the number of bytes that the peer took; 0: none now; -1: the peer is gone.
ssize_t send_pieces(int fd, std::span<const Bytes> pieces) {
  std::array<iovec, 16> vectors{};
  const std::size_t count = std::min(pieces.size(), vectors.size());
  for (std::size_t i = 0; i < count; ++i)
    vectors[i] = {const_cast<std::uint8_t*>(pieces[i].data()), pieces[i].size()};
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = count;
  for (;;) {
    const ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return sent;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    if (errno != EINTR) return -1;
  }
}

}  // namespace

void Output::reset() {
  first_ = nullptr;
  last_ = nullptr;
  protocol_bytes_ = 0;
}

bool Output::append(Bytes reply) {
  if (reply.size() > protocol_.size() - protocol_bytes_) return false;
  std::memcpy(protocol_.data() + protocol_bytes_, reply.data(), reply.size());
  protocol_bytes_ += reply.size();
  return true;
}

void Output::enqueue(Slot* slot) {
  slot->next = nullptr;
  (last_ == nullptr ? first_ : last_->next) = slot;
  last_ = slot;
}

Slot* Output::take_first() {
  Slot* const slot = first_;
  if (slot == nullptr) return nullptr;
  first_ = slot->next;
  if (first_ == nullptr) last_ = nullptr;
  slot->next = nullptr;
  return slot;
}

Output::Result Output::send_answer(int fd) {
  Slot& slot = *first_;
  const ResponseRecords records(slot.id, slot.answer.head, slot.answer.body, slot.sent_bytes);
  const ssize_t sent = send_pieces(fd, records.pieces());
  if (sent < 0) return Result::failed;
  if (sent == 0) return Result::blocked;
  slot.sent_bytes += static_cast<std::uint64_t>(sent);
  const std::uint64_t total = ResponseRecords::total_bytes(slot.answer.head.size(), slot.answer.body.size());
  return slot.sent_bytes == total ? Result::done : Result::empty;
}

Output::Result Output::send_protocol(int fd) {
  const Bytes piece(protocol_.data(), protocol_bytes_);
  const ssize_t sent = send_pieces(fd, {&piece, 1});
  if (sent < 0) return Result::failed;
  if (sent == 0) return Result::blocked;
  protocol_bytes_ -= static_cast<std::size_t>(sent);
  std::memmove(protocol_.data(), protocol_.data() + sent, protocol_bytes_);
  return Result::empty;
}

Output::Result Output::flush(int fd) {
  while (!empty()) {
    // Finishes an answer that was sent in part before any protocol reply, which would break its record.
    const bool answer_first = first_ != nullptr && (first_->sent_bytes > 0 || protocol_bytes_ == 0);
    const Result result = answer_first ? send_answer(fd) : send_protocol(fd);
    if (result != Result::empty) return result;
  }
  return Result::empty;
}

}  // namespace twinlock::fastcgi
