// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstring>

#include "adapters/fastcgi/codec.hpp"

namespace twinlock::fastcgi {
namespace {

Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

constexpr std::size_t tail_bytes = header_bytes + 16;  // the empty STDOUT record and END_REQUEST

}  // namespace

void encode_header(std::span<std::uint8_t, header_bytes> out, RecordType type, std::uint16_t id,
                   std::size_t content) {
  out[0] = 1;
  out[1] = static_cast<std::uint8_t>(type);
  out[2] = static_cast<std::uint8_t>(id >> 8);
  out[3] = static_cast<std::uint8_t>(id & 0xFF);
  out[4] = static_cast<std::uint8_t>(content >> 8);
  out[5] = static_cast<std::uint8_t>(content & 0xFF);
  out[6] = 0;
  out[7] = 0;
}

std::array<std::uint8_t, 16> encode_end_request(std::uint16_t id, ProtocolStatus status) {
  std::array<std::uint8_t, 16> out{};
  encode_header(std::span(out).first<header_bytes>(), RecordType::end_request, id, 8);
  out[12] = static_cast<std::uint8_t>(status);
  return out;
}

std::array<std::uint8_t, 16> encode_unknown_type(std::uint8_t type) {
  std::array<std::uint8_t, 16> out{};
  encode_header(std::span(out).first<header_bytes>(), RecordType::unknown_type, 0, 8);
  out[8] = type;
  return out;
}

std::size_t encode_get_values_result(std::span<std::uint8_t, get_values_result_bytes_max> out,
                                     std::uint8_t asked, std::size_t connections_max,
                                     std::size_t requests_max) {
  std::size_t at = header_bytes;
  const auto put = [&](std::string_view name, std::size_t number) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    const std::string_view value(digits.data(), static_cast<std::size_t>(end - digits.data()));
    out[at++] = static_cast<std::uint8_t>(name.size());
    out[at++] = static_cast<std::uint8_t>(value.size());
    std::memcpy(out.data() + at, name.data(), name.size());
    at += name.size();
    std::memcpy(out.data() + at, value.data(), value.size());
    at += value.size();
  };
  if ((asked & asked_max_conns) != 0) put("FCGI_MAX_CONNS", connections_max);
  if ((asked & asked_max_reqs) != 0) put("FCGI_MAX_REQS", requests_max);
  if ((asked & asked_mpxs_conns) != 0) put("FCGI_MPXS_CONNS", 1);
  encode_header(out.first<header_bytes>(), RecordType::get_values_result, 0, at - header_bytes);
  return at;
}

void ResponseRecords::add(Bytes piece) {
  if (skip_ >= piece.size()) {
    skip_ -= piece.size();
    return;
  }
  pieces_[count_++] = piece.subspan(static_cast<std::size_t>(skip_));
  skip_ = 0;
}

// One STDOUT record; false: there is no room for it.
bool ResponseRecords::add_record(std::uint16_t id, std::string_view content) {
  if (skip_ >= header_bytes + content.size()) {
    skip_ -= header_bytes + content.size();
    return true;
  }
  if (records_ == headers_.size()) return false;
  auto& header = headers_[records_++];
  encode_header(header, RecordType::standard_output, id, content.size());
  add(header);
  add(bytes_of(content));
  return true;
}

ResponseRecords::ResponseRecords(std::uint16_t id, std::string_view head, std::string_view body,
                                 std::uint64_t skip)
    : skip_(skip) {
  if (!add_record(id, head)) return;
  while (!body.empty()) {
    const std::string_view content = body.substr(0, content_bytes_max);
    if (!add_record(id, content)) return;
    body.remove_prefix(content.size());
  }
  encode_header(std::span(tail_).first<header_bytes>(), RecordType::standard_output, id, 0);
  const auto end = encode_end_request(id, ProtocolStatus::request_complete);
  std::copy(end.begin(), end.end(), tail_.begin() + header_bytes);
  add(tail_);
}

std::uint64_t ResponseRecords::total_bytes(std::size_t head_bytes, std::size_t body_bytes) {
  const std::uint64_t records = 1 + (body_bytes + content_bytes_max - 1) / content_bytes_max;
  return records * header_bytes + head_bytes + body_bytes + tail_bytes;
}

}  // namespace twinlock::fastcgi
